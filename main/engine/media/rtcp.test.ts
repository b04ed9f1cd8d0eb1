import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { meanOpinionScore } from './mos.ts'
import { Reception } from './reception.ts'
import {
  middleOf,
  ntpOf,
  parseRtcp,
  parseSourceNews,
  type ReceptionReport,
  roundTripOf,
  writeRtcp,
} from './rtcp.ts'

const word = fc.integer({ min: 0, max: 2 ** 32 - 1 })
const report: fc.Arbitrary<ReceptionReport> = fc.record({
  ssrc: word,
  fractionLost: fc.integer({ min: 0, max: 255 }),
  lost: fc.integer({ min: -0x80_0000, max: 0x7f_ffff }),
  highestSequence: word,
  jitter: word,
  lastSenderReport: word,
  delaySince: word,
})
const sender = fc.record({
  ntpSeconds: word,
  ntpFraction: word,
  timestamp: word,
  packets: word,
  octets: word,
})

describe('RTCP', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(
        fc.record({
          ssrc: word,
          sender: fc.option(sender, { nil: undefined }),
          reports: fc.array(report, { maxLength: 31, size: 'max' }),
        }),
        fc.string({ maxLength: 30 }),
        fc.boolean(),
        (written, name, bye) => {
          const bytes = writeRtcp(written, name, bye)
          expect(bytes.length % 4).toBe(0)
          expect(parseRtcp(bytes)).toEqual([written])
        },
      ),
    )
  })

  it('is read or left out without a crash, whatever comes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120, size: 'max' }), (bytes) => {
        bytes.set([0x81, 200].slice(0, bytes.length))
        parseRtcp(bytes)
        bytes.set([0x82, 202].slice(0, bytes.length))
        parseSourceNews(bytes)
        bytes.set(
          [0x82, 204, 0, bytes.length / 4 - 1, 0, 0, 0, 7, 0x4d, 0x43, 0x50, 0x54].slice(0, bytes.length),
        )
        parseSourceNews(bytes)
      }),
      { numRuns: 3_000 },
    )
  })

  it('tells who its sources are, by the name for people where there is one, and who leaves', () => {
    const empty = { ssrc: 7, sender: undefined, reports: [] }
    expect(parseSourceNews(writeRtcp(empty, 'seat@10.0.0.7'))).toEqual({
      names: new Map([[7, 'seat@10.0.0.7']]),
      gone: [],
      emergencies: [],
    })
    expect(parseSourceNews(writeRtcp(empty, 'seat@10.0.0.7', true, 'PD-4107'))).toEqual({
      names: new Map([[7, 'PD-4107']]),
      gone: [7],
      emergencies: [],
    })
  })

  it('tells the names of several sources in one packet (RFC 3550, 6.5)', () => {
    const words = [0x82ca0006, 1, 0x01024142, 0, 2, 0x02034142, 0x43000000]
    const bytes = Buffer.alloc(words.length * 4)
    for (const [at, word] of words.entries()) bytes.writeUInt32BE(word, at * 4)
    expect(parseSourceNews(bytes).names).toEqual(
      new Map([
        [1, 'AB'],
        [2, 'ABC'],
      ]),
    )
  })

  it('tells who is in an emergency, by the floor taken with its indicator (3GPP TS 24.380, 8.2)', () => {
    const sourcesOf = (hex: string) => parseSourceNews(Buffer.from(hex, 'hex')).emergencies
    // SSRC 7, MCPT, the granted party `30001`, and the indicator.
    const party = `0405${Buffer.from('30001').toString('hex')}00`
    const taken = (indicator: string) => `82cc0005000000074d435054${party}0d02${indicator}`
    expect(sourcesOf(taken('1000'))).toEqual([7])
    expect(sourcesOf(taken('9000'))).toEqual([7])
    expect(sourcesOf(taken('8000'))).toEqual([])
    expect(sourcesOf(taken('1000').replace('82cc', '81cc'))).toEqual([])
    expect(sourcesOf(taken('1000').replace('4d435054', '4d435055'))).toEqual([])
    expect(sourcesOf('82cc0002000000074d435054')).toEqual([])
    expect(sourcesOf('82cc0003000000074d43505404ff3330')).toEqual([])
  })

  it('measures the round trip by the report that theirs refers to', () => {
    const sentAt = 1_800_000_000_123
    const base = { ssrc: 1, fractionLost: 0, lost: 0, highestSequence: 0, jitter: 0 }
    const answer = { ...base, lastSenderReport: middleOf(ntpOf(sentAt)), delaySince: 65_536 / 2 }
    expect(roundTripOf(answer, sentAt + 540)).toBeCloseTo(40, 0)
    expect(roundTripOf({ ...answer, lastSenderReport: 0 }, sentAt)).toBeUndefined()
    expect(roundTripOf(answer, sentAt)).toBeUndefined()
  })
})

