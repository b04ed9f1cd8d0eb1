import { describe, expect, it } from 'vitest'
import { decode, encode, type Law, silence, transcode } from './g711.ts'

const laws: readonly Law[] = ['PCMU', 'PCMA']
const everyOctet = Uint8Array.from({ length: 256 }, (_, octet) => octet)

/** The digital milliwatt of G.711, tables 5 and 6: a 1 kHz tone at 0 dBm0. */
const milliwatt: Readonly<Record<Law, Uint8Array>> = {
  PCMU: Uint8Array.of(0x1e, 0x0b, 0x0b, 0x1e, 0x9e, 0x8b, 0x8b, 0x9e),
  PCMA: Uint8Array.of(0x34, 0x21, 0x21, 0x34, 0xb4, 0xa1, 0xa1, 0xb4),
}

describe('G.711', () => {
  it('decodes the ends and the middle of both laws', () => {
    expect([...decode('PCMU', Uint8Array.of(0xff, 0x7f, 0x80, 0x00))]).toEqual([0, 0, 32_124, -32_124])
    expect([...decode('PCMA', Uint8Array.of(0xd5, 0x55, 0xaa, 0x2a))]).toEqual([8, -8, 32_256, -32_256])
  })

  it('encodes every decoded octet to itself, save the second zero of the µ-law', () => {
    expect([...encode('PCMA', decode('PCMA', everyOctet))]).toEqual([...everyOctet])
    const expected = [...everyOctet]
    expected[0x7f] = 0xff
    expect([...encode('PCMU', decode('PCMU', everyOctet))]).toEqual(expected)
  })

  it('stays within half a step of every sample', () => {
    const samples = Int16Array.from({ length: 65_536 }, (_, at) => at - 32_768)
    for (const law of laws) {
      const back = decode(law, encode(law, samples))
      const beyond = samples.filter(
        (sample, at) =>
          Math.abs((back[at] ?? Number.NaN) - sample) > Math.max(16, (Math.abs(sample) + 132) / 30),
      )
      expect([...beyond]).toEqual([])
    }
  })

  it('turns the milliwatt of one law into that of the other', () => {
    expect(transcode('PCMU', 'PCMA', milliwatt.PCMU)).toEqual(milliwatt.PCMA)
    expect(transcode('PCMA', 'PCMU', milliwatt.PCMA)).toEqual(milliwatt.PCMU)
  })

  it('is silent in silence', () => {
    for (const law of laws)
      expect(Math.max(...decode(law, silence(law, 160)).map(Math.abs))).toBeLessThanOrEqual(8)
  })
})
