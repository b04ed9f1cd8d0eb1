/** Telephones of different codecs, none of which we wrote: what each hears of the engine and of one another. */
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { Bridge } from '../../main/engine/media/bridge.ts'
import { LINEAR_RATE } from '../../main/engine/media/codec.ts'
import type { Digit } from '../../main/engine/media/dtmf.ts'
import type { VoicePacket } from '../../main/engine/media/leg.ts'
import { PlayerLeg } from '../../main/engine/media/player-leg.ts'
import { openMediaSession } from '../../main/engine/media/session.ts'
import { answerCalls } from '../support/answer-calls.ts'
import { startBaresip } from '../support/baresip.ts'
import { listenTo, openWideEar } from '../support/ear.ts'
import { loudness, shareOf, sine } from '../support/tone.ts'

const patience = { timeout: 30_000, interval: 50 }
/** What baresip calls it. */
const OPUS = 'opus/48000/2'
/** What only wideband has. */
const [THEIRS, OURS] = [5_000, 6_000]
/** Packets: long enough for all that waits to have come out at the other end. */
const SETTLED = 100
/** Longer than the call. */
const SAID_S = 30

/** A baresip that has called us and says a tone. */
async function telephone(codecs: string, says: number | Int16Array) {
  const session = await openMediaSession({ host: '127.0.0.1' })
  onTestFinished(() => session.close())
  const phone = await startBaresip(onTestFinished, {
    user: '8001',
    password: 'none',
    domain: 'exercise.invalid',
    exchange: await answerCalls(onTestFinished, session),
    codecs,
    says,
  })
  phone.tell('dial', 'sip:60001@exercise.invalid')
  await phone.until('CALL_ESTABLISHED')
  const { leg } = session
  return {
    session,
    leg,
    phone,
    sent: (count: number) =>
      vi.waitFor(() => expect(leg.statistics.packetsSent).toBeGreaterThanOrEqual(count), patience),
    /** Of half a second of what it played before it hung up: how much was at a frequency. */
    played: async () => {
      phone.tell('hangup')
      await phone.until('CALL_CLOSED')
      await phone.kill()
      const { rate, samples } = phone.recording()
      const sound = samples.subarray(-rate * 0.75, -rate * 0.25)
      expect(sound).toHaveLength(rate / 2)
      expect(loudness(sound)).toBeGreaterThan(0.02)
      return (frequency: number) => shareOf(frequency, sound, rate)
    },
  }
}

describe.each([
  ['G722', 'G722'],
  [OPUS, 'opus'],
] as const)('a telephone with %s', (codecs, codec) => {
  it('and the engine hear of each other what is above 4 kHz, and how well', async () => {
    const { session, leg, sent, played } = await telephone(codecs, THEIRS)
    const heard = listenTo(leg, openWideEar)
    const player = new PlayerLeg({
      samples: sine(OURS, LINEAR_RATE, 0, 0.3, LINEAR_RATE),
      rate: LINEAR_RATE,
      loop: true,
    })
    onTestFinished(() => player.close())
    player.onVoice((packet) => leg.send(packet))
    await sent(SETTLED)
    expect(session.agreed?.codec).toBe(codec)
    expect(shareOf(THEIRS, heard(), LINEAR_RATE)).toBeGreaterThan(0.9)
    expect(leg.statistics.jitter).toBeLessThan(50)
    expect(leg.statistics.lossShare).toBeLessThan(0.05)
    expect(leg.statistics.opinionScore).toBeGreaterThan(3)
    expect((await played())(OURS)).toBeGreaterThan(0.8)
  })

  it('and another like it hear each other as they are', async () => {
    const [one, other] = [await telephone(codecs, THEIRS), await telephone(codecs, OURS)]
    const said: VoicePacket[] = []
    one.leg.onVoice((packet) => said.push(packet))
    const bridge = new Bridge()
    onTestFinished(() => bridge.close())
    bridge.add(one.leg)
    bridge.add(other.leg)
    await Promise.all([one.sent(SETTLED), other.sent(SETTLED)])
    expect(new Set(said.map((packet) => packet.codec))).toEqual(new Set([codec]))
    expect((await other.played())(THEIRS)).toBeGreaterThan(0.8)
    expect((await one.played())(OURS)).toBeGreaterThan(0.8)
  })

  it('presses keys here, and hears those that are pressed here', async () => {
    const { leg, phone } = await telephone(codecs, THEIRS)
    const digits: Digit[] = []
    leg.onDigit((digit) => digits.push(digit))
    phone.tell('sndcode', '5')
    await vi.waitFor(() => expect(digits).toEqual(['5']), patience)
    expect(leg.sendDigits(['7'])).toBe(true)
    await vi.waitFor(
      () => expect(phone.events).toContainEqual({ type: 'CALL_DTMF_START', param: '7' }),
      patience,
    )
  })
})

it('a conference lets telephones of G.722, Opus and G.711 hear the others and not themselves', async () => {
  const phones = await Promise.all(
    (['G722', 'opus', 'PCMA'] as const).map(async (codec, at) => ({
      frequency: 700 + at * 400,
      codec,
      // Two of them together are not too loud.
      ...(await telephone(codec === 'opus' ? OPUS : codec, sine(700 + at * 400, SAID_S * 8_000, 0, 0.1))),
    })),
  )
  const bridge = new Bridge()
  onTestFinished(() => bridge.close())
  for (const { leg, session, codec } of phones) {
    expect(session.agreed?.codec).toBe(codec)
    bridge.add(leg)
  }
  await Promise.all(phones.map(({ sent }) => sent(SETTLED)))
  const heard = await Promise.all(phones.map(({ played }) => played()))
  for (const [at, share] of heard.entries())
    for (const [other, { frequency }] of phones.entries())
      if (other === at) expect(share(frequency)).toBeLessThan(0.01)
      else expect(share(frequency)).toBeGreaterThan(0.35)
})
