/** What time alone does to incidents and tasks: what is overdue is told to the supervisors, what is long over is filed. */
import type { Happening } from '../../contract/events.ts'
import { isIncidentOver, tasksOf } from '../../contract/incidents.ts'
import type { Instant } from '../../contract/primitives.ts'
import type { SharedState } from '../../contract/state.ts'
import type { Journal } from '../journal/journal.ts'
import { happeningOf, supervisorsOf } from './bench.ts'

const LOOK_EVERY_MS = 1_000
const DAY_MS = 86_400_000
/** What nobody can do anything about any more. */
const FILED_AFTER_MS = 7 * DAY_MS
/** What somebody should still have reviewed. */
const UNREVIEWED_FILED_AFTER_MS = 30 * DAY_MS
/** That are over and not filed: beyond it the oldest are filed, whatever their age. */
export const MOST_OVER = 500

/** Pure. Each happens once: what it leads to is no cause for it any more. */
export function timely(state: SharedState, now: Instant): Happening[] {
  return [...overdue(state, now), ...filed(state, now)]
}

function overdue(state: SharedState, now: Instant): Happening[] {
  const { live, tasks } = state.incidents
  const isLate = ({ dueAt, overdue }: { dueAt: Instant | null; overdue: boolean }) =>
    dueAt !== null && dueAt <= now && !overdue
  return [
    ...Object.values(live)
      .filter(isLate)
      .map((incident) =>
        happeningOf(incident, {
          kind: 'incident.overdue',
          data: { id: incident.id, supervisors: supervisorsOf(state, incident, now) },
        }),
      ),
    ...Object.values(tasks)
      .filter(isLate)
      .flatMap((task) => {
        const incident = live[task.incident]
        if (incident === undefined) return []
        const supervisors = supervisorsOf(state, incident, now)
        return [
          happeningOf(incident, {
            kind: 'task.overdue',
            data: { id: task.id, incident: incident.id, supervisors },
          }),
        ]
      }),
  ]
}

function filed({ incidents }: SharedState, now: Instant): Happening[] {
  const over = Object.values(incidents.live)
    .filter(isIncidentOver)
    .toSorted((a, b) => b.since - a.since)
  return over
    .filter(({ state, since }, at) => {
      const keep = state === 'closed' ? UNREVIEWED_FILED_AFTER_MS : FILED_AFTER_MS
      return at >= MOST_OVER || now - since >= keep
    })
    .map((incident) =>
      happeningOf(incident, {
        kind: 'incident.filed',
        data: { id: incident.id, incident, tasks: tasksOf(incidents, incident.id) },
      }),
    )
}

export interface IncidentClockOptions {
  readonly journal: Pick<Journal, 'state' | 'submit'>
  readonly clock: () => Instant
  readonly onTrouble: (error: unknown) => void
}

/** Looks every second, and writes what is due, whichever hub is first. Returns what stops it. */
export function startIncidentClock({ journal, clock, onTrouble }: IncidentClockOptions): () => Promise<void> {
  let writing: Promise<void> | undefined
  const look = () => {
    if (writing !== undefined || timely(journal.state, clock()).length === 0) return
    writing = journal
      .submit({ actor: { kind: 'hub' }, decide: timely })
      .then(() => undefined, onTrouble)
      .finally(() => {
        writing = undefined
      })
  }
  const timer = setInterval(look, LOOK_EVERY_MS)
  return async () => {
    clearInterval(timer)
    await writing
  }
}
