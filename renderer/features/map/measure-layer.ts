/** Measuring on the map: points that are clicked, the way between them, and how far it is. */
import { metresBetween, type Place } from '../../../contract/primitives.ts'
import type { Frame } from './canvas-overlay.ts'
import type { Colours } from './colours.ts'
import { GroundOverlay } from './ground-overlay.ts'

export interface Measurement {
  readonly points: readonly Place[]
  /** Where the pointer is, while it goes on. */
  readonly pointer: Place | undefined
}

export const lengthOf = (points: readonly Place[]): number =>
  points.reduce((sum, point, at) => {
    const before = points[at - 1]
    return before === undefined ? sum : sum + metresBetween(before, point)
  }, 0)

export class MeasureLayer extends GroundOverlay {
  #measurement: Measurement | undefined
  #words: (metres: number) => string = String

  constructor(colours: Colours) {
    super('measures', colours)
  }

  show(measurement: Measurement | undefined, words: (metres: number) => string): void {
    this.#measurement = measurement
    this.#words = words
    this.drawsAnything(measurement !== undefined)
  }

  protected override draw(frame: Frame): void {
    if (this.#measurement === undefined) return
    const { context } = frame
    const { points, pointer } = this.#measurement
    const all = pointer === undefined ? points : [...points, pointer]
    const spots = all.map((place) => this.spot(place, frame))
    context.strokeStyle = this.colours('--warn')
    context.lineWidth = 2
    context.setLineDash([7, 5])
    context.beginPath()
    for (const { x, y } of spots) context.lineTo(x, y)
    context.stroke()
    context.setLineDash([])
    context.font = '600 12px sans-serif'
    context.textBaseline = 'middle'
    context.lineJoin = 'round'
    spots.forEach(({ x, y }, at) => {
      context.beginPath()
      context.arc(x, y, 4, 0, 2 * Math.PI)
      context.fillStyle = this.colours('--warn')
      context.fill()
      if (at === 0) return
      const text = this.#words(lengthOf(all.slice(0, at + 1)))
      context.lineWidth = 4
      context.strokeStyle = this.colours('--map-halo')
      context.strokeText(text, x + 8, y - 10)
      context.fillStyle = this.colours('--text')
      context.fillText(text, x + 8, y - 10)
    })
  }
}
