import fc from 'fast-check'
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { loudness, shareOf, sine } from '../../../tests/support/tone.ts'
import { LINEAR_FRAME, LINEAR_RATE } from './codec.ts'
import { lengthOfOpus, OpusDecoder, OpusEncoder, silentOpus } from './opus.ts'

const frameOf = (frequency: number, at: number) =>
  sine(frequency, LINEAR_FRAME, at * LINEAR_FRAME, 0.3, LINEAR_RATE)

/** Once they are there. */
async function coders() {
  const [encoder, decoder] = [new OpusEncoder(), new OpusDecoder()]
  onTestFinished(() => encoder.close())
  onTestFinished(() => decoder.close())
  const payload = await vi.waitFor(() => {
    const encoded = encoder.encode(new Int16Array(LINEAR_FRAME))
    expect(encoded && decoder.decode(encoded)).toHaveLength(LINEAR_FRAME)
    return encoded
  })
  return { encoder, decoder, payload }
}

describe('Opus', () => {
  beforeAll(() => import('libopus-wasm'))

  it.each([300, 1_000, 3_000, 6_000])('carries a tone of %d Hz', async (frequency) => {
    const { encoder, decoder } = await coders()
    const heard = Array.from({ length: 50 }, (_, at) => [
      ...decoder.decode(encoder.encode(frameOf(frequency, at)) ?? new Uint8Array()),
    ]).flat()
    const settled = Int16Array.from(heard.slice(10 * LINEAR_FRAME))
    expect(shareOf(frequency, settled, LINEAR_RATE)).toBeGreaterThan(0.9)
    expect(loudness(settled)).toBeGreaterThan(0.15)
  })

  it('says nothing until it is loaded, and nothing after it is closed', async () => {
    const encoder = new OpusEncoder()
    expect(encoder.encode(frameOf(300, 0))).toBeUndefined()
    encoder.close()
    await new Promise(setImmediate)
    expect(encoder.encode(frameOf(300, 0))).toBeUndefined()
    const { decoder, payload } = await coders()
    decoder.close()
    expect(decoder.decode(payload ?? new Uint8Array())).toHaveLength(0)
  })

  it.each([2.5, 5, 10, 20, 40, 60, 120])('is silent for %d ms, after whatever was said', async (ms) => {
    const { encoder, decoder } = await coders()
    for (let at = 0; at < 10; at++) decoder.decode(encoder.encode(frameOf(700, at)) ?? new Uint8Array())
    const silent = silentOpus(ms)
    expect(lengthOfOpus(silent)).toBe(ms)
    for (let passed = 0; passed < 20; passed += ms) decoder.decode(silent)
    const heard = decoder.decode(silent)
    expect(heard).toHaveLength((ms * LINEAR_RATE) / 1000)
    expect(loudness(heard)).toBe(0)
  })

  it('knows how long a packet sounds, and reads whatever comes', async () => {
    const { encoder, decoder } = await coders()
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 60 }), (payload) => {
        const { length } = decoder.decode(payload)
        if (length > 0) expect(length).toBe((lengthOfOpus(payload) * LINEAR_RATE) / 1000)
        expect(decoder.decode(silentOpus(lengthOfOpus(payload))).length).toBeGreaterThan(0)
      }),
      { numRuns: 5_000 },
    )
    const after = Array.from({ length: 20 }, (_, at) => [
      ...decoder.decode(encoder.encode(frameOf(1_000, at)) ?? new Uint8Array()),
    ]).flat()
    expect(shareOf(1_000, Int16Array.from(after.slice(-10 * LINEAR_FRAME)), LINEAR_RATE)).toBeGreaterThan(0.9)
  })
})
