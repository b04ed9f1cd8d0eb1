import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { loudness, shareOf, sine } from '../../../tests/support/tone.ts'
import { LINEAR_RATE } from './codec.ts'
import { G722Decoder, G722Encoder, SILENT_OCTET } from './g722.ts'

/** What two filters of 24 coefficients hold back, in samples. */
const DELAY = 22

const toneOf = (frequency: number, amplitude = 0.3, length = LINEAR_RATE) =>
  sine(frequency, length, 0, amplitude, LINEAR_RATE)

/** Through an encoder and a decoder of their own. */
const through = (samples: Int16Array) => new G722Decoder().decode(new G722Encoder().encode(samples))

const decibels = (ratio: number) => 20 * Math.log10(ratio)

describe('G.722', () => {
  it('takes one octet for two samples, at whatever length', () => {
    const encoder = new G722Encoder()
    for (const length of [2, 160, 320, 960])
      expect(encoder.encode(new Int16Array(length))).toHaveLength(length / 2)
  })

  it('is level from 50 Hz to 7 kHz, over the seam of its bands too', () => {
    for (const frequency of [50, 100, 300, 1_000, 2_000, 3_400, 3_900, 4_000, 4_100, 5_000, 6_000, 7_000]) {
      const heard = through(toneOf(frequency)).subarray(LINEAR_RATE / 10)
      const gain = decibels(loudness(heard) / loudness(toneOf(frequency)))
      expect(Math.abs(gain), `${frequency} Hz`).toBeLessThan(0.3)
    }
  })

  it.each([
    [300, 50],
    [1_000, 45],
    [3_400, 33],
    [5_000, 20],
    [7_000, 20],
  ])('is clean: at %d Hz noise is more than %d dB below the tone', (frequency, ratio) => {
    const share = shareOf(frequency, through(toneOf(frequency)).subarray(LINEAR_RATE / 10), LINEAR_RATE)
    expect(10 * Math.log10(share / (1 - share))).toBeGreaterThan(ratio)
  })

  it('follows from a whisper to a shout', () => {
    for (const amplitude of [0.001, 0.01, 0.1, 0.9]) {
      const heard = through(toneOf(1_000, amplitude)).subarray(LINEAR_RATE / 10)
      expect(Math.abs(decibels(loudness(heard) / loudness(toneOf(1_000, amplitude))))).toBeLessThan(0.5)
    }
  })

  it('gives each sample back at its place, the filters’ delay later', () => {
    const click = new Int16Array(640)
    click.fill(12_000, 300, 308)
    const heard = through(click)
    const loudest = heard.indexOf(Math.max(...heard))
    expect(loudest).toBeGreaterThanOrEqual(300 + DELAY)
    expect(loudest).toBeLessThan(308 + DELAY)
  })

  it('does not wrap where it is too loud', () => {
    const heard = through(Int16Array.from({ length: 3_200 }, (_, at) => (at % 40 < 20 ? 32_767 : -32_768)))
    const half = heard.subarray(1_600)
    for (let at = 0; at < half.length; at++)
      if (Math.abs(half[at] ?? 0) > 20_000)
        expect(Math.sign(half[at] ?? 0)).toBe((at - DELAY + 40) % 40 < 20 ? 1 : -1)
  })

  it('falls silent on silent octets, after whatever was said', () => {
    for (const frequency of [90, 1_000, 2_900, 5_100, 7_400]) {
      const decoder = new G722Decoder()
      decoder.decode(new G722Encoder().encode(toneOf(frequency, 0.9)))
      const silent = new Uint8Array(160).fill(SILENT_OCTET)
      decoder.decode(silent)
      expect(decibels(loudness(decoder.decode(silent)))).toBeLessThan(-55)
    }
  })

  it('understands again within 100 ms after it lost packets', () => {
    const payload = new G722Encoder().encode(toneOf(1_000))
    const decoder = new G722Decoder()
    decoder.decode(payload.subarray(0, 1_600))
    const heard = decoder.decode(payload.subarray(2_400)).subarray(1_600, 8_000)
    expect(shareOf(1_000, heard, LINEAR_RATE)).toBeGreaterThan(0.99)
  })

  it('reads any octets', () => {
    const decoder = new G722Decoder()
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 160, maxLength: 160 }), (payload) => {
        expect(decoder.decode(payload)).toHaveLength(320)
      }),
    )
    decoder.decode(new Uint8Array(160).fill(0))
    const heard = decoder.decode(new G722Encoder().encode(toneOf(1_000))).subarray(1_600)
    expect(shareOf(1_000, heard, LINEAR_RATE)).toBeGreaterThan(0.95)
  })
})
