/** The floor as seats ask the hub for it. A seat takes part only as long as it attends. */
import * as z from 'zod'
import type { SeatSession } from './hub.ts'
import type { Person } from './incidents.ts'
import { type Id, type Instant, idSchema, instantSchema } from './primitives.ts'
import { type Talker, talkerSchema } from './radio.ts'
import { type Patch, patchEndSchema } from './seat-radio.ts'

/** One press of a key on one channel; the seat makes the name up. */
const turnSchema = z.strictObject({ channel: idSchema, turn: z.uuid() })
export const floorRequestSchema = turnSchema.extend({ emergency: z.boolean() })
export const floorTurnSchema = turnSchema
/** `talker`: null when the radio is heard no more. */
export const radioHeardSchema = z.strictObject({
  channel: idSchema,
  talker: talkerSchema.nullable(),
})

export const tellPatchesSchema = z.strictObject({
  patches: z
    .array(
      z.strictObject({ id: z.uuid(), ends: z.array(patchEndSchema).min(2).max(16), since: instantSchema }),
    )
    .max(16),
})

/** A patch of another seat, as its channels show it: not what else it joins, which not everybody may see. */
export interface ChannelPatch {
  readonly id: string
  readonly by: Person
  readonly since: Instant
  /** How many channels and calls it joins. */
  readonly ends: number
}

type OwnTurn = z.infer<typeof turnSchema>

/** What the hub tells a seat. Of its own turns, and of who else talks on the channels that it sees. */
export type FloorMessage =
  /** The first, and whenever it changes: whether this hub says who may talk. If not, all turns are over. */
  | { readonly kind: 'keeping'; readonly here: boolean }
  | ({ readonly kind: 'granted' } & OwnTurn)
  /** `place`: 0 is next. Told again when it changes. */
  | ({ readonly kind: 'queued'; readonly place: number } & OwnTurn)
  | ({ readonly kind: 'denied'; readonly why: 'busy' | 'not-allowed' } & OwnTurn)
  | ({
      readonly kind: 'revoked'
      readonly why: 'pre-empted' | 'time-out' | 'silent' | 'revoked'
    } & OwnTurn)
  | {
      readonly kind: 'taken'
      readonly channel: Id
      readonly by: Talker
      readonly since: Instant
      readonly emergency: boolean
    }
  | { readonly kind: 'idle'; readonly channel: Id }
  /** All patches of other seats that join this channel. */
  | { readonly kind: 'patched'; readonly channel: Id; readonly patches: readonly ChannelPatch[] }

/** Behind the hub contract. All but `attend` reject with a `Refusal` if the session has no seat that attends. */
export interface FloorPort {
  /** The seat takes part until the stream ends; then its floors are free. One after it of the same session ends it. */
  attend(session: SeatSession, signal: AbortSignal): AsyncIterable<FloorMessage>
  /** Answered by a message. */
  request(session: SeatSession, asked: z.infer<typeof floorRequestSchema>): void
  release(session: SeatSession, turn: OwnTurn): void
  /** Voice of the turn goes out: without, the floor is soon taken back. */
  alive(session: SeatSession, turn: OwnTurn): void
  heard(session: SeatSession, what: z.infer<typeof radioHeardSchema>): void
  /** All patches that the seat holds now; they end with its attendance. Of those that it may not hold nobody is told. */
  tellPatches(session: SeatSession, patches: readonly Patch[]): void
}
