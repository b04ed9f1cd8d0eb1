/** The latest record of every unit the seat sees, so that a renderer that comes later gets all of them at once. */
import type { FrameSink } from '../../../contract/hub.ts'
import { encodeFrame, type FrameRecord, readFrame } from '../../../contract/position-frame.ts'
import type { Instant } from '../../../contract/primitives.ts'

interface Kept extends FrameRecord {
  /** When the record's age was right, by this machine's clock. */
  readonly takenAt: Instant
}

export interface PositionMirror {
  /** Keeps what a frame says and passes it on. Frames that can't be read are dropped. */
  take(frame: ArrayBuffer): void
  join(sink: FrameSink): void
  forget(): void
}

export function createPositionMirror(clock: () => Instant): PositionMirror {
  const units = new Map<number, Kept>()
  const sinks = new Set<FrameSink>()
  let hubTime = 0
  let tick = 0

  const all = (): Uint8Array => {
    const now = clock()
    const kept = [...units.values()]
    const record = (at: number): FrameRecord => {
      const unit = kept[at]
      if (unit === undefined) throw new RangeError('fewer units than counted')
      return { ...unit, age: unit.age + Math.max(0, Math.round((now - unit.takenAt) / 1000)) }
    }
    return encodeFrame({ reset: true, tick, hubTime }, kept.length, record)
  }

  return {
    take: (bytes) => {
      const frame = readFrame(bytes)
      if (frame === undefined) return
      const takenAt = clock()
      if (frame.reset) units.clear()
      frame.each((record) => {
        units.set(record.index, { ...record, takenAt })
      })
      ;({ hubTime, tick } = frame)
      for (const sink of sinks) sink.send(new Uint8Array(bytes))
    },
    join: (sink) => {
      sinks.add(sink)
      sink.closed.addEventListener('abort', () => sinks.delete(sink), { once: true })
      sink.send(all())
    },
    forget: () => {
      units.clear()
      const frame = all()
      for (const sink of sinks) sink.send(frame)
    },
  }
}
