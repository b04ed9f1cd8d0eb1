/** The map itself: Leaflet, its layers, and what the pointer does on it. No React. */
import L from 'leaflet'
import type { Basemap } from '../../../contract/basemaps.ts'
import type { Id, Place } from '../../../contract/primitives.ts'
import type { Language, Theme } from '../../../contract/settings.ts'
import type { SiteInfo } from '../../../contract/site-info.ts'
import type { Shape } from '../selection/shapes.ts'
import { layBasemap } from './basemaps/basemap-layer.ts'
import type { PlaceName } from './basemaps/place-names.ts'
import { type Colours, readColours } from './colours.ts'
import type { Drawing, Pencil } from './drawing.ts'
import { IncidentLayer, type IncidentMark } from './incident-layer.ts'
import { LabelLayer } from './label-layer.ts'
import type { MapActions } from './map-view.ts'
import { MeasureLayer } from './measure-layer.ts'
import type { PositionStore } from './position-store.ts'
import { latLngOf, placeOf, projections } from './projection.ts'
import { ShapeLayer } from './shape-layer.ts'
import { type Track, TrackLayer } from './track-layer.ts'
import { type Hit, UnitLayer, type UnitLooks } from './unit-layer.ts'
import type { Datum } from './world.ts'

const CENTRED_ZOOM = 16
const DOUBLE_CLICK_PX = 4

export interface MapEars {
  /** A click on a unit; `adding` with the control key. */
  unitClicked(index: number, adding: boolean): void
  unitDoubleClicked(index: number): void
  incidentClicked(incident: Id): void
  /** The right button, on a place; in CSS pixels of the map's element. */
  menuAsked(place: Place, at: L.Point): void
  /** A click on nothing. */
  groundClicked(): void
  pointerAt(place: Place | undefined): void
  hovered(hit: Hit | undefined, at: L.Point): void
  viewChanged(centre: Place, zoom: number): void
  measured(points: readonly Place[], going: boolean): void
  /** A shape is drawn to its end. */
  drawn(shape: Shape): void
}

export interface MapLook {
  readonly theme: Theme
  readonly language: Language
  readonly basemap: Basemap | 'schematic'
  readonly showNames: boolean
  readonly showStale: boolean
  /** Another number: the basemap is tried again, though it is the same. */
  readonly attempt: number
}

export class ConsoleMap implements MapActions {
  readonly #map: L.Map
  readonly #positions: PositionStore
  readonly #units: UnitLayer
  readonly #labels: LabelLayer
  readonly #track: TrackLayer
  readonly #incidents: IncidentLayer
  readonly #measure: MeasureLayer
  readonly #shape: ShapeLayer
  readonly #ears: MapEars
  readonly #resize: ResizeObserver
  #basemap: readonly L.Layer[] = []
  #names: readonly PlaceName[] = []
  #look: MapLook | undefined
  #datum: Datum = 'wgs84'
  #basemapTurn = 0
  #pointer: Place | undefined
  #home: { readonly centre: L.LatLng; readonly zoom: number } | undefined
  #measuring: { points: Place[]; words(metres: number): string } | undefined
  /** In the hand; what draws with it takes a moment to load. */
  #pencil: Pencil | undefined
  #drawing: Drawing | undefined

