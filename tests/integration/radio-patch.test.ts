/** A channel and a telephone call that hear each other: the lab's exchange and its phones, and a radio in a group. */
import { expect, it, onTestFinished } from 'vitest'
import { Refusal } from '../../contract/refusal.ts'
import { decode, encode, FRAME_SAMPLES } from '../../main/engine/media/g711.ts'
import { everyFrame } from '../../main/engine/media/ticker.ts'
import { PatchedIn } from '../../main/engine/telephony/patched-in.ts'
import { openAirSeat } from '../support/air-seat.ts'
import { OFFICER, openLabSeat, PHONE, PHONE_NUMBER } from '../support/lab-seat.ts'
import { openGroupRadio, ownGroup } from '../support/radio-group.ts'
import { shareOf, sine } from '../support/tone.ts'

const RADIO = 1_300

it('a call that is patched to a channel hears the radio, and the radio hears the call', async () => {
  const telephone = await openLabSeat()
  const access = ownGroup()
  const radio = await openGroupRadio(onTestFinished, access)
  const seat = await openAirSeat(onTestFinished, access, {
    account: 'north-officer',
    hz: 600,
    calls: {
      joinIn: async (call, leg, onCallOver) => {
        const channel = new PatchedIn(leg, true, onCallOver)
        if (!telephone.desk.admit(call, channel)) throw new Refusal('call-over')
        return () => channel.leave()
      },
      conferences: () => [],
      onConferences: () => () => undefined,
    },
  })
  const stop = everyFrame((at) =>
    radio.say({ payload: encode('PCMA', sine(RADIO, FRAME_SAMPLES, at * FRAME_SAMPLES)) }),
  )
  onTestFinished(stop)
  await expect.poll(() => seat.channel().reception.squelch).toBe('open')
  const call = await telephone.dialled(PHONE_NUMBER)
  await seat.patchTo(call)
  await expect.poll(() => telephone.heardBy(PHONE_NUMBER, RADIO)).toBeGreaterThan(0.3)
  // The phone speaks all the time: as soon as the radio is silent it keys the channel.
  stop()
  const heardByRadio = (frequency: number) => {
    const packets = radio.heard.slice(-25)
    const samples = packets.flatMap(({ payload }) => [...decode('PCMA', payload)])
    return packets.length < 25 ? 0 : shareOf(frequency, Int16Array.from(samples))
  }
  await expect.poll(() => heardByRadio(PHONE)).toBeGreaterThan(0.3)
  // The officer is in the call, and so on the air.
  await expect.poll(() => heardByRadio(OFFICER)).toBeGreaterThan(0.3)
  telephone.board.hangUp(call)
  await expect.poll(() => seat.channel().transmission.state).toBe('idle')
})
