import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { openWideEar } from '../../../tests/support/ear.ts'
import { shareOf, sine } from '../../../tests/support/tone.ts'
import { type Codec, clockRate, frameUnits, LINEAR_FRAME, LINEAR_RATE } from './codec.ts'
import { codecs, linearPayload } from './codecs.ts'
import { encode } from './g711.ts'
import type { VoicePacket } from './leg.ts'
import { Transcoder } from './transcoder.ts'

const all: readonly Codec[] = ['PCMU', 'PCMA', 'G722', 'opus', 'linear']
const pairs = all.flatMap((from) => all.map((to) => [from, to] as const))

/** Packets of 20 ms in a codec that say one frequency. */
function speaker(codec: Codec, frequency: number) {
  const encoder = codecs[codec].encoder()
  onTestFinished(() => encoder.close?.())
  let at = 0
  return (): VoicePacket => {
    const frame = sine(frequency, LINEAR_FRAME, at * LINEAR_FRAME, 0.3, LINEAR_RATE)
    const numbers = { marker: at === 0, sequence: at & 0xffff, timestamp: at * frameUnits(codec) }
    at++
    return { codec, ssrc: 7, ...numbers, payload: encoder.encode(frame) ?? new Uint8Array() }
  }
}

function transcoderTo(codec: Codec): Transcoder {
  const made = new Transcoder(codec)
  onTestFinished(() => made.close())
  return made
}

/** Packets of G.711 that say silence, with these sequence numbers and so many samples each. */
const narrow = (sequence: number, length = 160, timestamp = sequence * length): VoicePacket => ({
  codec: 'PCMU',
  marker: false,
  sequence,
  timestamp,
  ssrc: 7,
  payload: encode('PCMU', sine(500, length, timestamp)),
})

/** The numbers of each packet that comes out, counted from the first: packets and milliseconds. */
function numbersOf(packets: readonly VoicePacket[]) {
  const [first] = packets
  return packets.map(({ codec, sequence, timestamp }) => [
    sequence - (first?.sequence ?? 0),
    ((timestamp - (first?.timestamp ?? 0)) * 1000) / clockRate[codec],
  ])
}

describe('a transcoder', () => {
  beforeAll(() => import('libopus-wasm'))

  it.each(pairs)('says in %s what was said in %s', async (from, to) => {
    const [say, transcoder, ear] = [speaker(from, 1_000), transcoderTo(to), openWideEar()]
    const heard: number[] = []
    await vi.waitFor(
      async () => {
        for (let count = 0; count < 10; count++) {
          for (const packet of transcoder.take(say())) {
            expect(packet.codec).toBe(to)
            heard.push(...ear(packet))
          }
          await new Promise(setImmediate)
        }
        expect(heard.length).toBeGreaterThan(40 * LINEAR_FRAME)
      },
      { interval: 1 },
    )
    expect(shareOf(1_000, Int16Array.from(heard.slice(-20 * LINEAR_FRAME)), LINEAR_RATE)).toBeGreaterThan(
      0.95,
    )
  })

  it('passes on what is in its codec already, untouched', () => {
    const packet = speaker('G722', 500)()
    expect(transcoderTo('G722').take(packet)).toEqual([packet])
  })

  it('keeps what is above 4 kHz between wideband codecs', () => {
    const [say, transcoder, ear] = [speaker('linear', 6_000), transcoderTo('G722'), openWideEar()]
    const heard = Array.from({ length: 20 }, () =>
      transcoder.take(say()).flatMap((packet) => [...ear(packet)]),
    )
    expect(shareOf(6_000, Int16Array.from(heard.flat().slice(-3_200)), LINEAR_RATE)).toBeGreaterThan(0.95)
  })

  it('counts by the clock of its codec', () => {
    const transcoder = transcoderTo('linear')
    const packets = [0, 1, 2].flatMap((at) => transcoder.take(narrow(at)))
    expect(packets.map(({ timestamp }) => timestamp - (packets[0]?.timestamp ?? 0))).toEqual([0, 320, 640])
    expect(numbersOf(packets)).toEqual([
      [0, 0],
      [1, 20],
      [2, 40],
    ])
  })

  it.each([10, 30, 60])('makes packets of 20 ms out of those of %d', (ms) => {
    const transcoder = transcoderTo('G722')
    const count = 120 / ms
    const packets = Array.from({ length: count }, (_, at) => transcoder.take(narrow(at, ms * 8))).flat()
    expect(numbersOf(packets)).toEqual(Array.from({ length: 6 }, (_, at) => [at, at * 20]))
    expect(new Set(packets.map(({ payload }) => payload.length))).toEqual(new Set([160]))
  })

  it('leaves a place for what was lost, and none for what was not said', () => {
    const lost = transcoderTo('G722')
    expect(numbersOf([0, 1, 4, 5].flatMap((at) => lost.take(narrow(at))))).toEqual([
      [0, 0],
      [1, 20],
      [4, 80],
      [5, 100],
    ])
    const paused = transcoderTo('G722')
    const said = [narrow(0), narrow(1), narrow(2, 160, 4 * 160), narrow(3, 160, 5 * 160)]
    expect(numbersOf(said.flatMap((packet) => paused.take(packet)))).toEqual([
      [0, 0],
      [1, 20],
      [2, 80],
      [3, 100],
    ])
  })

  it('leaves out what comes late or twice, and goes on with a sender that began anew', () => {
    const transcoder = transcoderTo('G722')
    const order = [10, 11, 13, 12, 13, 14]
    expect(numbersOf(order.flatMap((at) => transcoder.take(narrow(at))))).toEqual([
      [0, 0],
      [1, 20],
      [3, 60],
      [4, 80],
    ])
    const again = [60_000, 60_001].flatMap((at) => transcoder.take(narrow(at)))
    expect(numbersOf(again)).toEqual([
      [0, 0],
      [1, 20],
    ])
  })

  it('loses nothing that is in order where time goes slower than sound', () => {
    const transcoder = transcoderTo('G722')
    const said = Array.from({ length: 5 }, (_, at) => narrow(at, 160, at * 40))
    expect(numbersOf(said.flatMap((packet) => transcoder.take(packet)))).toEqual(
      Array.from({ length: 5 }, (_, at) => [at, at * 20]),
    )
  })

  it('hears a talker that takes another codec, and goes on over the end of time', () => {
    const transcoder = transcoderTo('PCMA')
    const say = speaker('linear', 700)
    const wrapped = Array.from({ length: 4 }, () => {
      const packet = say()
      return { ...packet, timestamp: (packet.timestamp + 2 ** 32 - 640) >>> 0 }
    })
    const packets = wrapped.flatMap((packet) => transcoder.take(packet))
    expect(packets.map(({ timestamp }) => (timestamp - (packets[0]?.timestamp ?? 0)) >>> 0)).toEqual([
      0, 160, 320, 480,
    ])
    const other = speaker('G722', 700)
    for (let count = 0; count < 20; count++) packets.push(...transcoder.take(other()))
    expect(packets).toHaveLength(24)
    expect(new Set(packets.map(({ sequence }) => sequence)).size).toBe(24)
  })

  it('takes linear samples where they stand in memory', () => {
    const samples = Int16Array.from({ length: 700 }, (_, at) => at)
    const packet: VoicePacket = {
      ...narrow(0),
      codec: 'linear',
      payload: linearPayload(samples.subarray(3, 323)),
    }
    expect(openWideEar()(packet)).toEqual(samples.slice(3, 323))
  })
})
