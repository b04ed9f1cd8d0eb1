/** Who sees an incident and its tasks, and who may do what about them. Pure. */
import type { Account } from './accounts.ts'
import { areaPath, type Directory, type Unit } from './directory.ts'
import { type Incident, isIncidentOver } from './incidents.ts'
import { type Grant, may, type Target } from './permissions.ts'
import type { Id, Instant } from './primitives.ts'
import type { SharedState } from './state.ts'
import { isDoersStep, isTaskOver, isTaskUnderWay, isTaskVoid, type Task, type TaskStep } from './tasks.ts'

type Places = Pick<SharedState, 'directory' | 'incidents'>

/** What an act on an incident is judged by. */
export const incidentTarget = (
  { directory }: Places,
  { id, area, agency }: Pick<Incident, 'id' | 'area' | 'agency'>,
): Target => ({
  areas: areaPath(directory.areas, area),
  ...(agency !== null && { agency }),
  incidents: [id],
})

/** Whether it is seen: for its place, its agency or itself, or for an agency that has taken on something of it. */
export function seesIncident(
  state: Places,
  grants: readonly Grant[],
  incident: Incident,
  now: Instant,
  tasks: Iterable<Task> = Object.values(state.incidents.tasks),
): boolean {
  if (may(grants, 'view', incidentTarget(state, incident), now)) return true
  for (const task of tasks)
    if (task.incident === incident.id && !isTaskVoid(task) && seesAgencyOf(grants, task, now)) return true
  return false
}

const seesAgencyOf = (grants: readonly Grant[], { agency }: Task, now: Instant): boolean =>
  may(grants, 'view', { areas: [], agency }, now)

/** The incidents, not over yet, for which each unit is under way or was. */
export function incidentsByUnit({ live, tasks }: SharedState['incidents']): ReadonlyMap<Id, readonly Id[]> {
  const found = new Map<Id, Id[]>()
  for (const task of Object.values(tasks)) {
    const incident = live[task.incident]
    if (task.assignee.kind !== 'unit' || isTaskVoid(task)) continue
    if (incident === undefined || isIncidentOver(incident)) continue
    const { unit } = task.assignee
    found.set(unit, [...(found.get(unit) ?? []), incident.id])
  }
  return found
}

/** The incidents for which a unit has something to do just now. */
export const incidentsUnderWay = ({ tasks }: SharedState['incidents'], unit: Id): Id[] => [
  ...new Set(
    Object.values(tasks).flatMap((task) =>
      task.assignee.kind === 'unit' && task.assignee.unit === unit && isTaskUnderWay(task)
        ? [task.incident]
        : [],
    ),
  ),
]

/** Tasks of an account in the field: those of the unit that it is a terminal of, while there is something to be done. */
export const errandsOf = ({ directory, incidents }: Places, account: Id): Task[] =>
  Object.values(incidents.tasks).filter((task) => !isTaskOver(task) && isDoneBy(directory, task, account))

const isDoneBy = ({ units }: Directory, { assignee }: Task, account: Id): boolean =>
  assignee.kind === 'unit' && isTerminalOf(units[assignee.unit], account)

/** Whether the unit is told its tasks by this account. */
export const isTerminalOf = (unit: Unit | undefined, account: Id): boolean =>
  unit?.terminals.some((terminal) => terminal.kind === 'field' && terminal.account === account) === true

/** What of an incident a unit is told: not what officers say among themselves. */
export const forTheField = (incident: Incident): Incident => ({
  ...incident,
  officers: [],
  supervisors: [],
  invited: [],
  notes: [],
  ending: null,
})

/** Whether they may work on it: grade it, correct it, close it, give tasks for it, invite others to it. */
export const mayWorkOn = (
  state: Places,
  grants: readonly Grant[],
  incident: Incident,
  now: Instant,
): boolean => may(grants, 'task', incidentTarget(state, incident), now)

/** What giving a task to these is judged by. */
export const assigneeTarget = (
  state: Places,
  { assignee, incident }: Pick<Task, 'assignee' | 'incident'>,
): Target => {
  if (assignee.kind === 'agency') return { areas: [], agency: assignee.agency }
  const unit = state.directory.units[assignee.unit]
  return unit === undefined
    ? { areas: [], incidents: [incident] }
    : { areas: areaPath(state.directory.areas, unit.area), agency: unit.agency }
}

/**
 * Whether they may take this step: what is asked for by those who work on the incident, what is done by whoever was
 * asked, or in their name by those who may task them or who asked.
 */
export function mayTakeStep(
  state: Places,
  account: Account,
  grants: readonly Grant[],
  task: Task,
  step: TaskStep,
  now: Instant,
): boolean {
  const incident = state.incidents.live[task.incident]
  if (incident === undefined) return false
  if (mayWorkOn(state, grants, incident, now)) return true
  if (!isDoersStep(step) || account.disabled) return false
  if (isDoneBy(state.directory, task, account.id)) return true
  if (account.role === 'field-account') return false
  const { assignee } = task
  return (
    (assignee.kind === 'agency' && assignee.agency === account.agency) ||
    may(grants, 'task', assigneeTarget(state, task), now)
  )
}
