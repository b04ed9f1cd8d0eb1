import { describe, expect, it } from 'vitest'
import { loudness, shareOf } from '../../../tests/support/tone.ts'
import { tone } from './tones.ts'

/** 20 ms of it, from so many seconds on. */
const at = (samples: Int16Array, seconds: number) => samples.subarray(seconds * 8_000, seconds * 8_000 + 160)

describe('a call-progress tone', () => {
  it('is 450 Hz at -10 dBm0', () => {
    const dial = tone('dial')
    expect(shareOf(450, dial)).toBeGreaterThan(0.99)
    expect(20 * Math.log10(loudness(dial) * Math.SQRT2) + 3.14).toBeCloseTo(-10, 1)
  })

  it('rings for a second and is silent for four', () => {
    const ringing = tone('ringBack')
    expect(ringing).toHaveLength(5 * 8_000)
    expect(shareOf(450, at(ringing, 0.9))).toBeGreaterThan(0.9)
    expect(loudness(ringing.subarray(8_000))).toBe(0)
  })

  it('says busy every 0.7 s, half of it silent', () => {
    const busy = tone('busy')
    expect(busy).toHaveLength(0.7 * 8_000)
    expect(loudness(at(busy, 0.32))).toBeGreaterThan(0.1)
    expect(loudness(busy.subarray(2_800))).toBe(0)
  })

  it('says that there is no such number with three short and one long', () => {
    const vacant = tone('vacant')
    const on = [0.05, 0.15, 0.25, 0.35, 0.45, 0.55, 0.65, 1.05].map((time) => loudness(at(vacant, time)) > 0)
    expect(on).toEqual([true, false, true, false, true, false, true, false])
  })
})
