/** Group calls, broadcasts and roll-calls of a seat, over real SIP and RTP with the lab's phones. */
import { describe, expect, it } from 'vitest'
import type { GroupCallOrder } from '../../contract/seat-telephone.ts'
import {
  AWAY,
  BUSY,
  type LabSeat,
  OFFICER,
  OTHER_PHONE,
  openLabSeat,
  PHONE,
  PHONE_NUMBER,
  SECOND_UNIT,
} from '../support/lab-seat.ts'
import { loudness, shareOf } from '../support/tone.ts'

const numbers = (...all: string[]): GroupCallOrder['callees'] => all.map((number) => ({ number }))

/** How the parties of the seat's only group call fare, by number. */
const fares = ({ board }: LabSeat) =>
  Object.fromEntries(
    (board.state.value.groups[0]?.parties ?? []).map(({ number, state, end }) => [number, end ?? state]),
  )
const answered = ({ board }: LabSeat) =>
  (board.state.value.groups[0]?.parties ?? [])
    .filter(({ answeredAt }) => answeredAt !== null)
    .map(({ number }) => number)
const recordsOf = ({ recorded }: LabSeat) =>
  recorded.flatMap((command) => (command.kind === 'group-call.record' ? [command.groupCall] : []))

describe('a group call', () => {
  it('rings all at once; those who answer hear the officer and one another, and who did not is told why', async () => {
    const seat = await openLabSeat([{}], { partyMs: 1_500 })
    const id = seat.board.startGroup({
      kind: 'group',
      callees: numbers(PHONE_NUMBER, OTHER_PHONE, AWAY, BUSY, '99999'),
    })
    await expect
      .poll(() => fares(seat), { timeout: 5_000 })
      .toEqual({
        [PHONE_NUMBER]: 'in',
        [OTHER_PHONE]: 'in',
        [AWAY]: 'no-answer',
        [BUSY]: 'busy',
        99999: 'not-found',
      })
    for (const number of [PHONE_NUMBER, OTHER_PHONE]) {
      await expect.poll(() => seat.heardBy(number, OFFICER)).toBeGreaterThan(0.2)
      await expect.poll(() => seat.heardBy(number, PHONE)).toBeGreaterThan(0.2)
    }
    await expect.poll(() => seat.board.levels()).toSatisfy(hasVoiceOf(2))
    seat.board.groups.end(id)
    await expect.poll(() => seat.board.state.value.groups[0]?.endedAt).not.toBeNull()
    expect(recordsOf(seat)).toMatchObject([
      {
        id,
        kind: 'group',
        parties: [{ number: PHONE_NUMBER, unit: 'north-patrol', end: 'hung-up' }, {}, {}, {}, {}],
      },
    ])
  })

  it('tries a unit’s telephones in its order, until one is reached', async () => {
    const seat = await openLabSeat([{}], { partyMs: 1_500 })
    const unit = SECOND_UNIT
    const id = seat.board.startGroup({ kind: 'group', callees: [{ unit: 'north-patrol' }, { unit }] })
    await expect.poll(() => fares(seat)).toEqual({ [PHONE_NUMBER]: 'in', [OTHER_PHONE]: 'in' })
    expect(seat.board.state.value.groups[0]?.parties.map((party) => party.unit)).toEqual([
      'north-patrol',
      unit,
    ])
    const tried = seat.board.state.value.calls.filter((call) => call.unit === unit || call.group === id)
    expect(tried.map(({ number }) => number).toSorted()).toEqual(
      [PHONE_NUMBER, BUSY, AWAY, OTHER_PHONE].toSorted(),
    )
    seat.board.groups.end(id)
    await expect.poll(() => seat.board.state.value.groups[0]?.endedAt).not.toBeNull()
    expect(recordsOf(seat)).toMatchObject([{ parties: [{ number: PHONE_NUMBER }, { number: OTHER_PHONE }] }])
  })

  it('rings nobody twice for that: another’s number is not tried', async () => {
    const seat = await openLabSeat([{}], { partyMs: 1_500 })
    seat.board.startGroup({ kind: 'group', callees: [{ number: OTHER_PHONE }, { unit: SECOND_UNIT }] })
    await expect.poll(() => fares(seat)).toEqual({ [OTHER_PHONE]: 'in', [AWAY]: 'no-answer' })
  })

  it('holds whom the officer talked to, and lets parties be added, silenced, dropped and rung again', async () => {
    const seat = await openLabSeat()
    const before = await seat.dialled(OTHER_PHONE)
    const id = seat.board.startGroup({ kind: 'group', callees: numbers(PHONE_NUMBER) })
    await expect.poll(() => fares(seat)).toEqual({ [PHONE_NUMBER]: 'in' })
    await seat.until(before, 'held')
    seat.board.hangUp(before)
    seat.board.addToGroup(id, [{ number: OTHER_PHONE }, { unit: 'north-patrol' }])
    await expect.poll(() => fares(seat)).toEqual({ [PHONE_NUMBER]: 'in', [OTHER_PHONE]: 'in' })
    await expect.poll(() => seat.heardBy(OTHER_PHONE, PHONE)).toBeGreaterThan(0.2)
    seat.board.groups.setHeard(id, PHONE_NUMBER, false)
    await expect.poll(() => seat.heardBy(OTHER_PHONE, PHONE)).toBeLessThan(0.05)
    await expect.poll(() => seat.heardBy(OTHER_PHONE, OFFICER)).toBeGreaterThan(0.8)
    seat.board.groups.drop(id, OTHER_PHONE)
    await expect.poll(() => fares(seat)).toEqual({ [PHONE_NUMBER]: 'in', [OTHER_PHONE]: 'hung-up' })
    seat.board.groups.ringAgain(id, [OTHER_PHONE])
    await expect.poll(() => fares(seat)).toEqual({ [PHONE_NUMBER]: 'in', [OTHER_PHONE]: 'in' })
  })

  it('that is muted is not heard by whoever answers later, either', async () => {
    const seat = await openLabSeat()
    const id = seat.board.startGroup({ kind: 'group', callees: numbers(PHONE_NUMBER) })
    await expect.poll(() => fares(seat)).toEqual({ [PHONE_NUMBER]: 'in' })
    const call = seat.board.state.value.groups[0]?.parties[0]?.call ?? ''
    seat.board.mute(call, true)
    seat.board.addToGroup(id, numbers(OTHER_PHONE))
    await expect.poll(() => fares(seat)[OTHER_PHONE]).toBe('in')
    // It hears the other phone, so that it hears.
    await expect.poll(() => seat.heardBy(OTHER_PHONE, PHONE)).toBeGreaterThan(0.9)
    expect(seat.heardBy(OTHER_PHONE, OFFICER)).toBeLessThan(0.05)
  })

  it('rings nobody where there is no line', async () => {
    const seat = await openLabSeat()
    seat.board.sit('north-officer', seat.shared)
    expect(() => seat.board.startGroup({ kind: 'group', callees: numbers(PHONE_NUMBER) })).toThrow('no-line')
    expect(seat.board.state.value.groups).toEqual([])
  })

  it('ends when the officer leaves, and is the next one’s to see no more', async () => {
    const seat = await openLabSeat()
    seat.board.startGroup({ kind: 'group', callees: numbers(PHONE_NUMBER, AWAY) })
    await expect.poll(() => fares(seat)).toEqual({ [PHONE_NUMBER]: 'in', [AWAY]: 'ringing' })
    seat.board.sit(null, seat.shared)
    expect(fares(seat)).toEqual({ [PHONE_NUMBER]: 'hung-up', [AWAY]: 'cancelled' })
    expect(recordsOf(seat).length).toBe(1)
    seat.board.sit('north-officer', seat.shared)
    expect(seat.board.state.value.groups).toEqual([])
  })
})

