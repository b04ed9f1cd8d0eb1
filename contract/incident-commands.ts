/**
 * What a seat may ask for about incidents and tasks. Whatever replaces something says what its author saw there
 * (`saw`), so that nobody's change is lost unseen: see docs/decisions/0010.
 */
import * as z from 'zod'
import { attachmentsSchema } from './attachments.ts'
import { grades } from './deadlines.ts'
import { detailsSchema, outcomes, sourceSchema } from './incidents.ts'
import { idSchema, lineSchema } from './primitives.ts'
import { assigneeSchema, explainedStepSchema, plainStepSchema, wordsSchema } from './tasks.ts'

const { title, category, area, place, address, caller } = detailsSchema.shape

/** One of the details: what it was for whoever changes it, and what it is to be. */
const changeSchema = z.discriminatedUnion('field', [
  z.strictObject({ field: z.literal('title'), saw: title, to: title }),
  z.strictObject({ field: z.literal('category'), saw: category, to: category }),
  z.strictObject({ field: z.literal('area'), saw: area, to: area }),
  z.strictObject({ field: z.literal('place'), saw: place, to: place }),
  z.strictObject({ field: z.literal('address'), saw: address, to: address }),
  z.strictObject({ field: z.literal('caller'), saw: caller, to: caller }),
])
export type DetailChange = z.infer<typeof changeSchema>

const incident = { incident: idSchema }

export const incidentCommands = [
  z.strictObject({
    kind: z.literal('incident.open'),
    /** Chosen by the seat, so that what follows can be said before the hub has answered. */
    id: idSchema,
    details: detailsSchema,
    source: sourceSchema,
    grade: z.enum(grades).nullable(),
  }),
  z.strictObject({
    kind: z.literal('incident.grade'),
    ...incident,
    saw: z.enum(grades).nullable(),
    grade: z.enum(grades),
  }),
  z.strictObject({ kind: z.literal('incident.amend'), ...incident, change: changeSchema }),
  /** Appended, and so never in anybody's way. */
  z.strictObject({
    kind: z.literal('incident.note'),
    ...incident,
    text: wordsSchema,
    task: idSchema.nullable(),
  }),
  z.strictObject({ kind: z.literal('incident.join'), ...incident }),
  z.strictObject({ kind: z.literal('incident.leave'), ...incident }),
  z.strictObject({ kind: z.literal('incident.invite'), ...incident, account: idSchema, grant: idSchema }),
  /** By the one who was invited. */
  z.strictObject({ kind: z.literal('incident.decline'), ...incident, reason: lineSchema }),
  z.strictObject({
    kind: z.literal('incident.revoke'),
    ...incident,
    account: idSchema,
    reason: lineSchema,
  }),
  z.strictObject({
    kind: z.literal('incident.close'),
    ...incident,
    outcome: z.enum(outcomes),
    words: wordsSchema.nullable(),
  }),
  z.strictObject({ kind: z.literal('incident.review'), ...incident, words: wordsSchema }),
  z.strictObject({ kind: z.literal('incident.reopen'), ...incident, words: wordsSchema }),
  /** Its tasks and whoever was invited go with it. */
  z.strictObject({ kind: z.literal('incident.merge'), ...incident, into: idSchema }),
  z.strictObject({
    kind: z.literal('task.assign'),
    ...incident,
    /** Chosen by the seat, as an incident's. */
    id: idSchema,
    assignee: assigneeSchema,
    instruction: wordsSchema,
  }),
  z.strictObject({
    kind: z.literal('task.step'),
    task: idSchema,
    step: plainStepSchema,
    words: wordsSchema.nullable(),
    attachments: attachmentsSchema.exactOptional(),
  }),
  /** One that says why. */
  z.strictObject({
    kind: z.literal('task.explained-step'),
    task: idSchema,
    step: explainedStepSchema,
    words: wordsSchema,
  }),
] as const

export type IncidentCommand = z.infer<(typeof incidentCommands)[number]>
