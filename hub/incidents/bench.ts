/** What every decision about incidents and tasks begins with: who asks, and what they may. Pure. */
import type { Account } from '../../contract/accounts.ts'
import { type AwaitedStep, dueAt, type Grade } from '../../contract/deadlines.ts'
import type { Happening } from '../../contract/events.ts'
import { incidentTarget, mayWorkOn, seesIncident } from '../../contract/incident-rules.ts'
import {
  type Incident,
  type IncidentEvent,
  type IncidentStep,
  incidentTable,
  type Person,
} from '../../contract/incidents.ts'
import { type Grant, may } from '../../contract/permissions.ts'
import type { Id, Instant } from '../../contract/primitives.ts'
import { Refusal } from '../../contract/refusal.ts'
import type { SharedState } from '../../contract/state.ts'
import { currentGrants } from '../../contract/visibility.ts'

export interface Bench {
  readonly state: SharedState
  readonly account: Account
  readonly by: Person
  readonly grants: readonly Grant[]
  readonly now: Instant
}

/** Throws a `Refusal` for an account that is gone. */
export function benchOf(state: SharedState, id: Id, now: Instant): Bench {
  const account = state.access.accounts[id]
  if (account === undefined) throw new Refusal('not-signed-in')
  return { state, account, by: { account: id, name: account.name }, grants: currentGrants(state, id), now }
}

const notFound = (what: 'incident' | 'task', id: Id): Refusal => new Refusal('not-found', { what, id })

/** The incident, if there is one and they see it. Throws the same `Refusal` for both. */
export function visibleIncident({ state, grants, now }: Bench, id: Id): Incident {
  const incident = state.incidents.live[id]
  if (incident === undefined || !seesIncident(state, grants, incident, now)) throw notFound('incident', id)
  return incident
}

/** The incident, if they may work on it. */
export function incidentToWorkOn(bench: Bench, id: Id): Incident {
  const incident = visibleIncident(bench, id)
  if (!mayWorkOn(bench.state, bench.grants, incident, bench.now))
    throw new Refusal('forbidden', { capability: 'task' })
  return incident
}

/** Throws a `Refusal` where the table does not have the step. */
export function requireStep({ state }: Incident, step: IncidentStep): void {
  if (incidentTable[state][step] === undefined) throw new Refusal('not-now', { step, state })
}

/** In the incident's stream. */
export const happeningOf = <E extends IncidentEvent>(
  { id, area }: Pick<Incident, 'id' | 'area'>,
  event: E,
): Happening => ({ ...event, subject: `incident/${id}`, area }) as Happening

export const dueBy = (
  { site }: SharedState,
  grade: Grade | null,
  awaited: AwaitedStep | 'grade' | null,
  since: Instant,
): Instant | null => {
  if (awaited === null) return null
  return awaited === 'grade'
    ? dueAt(site?.deadlines, null, 'dispatch', since)
    : dueAt(site?.deadlines, grade, awaited, since)
}

/** The supervisors whose matter it is when something of it is overdue. */
export const supervisorsOf = (state: SharedState, incident: Incident, now: Instant): Id[] =>
  Object.values(state.access.accounts)
    .filter(
      ({ id, role }) =>
        role === 'shift-supervisor' &&
        may(currentGrants(state, id), 'task', incidentTarget(state, incident), now),
    )
    .map(({ id }) => id)
    .slice(0, 100)