describe('a broadcast', () => {
  it('is heard by all and hears none, but whom the officer lets speak', async () => {
    const seat = await openLabSeat()
    const id = seat.board.startGroup({ kind: 'broadcast', callees: numbers(PHONE_NUMBER, OTHER_PHONE) })
    await expect.poll(() => fares(seat)).toEqual({ [PHONE_NUMBER]: 'in', [OTHER_PHONE]: 'in' })
    for (const number of [PHONE_NUMBER, OTHER_PHONE])
      await expect.poll(() => seat.heardBy(number, OFFICER)).toBeGreaterThan(0.9)
    await expect.poll(() => loudness(seat.heardHere())).toBeLessThan(0.001)
    seat.board.groups.setHeard(id, PHONE_NUMBER, true)
    await expect.poll(() => shareOf(PHONE, seat.heardHere())).toBeGreaterThan(0.9)
    await expect.poll(() => seat.heardBy(OTHER_PHONE, PHONE)).toBeGreaterThan(0.2)
    expect(seat.heardBy(PHONE_NUMBER, PHONE)).toBeLessThan(0.05)
  })
})

describe('a roll-call', () => {
  it('rings one after another, goes on by itself past who does not answer, and keeps who did', async () => {
    const seat = await openLabSeat([{}], { partyMs: 800 })
    const id = seat.board.startGroup({
      kind: 'roll-call',
      callees: numbers(AWAY, PHONE_NUMBER, OTHER_PHONE, BUSY),
    })
    expect(fares(seat)).toMatchObject({ [PHONE_NUMBER]: 'waiting', [OTHER_PHONE]: 'waiting' })
    await expect.poll(() => fares(seat)[PHONE_NUMBER]).toBe('in')
    expect(fares(seat)).toEqual({
      [AWAY]: 'no-answer',
      [PHONE_NUMBER]: 'in',
      [OTHER_PHONE]: 'waiting',
      [BUSY]: 'waiting',
    })
    seat.board.groups.next(id)
    await expect.poll(() => fares(seat)[OTHER_PHONE]).toBe('in')
    expect(fares(seat)[PHONE_NUMBER]).toBe('hung-up')
    seat.board.groups.next(id)
    await expect.poll(() => seat.board.state.value.groups[0]?.endedAt).not.toBeNull()
    expect(answered(seat)).toEqual([PHONE_NUMBER, OTHER_PHONE])
    expect(recordsOf(seat)).toMatchObject([
      { kind: 'roll-call', parties: [{ end: 'no-answer' }, {}, {}, { number: BUSY, end: 'busy' }] },
    ])
  })

  it('rings those again who did not answer in their turn, and not everybody at once', async () => {
    const seat = await openLabSeat([{}], { partyMs: 800 })
    const id = seat.board.startGroup({ kind: 'roll-call', callees: numbers(BUSY, PHONE_NUMBER, OTHER_PHONE) })
    await expect.poll(() => fares(seat)[PHONE_NUMBER]).toBe('in')
    seat.board.groups.ringAgain(id)
    expect(fares(seat)).toEqual({ [BUSY]: 'waiting', [PHONE_NUMBER]: 'in', [OTHER_PHONE]: 'waiting' })
    seat.board.groups.next(id)
    await expect.poll(() => fares(seat)[OTHER_PHONE]).toBe('in')
    expect(fares(seat)).toEqual({ [BUSY]: 'busy', [PHONE_NUMBER]: 'hung-up', [OTHER_PHONE]: 'in' })
  })

  it('becomes a conference of those who answered', async () => {
    const seat = await openLabSeat([{}], { partyMs: 800 })
    const id = seat.board.startGroup({ kind: 'roll-call', callees: numbers(PHONE_NUMBER, AWAY, OTHER_PHONE) })
    await expect.poll(() => fares(seat)[PHONE_NUMBER]).toBe('in')
    seat.board.groups.next(id)
    await expect.poll(() => fares(seat)[OTHER_PHONE]).toBe('in')
    seat.board.groups.gather(id)
    await expect.poll(() => fares(seat)[PHONE_NUMBER]).toBe('in')
    expect(fares(seat)).toEqual({ [PHONE_NUMBER]: 'in', [AWAY]: 'no-answer', [OTHER_PHONE]: 'in' })
    await expect.poll(() => seat.heardBy(PHONE_NUMBER, PHONE)).toBeGreaterThan(0.2)
  })

  it('keeps those on the line who have answered, if it is to', async () => {
    const seat = await openLabSeat()
    const id = seat.board.startGroup({
      kind: 'roll-call',
      callees: numbers(PHONE_NUMBER, OTHER_PHONE),
      stay: true,
    })
    await expect.poll(() => fares(seat)[PHONE_NUMBER]).toBe('in')
    seat.board.groups.next(id)
    await expect.poll(() => fares(seat)).toEqual({ [PHONE_NUMBER]: 'in', [OTHER_PHONE]: 'in' })
    await expect.poll(() => seat.heardBy(PHONE_NUMBER, PHONE)).toBeGreaterThan(0.2)
  })
})

const LOUD = -40
const hasVoiceOf = (many: number) => (levels: Record<string, number>) =>
  Object.values(levels).filter((level) => level > LOUD).length === many
