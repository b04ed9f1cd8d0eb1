import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Codec } from './codec.ts'
import { Continuity, type Numbers } from './continuity.ts'
import { sequenceDistance, timestampDistance } from './rtp.ts'

const SSRC = 7

/** A mapper and a clock: `take(sequence, timestamp, later)` advances the clock by `later` ms first. */
function stream(options: { holdTalkerMs?: number } = {}) {
  const continuity = new Continuity({ sequence: 65_530, timestamp: 0xffff_fe00, ...options })
  let now = 1_000
  return {
    take: (sequence: number, timestamp: number, later = 20, ssrc = SSRC, codec: Codec = 'PCMU') => {
      now += later
      return continuity.map(
        { codec, marker: false, sequence: sequence & 0xffff, timestamp: timestamp >>> 0, ssrc },
        now,
      )
    },
    own: (later = 20, timestamp?: number) => {
      now += later
      return continuity.own('PCMU', now, timestamp)
    },
  }
}

/** How much further the second is: packets and, by a clock of 8,000, milliseconds. */
function step(from: Numbers | undefined, to: Numbers | undefined) {
  if (from === undefined || to === undefined) return undefined
  return {
    packets: sequenceDistance(from.sequence, to.sequence),
    ms: timestampDistance(from.timestamp, to.timestamp) / 8,
    marker: to.marker,
  }
}

describe('the continuity mapper', () => {
  it('goes on evenly over both wraps, loss and reordering', () => {
    const { take } = stream()
    const first = take(100, 0)
    expect(first).toEqual({ marker: true, sequence: 65_530, timestamp: 0xffff_fe00 })
    expect(step(first, take(101, 160))).toEqual({ packets: 1, ms: 20, marker: false })
    expect(step(first, take(108, 1280, 140))).toEqual({ packets: 8, ms: 160, marker: false })
    expect(step(first, take(107, 1120, 5))).toEqual({ packets: 7, ms: 140, marker: false })
  })

  it('drops duplicates, of late packets too', () => {
    const { take } = stream()
    take(1, 160)
    expect(take(1, 160, 1)).toBeUndefined()
    take(4, 640)
    expect(take(3, 480, 1)).toBeDefined()
    expect(take(3, 480, 1)).toBeUndefined()
  })

  it.each([
    ['a new talker', 5, 999_999, 20, 8, 20],
    ['a jump ahead in sequence', 161, 800, 20, SSRC, 20],
    ['a jump back in sequence', 65_000, 800, 20, SSRC, 20],
    ['a silence', 101, 160, 3_000, SSRC, 3_000],
    ['minutes of silence', 101, 160, 300_000, SSRC, 300_000],
    ['minutes of silence in which its clock ran on', 101, 2_400_000, 300_000, SSRC, 300_000],
    ['a timestamp that goes back', 101, -8_000, 20, SSRC, 20],
    ['a timestamp far ahead', 101, 80_000, 20, SSRC, 20],
  ])('goes on by the clock after %s', (_, sequence, timestamp, later, ssrc, ms) => {
    const { take } = stream()
    const last = take(100, 0)
    const next = take(sequence, timestamp, later, ssrc)
    expect(step(last, next)).toEqual({ packets: 1, ms, marker: true })
    expect(step(next, take(sequence + 1, timestamp + 160, 20, ssrc))).toEqual({
      packets: 1,
      ms: 20,
      marker: false,
    })
  })

  it('takes three late packets in a row for a sender that began anew', () => {
    const { take } = stream()
    let last: Numbers | undefined
    for (let at = 0; at < 40; at++) last = take(100 + at, at * 160)
    expect(take(110, 0)).toBeUndefined()
    expect(take(111, 160)).toBeUndefined()
    expect(step(last, take(112, 320))).toEqual({ packets: 1, ms: 60, marker: true })
    expect(take(113, 480)?.marker).toBe(false)
  })

  it('leaves out a late packet whose time is not its place', () => {
    const { take } = stream()
    take(1, 0)
    take(5, 640, 80)
    expect(take(3, 90_000, 1)).toBeUndefined()
    expect(take(3, -90_000, 1)).toBeUndefined()
    expect(take(2, 160, 1)).toBeDefined()
  })

  it('does not let a packet from before a new beginning take a number that was used', () => {
    const { take } = stream()
    take(100, 0)
    take(500, 64_000)
    expect(take(499, 63_840, 1)).toBeUndefined()
  })

  it('keeps to one of two talkers until that one is silent', () => {
    const { take } = stream({ holdTalkerMs: 200 })
    take(1, 0)
    expect(take(700, 0, 10, 8)).toBeUndefined()
    expect(take(2, 160, 10)).toBeDefined()
    expect(take(720, 3_200, 300, 8)?.marker).toBe(true)
  })

  it('makes room for packets of our own', () => {
    const { take, own } = stream()
    const voice = take(1, 0)
    const event = own()
    expect(step(voice, event)).toEqual({ packets: 1, ms: 20, marker: true })
    const again = own(20, event.timestamp)
    expect(step(event, again)).toEqual({ packets: 1, ms: 0, marker: false })
    expect(step(again, take(4, 480, 40))).toEqual({ packets: 1, ms: 60, marker: true })
  })

  it('counts by the clock of a codec, and goes on by that of another', () => {
    const { take } = stream()
    const [first, second] = [take(1, 0, 20, SSRC, 'opus'), take(2, 960, 20, SSRC, 'opus')]
    expect(step(first, second)).toEqual({ packets: 1, ms: 20 * 6, marker: false })
    const narrow = take(3, 1_120, 20, SSRC, 'G722')
    expect(step(second, narrow)).toEqual({ packets: 1, ms: 20, marker: true })
    expect(step(narrow, take(4, 1_280, 20, SSRC, 'G722'))).toEqual({ packets: 1, ms: 20, marker: false })
    expect(step(take(5, 1_440, 20, SSRC, 'G722'), take(6, 9_000, 3_000, SSRC, 'opus'))).toEqual({
      packets: 1,
      ms: 3_000 * 6,
      marker: true,
    })
  })

  it('never sends a number twice and never goes far from the clock, whatever comes', () => {
    const packet = fc.record({
      sequence: fc.oneof(fc.integer({ min: 0, max: 80 }), fc.integer({ min: 0, max: 65_535 })),
      timestamp: fc.oneof(fc.integer({ min: 0, max: 20_000 }), fc.integer({ min: 0, max: 2 ** 32 - 1 })),
      later: fc.integer({ min: 0, max: 100 }),
      ssrc: fc.integer({ min: 1, max: 2 }),
    })
    fc.assert(
      fc.property(fc.array(packet, { maxLength: 300, size: 'max' }), (packets) => {
        const { take } = stream()
        const sent = new Set<number>()
        let newest: Numbers | undefined
        for (const { sequence, timestamp, later, ssrc } of packets) {
          const out = take(sequence, timestamp, later, ssrc)
          if (out === undefined) continue
          expect(sent.has(out.sequence)).toBe(false)
          sent.add(out.sequence)
          const moved = step(newest, out)
          if (moved === undefined || moved.packets > 0) newest = out
          if (moved !== undefined) {
            expect(Math.abs(moved.packets)).toBeLessThanOrEqual(50)
            expect(moved.ms).toBeLessThanOrEqual(400 + 200)
          }
        }
      }),
      // So long a counterexample takes minutes to be made shorter.
      { numRuns: 500, endOnFailure: true },
    )
  })
})
