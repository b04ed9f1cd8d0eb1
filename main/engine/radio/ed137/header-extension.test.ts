import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseRtp } from '../../media/rtp.ts'
import {
  type Feature,
  HEADER_TYPE,
  parseRadioHeader,
  type RadioHeader,
  signalIn,
  silentHeader,
  writeRadioHeader,
} from './header-extension.ts'

const bits = (header: Partial<RadioHeader>) =>
  Buffer.from(writeRadioHeader({ ...silentHeader, ...header }).data).toString('hex')
const parse = (hex: string, profile = HEADER_TYPE) =>
  parseRadioHeader({ profile, data: Buffer.from(hex.replaceAll(' ', ''), 'hex') })

/** Masks and names as Wireshark's packet-rtp-ed137.c has them for ED-137A, B and C (`hf_rtp_hdr_ed137a_*`). */
describe('the fixed part of the radio header', () => {
  it.each([
    ['PTT off', {}, '00000000'],
    ['PTT type 1, normal: 0xE000', { ptt: 'normal' }, '20000000'],
    ['PTT type 2, coupling', { ptt: 'coupling' }, '40000000'],
    ['PTT type 3, priority', { ptt: 'priority' }, '60000000'],
    ['PTT type 4, emergency', { ptt: 'emergency' }, '80000000'],
    ['PTT type 5, test', { ptt: 'test' }, 'a0000000'],
    ['PTT type 6, reserved', { ptt: 'reserved-6' }, 'c0000000'],
    ['PTT type 7, reserved', { ptt: 'reserved-7' }, 'e0000000'],
    ['SQU: 0x1000', { squelch: true }, '10000000'],
    ['PTT-id: 0x0FC0', { pttId: 63 }, '0fc00000'],
    ['the lowest PTT-id', { pttId: 1 }, '00400000'],
    ['PM: 0x0020', { pttMute: true }, '00200000'],
    ['PTTS: 0x0010', { pttSummation: true }, '00100000'],
    ['SCT: 0x0008', { simultaneousCalls: true }, '00080000'],
  ] satisfies [string, Partial<RadioHeader>, string][])('has %s', (_name, header, hex) => {
    expect(bits(header)).toBe(hex)
    expect(parse(hex)).toEqual({ ...silentHeader, ...header })
  })

  it('ignores the reserved bits 0x0006, and what is unused without X', () => {
    expect(parse('0006 ffff')).toEqual(silentHeader)
  })
})

/** Feature tables of the same source: `rtp_hdr_ext_ed137a_feature_*`. */
describe('the features after it', () => {
  it.each([
    ['signal quality, index 0xF8', { kind: 'signal-quality', index: 31, method: 'rssi' }, '0001 11f8'],
    ['its method 0x07', { kind: 'signal-quality', index: 0, method: 'own-7' }, '0001 1107'],
    ['AGC', { kind: 'signal-quality', index: 12, method: 'agc' }, '0001 1161'],
    ['a relative delay 0x7F', { kind: 'climax-delay', absolute: false, steps: 127 }, '0001 217f'],
    ['an absolute one 0x80', { kind: 'climax-delay', absolute: true, steps: 1 }, '0001 2181'],
    ['remote control', { kind: 'other', type: 3, value: Buffer.of(0xa5) }, '0001 31a5'],
    [
      'a measurement of three octets',
      { kind: 'other', type: 4, value: Buffer.of(0x80, 1, 2) },
      '0001 4380 0102 0000',
    ],
  ] satisfies [string, Feature, string][])('may be %s', (_name, feature, hex) => {
    expect(bits({ features: [feature] })).toBe(hex.replaceAll(' ', ''))
    const [parsed, ...rest] = parse(hex)?.features ?? []
    expect(rest).toEqual([])
    if (parsed?.kind === 'other') expect({ ...parsed, value: Buffer.from(parsed.value) }).toEqual(feature)
    else expect(parsed).toEqual(feature)
  })

  it('may be several, up to the padding', () => {
    expect(parse('1001 1178 2105 0000')?.features).toEqual([
      { kind: 'signal-quality', index: 15, method: 'rssi' },
      { kind: 'climax-delay', absolute: false, steps: 5 },
    ])
  })

  it('are left out where they say that they are longer than the packet', () => {
    expect(parse('1001 1178 4f00 0000')?.features).toEqual([
      { kind: 'signal-quality', index: 15, method: 'rssi' },
    ])
  })

  it('tell the signal as a share of the best, RSSI of 15 and others of 31', () => {
    const signal = (hex: string) => signalIn(parse(hex) ?? silentHeader)
    expect([signal('1001 1100'), signal('1001 1178'), signal('1001 11f9'), signal('1001 11f8')]).toEqual([
      0, 1, 1, 1,
    ])
    expect(signal('1001 1138')).toBeCloseTo(7 / 15)
    expect(signal('1000 0000')).toBeUndefined()
  })
})

