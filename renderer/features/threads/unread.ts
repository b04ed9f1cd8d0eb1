/** What of the threads an account has to do with, and has not read. Pure. */
import type { Incident } from '../../../contract/incidents.ts'
import type { Id } from '../../../contract/primitives.ts'
import { isBy, type Thread, type Threads, unmarked } from '../../../contract/threads.ts'

/** It has written there, has formed the group, works on the incident, or is of the room, or one of the officers. Others may look, and nobody waits for them. */
export const concerns = (
  { name, messages, group }: Thread,
  live: Readonly<Record<Id, Incident>>,
  account: Id,
): boolean => {
  if (name.kind === 'room' || name.kind === 'officers') return true
  if (group?.by.account === account) return true
  if (messages.some((message) => isBy(message, account))) return true
  const incident = name.kind === 'incident' ? live[name.incident] : undefined
  return [...(incident?.officers ?? []), ...(incident?.invited ?? [])].some(
    (person) => person.account === account,
  )
}

/** Of others. */
export const unreadIn = ({ messages, marks }: Thread, account: Id): number => {
  const { read } = marks[account] ?? unmarked
  return messages.filter((message) => message.number > read && !isBy(message, account)).length
}

export const unreadOf = (threads: Threads, live: Readonly<Record<Id, Incident>>, account: Id): number =>
  Object.values(threads)
    .filter((thread) => concerns(thread, live, account))
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
