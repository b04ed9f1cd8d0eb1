/**
 * Joint duty: an officer of another agency sees one incident while it lasts. An invitation is a grant, and what the
 * incident says of it. Pure.
 */
import type { Happening } from '../../contract/events.ts'
import type { IncidentCommand } from '../../contract/incident-commands.ts'
import { incidentTarget } from '../../contract/incident-rules.ts'
import { type Incident, isIncidentOver, MOST_OFFICERS } from '../../contract/incidents.ts'
import { type Capability, type Grant, may } from '../../contract/permissions.ts'
import type { Id } from '../../contract/primitives.ts'
import { Refusal } from '../../contract/refusal.ts'
import { type Bench, happeningOf, incidentToWorkOn, visibleIncident } from './bench.ts'

type Command<K extends IncidentCommand['kind']> = Extract<IncidentCommand, { kind: K }>

/** What a guest may do, as far as whoever invites them may. */
const offered: readonly Capability[] = ['view', 'call', 'video-pull']

export function invite(
  bench: Bench,
  { incident: id, account, grant }: Command<'incident.invite'>,
): Happening[] {
  const { state, grants, now } = bench
  const incident = incidentToWorkOn(bench, id)
  if (isIncidentOver(incident)) throw new Refusal('not-now', { step: 'invite', state: incident.state })
  const guest = state.access.accounts[account]
  if (guest === undefined || guest.disabled || guest.role === 'field-account')
    throw new Refusal('not-found', { what: 'account', id: account })
  if (incident.invited.some((person) => person.account === account)) return []
  if (incident.invited.length >= MOST_OFFICERS) throw new Refusal('too-many')
  if (grant in state.access.grants) throw new Refusal('conflict', { what: 'grant', id: grant })
  const target = incidentTarget(state, incident)
  return welcome(bench, incident, account, {
    id: grant,
    subject: { kind: 'account', account },
    capabilities: offered.filter((capability) => may(grants, capability, target, now)),
    scope: { kind: 'incident', incident: id },
    until: null,
  })
}

function welcome({ state, by, now }: Bench, incident: Incident, account: Id, grant: Grant): Happening[] {
  const name = state.access.accounts[account]?.name ?? { zh: account, en: account }
  return [
    { kind: 'grant.given', subject: `grant/${grant.id}`, area: null, data: grant },
    happeningOf(incident, {
      kind: 'incident.invited',
      data: { id: incident.id, at: now, by, guest: { account, name } },
    }),
  ]
}

/** By the guest, or by who works on the incident. */
export function uninvite(
  bench: Bench,
  command: Command<'incident.revoke' | 'incident.decline'>,
): Happening[] {
  const { by, now } = bench
  const declines = command.kind === 'incident.decline'
  const incident = (declines ? visibleIncident : incidentToWorkOn)(bench, command.incident)
  const account = declines ? by.account : command.account
  if (!incident.invited.some((person) => person.account === account))
    throw new Refusal('not-found', { what: 'account', id: account })
  const why = declines ? 'declined' : 'revoked'
  return [
    happeningOf(incident, {
      kind: 'incident.uninvited',
      data: { id: incident.id, at: now, by, account, why },
    }),
    ...grantsTo(bench, incident.id)
      .filter(({ subject }) => subject.kind === 'account' && subject.account === account)
      .map((grant) => ended(grant, command.reason)),
  ]
}

/** When it is over: no grant over it outlives it. Guests of one that is merged into another go with it. */
export function uninviteAll(bench: Bench, incident: Incident, into?: Incident): Happening[] {
  const { by, now } = bench
  const over = grantsTo(bench, incident.id)
  return [
    ...incident.invited.map(({ account }) =>
      happeningOf(incident, {
        kind: 'incident.uninvited',
        data: { id: incident.id, at: now, by, account, why: 'over' },
      }),
    ),
    ...over.map((grant) => ended(grant, 'over')),
    ...(into === undefined ? [] : over.flatMap((grant) => carried(bench, grant, incident, into))),
  ]
}

/** The same grant, given anew over the other incident; under its own name, which is free now. */
function carried(bench: Bench, grant: Grant, from: Incident, into: Incident): Happening[] {
  const { subject } = grant
  if (subject.kind !== 'account') return []
  const { account } = subject
  const isGuest = (incident: Incident) => incident.invited.some((person) => person.account === account)
  if (!isGuest(from) || isGuest(into)) return []
  return welcome(bench, into, account, { ...grant, scope: { kind: 'incident', incident: into.id } })
}

const grantsTo = ({ state }: Bench, incident: Id): Grant[] =>
  Object.values(state.access.grants).filter(
    ({ scope }) => scope.kind === 'incident' && scope.incident === incident,
  )

const ended = ({ id }: Grant, reason: string): Happening => ({
  kind: 'grant.ended',
  subject: `grant/${id}`,
  area: null,
  data: { id, reason },
})
