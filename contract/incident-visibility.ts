/** What of incidents and tasks a seat sees, and how its view follows them. Pure. */
import { errandsOf, forTheField, seesIncident } from './incident-rules.ts'
import type { IncidentEvent, Incidents } from './incidents.ts'
import type { Grant } from './permissions.ts'
import type { Id, Instant } from './primitives.ts'
import type { SharedState } from './state.ts'
import type { Bench, Sight, Verdict } from './visibility.ts'

/** Which incidents and tasks this account sees at this instant. */
export function incidentsInSight(
  state: SharedState,
  account: Id,
  grants: readonly Grant[],
  now: Instant,
): Pick<Sight, 'incidents' | 'errands'> {
  const { live, tasks } = state.incidents
  const byIncident = Map.groupBy(Object.values(tasks), ({ incident }) => incident)
  const seen = Object.values(live).filter((incident) =>
    seesIncident(state, grants, incident, now, byIncident.get(incident.id) ?? []),
  )
  return {
    incidents: new Set(seen.map(({ id }) => id)),
    errands: new Set(isHere(state, account) ? errandsOf(state, account).map(({ id }) => id) : []),
  }
}

const isHere = ({ access }: SharedState, account: Id): boolean => access.accounts[account]?.disabled === false

/** The incidents and tasks that are in sight. */
export function incidentsThrough({ live, tasks }: Incidents, { incidents, errands }: Sight): Incidents {
  const seen = Object.values(tasks).filter(({ id, incident }) => incidents.has(incident) || errands.has(id))
  const told = seen.flatMap(({ incident }) => {
    const found = live[incident]
    return found === undefined || incidents.has(incident) ? [] : [[incident, forTheField(found)] as const]
  })
  return {
    live: Object.fromEntries([...told, ...Object.entries(live).filter(([id]) => incidents.has(id))]),
    tasks: Object.fromEntries(seen.map((task) => [task.id, task])),
    // Only the hub gives out numbers.
    nextNumber: 0,
  }
}

/** What an event about an incident or a task is to a seat. */
export function judgeOfIncident(event: IncidentEvent, bench: Bench): Verdict {
  if (event.kind === 'incident.exported') return 'hidden'
  const verdicts = concerned(event).map((id) => judgeSightOf(id, event, bench))
  if (verdicts.every((verdict) => verdict === verdicts[0])) return verdicts[0] ?? 'hidden'
  return 'anew'
}

/** The incidents that it is about: two where one is merged into another. */
function concerned({ kind, data }: IncidentEvent): Id[] {
  if ('incident' in data && typeof data.incident === 'string') return [data.incident]
  return kind === 'incident.merged' ? [data.id, data.into] : [data.id]
}

function judgeSightOf(id: Id, event: IncidentEvent, bench: Bench): Verdict {
  const { sight, come, before, after, grants, now } = bench
  const was = sight.incidents.has(id) || come.incidents.has(id)
  const incident = after.incidents.live[id]
  const is = incident === undefined ? was : seesIncident(after, grants, incident, now)
  if (was && is) return changesUnitsOf(event) && hasIncidentScope(grants) ? 'anew' : 'seen'
  const errand = [before, after].some((state) =>
    errandsOf(state, sight.account).some((task) => task.incident === id),
  )
  if (was || errand) return 'anew'
  if (!is) return 'hidden'
  return event.kind === 'incident.opened' && before.incidents.live[id] === undefined ? 'comes' : 'anew'
}

/** For whoever sees units for the sake of an incident. */
const changesUnitsOf = ({ kind }: IncidentEvent): boolean =>
  kind.startsWith('task.') ||
  kind === 'incident.merged' ||
  kind === 'incident.closed' ||
  kind === 'incident.reopened' ||
  kind === 'incident.filed'

const hasIncidentScope = (grants: readonly Grant[]): boolean =>
  grants.some(({ scope }) => scope.kind === 'incident')
