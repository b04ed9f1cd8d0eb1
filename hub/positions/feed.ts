/**
 * Positions on their way to the seats: at most five frames a second, with what changed and may be seen.
 * Seats that see the same and are equally far get the same bytes. A seat whose network is slow skips
 * frames; what it missed is in the next one.
 */
import { createHash } from 'node:crypto'
import type { FrameSink } from '../../contract/hub.ts'
import { encodeFrame, type FrameRecord } from '../../contract/position-frame.ts'
import type { Instant } from '../../contract/primitives.ts'
import type { PositionTable } from './table.ts'

export const FRAME_EVERY_MS = 200
const AGE_EVERY_TICKS = 5
/** A seat with more than this on its way gets no new frame, bytes. */
const MOST_WAITING = 256 * 1024

/** Which units a seat may see, by index. The same value is the same set. */
export class VisibleUnits {
  readonly #bits: Uint8Array
  /** Equal for equal sets. */
  readonly fingerprint: string

  constructor(indexes: readonly number[]) {
    const highest = indexes.reduce((most, index) => Math.max(most, index), -1)
    this.#bits = new Uint8Array(highest + 1)
    for (const index of indexes) this.#bits[index] = 1
    this.fingerprint = createHash('sha256').update(this.#bits).digest('base64')
  }

  has(index: number): boolean {
    return this.#bits[index] === 1
  }
}

interface Seat {
  readonly sink: FrameSink
  visible: VisibleUnits
  /** The last tick whose changes it has; -1: it must begin anew. */
  sentTick: number
}

export interface Feed {
  /** What changes now changes in this tick. */
  readonly tick: number
  join(sink: FrameSink, visible: VisibleUnits): { see(visible: VisibleUnits): void; leave(): void }
  readonly seats: number
  close(): void
}

export interface FeedOptions {
  readonly table: PositionTable
  readonly clock: () => Instant
  /** Calls `work` every so many ms until the returned function is called. */
  readonly every?: (ms: number, work: () => void) => () => void
}

export function openFeed({ table, clock, every = onTimer }: FeedOptions): Feed {
  const seats = new Set<Seat>()
  let tick = 1

  const send = () => {
    const now = clock()
    if (tick % AGE_EVERY_TICKS === 0) table.age(now, tick)
    const frames = new Map<string, Uint8Array | undefined>()
    for (const seat of seats) {
      if (seat.sink.waiting > MOST_WAITING) continue
      const key = `${seat.sentTick} ${seat.visible.fingerprint}`
      if (!frames.has(key)) frames.set(key, frameFor(seat, table, tick, now))
      const frame = frames.get(key)
      seat.sentTick = tick
      if (frame !== undefined) seat.sink.send(frame)
    }
    tick++
  }
  const stop = every(FRAME_EVERY_MS, send)

  return {
    get tick() {
      return tick
    },
    get seats() {
      return seats.size
    },
    join: (sink, visible) => {
      const seat: Seat = { sink, visible, sentTick: -1 }
      seats.add(seat)
      const leave = () => {
        seats.delete(seat)
      }
      sink.closed.addEventListener('abort', leave)
      return {
        see: (next) => {
          if (next.fingerprint === seat.visible.fingerprint) return
          seat.visible = next
          seat.sentTick = -1
        },
        leave,
      }
    },
    close: () => {
      stop()
      seats.clear()
    },
  }
}

/** What this seat does not have yet, or undefined if that is nothing. */
function frameFor(
  { visible, sentTick }: Seat,
  table: PositionTable,
  tick: number,
  now: Instant,
): Uint8Array | undefined {
  const indexes: number[] = []
  for (let index = 0; index < table.size; index++)
    if (table.at[index] !== 0 && (table.changed[index] ?? 0) > sentTick && visible.has(index))
      indexes.push(index)
  const reset = sentTick < 0
  if (indexes.length === 0 && !reset) return undefined
  const record: FrameRecord = { index: 0, lat: 0, lon: 0, heading: 0, speed: 0, age: 0, stale: false }
  return encodeFrame({ reset, tick, hubTime: now }, indexes.length, (at) => {
    const index = indexes[at] ?? 0
    record.index = index
    record.lat = table.lat[index] ?? 0
    record.lon = table.lon[index] ?? 0
    record.heading = table.heading[index] ?? 0
    record.speed = table.speed[index] ?? 0
    record.age = Math.max(0, Math.round((now - (table.at[index] ?? 0)) / 1000))
    record.stale = table.stale[index] === 1
    return record
  })
}

function onTimer(ms: number, work: () => void): () => void {
  const timer = setInterval(work, ms)
  return () => clearInterval(timer)
}
