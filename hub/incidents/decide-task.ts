/** What the commands about tasks do, what follows from them for the incident and the unit, and who may give them. Pure. */
import type { UnitState } from '../../contract/directory.ts'
import type { Happening } from '../../contract/events.ts'
import type { IncidentCommand } from '../../contract/incident-commands.ts'
import { assigneeTarget, errandsOf, mayTakeStep, seesIncident } from '../../contract/incident-rules.ts'
import { awaitedOfIncident, type Incident, MOST_TASKS, tasksOf } from '../../contract/incidents.ts'
import { may } from '../../contract/permissions.ts'
import { Refusal } from '../../contract/refusal.ts'
import {
  type Assignee,
  awaitedOfTask,
  isTaskOver,
  isTaskUnderWay,
  isTaskVoid,
  type Task,
  type TaskStep,
  taskTable,
} from '../../contract/tasks.ts'
import { visibleUnit } from '../../contract/visibility.ts'
import { type Bench, dueBy, happeningOf, incidentToWorkOn, requireStep } from './bench.ts'

type Command<K extends IncidentCommand['kind']> = Extract<IncidentCommand, { kind: K }>

export function decideTask(
  bench: Bench,
  command: Command<'task.assign' | 'task.step' | 'task.explained-step'>,
): Happening[] {
  return command.kind === 'task.assign' ? assign(bench, command) : take(bench, command)
}

function assign(
  bench: Bench,
  { incident: incidentId, id, assignee, instruction }: Command<'task.assign'>,
): Happening[] {
  const { state, by, grants, now } = bench
  const incident = incidentToWorkOn(bench, incidentId)
  requireStep(incident, 'dispatch')
  const { name, agency } = assigned(bench, assignee)
  if (!may(grants, 'task', assigneeTarget(state, { assignee, incident: incidentId }), now))
    throw new Refusal('forbidden', { capability: 'task' })
  const others = tasksOf(state.incidents, incidentId).filter((task) => !isTaskOver(task))
  if (others.length >= MOST_TASKS) throw new Refusal('too-many')
  if (id in state.incidents.tasks) throw new Refusal('conflict', { what: 'task', id })
  const task: Task = {
    id,
    incident: incidentId,
    assignee,
    name,
    agency,
    instruction,
    state: 'assigned',
    since: now,
    assignedAt: now,
    assignedBy: by.name,
    reached: { assigned: now },
    words: null,
    dueAt: dueBy(state, incident.grade, 'receive', now),
    overdue: false,
  }
  return [
    happeningOf(incident, { kind: 'task.assigned', data: task }),
    ...incidentFollows(bench, incident, task),
  ]
}

/** Throws a `Refusal` for an agency that is not there, and for a unit that they do not see. */
function assigned({ state, account, now }: Bench, assignee: Assignee): Pick<Task, 'name' | 'agency'> {
  if (assignee.kind === 'agency') {
    const agency = state.directory.agencies[assignee.agency]
    if (agency === undefined) throw new Refusal('not-found', { what: 'agency', id: assignee.agency })
    return { name: agency.name, agency: agency.id }
  }
  const unit = visibleUnit(state, account.id, assignee.unit, now)
  if (unit === undefined) throw new Refusal('not-found', { what: 'unit', id: assignee.unit })
  return { name: unit.name, agency: unit.agency }
}

function take(bench: Bench, command: Command<'task.step' | 'task.explained-step'>): Happening[] {
  const { state, account, by, grants, now } = bench
  const { task: id, step, words } = command
  const attachments = command.kind === 'task.step' ? command.attachments : undefined
  const task = state.incidents.tasks[id]
  const incident = task && state.incidents.live[task.incident]
  const isOwn = errandsOf(state, account.id).some((errand) => errand.id === id)
  if (task === undefined || incident === undefined || !(isOwn || seesIncident(state, grants, incident, now)))
    throw new Refusal('not-found', { what: 'task', id })
  if (!mayTakeStep(state, account, grants, task, step, now))
    throw new Refusal('forbidden', { capability: 'task' })
  const next = taskTable[task.state][step]
  if (next === undefined) throw new Refusal('not-now', { step, state: task.state })
  const after = { ...task, state: next }
  return [
    happeningOf(incident, {
      kind: 'task.stepped',
      data: {
        id,
        incident: incident.id,
        step,
        at: now,
        by: by.name,
        words,
        ...(attachments !== undefined && { attachments }),
        dueAt: dueBy(state, incident.grade, awaitedOfTask[next], now),
      },
    }),
    ...incidentFollows(bench, incident, after),
    ...unitFollows(bench, after, step),
  ]
}

/** The incident is dispatched while anybody is under way, handled when they are done, and recalled if nobody was. */
function incidentFollows({ state, now }: Bench, incident: Incident, changed: Task): Happening[] {
  const tasks = [...tasksOf(state.incidents, incident.id).filter(({ id }) => id !== changed.id), changed]
  const next = tasks.some(isTaskUnderWay) ? 'dispatched' : tasks.every(isTaskVoid) ? 'recalled' : 'handled'
  const leads = next === 'recalled' ? 'graded' : next
  if (incident.state === leads) return []
  const dueAt = dueBy(state, incident.grade, awaitedOfIncident[leads], now)
  return [happeningOf(incident, { kind: `incident.${next}`, data: { id: incident.id, at: now, dueAt } })]
}

/** A unit that is on duty is what its task makes of it; one with nothing left to do is available again. */
function unitFollows({ state }: Bench, { id, assignee }: Task, step: TaskStep): Happening[] {
  const unit = assignee.kind === 'unit' ? state.directory.units[assignee.unit] : undefined
  if (unit === undefined || unit.state === 'off-duty') return []
  const isBusyElsewhere = Object.values(state.incidents.tasks).some(
    (other) =>
      other.id !== id &&
      other.assignee.kind === 'unit' &&
      other.assignee.unit === unit.id &&
      isTaskUnderWay(other) &&
      other.state !== 'assigned' &&
      other.state !== 'received',
  )
  const next = isBusyElsewhere && stateAfter[step] === 'available' ? undefined : stateAfter[step]
  const isReleased = next === 'available' && unit.state !== 'en-route' && unit.state !== 'on-scene'
  if (next === undefined || next === unit.state || isReleased) return []
  return [
    {
      kind: 'unit.state-set',
      subject: `unit/${unit.id}`,
      area: unit.area,
      data: { id: unit.id, state: next },
    },
  ]
}

const stateAfter: Readonly<Partial<Record<TaskStep, UnitState>>> = {
  'set-out': 'en-route',
  arrive: 'on-scene',
  finish: 'available',
  refuse: 'available',
  cancel: 'available',
}
