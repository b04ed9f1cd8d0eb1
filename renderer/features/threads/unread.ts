/** What of the threads an account has to do with, and has not read. Pure. */
import { isTerminalOf } from '../../../contract/incident-rules.ts'
import type { Id } from '../../../contract/primitives.ts'
import type { SharedState } from '../../../contract/state.ts'
import { isBy, type Thread, unmarked } from '../../../contract/threads.ts'

type Places = Pick<SharedState, 'incidents' | 'directory'>

/**
 * It has written there, or took in what a telephone said; has formed the group, works on the incident, or is of the room,
 * or one of the officers. Others may look, and nobody waits for them; but what a crew says and no officer has answered
 * is everybody's.
 */
export const concerns = (thread: Thread, state: Places, account: Id): boolean => {
  const { name, messages, group } = thread
  if (name.kind === 'room' || name.kind === 'officers') return true
  if (group?.by.account === account || isUnanswered(thread, state)) return true
  if (messages.some(({ by }) => by.account === account)) return true
  const incident = name.kind === 'incident' ? state.incidents.live[name.incident] : undefined
  return [...(incident?.officers ?? []), ...(incident?.invited ?? [])].some(
    (person) => person.account === account,
  )
}

const isUnanswered = ({ name, messages }: Thread, { directory }: Places): boolean =>
  name.kind === 'unit' &&
  messages.every(({ by, from }) => from !== undefined || isTerminalOf(directory.units[name.unit], by.account))

/** Of others. */
export const unreadIn = ({ messages, marks }: Thread, account: Id): number => {
  const { read } = marks[account] ?? unmarked
  return messages.filter((message) => message.number > read && !isBy(message, account)).length
}

export const unreadOf = (state: Places & Pick<SharedState, 'threads'>, account: Id): number =>
  Object.values(state.threads)
    .filter((thread) => concerns(thread, state, account))
    .reduce((sum, thread) => sum + unreadIn(thread, account), 0)

/** Of a message: which others have read it, and which have got it only. */
export function receiptsOf({ marks }: Thread, number: number, author: Id): { read: Id[]; delivered: Id[] } {
  const others = Object.entries(marks).filter(([account]) => account !== author)
  return {
    read: others.filter(([, mark]) => mark.read >= number).map(([account]) => account),
    delivered: others
      .filter(([, mark]) => mark.delivered >= number && mark.read < number)
      .map(([account]) => account),
  }
}
