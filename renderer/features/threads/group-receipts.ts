/** What each unit of a group has of a message. Pure. */
import type { Directory } from '../../../contract/directory.ts'
import type { Id } from '../../../contract/primitives.ts'
import { type Message, type Thread, unmarked } from '../../../contract/threads.ts'
import { crewOf } from './broadcast-state.ts'

/** By what the best of its crew's accounts has; what goes to a telephone is told of elsewhere, as is the unit that wrote it. */
export function receiptsOfUnits(
  { group, marks }: Pick<Thread, 'group' | 'marks'>,
  { number, by, telephones = [] }: Pick<Message, 'number' | 'by' | 'telephones'>,
  units: Directory['units'],
): { readonly read: readonly Id[]; readonly delivered: readonly Id[]; readonly missing: readonly Id[] } {
  const asked = (group?.units ?? []).filter(
    (unit) => !telephones.includes(unit) && !crewOf(units[unit]).includes(by.account),
  )
  const has = (unit: Id, what: 'read' | 'delivered') =>
    crewOf(units[unit]).some((account) => (marks[account] ?? unmarked)[what] >= number)
  const read = asked.filter((unit) => has(unit, 'read'))
  const delivered = asked.filter((unit) => !read.includes(unit) && has(unit, 'delivered'))
  return {
    read,
    delivered,
    missing: asked.filter((unit) => !read.includes(unit) && !delivered.includes(unit)),
  }
}
