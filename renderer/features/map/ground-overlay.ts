/** A canvas overlay for what lies on the ground, in the theme's colours and the basemap's datum. */
import type { Place } from '../../../contract/primitives.ts'
import { CanvasOverlay, type Frame } from './canvas-overlay.ts'
import type { Colours } from './colours.ts'
import { type Datum, toWorld } from './world.ts'

export abstract class GroundOverlay extends CanvasOverlay {
  protected colours: Colours
  #datum: Datum = 'wgs84'

  constructor(pane: string, colours: Colours) {
    super(pane)
    this.colours = colours
    this.drawsAnything(false)
  }

  use(datum: Datum): void {
    this.#datum = datum
  }

  recolour(colours: Colours): void {
    this.colours = colours
    this.redraw()
  }

  /** Where on the canvas a place is, CSS pixels. */
  protected spot({ lat, lon }: Place, { scale, left, top }: Frame): { x: number; y: number } {
    const world = toWorld(this.#datum, lat, lon)
    return { x: world.x * scale - left, y: world.y * scale - top }
  }
}
