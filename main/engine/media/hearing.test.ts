import { loadLibopus } from 'libopus-wasm'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { loudness, sine } from '../../../tests/support/tone.ts'
import { type Codec, frameUnits, LINEAR_FRAME, LINEAR_RATE } from './codec.ts'
import { codecs } from './codecs.ts'
import { Hearing } from './hearing.ts'
import type { VoicePacket } from './leg.ts'

/** So many packets of a tone; Opus has a moment to be there. */
async function said(codec: Codec, count: number): Promise<VoicePacket[]> {
  const encoder = codecs[codec].encoder()
  onTestFinished(() => encoder.close?.())
  await new Promise(setImmediate)
  return Array.from({ length: count }, (_, at) => ({
    codec,
    marker: false,
    sequence: at,
    timestamp: at * frameUnits(codec),
    ssrc: 7,
    payload: encoder.encode(sine(700, LINEAR_FRAME, at * LINEAR_FRAME, 0.3, LINEAR_RATE)) ?? new Uint8Array(),
  }))
}

/** What a listener makes of each packet. */
async function hear(packets: readonly (VoicePacket | undefined)[]) {
  const hearing = new Hearing()
  onTestFinished(() => hearing.close())
  const heard: ReturnType<Hearing['hear']>[] = []
  for (const packet of packets) {
    heard.push(packet && hearing.hear(packet))
    await new Promise(setImmediate)
  }
  return heard
}

const orders = (heard: Awaited<ReturnType<typeof hear>>) => heard.map((each) => each?.order)

describe('hearing', () => {
  beforeAll(() => loadLibopus())

  it('tells where time begins: with the first packet of which anything is heard', async () => {
    expect(orders(await hear(await said('G722', 3)))).toEqual(['first', 'next', 'next'])
    const opus = await hear(await said('opus', 3))
    expect(orders(opus)).toEqual([undefined, 'first', 'next'])
    expect((opus[2]?.timestamp ?? 0) - (opus[1]?.timestamp ?? 0)).toBe(LINEAR_FRAME)
  })

  it('hears what comes late as such, if no memory is in the way, and stays with the talker', async () => {
    const order = [0, 4, 1, 2, 3, 5]
    const [narrow, wide] = [await said('PCMU', 6), await said('G722', 6)]
    const late = ['late', 'late', 'late']
    expect(orders(await hear(order.map((at) => narrow[at])))).toEqual(['first', 'next', ...late, 'next'])
    const unheard = [undefined, undefined, undefined]
    expect(orders(await hear(order.map((at) => wide[at])))).toEqual(['first', 'next', ...unheard, 'next'])
  })

  it('takes what is late for longer for another beginning', async () => {
    const wide = await said('G722', 40)
    const order = [30, 10, 11, 12, 13, 14]
    const unheard = [undefined, undefined, undefined]
    expect(orders(await hear(order.map((at) => wide[at])))).toEqual(['first', ...unheard, 'first', 'next'])
  })

  it('hears in an Opus packet what was lost before it', async () => {
    const packets = await said('opus', 20)
    const heard = await hear(packets.toSpliced(10, 3))
    const after = heard[10]
    expect(after).toMatchObject({ order: 'next', missing: 2 })
    expect(after?.samples).toHaveLength(2 * LINEAR_FRAME)
    expect(loudness(after?.samples.subarray(0, LINEAR_FRAME) ?? new Int16Array())).toBeGreaterThan(0.1)
    expect((after?.timestamp ?? 0) - (heard[9]?.timestamp ?? 0)).toBe(3 * LINEAR_FRAME)
    expect(heard[11]?.samples).toHaveLength(LINEAR_FRAME)
  })
})
