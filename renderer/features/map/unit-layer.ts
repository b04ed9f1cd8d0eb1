/**
 * All units on one canvas. Ten thousand markers would be ten thousand elements; this is one, which copies
 * symbols from an atlas, gathers them where they crowd, and finds what is under the pointer by a linear scan.
 */
import L from 'leaflet'
import { CanvasOverlay, type Frame } from './canvas-overlay.ts'
import type { Colours } from './colours.ts'
import type { PositionStore } from './position-store.ts'
import { NO_LOOK, SYMBOL, SymbolAtlas } from './symbol-atlas.ts'
import { type Datum, toWorld, type World } from './world.ts'

/** More units in view than this are gathered in coarse cells; fewer than the second ends it again. */
const CROWDED = 3000
const NO_MORE_CROWDED = 2700
/** Cells in which units are gathered, CSS pixels, and how many make a gathering. */
const coarse = { cell: 64, from: 2 }
const fine = { cell: 24, from: 5 }
const LABELS_FROM_ZOOM = 15
const MOST_LABELS = 250
const PICK_RADIUS = 13
const MOVING_CM_S = 50
const UNKNOWN = 0xffff

/** What the layer knows of units besides where they are. Columns by unit index. */
export interface UnitLooks {
  readonly looks: Uint16Array
  readonly names: readonly (string | undefined)[]
}

export type Hit =
  | { readonly kind: 'unit'; readonly index: number }
  | { readonly kind: 'cluster'; readonly count: number; readonly at: L.LatLng }

interface Cluster {
  readonly x: number
  readonly y: number
  readonly count: number
  readonly radius: number
}

export class UnitLayer extends CanvasOverlay {
  readonly #positions: PositionStore
  #datum: Datum = 'wgs84'
  #atlas: SymbolAtlas
  #colours: Colours
  #units: UnitLooks = { looks: new Uint16Array(), names: [] }
  #worldX = new Float64Array(0)
  #worldY = new Float64Array(0)
  /** Where each unit was last drawn, on the canvas; drawn alone if `#alone`. */
  #x = new Float32Array(0)
  #y = new Float32Array(0)
  #alone = new Uint8Array(0)
  #clusters: Cluster[] = []
  #crowded = false
  #showNames = true
  #showStale = true
  #selected: ReadonlySet<number> = new Set()
  #alarmed: ReadonlySet<number> = new Set()
  #hovered = -1

  constructor(positions: PositionStore, colours: Colours) {
    super('overlayPane')
    this.#positions = positions
    this.#colours = colours
    this.#atlas = new SymbolAtlas(colours)
  }

