/** Incidents beyond the shared state: who may ask for what was, and take it out. */
import type { JournalEvent } from '../../contract/events.ts'
import type { SeatSession } from '../../contract/hub.ts'
import {
  ENTRIES_A_PAGE,
  type FiledIncident,
  type IncidentReport,
  type IncidentsPort,
} from '../../contract/incident-history.ts'
import { incidentTarget, mayWorkOn, seesIncident } from '../../contract/incident-rules.ts'
import { type Incident, tasksOf } from '../../contract/incidents.ts'
import { may } from '../../contract/permissions.ts'
import type { TrackPoint } from '../../contract/positions.ts'
import type { Id, Instant, Name } from '../../contract/primitives.ts'
import { Refusal } from '../../contract/refusal.ts'
import type { Task } from '../../contract/tasks.ts'
import { currentGrants } from '../../contract/visibility.ts'
import type { Journal } from '../journal/journal.ts'
import type { Tracks } from '../positions/tracks.ts'
import type { Database } from '../store/database.ts'
import { benchOf, happeningOf, incidentToWorkOn, visibleIncident } from './bench.ts'
import { startIncidentClock } from './clock.ts'
import { entryOf, openIncidentHistory } from './history.ts'

/** Of one incident that is taken out: the first. */
const MOST_ENTRIES = 10_000

export interface Incidents {
  readonly port: IncidentsPort
  /** Rejects with a `Refusal` where one of this id was filed: whoever took its name would get its story. */
  requireNew(id: Id): Promise<void>
  /** An incident that was filed, if there is one and the account sees it. */
  filedFor(account: Id, id: Id): Promise<Incident | undefined>
  close(): Promise<void>
}

export interface IncidentsOptions {
  readonly database: Database
  readonly journal: Journal
  readonly tracks: Pick<Tracks, 'read'>
  readonly clock: () => Instant
  readonly onTrouble: (what: 'overdue' | 'history', error: unknown) => void
}

export function openIncidents({ database, journal, tracks, clock, onTrouble }: IncidentsOptions): Incidents {
  const stopClock = startIncidentClock({ journal, clock, onTrouble: (error) => onTrouble('overdue', error) })
  const history = openIncidentHistory({
    database,
    journal,
    onTrouble: (error) => onTrouble('history', error),
  })

  const nameOf = (account: Id): Name =>
    journal.state.access.accounts[account]?.name ?? { zh: account, en: account }
  const shown = (event: JournalEvent) => entryOf(event, nameOf)

  const seesFiled = (account: Id, { incident, tasks }: FiledIncident): boolean => {
    const { state } = journal
    return seesIncident(state, currentGrants(state, account), incident, clock(), tasks)
  }

  /** Live, or filed. Rejects with the same `Refusal` for what is not there and what they do not see. */
  const findSeen = async ({ account }: SeatSession, id: Id): Promise<Omit<FiledIncident, 'seq'>> => {
    if (id in journal.state.incidents.live) {
      const incident = visibleIncident(benchOf(journal.state, account, clock()), id)
      return { incident, tasks: tasksOf(journal.state.incidents, id) }
    }
    const filed = await history.filedOne(id)
    if (filed === undefined || !seesFiled(account, filed))
      throw new Refusal('not-found', { what: 'incident', id })
    return filed
  }

  const movementOf = async (task: Task): Promise<IncidentReport['movements']> => {
    if (task.assignee.kind !== 'unit') return []
    const unit = journal.state.directory.units[task.assignee.unit]
    if (unit === undefined) return []
    const to = task.reached.done ?? task.reached.cancelled ?? task.reached.refused ?? clock()
    const points: TrackPoint[] = await tracks.read(unit.index, task.assignedAt, to)
    return [{ task: task.id, unit: unit.id, points }]
  }

  const port: IncidentsPort = {
    timeline: async (session, { incident, before }) => {
      await findSeen(session, incident)
      const events = await history.entries(incident, before)
      const entries = events.slice(0, ENTRIES_A_PAGE)
      return {
        entries: entries.map(shown),
        next: events.length > ENTRIES_A_PAGE ? (entries.at(-1)?.seq ?? null) : null,
      }
    },
    async *watchTimeline(session, incident, signal) {
      await findSeen(session, incident)
      for await (const newest of history.watchNewest(incident, signal)) {
        // It may be seen by fewer than when it began.
        await findSeen(session, incident)
        yield newest
      }
    },
    filed: ({ account }, query) => history.filed(query, (filed) => seesFiled(account, filed)),
    guests: ({ account }, id) => {
      const bench = benchOf(journal.state, account, clock())
      const { invited } = incidentToWorkOn(bench, id)
      const { state, now } = bench
      const incident = state.incidents.live[id]
      return Object.values(state.access.accounts)
        .filter((other) => !other.disabled && other.role !== 'field-account')
        .filter((other) => !invited.some((person) => person.account === other.id))
        .filter(
          (other) =>
            incident !== undefined && !mayWorkOn(state, currentGrants(state, other.id), incident, now),
        )
        .map((other) => ({ account: other.id, name: other.name }))
    },
    export: async (session, { incident: id, reason }) => {
      const { account } = session
      const found = await findSeen(session, id)
      await journal.submit({
        actor: { kind: 'account', account },
        decide: (state, now) => {
          const { by, grants } = benchOf(state, account, now)
          if (!may(grants, 'export', incidentTarget(state, found.incident), now))
            throw new Refusal('forbidden', { capability: 'export' })
          return [
            happeningOf(found.incident, { kind: 'incident.exported', data: { id, at: now, by, reason } }),
          ]
        },
      })
      const events = await history.allEntries(id, MOST_ENTRIES)
      const movements = await Promise.all(found.tasks.map(movementOf))
      return {
        incident: found.incident,
        tasks: found.tasks,
        entries: events.map(shown),
        movements: movements.flat(),
        exportedAt: clock(),
      }
    },
  }

  return {
    port,
    requireNew: async (id) => {
      if ((await history.filedOne(id)) !== undefined) throw new Refusal('conflict', { what: 'incident', id })
    },
    filedFor: async (account, id) => {
      const filed = await history.filedOne(id)
      return filed !== undefined && seesFiled(account, filed) ? filed.incident : undefined
    },
    close: async () => {
      await stopClock()
      await history.close()
    },
  }
}
