/**
 * Incidents: what has happened and what becomes of it. Their states and steps as one table, their events, and the
 * fold. The state keeps those that are live; the hub files the ones that are long over.
 */
import * as z from 'zod'
import { type AwaitedStep, grades } from './deadlines.ts'
import {
  type Id,
  type Instant,
  idSchema,
  instantSchema,
  lineSchema,
  nameSchema,
  placeSchema,
} from './primitives.ts'
import {
  applyTaskEvent,
  type Task,
  type TaskEvent,
  taskEvents,
  taskSchema,
  withDue,
  wordsSchema,
} from './tasks.ts'

export const incidentStates = [
  'opened',
  'graded',
  'dispatched',
  'handled',
  'closed',
  'reviewed',
  'merged',
] as const
export type IncidentState = (typeof incidentStates)[number]

/**
 * `dispatch`, `handle` and `recall` follow from the tasks: the first is given, the last is done, all were refused or
 * cancelled. The rest are acts of officers.
 */
const incidentSteps = ['grade', 'dispatch', 'handle', 'recall', 'close', 'review', 'reopen', 'merge'] as const
export type IncidentStep = (typeof incidentSteps)[number]

/** What each step leads to from each state; a step that is not here can't be taken then. */
export const incidentTable: Readonly<
  Record<IncidentState, Readonly<Partial<Record<IncidentStep, IncidentState>>>>
> = {
  opened: { grade: 'graded', close: 'closed', merge: 'merged' },
  graded: { grade: 'graded', dispatch: 'dispatched', close: 'closed', merge: 'merged' },
  dispatched: {
    grade: 'dispatched',
    dispatch: 'dispatched',
    handle: 'handled',
    recall: 'graded',
    merge: 'merged',
  },
  handled: { grade: 'handled', dispatch: 'dispatched', close: 'closed', merge: 'merged' },
  closed: { review: 'reviewed', reopen: 'opened' },
  reviewed: {},
  merged: {},
}

/** The step that an incident in this state waits for; null: it is over. One that is opened waits for its grade. */
export const awaitedOfIncident: Readonly<Record<IncidentState, AwaitedStep | 'grade' | null>> = {
  opened: 'grade',
  graded: 'dispatch',
  dispatched: 'handle',
  handled: 'close',
  closed: 'review',
  reviewed: null,
  merged: null,
}

/** It is closed, and whoever was invited to it is not any more. */
export const isIncidentOver = ({ state }: Pick<Incident, 'state'>): boolean =>
  state === 'closed' || state === 'reviewed' || state === 'merged'

export const incidentCategories = [
  'traffic',
  'fire',
  'medical',
  'security',
  'crowd',
  'urban',
  'utilities',
  'weather',
  'other',
] as const

/** `settled`: what was to be done has been; the others say why nothing was. */
export const outcomes = ['settled', 'handed-over', 'advised', 'false-alarm', 'not-found'] as const

export const sourceSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('hand') }),
  z.strictObject({ kind: z.literal('call'), call: z.uuid() }),
  z.strictObject({ kind: z.literal('alarm'), alarm: z.string().min(1).max(64) }),
  z.strictObject({ kind: z.literal('sensor'), device: lineSchema }),
])

/** An account, with its name as it was: seats do not know one another's accounts. */
export const personSchema = z.strictObject({ account: idSchema, name: nameSchema })
export type Person = z.infer<typeof personSchema>

const noteSchema = z.strictObject({
  at: instantSchema,
  by: personSchema,
  text: wordsSchema,
  /** The task that it is about. */
  task: idSchema.nullable(),
})

const endingSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('closed'),
    outcome: z.enum(outcomes),
    words: wordsSchema.nullable(),
    by: personSchema,
    review: z.strictObject({ by: personSchema, words: wordsSchema }).nullable(),
  }),
  z.strictObject({ kind: z.literal('merged'), into: idSchema }),
])

/** Those of the details that are a line of text. */
export const textDetails = ['title', 'address', 'caller'] as const

/** What an officer may correct, each by itself. */
const detailsShape = {
  title: lineSchema,
  category: z.enum(incidentCategories),
  area: idSchema.nullable(),
  place: placeSchema.nullable(),
  address: lineSchema.nullable(),
  /** The number or name of whoever reported it. */
  caller: lineSchema.nullable(),
}
export const detailsSchema = z.strictObject(detailsShape)
export type Details = z.infer<typeof detailsSchema>

