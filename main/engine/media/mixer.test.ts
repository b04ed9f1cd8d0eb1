import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { loudness, shareOf, sine } from '../../../tests/support/tone.ts'
import { Mixer } from './mixer.ts'
import { PlayoutBuffer } from './playout-buffer.ts'

/** 16,000 samples a second. */
const FRAME = 320

/** Everyone says his frequency for so many ticks; what each heard. */
function talk(mixer: Mixer<number>, frequencies: readonly number[], ticks: number, from = 0) {
  const heard = new Map<number, number[]>()
  for (let tick = from; tick < from + ticks; tick++) {
    for (const frequency of frequencies)
      mixer.push(frequency, {
        ssrc: frequency,
        timestamp: tick * FRAME,
        samples: sine(frequency, FRAME, tick * FRAME, 0.2),
      })
    for (const [source, frame] of mixer.tick()) heard.set(source, [...(heard.get(source) ?? []), ...frame])
  }
  // The first frames wait for those that may be late.
  return (source: number) => Int16Array.from((heard.get(source) ?? []).slice(4 * FRAME))
}

describe('the mixer', () => {
  it('lets each hear all others and not itself', () => {
    const mixer = new Mixer<number>()
    const frequencies = [400, 700, 1_100, 1_900]
    for (const frequency of frequencies) mixer.add(frequency)
    const heard = talk(mixer, frequencies, 30)
    for (const listener of frequencies)
      for (const talker of frequencies) {
        const share = shareOf(talker, heard(listener))
        if (talker === listener) expect(share).toBeLessThan(0.001)
        else expect(share).toBeCloseTo(1 / 3, 1)
      }
  })

  it('cuts off what is too loud instead of wrapping it', () => {
    const mixer = new Mixer<number>()
    for (const source of [1, 2, 3]) mixer.add(source)
    for (const source of [1, 2])
      for (let at = 0; at < 4; at++)
        mixer.push(source, {
          ssrc: source,
          timestamp: at * FRAME,
          samples: new Int16Array(FRAME).fill(30_000),
        })
    let last: ReadonlyMap<number, Int16Array> = new Map()
    for (let tick = 0; tick < 4; tick++) last = mixer.tick()
    expect(new Set(last.get(3))).toEqual(new Set([32_767]))
    expect(new Set(last.get(1))).toEqual(new Set([30_000]))
  })

  it('goes on for the others when one comes or goes', () => {
    const mixer = new Mixer<number>()
    mixer.add(400)
    mixer.add(700)
    talk(mixer, [400, 700], 10)
    mixer.add(1_100)
    mixer.remove(700)
    const heard = talk(mixer, [400, 1_100], 20, 10)
    expect(shareOf(400, heard(1_100))).toBeGreaterThan(0.99)
    expect(heard(700)).toHaveLength(0)
  })
})

describe('the playout buffer', () => {
  const frameAt = (timestamp: number, value: number) => ({
    ssrc: 1,
    timestamp,
    samples: new Int16Array(FRAME).fill(value),
  })

  it('puts reordered packets in order and lets the one before a lost one fade', () => {
    const buffer = new PlayoutBuffer()
    buffer.push(frameAt(0, 100))
    buffer.push(frameAt(2 * FRAME, 300))
    buffer.push(frameAt(FRAME, 200))
    const taken = Array.from({ length: 3 }, () => buffer.take()?.[0])
    buffer.push(frameAt(5 * FRAME, 600))
    taken.push(...Array.from({ length: 5 }, () => buffer.take()?.[0]))
    expect(taken).toEqual([0, 0, 100, 200, 300, 150, 75, 600])
    expect(buffer.take()).toBeUndefined()
  })

  it('begins anew after a silence', () => {
    const buffer = new PlayoutBuffer()
    buffer.push(frameAt(0, 1))
    for (let tick = 0; tick < 10; tick++) buffer.take()
    buffer.push(frameAt(5 * FRAME, 2))
    expect([buffer.take()?.[0], buffer.take()?.[0], buffer.take()?.[0]]).toEqual([0, 0, 2])
  })

  it('does not let a fast talker or the end of a stall pile up delay', () => {
    const buffer = new PlayoutBuffer()
    for (let at = 0; at < 50; at++) buffer.push(frameAt(at * FRAME, 100))
    expect(buffer.waiting).toBeLessThanOrEqual(5 * FRAME)
    expect(loudness(buffer.take() ?? new Int16Array())).toBeGreaterThan(0)
  })

  it('holds little and gives 20 ms, whatever comes', () => {
    const packet = fc.record({
      ssrc: fc.integer({ min: 1, max: 2 }),
      timestamp: fc.oneof(fc.integer({ min: 0, max: 5_000 }), fc.integer({ min: 0, max: 2 ** 32 - 1 })),
      samples: fc.integer({ min: 0, max: 2_000 }).map((length) => new Int16Array(length)),
    })
    fc.assert(
      fc.property(fc.array(packet, { maxLength: 100, size: 'max' }), (packets) => {
        const buffer = new PlayoutBuffer()
        for (const each of packets) {
          buffer.push(each)
          expect(buffer.waiting).toBeLessThanOrEqual(16 * FRAME)
          if (each.timestamp % 2) buffer.take()
        }
      }),
    )
  })
})
