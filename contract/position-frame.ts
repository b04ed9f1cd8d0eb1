/**
 * The binary frame in which positions travel to a seat: a header, then a record per unit that changed.
 *
 * All numbers little-endian. Header, 24 bytes:
 *   u32 magic · u8 flags (1: forget everything before) · u8 record length · u16 zero
 *   u32 tick in which it was sent · u32 records · f64 the hub's clock, ms since the epoch
 * Record, 18 bytes:
 *   u32 unit index · i32 latitude, i32 longitude in 1e-7 degrees
 *   u16 heading in 0.01 degrees, 65535 unknown · u16 speed in cm/s, 65535 unknown
 *   u16 age of the fix in seconds (15 bits, 32767 and over as 32767); the top bit: stale
 */
import type { Instant } from './primitives.ts'

const MAGIC = 0x3150_4657
const HEADER = 24
const RECORD = 18
const UNKNOWN = 0xffff
const STALE = 0x8000
const OLDEST = 0x7fff

export interface FrameHead {
  /** The seat forgets every position it has before it takes this frame's. */
  readonly reset: boolean
  /** Counts the hub's frame intervals. */
  readonly tick: number
  readonly hubTime: Instant
}

export interface FrameRecord {
  index: number
  /** 1e-7 degrees. */
  lat: number
  lon: number
  /** 0.01 degrees, or 65535. */
  heading: number
  /** cm/s, or 65535. */
  speed: number
  /** Seconds, at most 32767. */
  age: number
  stale: boolean
}

export const packHeading = (degrees: number | undefined): number =>
  degrees === undefined ? UNKNOWN : Math.round(degrees * 100) % 36_000

export const packSpeed = (metresPerSecond: number | undefined): number =>
  metresPerSecond === undefined ? UNKNOWN : Math.min(Math.round(metresPerSecond * 100), UNKNOWN - 1)

export const unpackHeading = (heading: number): number | undefined =>
  heading === UNKNOWN ? undefined : heading / 100

export const unpackSpeed = (speed: number): number | undefined =>
  speed === UNKNOWN ? undefined : speed / 100

/** Writes a frame of `count` records; `record(i)` may return the same object every time. */
export function encodeFrame(head: FrameHead, count: number, record: (i: number) => FrameRecord): Uint8Array {
  const bytes = new Uint8Array(HEADER + count * RECORD)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, MAGIC, true)
  view.setUint8(4, head.reset ? 1 : 0)
  view.setUint8(5, RECORD)
  view.setUint32(8, head.tick, true)
  view.setUint32(12, count, true)
  view.setFloat64(16, head.hubTime, true)
  for (let i = 0, at = HEADER; i < count; i++, at += RECORD) {
    const unit = record(i)
    view.setUint32(at, unit.index, true)
    view.setInt32(at + 4, unit.lat, true)
    view.setInt32(at + 8, unit.lon, true)
    view.setUint16(at + 12, unit.heading, true)
    view.setUint16(at + 14, unit.speed, true)
    view.setUint16(at + 16, Math.min(unit.age, OLDEST) | (unit.stale ? STALE : 0), true)
  }
  return bytes
}

export interface Frame extends FrameHead {
  readonly count: number
  /** Hands over each record, always the same object. */
  each(take: (record: FrameRecord) => void): void
}

/** Reads a frame, or returns undefined if the bytes are not a whole one. */
export function readFrame(bytes: ArrayBuffer | Uint8Array): Frame | undefined {
  const view =
    bytes instanceof Uint8Array
      ? new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      : new DataView(bytes)
  if (view.byteLength < HEADER || view.getUint32(0, true) !== MAGIC || view.getUint8(5) !== RECORD)
    return undefined
  const count = view.getUint32(12, true)
  if (view.byteLength !== HEADER + count * RECORD) return undefined
  return {
    reset: (view.getUint8(4) & 1) === 1,
    tick: view.getUint32(8, true),
    hubTime: view.getFloat64(16, true),
    count,
    each: (take) => {
      const record: FrameRecord = { index: 0, lat: 0, lon: 0, heading: 0, speed: 0, age: 0, stale: false }
      for (let at = HEADER; at < view.byteLength; at += RECORD) {
        const age = view.getUint16(at + 16, true)
        record.index = view.getUint32(at, true)
        record.lat = view.getInt32(at + 4, true)
        record.lon = view.getInt32(at + 8, true)
        record.heading = view.getUint16(at + 12, true)
        record.speed = view.getUint16(at + 14, true)
        record.age = age & OLDEST
        record.stale = (age & STALE) !== 0
        take(record)
      }
    },
  }
}
