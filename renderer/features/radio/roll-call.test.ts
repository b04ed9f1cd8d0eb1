import { describe, expect, it } from 'vitest'
import type { Unit } from '../../../contract/directory.ts'
import { seatChannel } from '../../../tests/support/seat-channel.ts'
import { heardIn, noted, recordOf, rollCallOf } from './roll-call.ts'

const unit = (id: string, radio?: string): Unit => ({
  id,
  index: 0,
  name: { zh: id, en: id },
  kind: 'patrol',
  agency: 'police',
  area: 'north',
  state: 'available',
  terminals: radio === undefined ? [] : [{ kind: 'radio', number: radio }],
})
const rollCall = rollCallOf([unit('one', '3101'), unit('two')], {
  id: 'f0b4a1c2-0000-4000-8000-000000000000',
  channel: 'north',
  startedAt: 1000,
})
const talker = (id: string) => ({ unit: id, radio: null, account: null })
const answered = ({ called }: typeof rollCall) => called.filter((one) => one.answered).map((one) => one.unit)

describe('a roll-call on a channel', () => {
  it('begins with nobody', () => expect(answered(rollCall)).toEqual([]))

  it('ticks off whoever is heard there, or was since it began', () => {
    const reception = {
      squelch: 'open',
      since: 1,
      talker: talker('one'),
      emergency: false,
      signal: null,
    } as const
    expect(answered(heardIn(rollCall, [seatChannel({ reception })]))).toEqual(['one'])
    const last = (at: number) => seatChannel({ lastHeard: { talker: talker('two'), at, ms: 900 } })
    expect(answered(heardIn(rollCall, [last(1500)]))).toEqual(['two'])
    expect(heardIn(rollCall, [last(900)])).toBe(rollCall)
  })

  it('does not care who is heard elsewhere', () => {
    const elsewhere = seatChannel({ id: 'south', lastHeard: { talker: talker('one'), at: 2000, ms: 1 } })
    expect(heardIn(rollCall, [elsewhere])).toBe(rollCall)
  })

  it('is noted by hand as well, and taken back', () => {
    expect(answered(noted(rollCall, 'two'))).toEqual(['two'])
    expect(answered(noted(noted(rollCall, 'two'), 'two'))).toEqual([])
  })

  it('is kept with all who were called', () => {
    expect(recordOf(noted(rollCall, 'two'), 5000).rollCall).toMatchObject({
      endedAt: 5000,
      called: [
        { unit: 'one', radio: '3101', answered: false },
        { unit: 'two', radio: null, answered: true },
      ],
    })
  })
})
