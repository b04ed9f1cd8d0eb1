import { describe, expect, it } from 'vitest'
import { loudness, shareOf, sine } from '../../../tests/support/tone.ts'
import { Downsampler, Upsampler } from './resampling.ts'

const decibels = (ratio: number) => 20 * Math.log10(ratio)

/** In frames of 20 ms; the first 100 ms left out. */
function run(sampler: Upsampler | Downsampler, samples: Int16Array, frame: number): Int16Array {
  const frames: number[] = []
  for (let at = 0; at + frame <= samples.length; at += frame)
    frames.push(...sampler.take(samples.slice(at, at + frame)))
  return Int16Array.from(frames.slice(Math.floor(frames.length / 10)))
}

describe('resampling', () => {
  it.each([100, 1_000, 2_500, 3_400])('leaves %d Hz as it is, both ways', (frequency) => {
    const up = run(new Upsampler(), sine(frequency, 8_000), 160)
    expect(shareOf(frequency, up, 16_000)).toBeGreaterThan(0.9999)
    expect(Math.abs(decibels(loudness(up) / loudness(sine(frequency, 8_000))))).toBeLessThan(0.1)
    const down = run(new Downsampler(), sine(frequency, 16_000, 0, 0.3, 16_000), 320)
    expect(shareOf(frequency, down, 8_000)).toBeGreaterThan(0.9999)
    expect(Math.abs(decibels(loudness(down) / loudness(sine(frequency, 8_000))))).toBeLessThan(0.1)
  })

  it.each([4_600, 6_000, 7_500])('lets nothing of %d Hz into the lower band', (frequency) => {
    const down = run(new Downsampler(), sine(frequency, 16_000, 0, 0.3, 16_000), 320)
    expect(decibels(loudness(down) / 0.3)).toBeLessThan(-50)
  })

  it('makes nothing above 4.5 kHz that was not there', () => {
    const up = run(new Upsampler(), sine(3_300, 8_000), 160)
    expect(10 * Math.log10(shareOf(8_000 - 3_300, up, 16_000))).toBeLessThan(-50)
  })

  it('cuts off what is too loud instead of wrapping it', () => {
    const square = Int16Array.from({ length: 1_600 }, (_, at) => (at % 20 < 10 ? 32_767 : -32_768))
    const up = new Upsampler().take(square)
    expect(Math.max(...up)).toBe(32_767)
    expect(Math.min(...up)).toBe(-32_768)
    const middle = up.filter((_, at) => at > 100 && (at - 2 * 14) % 40 === 10)
    expect(Math.min(...middle)).toBeGreaterThan(25_000)
  })
})
