import { describe, expect, it } from 'vitest'
import { seatChannel } from '../../../tests/support/seat-channel.ts'
import { sessionChanged } from '../session/slice.ts'
import { engineWent } from '../status/slice.ts'
import { alarmAcknowledged, keyMoved, radio, radioChanged, rollCallBegun, urgencySet } from './slice.ts'

type Action = Parameters<typeof radio.reducer>[1]

const stateAfter = (...actions: readonly Action[]) => actions.reduce(radio.reducer, radio.getInitialState())
const press = keyMoved({
  kind: 'pressed',
  key: 'Space',
  press: { channels: ['north'], emergency: false, mode: 'hold', at: 1000 },
})
const told = radioChanged({ channels: [seatChannel()], patches: [], undone: [] })

describe('the radio of the page', () => {
  it('has no key down any more once the engine has gone, for the next one would be asked for it', () => {
    expect(Object.keys(stateAfter(told, press).held)).toEqual(['Space'])
    const { held, radio: known } = stateAfter(told, press, engineWent())
    expect([held, known.channels]).toEqual([{}, []])
  })

  it('is urgent for one press only, and not for one that talks nowhere', () => {
    const nowhere = keyMoved({
      kind: 'pressed',
      key: 'Space',
      press: { channels: [], emergency: true, mode: 'hold', at: 1000 },
    })
    expect(stateAfter(urgencySet(true), nowhere).urgent).toBe(true)
    expect(stateAfter(urgencySet(true), press).urgent).toBe(false)
  })

  it('ticks off in a roll-call whoever the engine hears', () => {
    const rollCall = {
      id: 'f0b4a1c2-0000-4000-8000-000000000000',
      channel: 'north',
      startedAt: 0,
      called: [{ unit: 'patrol', radio: null, answered: false }],
    }
    const talker = { unit: 'patrol', radio: null, account: null }
    const heard = seatChannel({ lastHeard: { talker, at: 10, ms: 5 } })
    const { rollCall: now } = stateAfter(
      rollCallBegun(rollCall),
      radioChanged({ channels: [heard], patches: [], undone: [] }),
    )
    expect(now?.called[0]?.answered).toBe(true)
  })

  it('keeps nothing of a shift for the next officer', () => {
    const signedOut = sessionChanged({ kind: 'signed-out', because: 'signed-out' })
    expect(stateAfter(told, alarmAcknowledged('one'), urgencySet(true), signedOut)).toEqual(stateAfter())
  })
})