const detailSchema = z.discriminatedUnion('field', [
  z.strictObject({ field: z.literal('title'), to: detailsShape.title }),
  z.strictObject({ field: z.literal('category'), to: detailsShape.category }),
  z.strictObject({ field: z.literal('area'), to: detailsShape.area }),
  z.strictObject({ field: z.literal('place'), to: detailsShape.place }),
  z.strictObject({ field: z.literal('address'), to: detailsShape.address }),
  z.strictObject({ field: z.literal('caller'), to: detailsShape.caller }),
])

const incidentSchema = z.strictObject({
  id: idSchema,
  /** How people name it: 1 for the first of the site. */
  number: z.int().min(1),
  ...detailsShape,
  grade: z.enum(grades).nullable(),
  source: sourceSchema,
  state: z.enum(incidentStates),
  since: instantSchema,
  dueAt: instantSchema.nullable(),
  overdue: z.boolean(),
  openedAt: instantSchema,
  openedBy: personSchema,
  /** Of whoever opened it; null: it is nobody's in particular. */
  agency: idSchema.nullable(),
  /** Who works on it. */
  officers: z.array(personSchema),
  /** Supervisors who were told that something is overdue. */
  supervisors: z.array(idSchema),
  /** Officers of other agencies, invited until it is over. */
  invited: z.array(personSchema),
  /** The last of them; all are in its timeline. */
  notes: z.array(noteSchema),
  ending: endingSchema.nullable(),
})
export type Incident = z.infer<typeof incidentSchema>

const NOTES_KEPT = 30
export const MOST_OFFICERS = 50
/** Of one incident that are not over. */
export const MOST_TASKS = 200

const here = { id: idSchema, at: instantSchema, by: personSchema }
const due = { dueAt: instantSchema.nullable() }
/** What follows from its tasks. */
const followed = z.strictObject({ id: idSchema, at: instantSchema, ...due })

export const incidentEvents = {
  'incident.opened': incidentSchema,
  'incident.graded': z.strictObject({
    ...here,
    ...due,
    grade: z.enum(grades),
    /** Its tasks' steps are due by the new grade. */
    tasks: z.array(z.strictObject({ id: idSchema, ...due })),
  }),
  'incident.amended': z.strictObject({ ...here, detail: detailSchema }),
  'incident.noted': z.strictObject({ ...here, text: wordsSchema, task: idSchema.nullable() }),
  'incident.joined': z.strictObject(here),
  'incident.left': z.strictObject(here),
  'incident.invited': z.strictObject({ ...here, guest: personSchema }),
  'incident.uninvited': z.strictObject({
    ...here,
    account: idSchema,
    why: z.enum(['declined', 'revoked', 'over']),
  }),
  'incident.dispatched': followed,
  'incident.handled': followed,
  'incident.recalled': followed,
  'incident.closed': z.strictObject({
    ...here,
    ...due,
    outcome: z.enum(outcomes),
    words: wordsSchema.nullable(),
  }),
  'incident.reviewed': z.strictObject({ ...here, words: wordsSchema }),
  'incident.reopened': z.strictObject({ ...here, ...due, words: wordsSchema }),
  'incident.merged': z.strictObject({ ...here, into: idSchema }),
  'incident.overdue': z.strictObject({ id: idSchema, supervisors: z.array(idSchema).max(100) }),
  /** It leaves the live state. */
  'incident.filed': z.strictObject({ id: idSchema, incident: incidentSchema, tasks: z.array(taskSchema) }),
  'incident.exported': z.strictObject({ ...here, reason: lineSchema }),
  ...taskEvents,
} as const

export type IncidentEvent =
  | {
      [K in Exclude<keyof typeof incidentEvents, keyof typeof taskEvents>]: {
        readonly kind: K
        readonly data: z.infer<(typeof incidentEvents)[K]>
      }
    }[Exclude<keyof typeof incidentEvents, keyof typeof taskEvents>]
  | TaskEvent

export interface Incidents {
  live: Record<Id, Incident>
  /** Of live incidents. */
  tasks: Record<Id, Task>
  /** The number that the next new incident gets. */
  nextNumber: number
}

export const noIncidents: Incidents = { live: {}, tasks: {}, nextNumber: 1 }

/** The tasks of one incident, the first assigned first. */
export const tasksOf = ({ tasks }: Incidents, incident: Id): Task[] =>
  Object.values(tasks)
    .filter((task) => task.incident === incident)
    .toSorted((a, b) => a.assignedAt - b.assignedAt)