  override onAdd(map: L.Map): this {
    this.#project('all')
    const stop = this.#positions.onChange((changed) => {
      this.#project(changed)
      this.redraw()
    })
    this.once('remove', stop)
    return super.onAdd(map)
  }

  dress(units: UnitLooks): void {
    this.#units = units
    this.redraw()
  }

  recolour(colours: Colours): void {
    this.#colours = colours
    this.#atlas = new SymbolAtlas(colours)
    this.redraw()
  }

  use(datum: Datum): void {
    this.#datum = datum
    this.#project('all')
  }

  show({ names, stale }: { names: boolean; stale: boolean }): void {
    this.#showNames = names
    this.#showStale = stale
    this.redraw()
  }

  select(units: ReadonlySet<number>): void {
    this.#selected = units
    this.redraw()
  }

  alarm(units: ReadonlySet<number>): void {
    this.#alarmed = units
    this.redraw()
  }

  hover(index: number): void {
    if (index === this.#hovered) return
    this.#hovered = index
    this.redraw()
  }

  /** What is at a point of the map's container. The one drawn last, and so on top, wins. */
  pick(at: L.Point): Hit | undefined {
    const frame = this.frame
    if (frame === undefined || this._map === undefined) return undefined
    const point = this._map.containerPointToLayerPoint(at).add(this._map.getPixelOrigin())
    const x = point.x - frame.left
    const y = point.y - frame.top
    let best = -1
    let nearest = PICK_RADIUS * PICK_RADIUS
    for (let index = 0; index < this.#alone.length; index++) {
      if (this.#alone[index] === 0) continue
      const dx = (this.#x[index] ?? 0) - x
      const dy = (this.#y[index] ?? 0) - y
      const distance = dx * dx + dy * dy
      if (distance > nearest) continue
      nearest = distance
      best = index
    }
    if (best >= 0) return { kind: 'unit', index: best }
    const cluster = this.#clusters.find((other) => Math.hypot(other.x - x, other.y - y) <= other.radius)
    if (cluster === undefined) return undefined
    const centre = L.point(cluster.x + frame.left, cluster.y + frame.top)
    return { kind: 'cluster', count: cluster.count, at: this._map.unproject(centre, frame.zoom) }
  }

  /** How many units were drawn alone and how many gatherings, last time. */
  get drawn(): { readonly units: number; readonly clusters: number } {
    return { units: this.#alone.reduce((sum, alone) => sum + alone, 0), clusters: this.#clusters.length }
  }

  #project(changed: readonly number[] | 'all'): void {
    const { lat, lon, size } = this.#positions
    if (this.#worldX.length < size) {
      const length = lat.length
      this.#worldX = new Float64Array(length)
      this.#worldY = new Float64Array(length)
      this.#x = new Float32Array(length)
      this.#y = new Float32Array(length)
      this.#alone = new Uint8Array(length)
      this.#project('all')
      return
    }
    const world: World = { x: 0, y: 0 }
    const one = (index: number) => {
      toWorld(this.#datum, (lat[index] ?? 0) / 1e7, (lon[index] ?? 0) / 1e7, world)
      this.#worldX[index] = world.x
      this.#worldY[index] = world.y
    }
    if (changed === 'all') for (let index = 0; index < size; index++) one(index)
    else for (const index of changed) one(index)
  }

  protected override draw(frame: Frame): void {
    const inView = this.#place(frame)
    this.#crowded = inView > (this.#crowded ? NO_MORE_CROWDED : CROWDED)
    this.#gather(frame, this.#crowded ? coarse : fine)
    this.#drawClusters(frame)
    const labels =
      this.#crowded || frame.zoom < LABELS_FROM_ZOOM || !this.#showNames ? undefined : new LabelRoom()
    const { stale, heading, speed } = this.#positions
    const { looks } = this.#units
    for (let index = 0; index < this.#alone.length; index++) {
      if (this.#alone[index] === 0 || this.#isOnTop(index)) continue
      const x = this.#x[index] ?? 0
      const y = this.#y[index] ?? 0
      const isStale = stale[index] === 1
      if (!this.#crowded && !isStale)
        this.#drawHeading(frame, heading[index] ?? UNKNOWN, speed[index] ?? UNKNOWN, x, y)
      this.#atlas.symbol(frame.context, looks[index] ?? NO_LOOK, isStale, x, y)
      if (labels !== undefined) this.#drawLabel(frame, index, labels)
    }
    this.#drawOnTop(frame)
  }

  /** Says where every unit is on the canvas; counts those on it. `#alone` is 1 for them for now. */
  #place({ scale, left, top, width, height }: Frame): number {
    const { measuredAt, stale, size } = this.#positions
    const { looks } = this.#units
    this.#alone.fill(0)
    let count = 0
    for (let index = 0; index < size; index++) {
      if (measuredAt[index] === 0 || (looks[index] ?? NO_LOOK) === NO_LOOK) continue
      if (stale[index] === 1 && !this.#showStale && !this.#isOnTop(index)) continue
      const x = (this.#worldX[index] ?? 0) * scale - left
      const y = (this.#worldY[index] ?? 0) * scale - top
      if (x < -SYMBOL || y < -SYMBOL || x > width + SYMBOL || y > height + SYMBOL) continue
      this.#x[index] = x
      this.#y[index] = y
      this.#alone[index] = 1
      count++
    }
    return count
  }

  /** Puts units that crowd a cell of the map into gatherings; the cells stay where they are on the ground. */
  #gather({ left, top, width, height }: Frame, { cell, from }: { cell: number; from: number }): void {
    const shiftX = ((left % cell) + cell) % cell
    const shiftY = ((top % cell) + cell) % cell
    const columns = Math.ceil((width + 2 * SYMBOL) / cell) + 2
    const rows = Math.ceil((height + 2 * SYMBOL) / cell) + 2
    const counts = new Uint32Array(columns * rows)
    const sumX = new Float64Array(columns * rows)
    const sumY = new Float64Array(columns * rows)
    const cellOf = (index: number) =>
      (Math.floor(((this.#y[index] ?? 0) + shiftY) / cell) + 1) * columns +
      Math.floor(((this.#x[index] ?? 0) + shiftX) / cell) +
      1
    for (let index = 0; index < this.#alone.length; index++) {
      if (this.#alone[index] === 0 || this.#isOnTop(index)) continue
      const at = cellOf(index)
      counts[at] = (counts[at] ?? 0) + 1
      sumX[at] = (sumX[at] ?? 0) + (this.#x[index] ?? 0)
      sumY[at] = (sumY[at] ?? 0) + (this.#y[index] ?? 0)
    }
    this.#clusters = []
    counts.forEach((count, at) => {
      if (count < from) return
      const radius = count < 10 ? 13 : count < 100 ? 16 : 20
      this.#clusters.push({ x: (sumX[at] ?? 0) / count, y: (sumY[at] ?? 0) / count, count, radius })
    })
    if (this.#clusters.length === 0) return
    for (let index = 0; index < this.#alone.length; index++)
      if (this.#alone[index] === 1 && !this.#isOnTop(index) && (counts[cellOf(index)] ?? 0) >= from)
        this.#alone[index] = 0
  }

  #drawClusters({ context }: Frame): void {
    if (this.#clusters.length === 0) return
    context.fillStyle = this.#colours('--primary')
    context.strokeStyle = this.#colours('--symbol-line')
    context.lineWidth = 2
    for (const { x, y, radius } of this.#clusters) {
      context.beginPath()
      context.arc(x, y, radius, 0, 2 * Math.PI)
      context.fill()
      context.stroke()
    }
    context.fillStyle = this.#colours('--on-primary')
    context.font = '600 12px sans-serif'
    context.textAlign = 'center'
    context.textBaseline = 'middle'
    for (const { x, y, count } of this.#clusters) context.fillText(String(count), x, y + 0.5)
  }

  #drawHeading({ context }: Frame, heading: number, speed: number, x: number, y: number): void {
    if (heading !== UNKNOWN && speed !== UNKNOWN && speed >= MOVING_CM_S)
      this.#atlas.heading(context, heading, x, y)
  }

  #drawLabel({ context }: Frame, index: number, room: LabelRoom): void {
    const name = this.#units.names[index]
    if (name === undefined || room.full) return
    context.font = '12px "Noto Sans CJK SC", "Microsoft YaHei", sans-serif'
    const x = (this.#x[index] ?? 0) + SYMBOL / 2 + 7
    const y = this.#y[index] ?? 0
    if (!room.take(x, y - 8, context.measureText(name).width, 16)) return
    this.#write(context, name, x, y, '--text')
  }

  #write(context: CanvasRenderingContext2D, text: string, x: number, y: number, colour: string): void {
    context.textAlign = 'left'
    context.textBaseline = 'middle'
    context.lineJoin = 'round'
    context.lineWidth = 3
    context.strokeStyle = this.#colours('--map-halo')
    context.strokeText(text, x, y)
    context.fillStyle = this.#colours(colour)
    context.fillText(text, x, y)
  }

  #isOnTop(index: number): boolean {
    return this.#selected.has(index) || this.#alarmed.has(index) || index === this.#hovered
  }

  #drawOnTop(frame: Frame): void {
    const { context } = frame
    const { stale, heading, speed } = this.#positions
    const above = new Set([
      ...this.#selected,
      ...this.#alarmed,
      ...(this.#hovered < 0 ? [] : [this.#hovered]),
    ])
    for (const index of above) {
      if (this.#alone[index] !== 1) continue
      const x = this.#x[index] ?? 0
      const y = this.#y[index] ?? 0
      const alarmed = this.#alarmed.has(index)
      if (alarmed || this.#selected.has(index)) {
        context.beginPath()
        context.arc(x, y, SYMBOL / 2 + 4, 0, 2 * Math.PI)
        context.lineWidth = alarmed ? 3 : 2
        context.strokeStyle = this.#colours(alarmed ? '--alarm' : '--select')
        context.stroke()
      }
      if (alarmed) {
        context.beginPath()
        context.arc(x, y, SYMBOL / 2 + 11, 0, 2 * Math.PI)
        context.lineWidth = 2
        context.stroke()
      }
      const isStale = stale[index] === 1
      if (!isStale) this.#drawHeading(frame, heading[index] ?? UNKNOWN, speed[index] ?? UNKNOWN, x, y)
      this.#atlas.symbol(context, this.#units.looks[index] ?? NO_LOOK, isStale, x, y)
      const name = this.#units.names[index]
      if (name === undefined) continue
      context.font = '600 12px "Noto Sans CJK SC", "Microsoft YaHei", sans-serif'
      this.#write(context, alarmed ? `▲ ${name}` : name, x + SYMBOL / 2 + 9, y, '--text')
    }
  }
}

/** Lets labels in as long as they do not lie over each other. */
class LabelRoom {
  readonly #taken: { x: number; y: number; right: number; bottom: number }[] = []

  get full(): boolean {
    return this.#taken.length >= MOST_LABELS
  }

  take(x: number, y: number, width: number, height: number): boolean {
    const right = x + width
    const bottom = y + height
    if (
      this.#taken.some((other) => x < other.right && right > other.x && y < other.bottom && bottom > other.y)
    )
      return false
    this.#taken.push({ x, y, right, bottom })
    return true
  }
}
