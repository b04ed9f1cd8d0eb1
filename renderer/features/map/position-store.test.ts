import { describe, expect, it } from 'vitest'
import { encodeFrame, type FrameRecord } from '../../../contract/position-frame.ts'
import { PositionStore } from './position-store.ts'

const record = (index: number, change: Partial<FrameRecord> = {}): FrameRecord => ({
  index,
  lat: 320_000_000,
  lon: 1_187_000_000,
  heading: 9000,
  speed: 500,
  age: 2,
  stale: false,
  ...change,
})
const frame = (records: readonly FrameRecord[], reset = false): ArrayBuffer =>
  encodeFrame({ reset, tick: 1, hubTime: 0 }, records.length, (at) => records[at] as FrameRecord).slice()
    .buffer

describe('the position store', () => {
  it('keeps the latest of every unit and counts its age on', () => {
    let now = 100_000
    const store = new PositionStore(() => now)
    store.take(frame([record(3), record(5000, { stale: true })]))
    expect(store.age(3)).toBe(2000)
    now += 7000
    expect(store.age(3)).toBe(9000)
    expect(store.isStale(5000)).toBe(true)
    expect(store.has(4)).toBe(false)
    expect(store.age(4)).toBeUndefined()
  })

  it('forgets everything at a reset', () => {
    const store = new PositionStore(() => 100_000)
    store.take(frame([record(1), record(2)]))
    store.take(frame([record(2)], true))
    expect(store.has(1)).toBe(false)
    expect(store.has(2)).toBe(true)
  })

  it('tells what changed, and counts what moved', () => {
    const store = new PositionStore(() => 100_000)
    const told: unknown[] = []
    const stop = store.onChange((changed) => told.push(changed))
    store.take(frame([record(1), record(2)], true))
    store.take(frame([record(2, { lat: 320_000_100 }), record(1)]))
    stop()
    store.take(frame([record(1)]))
    expect(told).toEqual(['all', [2, 1]])
    expect(store.counts).toEqual({ units: 2, moved: 1 })
  })

  it('is not moved by bytes that are no frame', () => {
    const store = new PositionStore(() => 100_000)
    store.take(frame([record(1)]))
    const before = store.version
    store.take(new Uint8Array([1, 2, 3]).buffer)
    store.take(frame([record(1)]).slice(0, -1))
    expect(store.version).toBe(before)
    expect(store.has(1)).toBe(true)
  })

  it('trusts nothing when the hub has fallen silent', () => {
    const store = new PositionStore(() => 100_000)
    store.take(frame([record(1)]))
    store.distrust()
    expect(store.isStale(1)).toBe(true)
  })
})
