/** The lamps of an officer's favourites, from the lab's exchange, which tells what its phones are doing. */
import { describe, expect, it } from 'vitest'
import { openFavouriteLamps } from '../../main/engine/telephony/favourite-lamps.ts'
import { AWAY, BUSY, OTHER_PHONE, openLabSeat, PHONE_NUMBER } from '../support/lab-seat.ts'

const numbered = (...numbers: string[]) => numbers.map((number) => ({ number, name: null }))

describe('the lamp of a favourite', () => {
  it('shows what each is doing, as it changes', async () => {
    const { board, account, shared, dialled } = await openLabSeat()
    const lamps = openFavouriteLamps(board)
    lamps.sit(account, shared)
    const quiet = { [OTHER_PHONE]: 'idle', [AWAY]: 'idle', [BUSY]: 'busy', '70000': 'offline' }
    const [unit] = Object.values(shared.directory.units).filter(({ terminals }) =>
      terminals.some((terminal) => terminal.kind === 'sip' && terminal.number === PHONE_NUMBER),
    )
    lamps.keep({ [account]: [...numbered(OTHER_PHONE, AWAY, BUSY, '70000'), { unit: unit?.id ?? '' }] })
    await expect.poll(() => lamps.state.value).toEqual({ ...quiet, [PHONE_NUMBER]: 'idle' })
    const call = await dialled(PHONE_NUMBER)
    const ringing = board.dial({ number: AWAY })
    await expect
      .poll(() => lamps.state.value)
      .toEqual({ ...quiet, [PHONE_NUMBER]: 'busy', [AWAY]: 'ringing' })
    board.hangUp(call)
    board.hangUp(ringing)
    await expect.poll(() => lamps.state.value).toEqual({ ...quiet, [PHONE_NUMBER]: 'idle' })
    lamps.keep({ [account]: numbered(OTHER_PHONE), other: numbered(AWAY) })
    expect(lamps.state.value).toEqual({ [OTHER_PHONE]: 'idle' })
    lamps.sit(null, shared)
    expect(lamps.state.value).toEqual({})
  })

  it('is unknown where it is a seat, which tells nobody what it does; offline where the seat is not there', async () => {
    const { board, account, shared } = await openLabSeat([{}, { number: '8002' }])
    const lamps = openFavouriteLamps(board)
    const told: unknown[] = []
    lamps.state.onChange((state) => told.push(state['8002']))
    lamps.keep({ [account]: numbered('8002', '8009') })
    lamps.sit(account, shared)
    await expect.poll(() => lamps.state.value['8009']).toBe('offline')
    // Its answer comes after that of the number that is not there, through the same exchange.
    const call = board.dial({ number: OTHER_PHONE })
    await expect.poll(() => board.state.value.calls.find(({ id }) => id === call)?.state).toBe('talking')
    expect(new Set(told)).toEqual(new Set(['unknown']))
  })

  it('is unknown, and not what it was, when the exchange is gone', async () => {
    const { board, account, shared, exchange } = await openLabSeat()
    const lamps = openFavouriteLamps(board)
    lamps.keep({ [account]: numbered(OTHER_PHONE) })
    lamps.sit(account, shared)
    await expect.poll(() => lamps.state.value).toEqual({ [OTHER_PHONE]: 'idle' })
    await exchange.close()
    await expect.poll(() => lamps.state.value, { timeout: 30_000 }).toEqual({ [OTHER_PHONE]: 'unknown' })
  })
})
