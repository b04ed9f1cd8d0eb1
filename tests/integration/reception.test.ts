/** What happens with calls that come in to a seat, over real SIP with the lab's exchange. */
import { describe, expect, it } from 'vitest'
import { CITIZEN, type LabSeat, OTHER_PHONE, openLabSeat, PHONE_NUMBER } from '../support/lab-seat.ts'
import { shareOf } from '../support/tone.ts'

const callIn = ({ exchange }: LabSeat, to = '110') =>
  exchange.callIn({ from: '13900000001', to, clip: 'citizen-tone' })
const missed = ({ board }: LabSeat) => board.state.value.history.map(({ end }) => end?.why)

describe('do-not-disturb', () => {
  it('lets nothing ring but priority lines, and keeps what it turned away as missed', async () => {
    const seat = await openLabSeat([{}, { number: '8002', priority: true }])
    seat.board.setDoNotDisturb(true)
    callIn(seat)
    await expect.poll(() => missed(seat)).toEqual(['not-disturbed'])
    callIn(seat, '119')
    await expect.poll(() => seat.waiting().length).toBe(1)
    seat.board.setDoNotDisturb(false)
    callIn(seat)
    await expect.poll(() => seat.waiting().length).toBe(2)
  })

  it('ends with whoever set it', async () => {
    const seat = await openLabSeat()
    seat.board.setDoNotDisturb(true)
    seat.board.setForwarding({ to: OTHER_PHONE, afterS: 5 })
    seat.board.sit(null, seat.shared)
    expect(seat.board.state.value.reception).toEqual({ doNotDisturb: false, forwarding: null })
  })
})

describe('a call that nobody answers', () => {
  it('goes where it is to go then; the caller hears who answers there', async () => {
    const seat = await openLabSeat()
    seat.board.setDoNotDisturb(true)
    seat.board.setForwarding({ to: OTHER_PHONE, afterS: 5 })
    // Not to be disturbed means at once.
    callIn(seat)
    await expect.poll(() => missed(seat)).toEqual(['forwarded'])
    await expect.poll(() => seat.heardBy(OTHER_PHONE, CITIZEN)).toBeGreaterThan(0.5)
  })

  it('goes there after it has rung for so long, though that was set while it rang', async () => {
    const seat = await openLabSeat()
    const placed = callIn(seat)
    await expect.poll(() => seat.waiting().length).toBe(1)
    seat.board.setForwarding({ to: PHONE_NUMBER, afterS: 5 })
    await placed.answered
    expect(missed(seat)).toEqual(['forwarded'])
  }, 15_000)

  it('is given up in the end, and kept as missed', async () => {
    const seat = await openLabSeat([{}], { ringMs: 300 })
    callIn(seat)
    await expect.poll(() => missed(seat)).toEqual(['no-answer'])
  })
})

describe('a hotline', () => {
  it('answers by itself after two short tones', async () => {
    const seat = await openLabSeat([{ autoAnswer: true }])
    const placed = callIn(seat)
    await placed.answered
    await expect.poll(() => shareOf(CITIZEN, seat.heardHere())).toBeGreaterThan(0.9)
  })

  it('rings like any other line while the officer talks to somebody, who is not put on hold', async () => {
    const seat = await openLabSeat([{}, { number: '8002', autoAnswer: true }])
    const talking = await seat.dialled(PHONE_NUMBER)
    callIn(seat, '119')
    await expect.poll(() => seat.waiting().length).toBe(1)
    // A second of speech is longer than a hotline waits before it answers.
    const packets = () => seat.exchange.phone(PHONE_NUMBER).heard()?.packets ?? 0
    const before = packets()
    await expect.poll(packets).toBeGreaterThan(before + 50)
    expect(seat.waiting().length).toBe(1)
    expect(seat.call(talking)?.state).toBe('talking')
  })
})
