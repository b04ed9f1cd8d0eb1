/** What the commands about an incident do, and who may give them. Pure. */
import type { Happening } from '../../contract/events.ts'
import type { DetailChange, IncidentCommand } from '../../contract/incident-commands.ts'
import { errandsOf, incidentTarget } from '../../contract/incident-rules.ts'
import {
  awaitedOfIncident,
  type Details,
  type Incident,
  incidentTable,
  isIncidentOver,
  MOST_OFFICERS,
  tasksOf,
} from '../../contract/incidents.ts'
import { may } from '../../contract/permissions.ts'
import type { Id, Instant } from '../../contract/primitives.ts'
import { Refusal } from '../../contract/refusal.ts'
import type { SharedState } from '../../contract/state.ts'
import { awaitedOfTask, isTaskOver, isTaskUnderWay, isTaskVoid } from '../../contract/tasks.ts'
import { seesAlarm } from '../radio/alarms.ts'
import {
  type Bench,
  benchOf,
  dueBy,
  happeningOf,
  incidentToWorkOn,
  requireStep,
  visibleIncident,
} from './bench.ts'
import { decideTask } from './decide-task.ts'
import { invite, uninvite, uninviteAll } from './invitations.ts'

type Command<K extends IncidentCommand['kind']> = Extract<IncidentCommand, { kind: K }>

/** What happens when this account gives this command now. Throws a `Refusal` if it may not or can't. */
export function decideIncident(
  state: SharedState,
  command: IncidentCommand,
  account: Id,
  now: Instant,
): Happening[] {
  const bench = benchOf(state, account, now)
  switch (command.kind) {
    case 'incident.open':
      return open(bench, command)
    case 'incident.grade':
      return grade(bench, command)
    case 'incident.amend':
      return amend(bench, command)
    case 'incident.note':
      return note(bench, command)
    case 'incident.join':
    case 'incident.leave':
      return takePart(bench, command)
    case 'incident.invite':
    case 'incident.revoke':
    case 'incident.decline':
      return command.kind === 'incident.invite' ? invite(bench, command) : uninvite(bench, command)
    case 'incident.close':
      return close(bench, command)
    case 'incident.review':
      return review(bench, command)
    case 'incident.reopen':
      return reopen(bench, command)
    case 'incident.merge':
      return merge(bench, command)
    case 'task.assign':
    case 'task.step':
    case 'task.explained-step':
      return decideTask(bench, command)
  }
}

function open(
  { state, account, by, grants, now }: Bench,
  { id, details, source, grade }: Command<'incident.open'>,
): Happening[] {
  const { directory, incidents } = state
  if (details.area !== null && directory.areas[details.area] === undefined)
    throw new Refusal('not-found', { what: 'area', id: details.area })
  const { agency } = account
  // A grant over an incident of this name was not meant for what somebody opens now.
  const { incidents: _, ...target } = incidentTarget(state, { id, area: details.area, agency })
  if (!may(grants, 'task', target, now)) throw new Refusal('forbidden', { capability: 'task' })
  if (id in incidents.live) throw new Refusal('conflict', { what: 'incident', id })
  // What is told of an alarm becomes part of the story: for nobody who may not see it.
  if (source.kind === 'alarm' && !seesAlarm(state, account.id, source.alarm, now))
    throw new Refusal('not-found', { what: 'alarm', id: source.alarm })
  const incident: Incident = {
    id,
    number: incidents.nextNumber,
    ...details,
    grade: null,
    source,
    state: 'opened',
    since: now,
    dueAt: dueBy(state, null, 'grade', now),
    overdue: false,
    openedAt: now,
    openedBy: by,
    agency,
    officers: [by],
    supervisors: [],
    invited: [],
    notes: [],
    ending: null,
  }
  const opened = happeningOf(incident, { kind: 'incident.opened', data: incident })
  if (grade === null) return [opened]
  const dueAt = dueBy(state, grade, 'dispatch', now)
  const data = { id, at: now, by, dueAt, grade, tasks: [] }
  return [opened, happeningOf(incident, { kind: 'incident.graded', data })]
}

function grade(bench: Bench, { incident: id, saw, grade }: Command<'incident.grade'>): Happening[] {
  const { state, by, now } = bench
  const incident = incidentToWorkOn(bench, id)
  requireStep(incident, 'grade')
  if (incident.grade === grade) return []
  requireSeen('grade', incident.grade, saw, grade)
  const next = incidentTable[incident.state].grade ?? incident.state
  const since = next === incident.state ? incident.since : now
  const tasks = tasksOf(state.incidents, id).flatMap((task) =>
    isTaskOver(task)
      ? []
      : [{ id: task.id, dueAt: dueBy(state, grade, awaitedOfTask[task.state], task.since) }],
  )
  const dueAt = dueBy(state, grade, awaitedOfIncident[next], since)
  return [happeningOf(incident, { kind: 'incident.graded', data: { id, at: now, by, dueAt, grade, tasks } })]
}

