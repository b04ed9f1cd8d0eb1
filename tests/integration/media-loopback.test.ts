/** Voice from the network to a real page's ear, and from its microphone to the network. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { SoundOffer } from '../../contract/seat-sound.ts'
import { Bridge } from '../../main/engine/media/bridge.ts'
import { LINEAR_RATE, type NetworkCodec, payloadTypes } from '../../main/engine/media/codec.ts'
import { Loopback } from '../../main/engine/media/loopback.ts'
import { PlayerLeg } from '../../main/engine/media/player-leg.ts'
import { openMediaSession, type VoiceSession } from '../../main/engine/media/session.ts'
import { endings } from '../support/at-end.ts'
import { listenTo } from '../support/ear.ts'
import { loudness, shareOf, sine } from '../support/tone.ts'
import { MICROPHONE_HZ, openVoicePage, type VoicePage } from '../support/voice-page.ts'

const { atEnd, run } = endings()
let page: VoicePage
let loopback: Loopback
let newest: SoundOffer | undefined

beforeEach(async () => {
  page = await openVoicePage(atEnd)
  loopback = new Loopback({
    onOffer: async (offer) => {
      newest = offer
      // A page that is just being loaded anew has no answer; it gets another offer.
      const answer = await page.answer(offer).catch(() => undefined)
      if (answer !== undefined) await loopback.takeAnswer(answer)
    },
    onTrouble: (error) => {
      throw error
    },
  })
  atEnd(() => loopback.close())
  loopback.connect()
})
afterEach(run)

/** A telephone in a call with the engine: `ours` is the engine's end, `theirs` says one frequency for ever. */
async function telephone(frequency: number, codec: NetworkCodec = 'PCMU') {
  const [ours, theirs] = await Promise.all([0, 1].map(() => openMediaSession({ host: '127.0.0.1' })))
  if (ours === undefined || theirs === undefined) throw new Error('unreachable')
  atEnd(() => ours.close())
  atEnd(() => theirs.close())
  const offer = await theirs.offer('sendrecv')
  const alone = offer.replace(/(m=audio \d+ RTP\/AVP).*/, `$1 ${payloadTypes[codec]}`)
  await theirs.accept(await ours.answer(alone, 'sendrecv'))
  expect(ours.agreed?.codec).toBe(codec)
  const samples = sine(frequency, LINEAR_RATE, 0, 0.3, LINEAR_RATE)
  const player = new PlayerLeg({ samples, rate: LINEAR_RATE, loop: true })
  atEnd(() => player.close())
  player.onVoice((packet) => theirs.leg.send(packet))
  return { ours, theirs }
}

const pageHears = (leg: string, frequency: number) =>
  vi.waitFor(
    async () => {
      const heard = await page.heard(leg)
      expect(heard?.loudness).toBeGreaterThan(0.1)
      expect(Math.abs((heard?.frequency ?? 0) - frequency)).toBeLessThan(12)
    },
    { timeout: 20_000, interval: 100 },
  )

const phoneHears = (heard: () => Int16Array, frequency: number) =>
  vi.waitFor(
    () => {
      const sound = heard()
      expect(sound.length).toBeGreaterThan(1_000)
      expect(shareOf(frequency, sound)).toBeGreaterThan(0.8)
      expect(loudness(sound)).toBeGreaterThan(0.02)
    },
    { timeout: 20_000, interval: 500 },
  )

describe('the loopback to a page', () => {
  it('carries a call both ways, through an open gate only, and again after the page was loaded anew', async () => {
    const { ours, theirs } = await telephone(1_000)
    const bridge = new Bridge()
    const console = loopback.open('call-1')
    bridge.add(ours.leg)
    bridge.add(console)
    const heard = listenTo(theirs.leg)
    await pageHears('call-1', 1_000)
    await vi.waitFor(() => expect(loopback.lastMicrophoneAt).toBeDefined(), 20_000)
    expect(heard()).toHaveLength(0)
    console.open = true
    await phoneHears(heard, MICROPHONE_HZ)

    await page.reload()
    loopback.connect()
    await pageHears('call-1', 1_000)
    heard()
    await phoneHears(heard, MICROPHONE_HZ)
  })

  it.each(['PCMU', 'PCMA', 'G722', 'opus'] as const)('carries a call in %s both ways', async (codec) => {
    const { ours, theirs } = await telephone(1_000, codec)
    const bridge = new Bridge()
    const console = loopback.open('call-1')
    bridge.add(ours.leg)
    bridge.add(console)
    console.open = true
    await pageHears('call-1', 1_000)
    await phoneHears(listenTo(theirs.leg), MICROPHONE_HZ)
  })

  it('lets the page hear what is above 4 kHz, of one telephone and in a conference, after one that says less', async () => {
    const [narrow, wide] = [await telephone(1_000, 'PCMA'), await telephone(6_000, 'G722')]
    const [bridge, console] = [new Bridge(), loopback.open('call-1')]
    bridge.add(console)
    const first = bridge.add(narrow.ours.leg)
    await pageHears('call-1', 1_000)
    first.remove()
    bridge.add(wide.ours.leg)
    await pageHears('call-1', 6_000)
    bridge.add(narrow.ours.leg).muted = true
    await pageHears('call-1', 6_000)
    bridge.close()
  })

  it('notices by itself that the page went, and offers anew', async () => {
    await vi.waitFor(() => expect(loopback.state).toBe('connected'), 20_000)
    expect(newest?.connection).toBe(1)
    await page.reload()
    await vi.waitFor(() => expect(newest?.connection).toBe(2), 20_000)
  })

  it('takes legs in and out while others go on', async () => {
    const [one, two] = [await telephone(1_000), await telephone(1_500)]
    const join = ({ ours }: { ours: VoiceSession }, name: string) => {
      const bridge = new Bridge()
      const leg = loopback.open(name)
      bridge.add(ours.leg)
      bridge.add(leg)
      return leg
    }
    join(one, 'first')
    await pageHears('first', 1_000)
    const second = join(two, 'second')
    await pageHears('second', 1_500)
    await pageHears('first', 1_000)
    second.close()
    await vi.waitFor(async () => expect(await page.heard('second')).toBeUndefined(), 20_000)
    join(two, 'third')
    await pageHears('third', 1_500)
    await pageHears('first', 1_000)
    // The microphone, and two legs: the third took the place of the second.
    expect(newest?.sdp.match(/^m=audio/gm)).toHaveLength(3)
  })
})
