/** The seat's telephone over real SIP and RTP, with the lab's exchange and its phones, which share no code with it. */
import { describe, expect, it } from 'vitest'
import { emptyState } from '../../contract/state.ts'
import {
  AWAY,
  CITIZEN,
  OFFICER,
  OTHER_PHONE,
  openLabSeat,
  PHONE,
  PHONE_NUMBER,
  SECOND_UNIT,
} from '../support/lab-seat.ts'
import { shareOf } from '../support/tone.ts'

/** Call-progress tones in China. */
const PROGRESS = 450

describe('the telephone of a seat', () => {
  it('calls a unit by its number, and its phone hears the officer', async () => {
    const seat = await openLabSeat()
    const id = seat.board.dial({ unit: 'north-patrol' })
    await seat.until(id, 'talking')
    expect(seat.call(id)).toMatchObject({ direction: 'out', number: PHONE_NUMBER, unit: 'north-patrol' })
    await expect.poll(() => seat.heardBy(PHONE_NUMBER, OFFICER)).toBeGreaterThan(0.9)
    await expect.poll(() => seat.call(id)?.quality?.mos).toBeGreaterThan(4)
  })

  it('lets the officer hear that it rings there, then the other side, then why nothing came of it', async () => {
    const seat = await openLabSeat()
    const away = seat.board.dial({ number: AWAY })
    await seat.until(away, 'ringing')
    await expect.poll(() => shareOf(PROGRESS, seat.heardHere())).toBeGreaterThan(0.9)
    seat.board.hangUp(away)
    await seat.until(away, 'ended')
    await seat.dialled(PHONE_NUMBER)
    await expect.poll(() => shareOf(PHONE, seat.heardHere())).toBeGreaterThan(0.9)
    for (const { id, state } of seat.board.state.value.calls) if (state === 'talking') seat.board.hangUp(id)
    seat.board.dial({ number: '99999' })
    // A tenth of a second on, a tenth off.
    await expect.poll(() => shareOf(PROGRESS, seat.heardHere())).toBeGreaterThan(0.3)
  })

  it('tries a unit’s next number where one is busy, and none after the officer has given up', async () => {
    const seat = await openLabSeat()
    const first = seat.board.dial({ unit: SECOND_UNIT })
    await seat.until(first, 'ended')
    const all = () => seat.board.state.value.calls.map(({ number, state }) => [number, state])
    await expect.poll(all).toContainEqual([AWAY, 'ringing'])
    const second = seat.board.state.value.calls.find(({ number }) => number === AWAY)?.id ?? ''
    seat.board.hangUp(second)
    await seat.until(second, 'ended')
    await expect.poll(() => seat.recorded.length).toBe(2)
    expect(all().map(([number]) => number)).not.toContain(OTHER_PHONE)
  })

  it('says nothing into a call that is muted, and goes on afterwards', async () => {
    const seat = await openLabSeat()
    const id = await seat.dialled(PHONE_NUMBER)
    await expect.poll(() => seat.heardBy(PHONE_NUMBER, OFFICER)).toBeGreaterThan(0.9)
    seat.board.mute(id, true)
    await expect.poll(() => seat.heardBy(PHONE_NUMBER, OFFICER)).toBe(0)
    seat.board.mute(id, false)
    await expect.poll(() => seat.heardBy(PHONE_NUMBER, OFFICER)).toBeGreaterThan(0.9)
  })

  it('sends the keys that are pressed', async () => {
    const seat = await openLabSeat()
    const id = await seat.dialled(PHONE_NUMBER)
    seat.board.sendDtmf(id, '12#')
    await expect.poll(() => seat.exchange.phone(PHONE_NUMBER).heard()?.keys).toBe('12#')
  })

  it('answers who has waited longest, urgent lines first, and holds whom it talks to', async () => {
    const seat = await openLabSeat([{}, { number: '8002', priority: true }])
    const talkingTo = await seat.dialled(PHONE_NUMBER)
    seat.exchange.callIn({ from: '13900000001', to: '110', clip: 'citizen-tone' })
    await expect.poll(() => seat.waiting().length).toBe(1)
    seat.exchange.callIn({ from: '13900000002', to: '110', clip: 'citizen-tone' })
    await expect.poll(() => seat.waiting().length).toBe(2)
    seat.exchange.callIn({ from: '13900000003', to: '119', clip: 'citizen-tone' })
    await expect.poll(() => seat.waiting().length).toBe(3)
    const answered = async () => {
      await seat.board.answer(null)
      return seat.board.state.value.calls.find(({ state }) => state === 'talking')?.number
    }
    expect(await answered()).toBe('13900000003')
    await seat.until(talkingTo, 'held')
    const heardWhenHeld = seat.exchange.phone(PHONE_NUMBER).heard()?.packets
    expect(await answered()).toBe('13900000001')
    expect(await answered()).toBe('13900000002')
    await expect
      .poll(() => seat.board.state.value.calls.map(({ state }) => state).sort())
      .toEqual(['held', 'held', 'held', 'talking'])
    expect(seat.exchange.phone(PHONE_NUMBER).heard()?.packets).toBe(heardWhenHeld)
  })

  it('brings calls into one conversation, in which each hears the others', async () => {
    const seat = await openLabSeat()
    const first = await seat.dialled(PHONE_NUMBER)
    const second = await seat.dialled(OTHER_PHONE)
    await seat.until(first, 'held')
    await seat.board.confer([first, second])
    await seat.until(first, 'talking')
    expect(seat.call(first)?.conference).toBe(seat.call(second)?.conference)
    for (const number of [PHONE_NUMBER, OTHER_PHONE]) {
      await expect.poll(() => seat.heardBy(number, OFFICER)).toBeGreaterThan(0.2)
      await expect.poll(() => seat.heardBy(number, PHONE)).toBeGreaterThan(0.2)
    }
    seat.board.hangUp(second)
    await seat.until(second, 'ended')
    await expect.poll(() => seat.call(first)?.conference).toBeNull()
    await expect.poll(() => seat.heardBy(PHONE_NUMBER, OFFICER)).toBeGreaterThan(0.9)
  })

  it('transfers a call to a number, and is out of it', async () => {
    const seat = await openLabSeat()
    const placed = seat.exchange.callIn({ from: '13900000001', to: '110', clip: 'citizen-tone' })
    await expect.poll(() => seat.waiting().length).toBe(1)
    await seat.board.answer(null)
    const [id] = seat.board.state.value.calls.map((one) => one.id)
    if (id === undefined) throw new Error('there is no call')
    await placed.answered
    await seat.board.transfer(id, OTHER_PHONE)
    await seat.until(id, 'ended')
    await expect.poll(() => seat.heardBy(OTHER_PHONE, CITIZEN)).toBeGreaterThan(0.5)
  })

  it('records every call once it is over, however it ended', async () => {
    const seat = await openLabSeat()
    const id = await seat.dialled(PHONE_NUMBER)
    seat.board.hangUp(id)
    await seat.until(id, 'ended')
    const none = seat.board.dial({ number: '99999' })
    await seat.until(none, 'ended')
    expect(seat.recorded).toMatchObject([
      { kind: 'call.record', call: { id, number: PHONE_NUMBER, unit: 'north-patrol', end: 'hung-up' } },
      { kind: 'call.record', call: { id: none, answeredAt: null, end: 'not-found', code: 404 } },
    ])
    expect(seat.board.state.value.history.map((one) => one.id)).toEqual([none, id])
  })

  it('ends its calls and lines when the officer leaves', async () => {
    const seat = await openLabSeat()
    const id = await seat.dialled(PHONE_NUMBER)
    seat.board.sit(null, emptyState)
    await seat.until(id, 'ended')
    await expect.poll(() => seat.exchange.registrations('8001')).toBe(0)
    expect(seat.board.state.value.lines).toEqual([])
    expect(seat.board.state.value.history.map((one) => one.id)).toEqual([id])
    expect(() => seat.board.dial({ number: PHONE_NUMBER })).toThrow('no-line')
    seat.board.sit('north-officer', emptyState)
    expect(seat.board.state.value.history).toEqual([])
  })
})
