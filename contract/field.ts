/** The field side: what a person on the street sees and says, through an account that is a terminal of their unit. */
import * as z from 'zod'
import { attachmentsSchema } from './attachments.ts'
import { type Unit, unitStates } from './directory.ts'
import type { Admission, SeatSession } from './hub.ts'
import { errandsOf, forTheField, isTerminalOf } from './incident-rules.ts'
import type { Incident } from './incidents.ts'
import { type Id, type Instant, idSchema, instantSchema, type Name, placeSchema } from './primitives.ts'
import { alarmOfUnit } from './radio-journal.ts'
import type { SharedState } from './state.ts'
import { explainedStepSchema, plainStepSchema, type Task, taskSchema, wordsSchema } from './tasks.ts'
import { type Mark, type Message, markSchema, type ThreadName, threadKey, unmarked } from './threads.ts'

/** The page's path on the hub, and the WebSocket's that it opens there. */
export const FIELD_PATH = '/field'
export const FIELD_LINK_PATH = '/field/link'

/** What the unit is to do, and what it is told of the incident. */
export interface Errand {
  readonly task: Task
  readonly incident: Incident
}

/** All that the page shows. `unit`: null for an account that is no unit's terminal. */
export interface FieldView {
  /** Null: it is gone, and so is whoever looks. */
  readonly account: Name | null
  readonly unit: Pick<Unit, 'id' | 'name' | 'state'> | null
  /** The newest first. */
  readonly errands: readonly Errand[]
  /** With whoever may call the unit; null where there is no unit. */
  readonly talk: FieldTalk | null
  /** The groups that the unit is in, the newest first. */
  readonly groups: readonly FieldGroup[]
  /** The unit's call for help that nobody has acknowledged yet: since when. Null: there is none. */
  readonly alarmSince: Instant | null
}

/** A group of units that are written to together, and what is said there. */
export interface FieldGroup {
  readonly id: string
  readonly name: string
  /** How many units are in it. */
  readonly units: number
  readonly talk: FieldTalk
}

/** The last messages of a thread, and how far this account has got and read them. */
export interface FieldTalk {
  readonly messages: readonly Message[]
  readonly count: number
  readonly mark: Mark
}

/** Pure. */
export function fieldViewOf(state: SharedState, account: Id): FieldView {
  const unit = unitOfTerminal(state, account)
  const errands = errandsOf(state, account).flatMap((task) => {
    const incident = state.incidents.live[task.incident]
    return incident === undefined ? [] : [{ task, incident: forTheField(incident) }]
  })
  return {
    account: state.access.accounts[account]?.name ?? null,
    unit: unit === undefined ? null : { id: unit.id, name: unit.name, state: unit.state },
    errands: errands.toSorted((a, b) => b.task.assignedAt - a.task.assignedAt),
    talk: unit === undefined ? null : talkOf(state, { kind: 'unit', unit: unit.id }, account),
    groups: unit === undefined ? [] : groupsOf(state, unit.id, account),
    alarmSince: unit === undefined ? null : (alarmOfUnit(state.radio, unit.id)?.at ?? null),
  }
}

function groupsOf(state: SharedState, unit: Id, account: Id): FieldGroup[] {
  const all = Object.values(state.threads).flatMap(({ name, group }) =>
    name.kind === 'group' && group?.units.includes(unit) === true ? [{ name, group }] : [],
  )
  return all
    .toSorted((a, b) => b.group.at - a.group.at)
    .map(({ name, group }) => ({
      id: name.group,
      name: group.name,
      units: group.units.length,
      talk: talkOf(state, name, account),
    }))
}

function talkOf({ threads }: SharedState, thread: ThreadName, account: Id): FieldTalk {
  const { messages = [], count = 0, marks = {} } = threads[threadKey(thread)] ?? {}
  return { messages, count, mark: marks[account] ?? unmarked }
}

/** The unit that this account is a terminal of; the first, if a site file has it twice. */
export const unitOfTerminal = (
  { directory }: Pick<SharedState, 'directory'>,
  account: Id,
): Unit | undefined => Object.values(directory.units).find((unit) => isTerminalOf(unit, account))

/** What the page asks to be done. It happens once for each key, however often it is sent. */
const fieldActSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('state'), state: z.enum(unitStates) }),
  z.strictObject({
    kind: z.literal('step'),
    task: taskSchema.shape.id,
    step: plainStepSchema,
    words: wordsSchema.nullable(),
    attachments: attachmentsSchema.exactOptional(),
  }),
  z.strictObject({
    kind: z.literal('explained-step'),
    task: taskSchema.shape.id,
    step: explainedStepSchema,
    words: wordsSchema,
  }),
  z.strictObject({
    kind: z.literal('message'),
    id: z.uuid(),
    text: wordsSchema,
    place: placeSchema.nullable(),
    attachments: attachmentsSchema.exactOptional(),
    /** Left out: in the unit's own thread. */
    group: z.uuid().exactOptional(),
  }),
  z.strictObject({ kind: z.literal('mark'), ...markSchema.shape, group: z.uuid().exactOptional() }),
  /** Help is needed. */
  z.strictObject({ kind: z.literal('alarm'), id: z.uuid(), at: instantSchema }),
])
export type FieldAct = z.infer<typeof fieldActSchema>

export const fieldSubmissionSchema = z.strictObject({ key: z.uuid(), act: fieldActSchema })
export type FieldSubmission = z.infer<typeof fieldSubmissionSchema>

/** Where the phone is, as it measured it: m/s, degrees, metres. */
export const fieldFixSchema = z.strictObject({
  at: instantSchema,
  ...placeSchema.shape,
  speed: z.number().min(0).max(650).optional(),
  heading: z.number().min(0).max(360).optional(),
  accuracy: z.number().min(0).max(100_000).optional(),
})
export type FieldFix = z.infer<typeof fieldFixSchema>

/** What a phone shows to be let into an account once, instead of a password. */
export const fieldPassSchema = z.object({
  code: z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'a pass'),
  until: instantSchema,
})
export type FieldPass = z.infer<typeof fieldPassSchema>

/** The page's address with a pass in it, for a phone to open. */
export const fieldEntrySchema = z.object({ url: z.url({ protocol: /^https?$/ }), until: instantSchema })
export type FieldEntry = z.infer<typeof fieldEntrySchema>

/** Where the page finds a pass in its address: behind the #, which no server is sent. */
export const PASS_MARK = '#pass='

export const fieldEvents = {
  /** The actor gave a pass for the account to whoever looked at the seat's screen. */
  'field.pass-given': z.strictObject({ account: idSchema, unit: idSchema }),
} as const

/** The field side behind the hub contract. Methods reject with a `Refusal` for what is expected to go wrong. */
export interface FieldPort {
  watch(session: SeatSession, signal: AbortSignal): AsyncIterable<FieldView>
  /** Resolves once it is durable. */
  submit(session: SeatSession, submission: FieldSubmission): Promise<void>
  report(session: SeatSession, fix: FieldFix): void
  /** For the account in the field that is a terminal of the unit; by whoever may task the unit. */
  givePass(session: SeatSession, unit: Id): Promise<FieldPass>
  signInWithPass(code: string, address: string): Promise<Admission>
}
