/** What became of a message to many, at each of them. Pure. */
import { telephonesOf, type Unit } from '../../../contract/directory.ts'
import type { Id, Instant } from '../../../contract/primitives.ts'
import { textStateOf } from '../../../contract/text-delivery.ts'
import { type Threads, threadKey, unmarked } from '../../../contract/threads.ts'

/** One message to many units, each in its own thread. */
export interface Broadcast {
  readonly text: string
  readonly at: number
  readonly sent: readonly SentTo[]
}

/** `waiting`: in the outbox, or on its way there. */
export interface SentTo {
  readonly unit: Id
  readonly message: string
  readonly outcome: 'waiting' | 'done' | 'refused'
}

/** `carried` to its telephone, which tells nobody whether it is read; `uncarried`: that did not come about. */
export type ReceivedState = 'waiting' | 'refused' | 'sent' | 'delivered' | 'read' | 'carried' | 'uncarried'

/** Whose phones a message to the unit comes to. */
export const crewOf = (unit: Unit | undefined): readonly Id[] =>
  (unit?.terminals ?? []).flatMap((terminal) => (terminal.kind === 'field' ? [terminal.account] : []))

/** How a message comes to the unit: what only the hub knows aside, which accounts may sign in. Undefined: not at all. */
export const reachedBy = (unit: Unit | undefined): 'field' | 'telephone' | undefined =>
  crewOf(unit).length > 0 ? 'field' : telephonesOf(unit).length > 0 ? 'telephone' : undefined

/** What its crew has of it; that other officers have read it is none of that. `threads`: as they are now. */
export function stateOf(
  { message, outcome }: SentTo,
  unit: Unit | undefined,
  threads: Threads,
  now: Instant,
): ReceivedState {
  if (outcome === 'refused') return 'refused'
  const thread = unit === undefined ? undefined : threads[threadKey({ kind: 'unit', unit: unit.id })]
  const said = thread?.messages.find(({ id }) => id === message)
  if (thread === undefined || said === undefined || unit === undefined)
    return outcome === 'done' ? 'sent' : 'waiting'
  const { number, telephones = [] } = said
  if (telephones.includes(unit.id)) {
    const state = textStateOf(said, thread.deliveries?.[message]?.[unit.id], now)
    return state === 'waiting' || state === 'carrying' ? 'sent' : state === 'carried' ? state : 'uncarried'
  }
  const marks = crewOf(unit).map((account) => thread.marks[account] ?? unmarked)
  if (marks.some(({ read }) => read >= number)) return 'read'
  return marks.some(({ delivered }) => delivered >= number) ? 'delivered' : 'sent'
}
