import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromALaw, fromMuLaw, muLawToALaw, toALaw, toMuLaw } from './g711.ts'
import { endedKey, parseRtp, writeRtp } from './rtp.ts'

const packet = { payloadType: 8, sequence: 65_535, timestamp: 0xffff_ff00, source: 7, marker: true }

describe('an RTP packet', () => {
  it('is read as it was written', () => {
    const payload = Buffer.from([1, 2, 3])
    expect(parseRtp(writeRtp({ ...packet, payload }))).toEqual({ ...packet, payload })
  })

  it('is read without its contributing sources, extension and padding', () => {
    const head = Buffer.from([0xb1, 8, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 9, 9, 9, 9, 0, 0, 0, 1, 5, 5, 5, 5])
    expect(parseRtp(Buffer.concat([head, Buffer.from([42, 0, 2])]))?.payload).toEqual(Buffer.from([42]))
  })

  it('may carry an extension, which is read as it was written', () => {
    const extension = { type: 0x0167, words: Buffer.from([0x20, 0x40, 0, 0]) }
    const payload = Buffer.from([1, 2, 3])
    expect(parseRtp(writeRtp({ ...packet, extension, payload }))).toEqual({ ...packet, extension, payload })
  })

  it('is not what is RTCP, too short, or of another version', () => {
    expect(parseRtp(Buffer.from([0x80, 200, 0, 6, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]))).toBeUndefined()
    expect(parseRtp(Buffer.alloc(11, 0x80))).toBeUndefined()
    expect(parseRtp(Buffer.alloc(20))).toBeUndefined()
  })

  it('of any octets is read or left, and never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (octets) => {
        const read = parseRtp(Buffer.from(octets))
        if (read !== undefined) endedKey(read.payload)
      }),
      { numRuns: 2_000, seed: 13 },
    )
  })
})

describe('a telephone event', () => {
  it('names its key once it has ended', () => {
    expect(endedKey(Buffer.from([11, 0x0a, 0, 160]))).toBeUndefined()
    expect(endedKey(Buffer.from([11, 0x8a, 0, 160]))).toBe('#')
    expect(endedKey(Buffer.from([16, 0x8a, 0, 160]))).toBeUndefined()
  })
})

describe('G.711', () => {
  it('comes back from linear as it was, but for the two zeros of mu-law', () => {
    for (let octet = 0; octet < 256; octet++) {
      expect(toALaw(fromALaw(octet))).toBe(octet)
      expect(toMuLaw(fromMuLaw(octet))).toBe(octet === 0x7f ? 0xff : octet)
    }
  })

  it('has the values of the standard at its ends', () => {
    expect([fromMuLaw(0x00), fromMuLaw(0x80), fromMuLaw(0xff)]).toEqual([-32_124, 32_124, 0])
    expect([fromALaw(0x2a), fromALaw(0xaa), fromALaw(0xd5)]).toEqual([-32_256, 32_256, 8])
  })

  it('turns mu-law to A-law within a step', () => {
    const all = Uint8Array.from({ length: 256 }, (_nothing, octet) => octet)
    for (const [octet, other] of muLawToALaw(all).entries()) {
      const sample = fromMuLaw(octet)
      expect(Math.abs(fromALaw(other) - sample)).toBeLessThanOrEqual(Math.abs(sample) / 16 + 8)
    }
  })
})
