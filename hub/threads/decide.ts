/** What commands about messages do, and who may give them. Pure. */
import type { Account } from '../../contract/accounts.ts'
import type { Happening } from '../../contract/events.ts'
import { incidentsUnderWay } from '../../contract/incident-rules.ts'
import type { Person } from '../../contract/incidents.ts'
import type { Id, Instant } from '../../contract/primitives.ts'
import { Refusal } from '../../contract/refusal.ts'
import type { SharedState } from '../../contract/state.ts'
import { isInThread } from '../../contract/thread-rules.ts'
import {
  type ThreadCommand,
  type ThreadEvent,
  type ThreadName,
  threadKey,
  unmarked,
} from '../../contract/threads.ts'
import { currentGrants } from '../../contract/visibility.ts'
import { tied } from '../incidents/tied.ts'
import { mayReach } from '../rooms/decide.ts'
import { decideCarry, decideReport, decideTakeIn } from './carrying.ts'
import { decideGroup, earsOf, unitsOf } from './groups.ts'

/** That a message is tied to. */
const MOST_INCIDENTS = 8

/** What happens when this account gives this command now. Throws a `Refusal` if it may not or can't. */
export function decideThread(
  state: SharedState,
  command: ThreadCommand,
  account: Id,
  now: Instant,
): Happening[] {
  if (command.kind === 'group.form' || command.kind === 'group.dissolve')
    return decideGroup(state, command, account, now)
  const thread = withNames(
    state,
    command.kind === 'message.take-in' ? { kind: 'unit', unit: command.unit } : command.thread,
  )
  const grants = currentGrants(state, account)
  const sitting = state.access.accounts[account]
  if (sitting === undefined || sitting.disabled || !isInThread(state, account, grants, thread, now))
    throw new Refusal('not-found', { what: thread.kind, id: threadKey(thread).split('/')[1] ?? '' })
  const key = threadKey(thread)
  const known = state.threads[key]
  const where = placeOf(state, thread)
  if (command.kind === 'message.mark') {
    const { delivered, read } = known?.marks[account] ?? unmarked
    const count = known?.count ?? 0
    const next = {
      read: Math.max(read, Math.min(command.read, count)),
      delivered: Math.max(delivered, Math.min(Math.max(command.delivered, command.read), count)),
    }
    if (next.read === read && next.delivered === delivered) return []
    return [{ ...where, kind: 'message.marked', data: { thread, account, ...next } }]
  }
  const by = { account, name: sitting.name }
  const happens = (events: readonly ThreadEvent[]) => events.map((event) => ({ ...where, ...event }))
  if (command.kind === 'message.report') return happens(decideReport(known, command, account))
  if (command.kind === 'message.take-in') {
    requireLine(sitting)
    const incidents = incidentsOf(state, thread).slice(0, MOST_INCIDENTS)
    return happens(decideTakeIn(state, thread, known, command, by, incidents, now))
  }
  if (!isInThread(state, account, grants, thread, now, 'call'))
    throw new Refusal('forbidden', { capability: 'call' })
  if (command.kind === 'message.carry') {
    requireLine(sitting)
    return happens(decideCarry(known, command, by, now))
  }
  if (thread.kind === 'officers' && known === undefined) requireReach(state, account, thread.officers, now)
  const { id, text, place, attachments, incident: selected } = command
  const telephones = requireEars(state, thread)
  const number = (known?.count ?? 0) + 1
  const own = tied(state, account, selected === undefined ? [] : [selected], now)
  const incidents = [...new Set([...incidentsOf(state, thread), ...own])].slice(0, MOST_INCIDENTS)
  return [
    {
      ...where,
      kind: 'message.sent',
      data: {
        id,
        thread,
        number,
        at: now,
        by,
        text,
        place,
        incidents,
        ...(attachments !== undefined && { attachments }),
        ...(telephones.length > 0 && { telephones }),
      },
    },
  ]
}

/** Whoever begins it may reach the others; any of them may answer. */
function requireReach(state: SharedState, account: Id, officers: readonly Person[], now: Instant): void {
  for (const { account: other } of officers)
    if (other !== account && !isReachable(state, account, other, now))
      throw new Refusal('not-found', { what: 'account', id: other })
}

/** A phone in the field shows what is written to its unit, and nothing else. */
function isReachable(state: SharedState, account: Id, other: Id, now: Instant): boolean {
  const found = state.access.accounts[other]
  return found?.disabled === false && found.role !== 'field-account' && mayReach(state, account, other, now)
}

/** As the hub knows them, whatever was written there. */
const withNames = ({ access }: SharedState, thread: ThreadName): ThreadName =>
  thread.kind === 'officers'
    ? {
        ...thread,
        officers: thread.officers.map(({ account, name }) => ({
          account,
          name: access.accounts[account]?.name ?? name,
        })),
      }
    : thread

/** That what is said there belongs to. */
function incidentsOf(state: SharedState, thread: ThreadName): Id[] {
  const { incidents } = state
  switch (thread.kind) {
    case 'group':
      return unitsOf(state, thread).flatMap((unit) => incidentsUnderWay(incidents, unit))
    case 'incident':
      return [thread.incident]
    case 'unit':
      return incidentsUnderWay(incidents, thread.unit)
    case 'room':
    case 'officers':
      return []
  }
}

function requireLine({ lines = [] }: Account): void {
  if (lines.length === 0) throw new Refusal('no-line')
}

/** Those of its units that have a telephone and nothing else. Throws a `Refusal` where nobody would get it. */
function requireEars(state: SharedState, thread: ThreadName): Id[] {
  // Those of a group that have neither any more are told by nobody; the others are.
  if (thread.kind === 'group')
    return unitsOf(state, thread).filter((unit) => earsOf(state, unit) === 'telephone')
  if (thread.kind !== 'unit') return []
  const ears = earsOf(state, thread.unit)
  if (ears === undefined) throw new Refusal('no-field-account', { id: thread.unit })
  return ears === 'telephone' ? [thread.unit] : []
}

const placeOf = (
  { directory, incidents }: SharedState,
  thread: ThreadName,
): Pick<Happening, 'subject' | 'area'> => ({
  subject: `thread/${threadKey(thread)}`,
  area: areaOf({ directory, incidents }, thread) ?? null,
})

function areaOf(
  { directory, incidents }: Pick<SharedState, 'directory' | 'incidents'>,
  thread: ThreadName,
): Id | null | undefined {
  switch (thread.kind) {
    case 'unit':
      return directory.units[thread.unit]?.area
    case 'incident':
      return incidents.live[thread.incident]?.area
    case 'group':
    case 'room':
    case 'officers':
      return null
  }
}
