/** Forming groups of units to write to, and dissolving them. Pure. */
import { telephonesOf } from '../../contract/directory.ts'
import type { Happening } from '../../contract/events.ts'
import type { Id, Instant } from '../../contract/primitives.ts'
import { Refusal } from '../../contract/refusal.ts'
import type { SharedState } from '../../contract/state.ts'
import { mayOverAll } from '../../contract/thread-rules.ts'
import { threadKey } from '../../contract/threads.ts'
import type { GroupCommand, GroupThread } from '../../contract/unit-groups.ts'
import { currentGrants, visibleUnit } from '../../contract/visibility.ts'

/** By whoever may call all of its units, each of which would get what is written. Throws a `Refusal`. */
export function decideGroup(
  state: SharedState,
  command: GroupCommand,
  account: Id,
  now: Instant,
): Happening[] {
  const { thread } = command
  const key = threadKey(thread)
  const group = state.threads[key]?.group
  const sitting = state.access.accounts[account]
  if (sitting === undefined || sitting.disabled || (command.kind === 'group.dissolve' && group === undefined))
    throw new Refusal('not-found', { what: 'group', id: thread.group })
  if (command.kind === 'group.form' && group !== undefined)
    throw new Refusal('conflict', { what: 'group', id: thread.group })
  const units = command.kind === 'group.form' ? command.units : (group?.units ?? [])
  for (const id of units)
    if (visibleUnit(state, account, id, now) === undefined)
      throw new Refusal('not-found', { what: 'unit', id })
  if (!mayOverAll(state, currentGrants(state, account), units, 'call', now))
    throw new Refusal('forbidden', { capability: 'call' })
  const where = { subject: `thread/${key}`, area: null }
  if (command.kind === 'group.dissolve') return [{ ...where, kind: 'group.dissolved', data: { thread } }]
  const deaf = units.find((unit) => earsOf(state, unit) === undefined)
  if (deaf !== undefined) throw new Refusal('no-field-account', { id: deaf })
  const by = { account, name: sitting.name }
  return [{ ...where, kind: 'group.formed', data: { thread, name: command.name, units, by, at: now } }]
}

export const unitsOf = ({ threads }: Pick<SharedState, 'threads'>, thread: GroupThread): readonly Id[] =>
  threads[threadKey(thread)]?.group?.units ?? []

/** How a message comes to a unit: to an account in the field, or else to a telephone. Undefined: not at all. */
export function earsOf({ directory, access }: SharedState, id: Id): 'field' | 'telephone' | undefined {
  const unit = directory.units[id]
  const hasAccount = unit?.terminals.some(
    (terminal) => terminal.kind === 'field' && access.accounts[terminal.account]?.disabled === false,
  )
  if (hasAccount === true) return 'field'
  return telephonesOf(unit).length > 0 ? 'telephone' : undefined
}