/** One field, if it is still what whoever changes it saw there; nothing to do if it is already as they want it. */
function amend(bench: Bench, { incident: id, change }: Command<'incident.amend'>): Happening[] {
  const { state, by, now } = bench
  const incident = incidentToWorkOn(bench, id)
  requireOpen(incident)
  const { field, saw, to } = change
  if (isSame(incident[field], to)) return []
  requireSeen(field, incident[field], saw, to)
  if (change.field === 'area' && change.to !== null) {
    if (state.directory.areas[change.to] === undefined)
      throw new Refusal('not-found', { what: 'area', id: change.to })
    const there = incidentTarget(state, { ...incident, area: change.to })
    if (!may(bench.grants, 'task', there, now)) throw new Refusal('forbidden', { capability: 'task' })
  }
  const detail = { field, to } as { [F in keyof Details]: { field: F; to: Details[F] } }[keyof Details]
  const moved = change.field === 'area' ? { id, area: change.to } : incident
  return [happeningOf(moved, { kind: 'incident.amended', data: { id, at: now, by, detail } })]
}

function note(bench: Bench, { incident: id, text, task }: Command<'incident.note'>): Happening[] {
  const { state, by, account, now } = bench
  const errand = errandsOf(state, account.id).find((own) => own.id === task && own.incident === id)
  const incident = errand === undefined ? visibleIncident(bench, id) : state.incidents.live[id]
  if (incident === undefined) throw new Refusal('not-found', { what: 'incident', id })
  if (task !== null && state.incidents.tasks[task]?.incident !== id)
    throw new Refusal('not-found', { what: 'task', id: task })
  return [happeningOf(incident, { kind: 'incident.noted', data: { id, at: now, by, text, task } })]
}

function takePart(
  bench: Bench,
  { kind, incident: id }: Command<'incident.join' | 'incident.leave'>,
): Happening[] {
  const { by, now } = bench
  const incident = visibleIncident(bench, id)
  const takesPart = incident.officers.some(({ account }) => account === by.account)
  if (takesPart === (kind === 'incident.join')) return []
  if (incident.officers.length >= MOST_OFFICERS && !takesPart) throw new Refusal('too-many')
  const data = { id, at: now, by }
  return [
    happeningOf(
      incident,
      kind === 'incident.join' ? { kind: 'incident.joined', data } : { kind: 'incident.left', data },
    ),
  ]
}

function close(bench: Bench, { incident: id, outcome, words }: Command<'incident.close'>): Happening[] {
  const { state, by, now } = bench
  const incident = incidentToWorkOn(bench, id)
  const open = tasksOf(state.incidents, id).filter((task) => !isTaskOver(task)).length
  if (open > 0) throw new Refusal('tasks-open', { n: open })
  requireStep(incident, 'close')
  const dueAt = dueBy(state, incident.grade ?? 'IV', 'review', now)
  return [
    happeningOf(incident, { kind: 'incident.closed', data: { id, at: now, by, dueAt, outcome, words } }),
    ...uninviteAll(bench, incident),
  ]
}

/** By somebody else than who closed it. */
function review(bench: Bench, { incident: id, words }: Command<'incident.review'>): Happening[] {
  const { by, now } = bench
  const incident = incidentToWorkOn(bench, id)
  requireStep(incident, 'review')
  if (incident.ending?.kind === 'closed' && incident.ending.by.account === by.account)
    throw new Refusal('own-closing')
  return [happeningOf(incident, { kind: 'incident.reviewed', data: { id, at: now, by, words } })]
}

function reopen(bench: Bench, { incident: id, words }: Command<'incident.reopen'>): Happening[] {
  const { state, by, now } = bench
  const incident = incidentToWorkOn(bench, id)
  requireStep(incident, 'reopen')
  const dueAt = dueBy(state, null, 'grade', now)
  return [happeningOf(incident, { kind: 'incident.reopened', data: { id, at: now, by, dueAt, words } })]
}

/** Its tasks become the other's, which is then dispatched, too. */
function merge(bench: Bench, { incident: id, into }: Command<'incident.merge'>): Happening[] {
  const { state, by, now } = bench
  const incident = incidentToWorkOn(bench, id)
  const other = incidentToWorkOn(bench, into)
  requireStep(incident, 'merge')
  requireOpen(other)
  if (id === into) throw new Refusal('conflict', { what: 'incident', id })
  const brought = tasksOf(state.incidents, id).filter((task) => !isTaskVoid(task))
  const events = [
    happeningOf(incident, { kind: 'incident.merged', data: { id, at: now, by, into } }),
    ...uninviteAll(bench, incident, other),
  ]
  if (brought.length === 0) return events
  requireStep(other, 'dispatch')
  const isUnderWay = brought.some(isTaskUnderWay)
  if (other.state === 'graded' || (other.state === 'handled' && isUnderWay))
    events.push(followed(state, other, 'dispatched', now))
  if (other.state === 'graded' && !isUnderWay) events.push(followed(state, other, 'handled', now))
  return events
}

const followed = (
  state: SharedState,
  incident: Incident,
  next: 'dispatched' | 'handled',
  now: Instant,
): Happening =>
  happeningOf(incident, {
    kind: `incident.${next}`,
    data: { id: incident.id, at: now, dueAt: dueBy(state, incident.grade, awaitedOfIncident[next], now) },
  })

function requireOpen(incident: Incident): void {
  if (isIncidentOver(incident)) throw new Refusal('not-now', { step: 'amend', state: incident.state })
}

type Value = DetailChange['to']

/** Tells both values where somebody else has changed it meanwhile. */
function requireSeen(field: string, is: Value, saw: Value, to: Value): void {
  if (!isSame(is, saw))
    throw new Refusal('changed-meanwhile', { field, theirs: written(is), yours: written(to) })
}

const isSame = (one: Value, other: Value): boolean => written(one) === written(other)

const written = (value: Value): string => {
  if (value === null) return ''
  return typeof value === 'string' ? value : `${value.lat}, ${value.lon}`
}
