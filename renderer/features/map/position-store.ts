/** Where the units are, outside Redux and React: columns by unit index, filled from position frames. */
import { readFrame } from '../../../contract/position-frame.ts'

const FIRST_LENGTH = 1024

export class PositionStore {
  /** One more than the highest index ever seen. */
  size = 0
  lat = new Int32Array(FIRST_LENGTH)
  lon = new Int32Array(FIRST_LENGTH)
  heading = new Uint16Array(FIRST_LENGTH)
  speed = new Uint16Array(FIRST_LENGTH)
  stale = new Uint8Array(FIRST_LENGTH)
  /** When the fix was measured, by this machine's clock; 0 for units without one. */
  measuredAt = new Float64Array(FIRST_LENGTH)
  /** Rises with every change. */
  version = 0
  readonly #moved = new Set<number>()
  readonly #listeners = new Set<(changed: readonly number[] | 'all') => void>()
  readonly #clock: () => number

  constructor(clock: () => number = Date.now) {
    this.#clock = clock
  }

  /** Takes a frame in; one that can't be read changes nothing. */
  take(bytes: ArrayBuffer): void {
    const frame = readFrame(bytes)
    if (frame === undefined) return
    const now = this.#clock()
    if (frame.reset) {
      this.measuredAt.fill(0)
      this.stale.fill(0)
    }
    const changed: number[] = []
    frame.each(({ index, lat, lon, heading, speed, age, stale }) => {
      this.#grow(index)
      if (this.has(index) && (this.lat[index] !== lat || this.lon[index] !== lon)) this.#moved.add(index)
      this.lat[index] = lat
      this.lon[index] = lon
      this.heading[index] = heading
      this.speed[index] = speed
      this.stale[index] = stale ? 1 : 0
      this.measuredAt[index] = now - age * 1000
      changed.push(index)
    })
    this.version++
    for (const listener of this.#listeners) listener(frame.reset ? 'all' : changed)
  }

  /** How many units there are, and how many of them have been seen to move. */
  get counts(): { readonly units: number; readonly moved: number } {
    let units = 0
    for (let index = 0; index < this.size; index++) if (this.has(index)) units++
    return { units, moved: this.#moved.size }
  }

  has(index: number): boolean {
    return index < this.size && this.measuredAt[index] !== 0
  }

  isStale(index: number): boolean {
    return this.stale[index] === 1
  }

  /** Milliseconds since the fix was measured, or undefined without one. */
  age(index: number): number | undefined {
    return this.has(index) ? Math.max(0, this.#clock() - (this.measuredAt[index] ?? 0)) : undefined
  }

  /** Everything counts as stale: the hub does not speak any more. */
  distrust(): void {
    this.stale.fill(1, 0, this.size)
    this.version++
    for (const listener of this.#listeners) listener('all')
  }

  /** Calls `listener` with the indexes that changed. Returns its own undoing. */
  onChange(listener: (changed: readonly number[] | 'all') => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #grow(index: number): void {
    if (index >= this.size) this.size = index + 1
    if (index < this.lat.length) return
    const length = 2 ** Math.ceil(Math.log2(index + 1))
    const grown = <T extends { set(from: T): void }>(larger: T, smaller: T): T => {
      larger.set(smaller)
      return larger
    }
    this.lat = grown(new Int32Array(length), this.lat)
    this.lon = grown(new Int32Array(length), this.lon)
    this.heading = grown(new Uint16Array(length), this.heading)
    this.speed = grown(new Uint16Array(length), this.speed)
    this.stale = grown(new Uint8Array(length), this.stale)
    this.measuredAt = grown(new Float64Array(length), this.measuredAt)
  }
}

/** This page's one and only. */
export const positions = new PositionStore()
