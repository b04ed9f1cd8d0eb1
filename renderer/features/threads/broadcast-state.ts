/** What became of a message to many, at each of them. Pure. */
import type { Unit } from '../../../contract/directory.ts'
import type { Id } from '../../../contract/primitives.ts'
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

export type ReceivedState = 'waiting' | 'refused' | 'sent' | 'delivered' | 'read'

/** Whose phones a message to the unit comes to. */
export const crewOf = (unit: Unit | undefined): readonly Id[] =>
  (unit?.terminals ?? []).flatMap((terminal) => (terminal.kind === 'field' ? [terminal.account] : []))

/** What its crew has of it; that other officers have read it is none of that. `threads`: as they are now. */
export function stateOf(
  { message, outcome }: SentTo,
  unit: Unit | undefined,
  threads: Threads,
): ReceivedState {
  if (outcome === 'refused') return 'refused'
  const thread = unit === undefined ? undefined : threads[threadKey({ kind: 'unit', unit: unit.id })]
  const number = thread?.messages.find(({ id }) => id === message)?.number
  if (thread === undefined || number === undefined) return outcome === 'done' ? 'sent' : 'waiting'
  const marks = crewOf(unit).map((account) => thread.marks[account] ?? unmarked)
  if (marks.some(({ read }) => read >= number)) return 'read'
  return marks.some(({ delivered }) => delivered >= number) ? 'delivered' : 'sent'
}