describe('a packet', () => {
  it('as an open controller of real radios sends it is understood: R2S of session 1, not keyed, then keyed', () => {
    // VOIP_Radio_Controller's sendKeepAlive: version 2 with extension, type 123, no payload.
    const packet = (fixed: number[]) =>
      Buffer.from([0x90, 0x7b, 0, 1, 0, 0, 6, 64, 0, 0, 0, 0, 1, 103, 0, 1, ...fixed, 0, 0])
    const read = (fixed: number[]) => {
      const { extension, payloadType, payload } = parseRtp(packet(fixed)) ?? {}
      return { payloadType, length: payload?.length, header: extension && parseRadioHeader(extension) }
    }
    expect(read([0, 64])).toEqual({ payloadType: 123, length: 0, header: { ...silentHeader, pttId: 1 } })
    expect(read([32, 64]).header).toEqual({ ...silentHeader, pttId: 1, ptt: 'normal' })
  })

  it('of the first ED-137, whose header has another layout and type 0x0067, is not taken for one', () => {
    expect(parse('2000 0000', 0x0067)).toBeUndefined()
  })
})

describe('any header', () => {
  const octet = fc.integer({ min: 0, max: 255 })
  const feature: fc.Arbitrary<Feature> = fc.oneof(
    fc.record({
      kind: fc.constant('signal-quality' as const),
      index: fc.integer({ min: 0, max: 31 }),
      method: fc.constantFrom('rssi' as const, 'agc' as const, 'carrier-to-noise' as const, 'own-4' as const),
    }),
    fc.record({
      kind: fc.constant('climax-delay' as const),
      absolute: fc.boolean(),
      steps: fc.integer({ min: 0, max: 127 }),
    }),
    fc.record({
      kind: fc.constant('other' as const),
      type: fc.integer({ min: 3, max: 15 }),
      value: fc.uint8Array({ maxLength: 15 }),
    }),
  )
  const header: fc.Arbitrary<RadioHeader> = fc.record({
    ptt: fc.constantFrom('off' as const, 'normal' as const, 'emergency' as const, 'reserved-7' as const),
    squelch: fc.boolean(),
    pttId: fc.integer({ min: 0, max: 63 }),
    pttMute: fc.boolean(),
    pttSummation: fc.boolean(),
    simultaneousCalls: fc.boolean(),
    features: fc.array(feature, { maxLength: 6 }),
  })

  it('is read as it was written, in whole words', () => {
    fc.assert(
      fc.property(header, (written) => {
        const extension = writeRadioHeader(written)
        expect(extension.data.length % 4).toBe(0)
        expect(parseRadioHeader(extension)).toEqual(written)
      }),
    )
  })

  it('of octets that nobody meant is read without a fault, and within its bounds', () => {
    fc.assert(
      fc.property(fc.array(octet, { maxLength: 64 }), (octets) => {
        const read = parseRadioHeader({ profile: HEADER_TYPE, data: Uint8Array.from(octets) })
        expect(read === undefined).toBe(octets.length < 2)
        expect(read?.pttId ?? 0).toBeLessThanOrEqual(63)
        expect(read?.features.length ?? 0).toBeLessThanOrEqual(octets.length)
        expect(signalIn(read ?? silentHeader) ?? 0).toBeLessThanOrEqual(1)
      }),
    )
  })
})