  constructor(element: HTMLElement, positions: PositionStore, ears: MapEars) {
    this.#ears = ears
    this.#positions = positions
    const map = L.map(element, {
      crs: projections.wgs84,
      zoomControl: false,
      attributionControl: false,
      minZoom: 8,
      maxZoom: 20,
      zoomSnap: 0.5,
      wheelPxPerZoomLevel: 90,
      doubleClickZoom: false,
      preferCanvas: true,
      center: [32.05, 118.78],
      zoom: 12,
      fadeAnimation: false,
      zoomAnimation: !window.matchMedia('(prefers-reduced-motion: reduce)').matches,
    })
    this.#map = map
    for (const [name, zIndex] of [
      ['labels', 350],
      ['tracks', 380],
      ['incidents', 390],
      ['measures', 450],
    ] as const) {
      const pane = map.createPane(name)
      pane.style.zIndex = String(zIndex)
      pane.style.pointerEvents = 'none'
    }
    const colours = readColours()
    this.#labels = new LabelLayer(colours).addTo(map)
    this.#track = new TrackLayer(colours).addTo(map)
    this.#incidents = new IncidentLayer(colours).addTo(map)
    this.#units = new UnitLayer(positions, colours).addTo(map)
    this.#measure = new MeasureLayer(colours).addTo(map)
    this.#shape = new ShapeLayer(colours).addTo(map)
    map.on('click', (event) => this.#click(event))
    map.on('dblclick', (event) => this.#doubleClick(event))
    map.on('mousemove', (event) => this.#move(event))
    map.on('mouseout', () => this.#leave())
    map.on('contextmenu', ({ containerPoint, latlng }) => ears.menuAsked(placeOf(latlng), containerPoint))
    map.on('moveend zoomend', () => ears.viewChanged(placeOf(map.getCenter()), map.getZoom()))
    this.#resize = new ResizeObserver(() => map.invalidateSize({ pan: false }))
    this.#resize.observe(element)
  }

  /** Where the map opens and comes home to. Only the first time for a site does it move. */
  openAt({ centre, zoom }: SiteInfo): void {
    const first = this.#home === undefined
    this.#home = { centre: latLngOf(centre), zoom }
    if (first) this.#map.setView(this.#home.centre, zoom, { animate: false })
  }

  /** Resolves once the basemap is there. Rejects with why it is not; the one before stays. */
  async dress(look: MapLook): Promise<void> {
    const before = this.#look
    this.#look = look
    const colours = readColours()
    this.#units.show({ names: look.showNames, stale: look.showStale })
    if (before?.theme !== look.theme) this.#recolour(colours)
    const same =
      before !== undefined &&
      before.theme === look.theme &&
      before.basemap === look.basemap &&
      before.attempt === look.attempt &&
      (look.basemap === 'schematic' || before.language === look.language)
    if (same) {
      this.#writeNames(look, colours)
      return
    }
    const turn = ++this.#basemapTurn
    const { layers, names } = await layBasemap(look.basemap, {
      theme: look.theme,
      language: look.language,
      colours,
    })
    if (turn !== this.#basemapTurn) return
    for (const layer of this.#basemap) layer.remove()
    this.#basemap = layers
    this.#names = names
    this.#use(look.basemap === 'schematic' ? 'wgs84' : look.basemap.datum)
    for (const layer of layers) layer.addTo(this.#map)
    this.#writeNames(look, colours)
  }

  dressUnits(looks: UnitLooks): void {
    this.#units.dress(looks)
  }

  select(units: ReadonlySet<number>): void {
    this.#units.select(units)
  }

  alarm(units: ReadonlySet<number>): void {
    this.#units.alarm(units)
  }

  centreOn(unit: number): void {
    if (!this.#positions.has(unit)) return
    const at = L.latLng((this.#positions.lat[unit] ?? 0) / 1e7, (this.#positions.lon[unit] ?? 0) / 1e7)
    this.#map.setView(at, Math.max(this.#map.getZoom(), CENTRED_ZOOM))
  }

  goTo(place: Place, zoom: number): void {
    this.#map.setView(latLngOf(place), zoom)
  }

  home(): void {
    if (this.#home !== undefined) this.#map.setView(this.#home.centre, this.#home.zoom)
  }

  zoomBy(step: number): void {
    this.#map.setZoom(this.#map.getZoom() + step)
  }

  showTrack(track: Track | undefined): void {
    this.#track.show(track)
  }

  showIncidents(marks: readonly IncidentMark[]): void {
    this.#incidents.show(marks)
  }

  pointed(): Place {
    return this.#pointer ?? placeOf(this.#map.getCenter())
  }

  /** Begins to measure; `words` says a length in metres. */
  measure(words: (metres: number) => string): void {
    this.#measuring = { points: [], words }
    this.#map.getContainer().style.cursor = 'crosshair'
    this.#measure.show({ points: [], pointer: undefined }, words)
    this.#ears.measured([], true)
  }

  /** Ends measuring; what was measured stays, unless it is to be cleared. */
  endMeasure(clear: boolean): void {
    const measuring = this.#measuring
    this.#measuring = undefined
    this.#map.getContainer().style.cursor = ''
    if (clear || measuring === undefined || measuring.points.length < 2) {
      this.#measure.show(undefined, String)
      this.#ears.measured([], false)
      return
    }
    this.#measure.show({ points: measuring.points, pointer: undefined }, measuring.words)
    this.#ears.measured(measuring.points, false)
  }

  /** Takes a pencil into the hand, or another one, or none: until then clicks draw and do nothing else. */
  async drawWith(pencil: Pencil | undefined): Promise<void> {
    this.#pencil = pencil
    if (pencil === undefined) {
      this.#drawing?.end()
      this.#drawing = undefined
      return
    }
    if (this.#drawing === undefined) {
      const { Drawing } = await import('./drawing.ts')
      const wanted = this.#pencil
      if (wanted === undefined || this.#drawing !== undefined) return
      this.#drawing = new Drawing(this.#map, this.#shape, wanted, (shape) => this.#ears.drawn(shape))
    }
    this.#drawing.use(pencil)
  }

  showShape(shape: Shape | undefined): void {
    this.#shape.show(shape)
  }

  /** What of the ground is on the screen, its corners in turn. */
  get view(): Place[] {
    const bounds = this.#map.getBounds()
    return [bounds.getSouthWest(), bounds.getNorthWest(), bounds.getNorthEast(), bounds.getSouthEast()].map(
      placeOf,
    )
  }

  get centre(): Place {
    return placeOf(this.#map.getCenter())
  }

  /** What is at a point of the map's element, in CSS pixels. */
  pick(x: number, y: number): Hit | undefined {
    return this.#units.pick(L.point(x, y))
  }

  remove(): void {
    void this.drawWith(undefined)
    this.#resize.disconnect()
    this.#map.remove()
  }

  #recolour(colours: Colours): void {
    this.#units.recolour(colours)
    this.#track.recolour(colours)
    this.#incidents.recolour(colours)
    this.#measure.recolour(colours)
    this.#shape.recolour(colours)
  }

  #writeNames({ showNames, language }: MapLook, colours: Colours): void {
    this.#labels.write(showNames ? this.#names : [], language, this.#datum, colours)
  }

  /** Changes what the map is drawn in, and keeps it where it is on the ground. */
  #use(datum: Datum): void {
    if (datum === this.#datum) return
    const centre = this.#map.getCenter()
    const zoom = this.#map.getZoom()
    this.#datum = datum
    this.#map.options.crs = projections[datum]
    this.#units.use(datum)
    this.#track.use(datum)
    this.#incidents.use(datum)
    this.#measure.use(datum)
    this.#shape.use(datum)
    // Without `reset` Leaflet would only pan, in the projection it had before.
    this.#map.setView(centre, zoom, { animate: false, reset: true } as L.ZoomPanOptions)
  }

  #click({ containerPoint, latlng, originalEvent }: L.LeafletMouseEvent): void {
    if (this.#pencil !== undefined) return
    if (this.#measuring !== undefined) {
      this.#measuring.points = [...this.#measuring.points, placeOf(latlng)]
      this.#measure.show({ points: this.#measuring.points, pointer: undefined }, this.#measuring.words)
      this.#ears.measured(this.#measuring.points, true)
      return
    }
    const hit = this.#units.pick(containerPoint)
    if (hit?.kind === 'unit')
      this.#ears.unitClicked(hit.index, originalEvent.ctrlKey || originalEvent.metaKey)
    else {
      const incident = this.#incidents.pick(containerPoint)
      if (incident !== undefined) this.#ears.incidentClicked(incident)
      else if (hit?.kind === 'cluster') this.#map.setView(hit.at, this.#map.getZoom() + 2)
      else this.#ears.groundClicked()
    }
  }

  #doubleClick({ latlng, containerPoint }: L.LeafletMouseEvent): void {
    if (this.#pencil !== undefined) return
    if (this.#measuring === undefined) {
      const hit = this.#units.pick(containerPoint)
      if (hit?.kind === 'unit') this.#ears.unitDoubleClicked(hit.index)
      else this.#map.setView(latlng, this.#map.getZoom() + 1)
      return
    }
    // A double click has clicked twice; the second point is the first again.
    const { points } = this.#measuring
    const [last, before] = [points.at(-1), points.at(-2)]
    if (last !== undefined && before !== undefined) {
      const apart = this.#map
        .latLngToContainerPoint(latLngOf(last))
        .distanceTo(this.#map.latLngToContainerPoint(latLngOf(before)))
      if (apart <= DOUBLE_CLICK_PX) this.#measuring.points = points.slice(0, -1)
    }
    this.endMeasure(false)
  }

  #move({ containerPoint, latlng }: L.LeafletMouseEvent): void {
    this.#pointer = placeOf(latlng)
    this.#ears.pointerAt(this.#pointer)
    if (this.#pencil !== undefined) return
    if (this.#measuring !== undefined) {
      this.#measure.show({ points: this.#measuring.points, pointer: placeOf(latlng) }, this.#measuring.words)
      return
    }
    const hit = this.#units.pick(containerPoint)
    this.#units.hover(hit?.kind === 'unit' ? hit.index : -1)
    this.#map.getContainer().style.cursor = hit === undefined ? '' : 'pointer'
    this.#ears.hovered(hit, containerPoint)
  }

  #leave(): void {
    this.#pointer = undefined
    this.#units.hover(-1)
    this.#ears.pointerAt(undefined)
    this.#ears.hovered(undefined, L.point(0, 0))
  }
}