describe('what is received', () => {
  const RATE = 8_000
  /** Takes these packets, 20 ms apart but for what `late` adds. */
  const receive = (sequences: readonly number[], late: (at: number) => number = () => 0) => {
    const reception = new Reception()
    for (const [at, sequence] of sequences.entries())
      reception.take(
        { ssrc: 1, sequence: sequence & 0xffff, timestamp: sequence * 160 },
        at * 20 + late(at),
        RATE,
      )
    return reception
  }
  const run = (from: number, count: number) => Array.from({ length: count }, (_, at) => from + at)

  it('counts loss over the wrap, and since the last report', () => {
    const reception = receive([...run(65_500, 50), ...run(65_560, 40)])
    expect(reception.lost).toBe(10)
    expect(reception.lossShare).toBeCloseTo(0.1)
    const [first] = reception.report(undefined, 2_000)
    expect(first).toMatchObject({ lost: 10, fractionLost: 25, highestSequence: 65_599 })
    reception.take({ ssrc: 1, sequence: 65_600 & 0xffff, timestamp: 65_600 * 160 }, 2_000, RATE)
    expect(reception.report(undefined, 2_000)[0]).toMatchObject({ lost: 10, fractionLost: 0 })
  })

  it('does not take reordered packets for loss, nor a new talker', () => {
    const reception = receive([1, 3, 2, 4])
    reception.take({ ssrc: 2, sequence: 9_000, timestamp: 0 }, 100, RATE)
    expect(reception.lost).toBe(0)
    expect(reception.received).toBe(5)
  })

  it('does not take the packets of one key for jitter', () => {
    const reception = receive(run(1, 10))
    for (let at = 0; at < 8; at++)
      reception.take({ ssrc: 1, sequence: 11 + at, timestamp: 11 * 160 }, 220 + at * 20, RATE, false)
    expect(reception.jitter).toBe(0)
    expect(reception.received).toBe(18)
  })

  it('knows jitter in milliseconds, whatever the clock, and keeps it when the clock changes', () => {
    const reception = new Reception()
    const take = (at: number, rate: number) =>
      reception.take(
        { ssrc: 1, sequence: at, timestamp: (at * 20 * rate) / 1000 },
        at * 20 + (at % 2) * 10,
        rate,
      )
    for (let at = 1; at < 200; at++) take(at, 48_000)
    expect(reception.jitter).toBeCloseTo(10, 0)
    take(200, RATE)
    expect(reception.jitter).toBeGreaterThan(9)
    for (let at = 201; at < 400; at++) take(at, RATE)
    expect(reception.jitter).toBeCloseTo(10, 0)
  })

  it('knows even arrival from uneven', () => {
    expect(receive(run(1, 200)).jitter).toBe(0)
    expect(receive(run(1, 400), (at) => (at % 2) * 10).jitter).toBeCloseTo(10, 0)
  })
})

describe('the opinion of a call', () => {
  it('is good on a good network and worse with loss and delay', () => {
    const score = (lossShare: number, roundTrip: number, jitter = 0) =>
      meanOpinionScore({ lossShare, roundTrip, jitter })
    expect(score(0, 20)).toBeGreaterThan(4.3)
    expect(score(0.05, 20)).toBeLessThan(4)
    expect(score(0.05, 20)).toBeGreaterThan(3)
    expect(score(0, 800)).toBeLessThan(3.5)
    expect(score(0, 20, 100)).toBeLessThan(score(0, 20))
    expect(score(1, 2_000)).toBe(1)
  })
})
