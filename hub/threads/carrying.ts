/** Who carries a message to a unit's telephone, what came of it, and what comes in from there. Pure. */
import { telephonesOf } from '../../contract/directory.ts'
import type { Person } from '../../contract/incidents.ts'
import type { Id, Instant } from '../../contract/primitives.ts'
import { Refusal } from '../../contract/refusal.ts'
import type { SharedState } from '../../contract/state.ts'
import { CARRY_WITHIN_MS, textStateOf } from '../../contract/text-delivery.ts'
import type { Message, Thread, ThreadCommand, ThreadEvent, ThreadName } from '../../contract/threads.ts'

type Told<Kind extends ThreadCommand['kind']> = Extract<ThreadCommand, { kind: Kind }>

/**
 * One seat at a time, and nobody again once it has been carried. What was tried, or has waited for long, is carried only
 * if somebody asks for it again: the words may not be true any more.
 */
export function decideCarry(
  thread: Thread | undefined,
  { message: id, unit, attempt, again }: Told<'message.carry'>,
  by: Person,
  now: Instant,
): ThreadEvent[] {
  const message = messageIn(thread, id)
  if (thread === undefined || message?.telephones?.includes(unit) !== true)
    throw new Refusal('not-found', { what: 'message', id })
  const delivery = thread.deliveries?.[id]?.[unit]
  if (delivery?.attempt === attempt) return []
  const state = textStateOf(message, delivery, now)
  const isFree = again ? state !== 'carrying' && state !== 'carried' : state === 'waiting'
  if (!isFree) throw new Refusal('already-carried')
  const until = now + CARRY_WITHIN_MS
  return [
    {
      kind: 'message.carrying',
      data: { thread: thread.name, message: id, unit, attempt, by, at: now, until },
    },
  ]
}

/** Told by who has taken it on, once: also after the time for it, as long as nobody else has taken it on since. */
export function decideReport(
  thread: Thread | undefined,
  { message, unit, attempt, outcome }: Told<'message.report'>,
  account: Id,
): ThreadEvent[] {
  const delivery = thread?.deliveries?.[message]?.[unit]
  if (thread === undefined || delivery?.attempt !== attempt || delivery.by.account !== account)
    throw new Refusal('not-found', { what: 'message', id: message })
  if (delivery.outcome !== null) return []
  return [{ kind: 'message.carried', data: { thread: thread.name, message, unit, attempt, outcome } }]
}

/** In the unit's own thread; `incidents`: what it belongs to. The same text does not come in twice. */
export function decideTakeIn(
  state: Pick<SharedState, 'directory'>,
  name: ThreadName,
  thread: Thread | undefined,
  { id, unit: unitId, number, text }: Told<'message.take-in'>,
  by: Person,
  incidents: Id[],
  now: Instant,
): ThreadEvent[] {
  const unit = state.directory.units[unitId]
  if (unit === undefined || !telephonesOf(unit).includes(number))
    throw new Refusal('not-found', { what: 'number', id: number })
  if (messageIn(thread, id) !== undefined) return []
  return [
    {
      kind: 'message.sent',
      data: {
        id,
        thread: name,
        number: (thread?.count ?? 0) + 1,
        at: now,
        by,
        text,
        place: null,
        incidents,
        from: { number, name: unit.name },
      },
    },
  ]
}

const messageIn = (thread: Thread | undefined, id: string): Message | undefined =>
  thread?.messages.find((message) => message.id === id)
