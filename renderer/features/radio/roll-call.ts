/** A roll-call on a channel: who was called, and who was heard to answer. Pure. */

import type { Command } from '../../../contract/commands.ts'
import type { Unit } from '../../../contract/directory.ts'
import type { Id, Instant } from '../../../contract/primitives.ts'
import type { SeatChannel } from '../../../contract/seat-radio.ts'

interface Called {
  readonly unit: Id
  readonly radio: string | null
  readonly answered: boolean
}

export interface RollCall {
  readonly id: string
  readonly channel: Id
  readonly startedAt: Instant
  readonly called: readonly Called[]
}

export const MOST_CALLED = 256

export const rollCallOf = (
  units: readonly Unit[],
  { id, channel, startedAt }: Omit<RollCall, 'called'>,
): RollCall => ({
  id,
  channel,
  startedAt,
  called: units.slice(0, MOST_CALLED).map(({ id: unit, terminals }) => {
    const radio = terminals.find(({ kind }) => kind === 'radio')
    return { unit, radio: radio?.kind === 'radio' ? radio.number : null, answered: false }
  }),
})

/** Whoever is heard on the channel since it began has answered. */
export function heardIn(rollCall: RollCall, channels: readonly SeatChannel[]): RollCall {
  const seat = channels.find(({ id }) => id === rollCall.channel)
  if (seat === undefined) return rollCall
  const { reception, lastHeard } = seat
  const heard = new Set<Id | null>()
  if (reception.squelch === 'open') heard.add(reception.talker.unit)
  if (lastHeard !== null && lastHeard.at >= rollCall.startedAt) heard.add(lastHeard.talker.unit)
  if (!rollCall.called.some(({ unit, answered }) => !answered && heard.has(unit))) return rollCall
  return {
    ...rollCall,
    called: rollCall.called.map((one) => (heard.has(one.unit) ? { ...one, answered: true } : one)),
  }
}

/** The officer notes it by hand, or takes it back. */
export const noted = (rollCall: RollCall, unit: Id): RollCall => ({
  ...rollCall,
  called: rollCall.called.map((one) => (one.unit === unit ? { ...one, answered: !one.answered } : one)),
})

/** What the journal is to keep of it. */
export const recordOf = (
  { id, channel, startedAt, called }: RollCall,
  now: Instant,
): Extract<Command, { kind: 'radio-roll-call.record' }> => ({
  kind: 'radio-roll-call.record',
  rollCall: {
    id,
    channel,
    startedAt,
    endedAt: Math.max(startedAt, now),
    called: called.map(({ unit, radio, answered }) => ({ unit, radio, answered, note: null })),
  },
})
