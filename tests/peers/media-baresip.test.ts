/** The engine's media with baresip's: what a telephone that we didn't write makes of it, and we of its. */
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { Digit } from '../../main/engine/media/dtmf.ts'
import { PlayerLeg } from '../../main/engine/media/player-leg.ts'
import { openMediaSession } from '../../main/engine/media/session.ts'
import { answerCalls } from '../support/answer-calls.ts'
import { type BaresipOptions, startBaresip } from '../support/baresip.ts'
import { listenTo } from '../support/ear.ts'
import { loudness, shareOf, sine } from '../support/tone.ts'

const patience = { timeout: 30_000, interval: 50 }
/** What baresip says, and what is said to it. */
const [THEIRS, OURS] = [440, 1_000]

describe('media with baresip', () => {
  it.each(['PCMU', 'PCMA'])('carry tones both ways in %s, and measure the way', async (codecs) => {
    const { session, heard, phone } = await call({ codecs })
    await hears(heard, THEIRS)
    expect(session.agreed?.codec).toBe(codecs)
    await vi.waitFor(() => expect(session.leg.statistics.roundTrip).toBeDefined(), patience)
    expect(session.leg.statistics.roundTrip).toBeLessThan(1_000)
    expect(session.leg.statistics.lossShare).toBeLessThan(0.05)
    await phone.playsTone()
  })

  it('carry tones both ways under SRTP', async () => {
    const { session, heard, phone } = await call({ protects: 'srtp-mand' })
    await hears(heard, THEIRS)
    expect(session.agreed?.keys).toBeDefined()
    await phone.playsTone()
  })

  it('carry tones both ways under SRTP by a handshake, and go on after a hold', async () => {
    const { session, heard, phone, saysMore } = await call({ protects: 'dtls_srtp' })
    await hears(heard, THEIRS)
    expect(session.agreed).toMatchObject({ keys: undefined, mux: true, dtls: { active: true } })
    await saysMore(60)
    phone.tell('hold')
    await vi.waitFor(() => expect(session.agreed?.heldByThem).toBe(true), patience)
    phone.tell('resume')
    await vi.waitFor(() => expect(session.agreed?.heldByThem).toBe(false), patience)
    heard()
    await hears(heard, THEIRS)
    await phone.playsTone()
  })

  it('press keys there and hear those that are pressed there', async () => {
    const { session, phone } = await call()
    const digits: Digit[] = []
    session.leg.onDigit((digit) => digits.push(digit))
    phone.tell('sndcode', '5')
    await vi.waitFor(() => expect(digits).toEqual(['5']), patience)
    expect(session.leg.sendDigits(['7'])).toBe(true)
    await vi.waitFor(
      () => expect(phone.events).toContainEqual({ type: 'CALL_DTMF_START', param: '7' }),
      patience,
    )
  })

  it('are silent while baresip holds, and speak again', async () => {
    const { session, heard, phone, saysMore } = await call()
    await hears(heard, THEIRS)
    phone.tell('hold')
    await vi.waitFor(() => expect(session.agreed?.heldByThem).toBe(true), patience)
    const { packetsSent } = session.leg.statistics
    await saysMore(30)
    expect(session.leg.statistics.packetsSent).toBe(packetsSent)
    phone.tell('resume')
    await vi.waitFor(() => expect(session.agreed?.heldByThem).toBe(false), patience)
    heard()
    await hears(heard, THEIRS)
    await vi.waitFor(
      () => expect(session.leg.statistics.packetsSent).toBeGreaterThan(packetsSent + 20),
      patience,
    )
  })
})

/** baresip has called us, and the session says a tone to it. */
async function call(options: Pick<BaresipOptions, 'codecs' | 'protects'> = {}) {
  const session = await openMediaSession({ host: '127.0.0.1' })
  onTestFinished(() => session.close())
  const heard = listenTo(session.leg)
  const exchange = await answerCalls(onTestFinished, session)
  const phone = await startBaresip(onTestFinished, {
    user: '8001',
    password: 'none',
    domain: 'exercise.invalid',
    exchange,
    ...options,
  })
  phone.tell('dial', 'sip:60001@exercise.invalid')
  await phone.until('CALL_ESTABLISHED')
  const player = new PlayerLeg({ samples: sine(OURS, 8_000), loop: true })
  onTestFinished(() => player.close())
  let said = 0
  player.onVoice((packet) => {
    said++
    session.leg.send(packet)
  })
  /** Waits until so many packets more were to be sent. */
  const saysMore = (count: number) => {
    const before = said
    return vi.waitFor(() => expect(said - before).toBeGreaterThanOrEqual(count), patience)
  }
  return {
    session,
    saysMore,
    /** The newest half second. */
    heard,
    phone: {
      ...phone,
      /** Ends the call, and looks at all that baresip played. */
      playsTone: async () => {
        await saysMore(60)
        phone.tell('hangup')
        await phone.until('CALL_CLOSED')
        await phone.kill()
        const played = phone.played()
        const last = played.subarray(-6_400, -1_600)
        expect(last).toHaveLength(4_800)
        expect(shareOf(OURS, last)).toBeGreaterThan(0.8)
      },
    },
  }
}

const hears = (heard: () => Int16Array, frequency: number) =>
  vi.waitFor(
    () => {
      const sound = heard()
      expect(sound.length).toBeGreaterThan(1_000)
      expect(loudness(sound)).toBeGreaterThan(0.01)
      expect(shareOf(frequency, sound)).toBeGreaterThan(0.9)
    },
    { timeout: 20_000, interval: 500 },
  )
