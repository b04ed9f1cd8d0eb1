/** Where a unit has been: its track, and the place it was at a chosen moment. */
import type { TrackPoint } from '../../../contract/positions.ts'
import type { Frame } from './canvas-overlay.ts'
import type { Colours } from './colours.ts'
import { GroundOverlay } from './ground-overlay.ts'

/** A gap longer than this is drawn as one: nobody knows the way between, ms. */
const GAP_MS = 150_000

export interface Track {
  readonly points: readonly TrackPoint[]
  /** The chosen moment, or null. */
  readonly at: number | null
}

export class TrackLayer extends GroundOverlay {
  #track: Track | undefined

  constructor(colours: Colours) {
    super('tracks', colours)
  }

  show(track: Track | undefined): void {
    this.#track = track
    this.drawsAnything(track !== undefined)
  }

  protected override draw(frame: Frame): void {
    if (this.#track === undefined) return
    const { context } = frame
    const { points, at } = this.#track
    const spots = points.map((point) => ({ ...this.spot(point, frame), time: point.at }))
    context.lineJoin = 'round'
    context.lineCap = 'round'
    context.strokeStyle = this.colours('--select')
    for (let next = 1; next < spots.length; next++) {
      const from = spots[next - 1]
      const to = spots[next]
      if (from === undefined || to === undefined) continue
      const gap = to.time - from.time > GAP_MS
      context.lineWidth = gap ? 1.5 : 3
      context.setLineDash(gap ? [3, 6] : [])
      context.beginPath()
      context.moveTo(from.x, from.y)
      context.lineTo(to.x, to.y)
      context.stroke()
    }
    context.setLineDash([])
    const spot = at === null ? undefined : spots.findLast(({ time }) => time <= at)
    if (spot === undefined) return
    context.beginPath()
    context.arc(spot.x, spot.y, 8, 0, 2 * Math.PI)
    context.fillStyle = this.colours('--warn')
    context.fill()
    context.lineWidth = 2
    context.strokeStyle = this.colours('--symbol-line')
    context.stroke()
  }
}
