import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  encodeFrame,
  type FrameHead,
  type FrameRecord,
  packHeading,
  packSpeed,
  readFrame,
  unpackHeading,
  unpackSpeed,
} from './position-frame.ts'

describe('a position frame', () => {
  it('reads back as it was written', () => {
    fc.assert(
      fc.property(anyHead, fc.array(anyRecord), (head, records) => {
        expect(read(write(head, records))).toEqual({ head, records })
      }),
    )
  })

  it('reads the same from the middle of a larger buffer', () => {
    fc.assert(
      fc.property(anyHead, fc.array(anyRecord, { maxLength: 3 }), fc.nat(7), (head, records, offset) => {
        const frame = write(head, records)
        const larger = new Uint8Array(offset + frame.length + 5).fill(0xff)
        larger.set(frame, offset)
        expect(read(larger.subarray(offset, offset + frame.length))).toEqual({ head, records })
      }),
    )
  })

  it('is eighteen bytes a unit and twenty-four for all of them', () => {
    expect(write(someHead, [])).toHaveLength(24)
    expect(write(someHead, [someRecord, someRecord])).toHaveLength(24 + 2 * 18)
  })

  it('tells an age beyond nine hours as nine hours', () => {
    const [record] = read(write(someHead, [{ ...someRecord, age: 1_000_000 }]))?.records ?? []
    expect(record?.age).toBe(32_767)
  })

  it('is refused if a byte is missing or one too many', () => {
    fc.assert(
      fc.property(fc.array(anyRecord, { maxLength: 4 }), fc.nat(), (records, cut) => {
        const frame = write(someHead, records)
        expect(readFrame(frame.subarray(0, cut % frame.length))).toBeUndefined()
        expect(readFrame(new Uint8Array([...frame, 0]))).toBeUndefined()
      }),
    )
  })

  it('is never made of anything else that comes along', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(readFrame(bytes)).toBeUndefined()
      }),
    )
  })

  it('is not believed about how many units follow', () => {
    const frame = write(someHead, [someRecord])
    new DataView(frame.buffer).setUint32(12, 0xffff_ffff, true)
    expect(readFrame(frame)).toBeUndefined()
  })
})

describe('heading and speed in a frame', () => {
  it('are right to a hundredth', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 359.99, noNaN: true }),
        fc.double({ min: 0, max: 650, noNaN: true }),
        (heading, speed) => {
          expect(unpackHeading(packHeading(heading))).toBeCloseTo(heading, 1)
          expect(unpackSpeed(packSpeed(speed))).toBeCloseTo(speed, 1)
        },
      ),
    )
  })

  it('north is north, whichever way round it was said', () => {
    expect(packHeading(360)).toBe(packHeading(0))
    expect(packHeading(359.999)).toBe(packHeading(0))
  })

  it('that are not known stay unknown', () => {
    expect(unpackHeading(packHeading(undefined))).toBeUndefined()
    expect(unpackSpeed(packSpeed(undefined))).toBeUndefined()
    expect(unpackSpeed(packSpeed(100_000))).toBeCloseTo(655.34)
  })
})

const u16 = fc.nat(0xffff)
const u32 = fc.nat(0xffff_ffff)
const i32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })
const anyHead: fc.Arbitrary<FrameHead> = fc.record({
  reset: fc.boolean(),
  tick: u32,
  hubTime: fc.nat(Number.MAX_SAFE_INTEGER),
})
const anyRecord: fc.Arbitrary<FrameRecord> = fc.record({
  index: u32,
  lat: i32,
  lon: i32,
  heading: u16,
  speed: u16,
  age: fc.nat(0x7fff),
  stale: fc.boolean(),
})
const someHead: FrameHead = { reset: true, tick: 7, hubTime: 1_700_000_000_000 }
const someRecord: FrameRecord = { index: 1, lat: 1, lon: 2, heading: 3, speed: 4, age: 5, stale: false }

const write = (head: FrameHead, records: readonly FrameRecord[]): Uint8Array =>
  encodeFrame(head, records.length, (at) => records[at] ?? someRecord)

function read(bytes: Uint8Array) {
  const frame = readFrame(bytes)
  if (frame === undefined) return undefined
  const records: FrameRecord[] = []
  frame.each((record) => {
    records.push({ ...record })
  })
  expect(records).toHaveLength(frame.count)
  return { head: { reset: frame.reset, tick: frame.tick, hubTime: frame.hubTime }, records }
}
