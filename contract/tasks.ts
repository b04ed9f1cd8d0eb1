/**
 * Tasks: what one unit or agency is asked to do about an incident. Their states and steps as one table, their
 * events, and the fold.
 */
import * as z from 'zod'
import { attachmentsSchema } from './attachments.ts'
import type { AwaitedStep } from './deadlines.ts'
import { type Id, type Instant, idSchema, instantSchema, nameSchema } from './primitives.ts'

export const taskStates = [
  'assigned',
  'received',
  'accepted',
  'en-route',
  'on-scene',
  'done',
  'verified',
  'refused',
  'cancelled',
] as const
export type TaskState = (typeof taskStates)[number]

/** Taken by those who were asked. */
const doersSteps = ['receive', 'accept', 'refuse', 'set-out', 'arrive', 'finish'] as const
/** Taken by those who asked. */
const askersSteps = ['cancel', 'verify', 'send-back'] as const
const taskSteps = [...doersSteps, ...askersSteps] as const
/** Those that say why. */
const explainedSteps = ['refuse', 'cancel', 'send-back'] as const
type ExplainedStep = (typeof explainedSteps)[number]
export type TaskStep = (typeof taskSteps)[number]

export const isExplained = (step: TaskStep): step is ExplainedStep =>
  (explainedSteps as readonly TaskStep[]).includes(step)
export const isDoersStep = (step: TaskStep): boolean => (doersSteps as readonly TaskStep[]).includes(step)

/**
 * What each step leads to from each state; a step that is not here can't be taken then. Who reports by radio that
 * they are there has also accepted, so that steps in between may be left out, never gone back.
 */
export const taskTable: Readonly<Record<TaskState, Readonly<Partial<Record<TaskStep, TaskState>>>>> = {
  assigned: {
    receive: 'received',
    accept: 'accepted',
    'set-out': 'en-route',
    arrive: 'on-scene',
    refuse: 'refused',
    cancel: 'cancelled',
  },
  received: {
    accept: 'accepted',
    'set-out': 'en-route',
    arrive: 'on-scene',
    refuse: 'refused',
    cancel: 'cancelled',
  },
  accepted: { 'set-out': 'en-route', arrive: 'on-scene', refuse: 'refused', cancel: 'cancelled' },
  'en-route': { arrive: 'on-scene', refuse: 'refused', cancel: 'cancelled' },
  'on-scene': { finish: 'done', cancel: 'cancelled' },
  done: { verify: 'verified', 'send-back': 'accepted' },
  verified: {},
  refused: {},
  cancelled: {},
}

/** The step that a task in this state waits for; null: it is over. */
export const awaitedOfTask: Readonly<Record<TaskState, AwaitedStep | null>> = {
  assigned: 'receive',
  received: 'accept',
  accepted: 'set-out',
  'en-route': 'arrive',
  'on-scene': 'finish',
  done: 'verify',
  verified: null,
  refused: null,
  cancelled: null,
}

/** Nothing more will come of it. */
export const isTaskOver = ({ state }: Pick<Task, 'state'>): boolean => awaitedOfTask[state] === null
/** It was not taken on, or taken back. */
export const isTaskVoid = ({ state }: Pick<Task, 'state'>): boolean =>
  state === 'refused' || state === 'cancelled'
/** Somebody has still to do something about it in the field. */
export const isTaskUnderWay = (task: Pick<Task, 'state'>): boolean =>
  !isTaskOver(task) && task.state !== 'done'

export const assigneeSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('unit'), unit: idSchema }),
  z.strictObject({ kind: z.literal('agency'), agency: idSchema }),
])
export type Assignee = z.infer<typeof assigneeSchema>

/** What is to be done, or what has been: several lines, at most 1000 characters. */
export const wordsSchema = z
  .string()
  .trim()
  .min(1)
  .max(1000)
  .refine((text) => !/[^\P{Cc}\n\t]/u.test(text), 'text without control characters')

export const taskSchema = z.strictObject({
  id: idSchema,
  incident: idSchema,
  assignee: assigneeSchema,
  /** Of the assignee when it was assigned: not everybody who sees the incident sees every unit. */
  name: nameSchema,
  agency: idSchema,
  instruction: wordsSchema,
  state: z.enum(taskStates),
  since: instantSchema,
  assignedAt: instantSchema,
  assignedBy: nameSchema,
  /** When it was in each state last. */
  reached: z.partialRecord(z.enum(taskStates), instantSchema),
  /** Why it was refused, cancelled or sent back, or what was done: the last of these. */
  words: wordsSchema.nullable(),
  dueAt: instantSchema.nullable(),
  overdue: z.boolean(),
})
export type Task = z.infer<typeof taskSchema>

export const taskStepSchema = z.enum(taskSteps)
export const plainStepSchema = taskStepSchema.exclude([...explainedSteps])
export const explainedStepSchema = z.enum(explainedSteps)

const here = { id: idSchema, incident: idSchema }
export const taskEvents = {
  'task.assigned': taskSchema,
  'task.stepped': z.strictObject({
    ...here,
    step: taskStepSchema,
    at: instantSchema,
    by: nameSchema,
    words: wordsSchema.nullable(),
    attachments: attachmentsSchema.exactOptional(),
    dueAt: instantSchema.nullable(),
  }),
  'task.overdue': z.strictObject({ ...here, supervisors: z.array(idSchema).max(100) }),
} as const

export type TaskEvent = {
  [K in keyof typeof taskEvents]: { readonly kind: K; readonly data: z.infer<(typeof taskEvents)[K]> }
}[keyof typeof taskEvents]

/** Changes `tasks` (an Immer draft, or a record nobody else holds) by one event. */
export function applyTaskEvent(tasks: Record<Id, Task>, event: TaskEvent): void {
  if (event.kind === 'task.assigned') {
    tasks[event.data.id] ??= event.data
    return
  }
  const task = tasks[event.data.id]
  if (task?.incident !== event.data.incident) return
  if (event.kind === 'task.overdue') {
    tasks[task.id] = { ...task, overdue: true }
    return
  }
  const { step, at, words, dueAt } = event.data
  const state = taskTable[task.state][step]
  if (state === undefined) return
  tasks[task.id] = {
    ...task,
    state,
    since: at,
    reached: { ...task.reached, [state]: at },
    words: words ?? task.words,
    dueAt,
    overdue: false,
  }
}

/** A new deadline, as after a new grade. */
export const withDue = (task: Task, dueAt: Instant | null): Task => ({ ...task, dueAt, overdue: false })
