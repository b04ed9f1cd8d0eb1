/** Shapes that units are selected by: the one that was drawn last, and what is being drawn. */
import { metresBetween, type Place } from '../../../contract/primitives.ts'
import type { Shape } from '../selection/shapes.ts'
import type { Frame } from './canvas-overlay.ts'
import type { Colours } from './colours.ts'
import { GroundOverlay } from './ground-overlay.ts'

/** What is being drawn, as the drawing tool has it. */
export interface Sketch {
  readonly kind: 'area' | 'line' | 'handle'
  readonly points: readonly Place[]
}

/** The corners that a circle is drawn with. */
const CORNERS = 72
const HANDLE_PX = 5

export class ShapeLayer extends GroundOverlay {
  #shape: Shape | undefined
  #sketches: readonly Sketch[] = []
  /** Of a line that is being drawn, m. */
  #widthM = 0

  constructor(colours: Colours) {
    super('measures', colours)
  }

  show(shape: Shape | undefined): void {
    this.#shape = shape
    this.#settle()
  }

  sketch(sketches: readonly Sketch[], widthM: number): void {
    this.#sketches = sketches
    this.#widthM = widthM
    this.#settle()
  }

  protected override draw(frame: Frame): void {
    const { context } = frame
    context.lineJoin = 'round'
    context.lineCap = 'round'
    context.strokeStyle = this.colours('--select')
    context.fillStyle = this.colours('--select')
    const shape = this.#shape
    if (shape?.kind === 'circle') this.#area(ringAround(shape.centre, shape.radiusM), frame)
    else if (shape?.kind === 'polygon') this.#area(shape.ring, frame)
    else if (shape?.kind === 'corridor') this.#band(shape.line, shape.widthM, frame)
    for (const { kind, points } of this.#sketches) {
      if (kind === 'area') this.#area(points, frame)
      else if (kind === 'line') this.#band(points, this.#widthM, frame)
      else for (const point of points) this.#handle(point, frame)
    }
  }

  #settle(): void {
    this.drawsAnything(this.#shape !== undefined || this.#sketches.length > 0)
  }

  #area(ring: readonly Place[], frame: Frame): void {
    const { context } = frame
    this.#path(ring, frame)
    context.closePath()
    context.globalAlpha = 0.14
    context.fill('evenodd')
    context.globalAlpha = 1
    context.lineWidth = 2
    context.stroke()
  }

  /** A band as wide as it is on the ground, and its middle. */
  #band(line: readonly Place[], widthM: number, frame: Frame): void {
    const { context } = frame
    const [first] = line
    if (first === undefined) return
    this.#path(line, frame)
    context.globalAlpha = 0.22
    context.lineWidth = Math.max(2, widthM * this.#pixelsPerMetre(first, frame))
    context.stroke()
    context.globalAlpha = 1
    context.lineWidth = 2
    context.stroke()
  }

  #handle(place: Place, frame: Frame): void {
    const { context } = frame
    const { x, y } = this.spot(place, frame)
    context.beginPath()
    context.arc(x, y, HANDLE_PX, 0, 2 * Math.PI)
    context.fill()
  }

  #path(points: readonly Place[], frame: Frame): void {
    const { context } = frame
    context.beginPath()
    for (const point of points) {
      const { x, y } = this.spot(point, frame)
      context.lineTo(x, y)
    }
  }

  #pixelsPerMetre(at: Place, frame: Frame): number {
    const north = { lat: at.lat + 0.01, lon: at.lon }
    const apart = this.spot(at, frame).y - this.spot(north, frame).y
    return apart / metresBetween(at, north)
  }
}

function ringAround({ lat, lon }: Place, radiusM: number): Place[] {
  const perDegree = metresBetween({ lat, lon }, { lat: lat + 1, lon })
  const north = radiusM / perDegree
  const east = north / Math.cos((lat * Math.PI) / 180)
  return Array.from({ length: CORNERS }, (_, corner) => {
    const angle = (corner / CORNERS) * 2 * Math.PI
    return { lat: lat + north * Math.cos(angle), lon: lon + east * Math.sin(angle) }
  })
}
