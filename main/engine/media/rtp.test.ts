import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseRtp, type RtpPacket, sequenceDistance, timestampDistance, writeRtp } from './rtp.ts'

const bits = (count: number) => fc.integer({ min: 0, max: 2 ** count - 1 })

const anyPacket: fc.Arbitrary<RtpPacket> = fc.record(
  {
    marker: fc.boolean(),
    // 64 to 95 with the marker are RTCP's (RFC 5761, 4).
    payloadType: fc.oneof(fc.integer({ min: 0, max: 63 }), fc.integer({ min: 96, max: 127 })),
    sequence: bits(16),
    timestamp: bits(32),
    ssrc: bits(32),
    csrcs: fc.array(bits(32), { minLength: 1, maxLength: 15 }),
    extension: fc.record({
      profile: bits(16),
      data: fc.integer({ min: 0, max: 8 }).chain((words) => fc.uint8Array(sized(words * 4))),
    }),
    payload: fc.uint8Array({ maxLength: 400, size: 'max' }),
  },
  { requiredKeys: ['marker', 'payloadType', 'sequence', 'timestamp', 'ssrc', 'payload'] },
)

const sized = (length: number) => ({ minLength: length, maxLength: length })

describe('an RTP packet', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(anyPacket, (packet) => {
        const read = parseRtp(writeRtp(packet))
        expect(read && plain(read)).toEqual(plain(packet))
      }),
    )
  })

  it('loses its padding', () => {
    const bytes = writeRtp(packetOf(Uint8Array.of(1, 2, 3)))
    const padded = Buffer.concat([bytes, Buffer.of(0, 0, 3)])
    padded[0] = (padded[0] ?? 0) | 0x20
    expect([...(parseRtp(padded)?.payload ?? [])]).toEqual([1, 2, 3])
    padded[padded.length - 1] = 7
    expect(parseRtp(padded)).toBeUndefined()
  })

  it('is not seen in rubbish, in other versions or in RTCP', () => {
    expect(parseRtp(new Uint8Array(11))).toBeUndefined()
    expect(parseRtp(new Uint8Array(40))).toBeUndefined()
    const report = writeRtp(packetOf(new Uint8Array(20)))
    report[1] = 200
    expect(parseRtp(report)).toBeUndefined()
  })

  it('is read or refused without a crash, whatever comes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80, size: 'max' }), (bytes) => {
        if (bytes.length > 0) bytes[0] = 0x80 | ((bytes[0] ?? 0) & 0x3f)
        const packet = parseRtp(bytes)
        if (packet !== undefined) expect(packet.payload.length).toBeLessThanOrEqual(bytes.length - 12)
      }),
      { numRuns: 5_000 },
    )
  })

  it('is counted over the wrap of its numbers', () => {
    expect(sequenceDistance(65_535, 2)).toBe(3)
    expect(sequenceDistance(2, 65_535)).toBe(-3)
    expect(timestampDistance(0xffff_ff00, 0x100)).toBe(512)
  })
})

const packetOf = (payload: Uint8Array): RtpPacket => ({
  marker: false,
  payloadType: 0,
  sequence: 1,
  timestamp: 2,
  ssrc: 3,
  payload,
})

const plain = ({ payload, extension, ...rest }: RtpPacket) => ({
  ...rest,
  payload: [...payload],
  extension: extension && { profile: extension.profile, data: [...extension.data] },
})
