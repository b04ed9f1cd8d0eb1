/** What hubs say to one another of the floor. */
import * as z from 'zod'
import { floorPriorities } from '../../contract/floor.ts'
import { idSchema, instantSchema } from '../../contract/primitives.ts'

const name = z.string().min(1).max(200)
const turnSchema = z.strictObject({ id: name, talker: name, priority: z.enum(floorPriorities) })
const heldSchema = z.strictObject({ turn: turnSchema, since: instantSchema })
const own = { talker: name, turn: name }

const eventSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('requested'), turn: turnSchema }),
  z.strictObject({ kind: z.literal('alive'), ...own }),
  z.strictObject({ kind: z.literal('released'), ...own }),
  z.strictObject({ kind: z.literal('barred'), talker: name }),
  z.strictObject({ kind: z.literal('left'), talker: name }),
  z.strictObject({ kind: z.literal('radio-heard'), by: name, radio: name.nullable() }),
  z.strictObject({ kind: z.literal('radio-over'), by: name }),
  z.strictObject({ kind: z.literal('ticked') }),
])

const noticeSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('granted'), ...own }),
  z.strictObject({ kind: z.literal('queued'), ...own, place: z.int().min(0) }),
  z.strictObject({ kind: z.literal('denied'), ...own, why: z.enum(['busy', 'not-allowed']) }),
  z.strictObject({
    kind: z.literal('revoked'),
    ...own,
    why: z.enum(['pre-empted', 'time-out', 'silent', 'revoked']),
  }),
])

const benchMessageSchema = z.discriminatedUnion('kind', [
  /** To the keeper: a seat of another hub does this. */
  z.strictObject({ kind: z.literal('event'), channel: idSchema, event: eventSchema }),
  /** From the keeper: what came of it. */
  z.strictObject({
    kind: z.literal('step'),
    keeper: z.uuid(),
    channel: idSchema,
    held: heldSchema.nullable(),
    notices: z.array(noticeSchema),
  }),
  /** From the keeper, again and again: that it is there, and who talks. `whole`: nobody else does. */
  z.strictObject({
    kind: z.literal('keeping'),
    keeper: z.uuid(),
    held: z.record(idSchema, heldSchema),
    whole: z.boolean(),
  }),
  /** From each hub: what one of its seats holds. */
  z.strictObject({
    kind: z.literal('patches'),
    hub: z.uuid(),
    holder: name,
    patches: z.array(
      z.strictObject({
        id: z.uuid(),
        since: instantSchema,
        channels: z.array(idSchema),
        ends: z.int().min(2).max(16),
      }),
    ),
  }),
])
export type BenchMessage = z.infer<typeof benchMessageSchema>

/** Undefined: another version's words, or nobody's. */
export function readBenchMessage(text: string): BenchMessage | undefined {
  try {
    return benchMessageSchema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}