/** Changes `incidents` (an Immer draft, or a state nobody else holds) by one event. */
export function applyIncidentEvent(incidents: Incidents, event: IncidentEvent): void {
  if (isOfTask(event)) {
    if (incidents.live[event.data.incident] === undefined) return
    applyTaskEvent(incidents.tasks, event)
    if (event.kind === 'task.overdue') tellSupervisors(incidents, event.data.incident, event.data.supervisors)
    return
  }
  if (event.kind === 'incident.opened') {
    incidents.live[event.data.id] ??= event.data
    incidents.nextNumber = Math.max(incidents.nextNumber, event.data.number + 1)
    return
  }
  const incident = incidents.live[event.data.id]
  if (incident === undefined) return
  if (event.kind === 'incident.filed') {
    delete incidents.live[incident.id]
    for (const { id } of tasksOf(incidents, incident.id)) delete incidents.tasks[id]
    return
  }
  if (event.kind === 'incident.graded')
    for (const { id, dueAt } of event.data.tasks) {
      const task = incidents.tasks[id]
      if (task !== undefined) incidents.tasks[id] = withDue(task, dueAt)
    }
  if (event.kind === 'incident.merged' && incidents.live[event.data.into] !== undefined)
    for (const task of tasksOf(incidents, incident.id))
      incidents.tasks[task.id] = { ...task, incident: event.data.into }
  // It may be the very object that an earlier event brought: it is replaced, not changed.
  incidents.live[incident.id] = changed(incident, event)
}

type Change = Exclude<IncidentEvent, TaskEvent | { kind: 'incident.opened' | 'incident.filed' }>

function changed(incident: Incident, event: Change): Incident {
  switch (event.kind) {
    case 'incident.graded':
      return { ...step(incident, 'grade', event.data), grade: event.data.grade }
    case 'incident.amended':
      return { ...incident, [event.data.detail.field]: event.data.detail.to }
    case 'incident.noted': {
      const { at, by, text, task } = event.data
      return { ...incident, notes: [...incident.notes, { at, by, text, task }].slice(-NOTES_KEPT) }
    }
    case 'incident.joined':
      return { ...incident, officers: withPerson(incident.officers, event.data.by) }
    case 'incident.left':
      return { ...incident, officers: without(incident.officers, event.data.by.account) }
    case 'incident.invited':
      return { ...incident, invited: withPerson(incident.invited, event.data.guest) }
    case 'incident.uninvited':
      return { ...incident, invited: without(incident.invited, event.data.account) }
    case 'incident.dispatched':
      return step(incident, 'dispatch', event.data)
    case 'incident.handled':
      return step(incident, 'handle', event.data)
    case 'incident.recalled':
      return step(incident, 'recall', event.data)
    case 'incident.closed': {
      const { outcome, words, by } = event.data
      return {
        ...step(incident, 'close', event.data),
        ending: { kind: 'closed', outcome, words, by, review: null },
      }
    }
    case 'incident.reviewed': {
      const { ending } = incident
      const { by, words, at } = event.data
      const reviewed = step(incident, 'review', { at, dueAt: null })
      return ending?.kind === 'closed'
        ? { ...reviewed, ending: { ...ending, review: { by, words } } }
        : reviewed
    }
    case 'incident.reopened':
      return { ...step(incident, 'reopen', event.data), grade: null, ending: null }
    case 'incident.merged': {
      const { at, into } = event.data
      return { ...step(incident, 'merge', { at, dueAt: null }), ending: { kind: 'merged', into } }
    }
    case 'incident.overdue':
      return { ...incident, overdue: true, supervisors: union(incident.supervisors, event.data.supervisors) }
    case 'incident.exported':
      return incident
  }
}

/** As the table has it. A step within a state, as a new grade, does not begin the state anew. */
function step(
  incident: Incident,
  taken: IncidentStep,
  { at, dueAt }: { readonly at: Instant; readonly dueAt: Instant | null },
): Incident {
  const state = incidentTable[incident.state][taken]
  if (state === undefined) return incident
  return {
    ...incident,
    state,
    since: state === incident.state ? incident.since : at,
    dueAt,
    overdue: false,
  }
}

function tellSupervisors(incidents: Incidents, id: Id, supervisors: readonly Id[]): void {
  const incident = incidents.live[id]
  if (incident !== undefined)
    incidents.live[id] = { ...incident, supervisors: union(incident.supervisors, supervisors) }
}

const isOfTask = (event: IncidentEvent): event is TaskEvent => event.kind in taskEvents

const withPerson = (people: readonly Person[], person: Person): Person[] => [
  ...without(people, person.account),
  person,
]
const without = (people: readonly Person[], account: Id): Person[] =>
  people.filter((person) => person.account !== account)
const union = (some: readonly Id[], others: readonly Id[]): Id[] => [...new Set([...some, ...others])]
