/** What other panels may ask of the map, whether or not it is on the screen just now. */
import type { Place } from '../../../contract/primitives.ts'
import type { Track } from './track-layer.ts'

export interface MapActions {
  centreOn(unit: number): void
  goTo(place: Place, zoom: number): void
  home(): void
  showTrack(track: Track | undefined): void
  /** Where the pointer is on the map, else the middle of it; undefined: the map is not on the screen. */
  pointed(): Place | undefined
}

let actions: MapActions | undefined

/** Called by the map when it is there, and with undefined when it is not. */
export function provideMap(provided: MapActions | undefined): void {
  actions = provided
}

export const mapView: MapActions = {
  centreOn: (unit) => actions?.centreOn(unit),
  goTo: (place, zoom) => actions?.goTo(place, zoom),
  home: () => actions?.home(),
  showTrack: (track) => actions?.showTrack(track),
  pointed: () => actions?.pointed(),
}
