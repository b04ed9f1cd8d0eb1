/** Acts between seats as the console asks for them, and as it shows what goes on. */
import * as z from 'zod'
import type { Id, Instant, Name } from './primitives.ts'
import {
  type ActEnd,
  actReasonSchema,
  type BoardSeat,
  type ListeningMode,
  listeningModes,
  type SeatCall,
} from './supervision.ts'

/** The officer's own supervision of a call at another seat. One at a time. */
export interface OwnSupervision {
  readonly seat: string
  readonly account: Id
  readonly name: Name
  readonly call: Pick<SeatCall, 'id' | 'number' | 'unit'>
  readonly mode: ListeningMode
  /** `asking`: the other seat has not agreed yet. `changing`: nothing is said until it has. */
  readonly state: 'asking' | 'on' | 'changing'
  readonly since: Instant
  /** The officer would be heard, but talks in a call of their own. */
  readonly elsewhere: boolean
  /** Nothing comes from there although it should. */
  readonly silent: boolean
}

/** Somebody from another seat in a call of this one, as far as this officer is to know. */
export interface PresentInCall {
  readonly id: string
  readonly call: string
  readonly mode: ListeningMode
  readonly by: Name
  readonly since: Instant
}

const noteKinds = ['released', 'picked-up', 'pick-up-failed', 'supervision-over'] as const

/** What has been done to a call of this seat, or how the officer's own supervision ended without them. */
export interface SeatNote {
  readonly id: string
  readonly kind: (typeof noteKinds)[number]
  readonly at: Instant
  readonly number: string
  readonly unit: Id | null
  /** Who did it; of `supervision-over` whose call it was. */
  readonly by: Name
  readonly reason: string | null
  readonly how: ActEnd | null
}

export interface Supervision {
  /** Null while the hub can't be reached. */
  readonly seats: readonly BoardSeat[] | null
  readonly own: OwnSupervision | null
  readonly present: readonly PresentInCall[]
  /** Until they are dismissed; the last first. */
  readonly notes: readonly SeatNote[]
}

export const noSupervision: Supervision = { seats: null, own: null, present: [], notes: [] }

const oneCall = { seat: z.uuid(), call: z.uuid() }
export const beginSupervisionSchema = z.strictObject({
  ...oneCall,
  mode: z.enum(listeningModes),
  reason: actReasonSchema,
})
export const setModeSchema = z.strictObject({ mode: z.enum(listeningModes) })
export const releaseThereSchema = z.strictObject({ ...oneCall, reason: actReasonSchema })
export const pickUpThereSchema = z.strictObject(oneCall)
export const dismissNoteSchema = z.strictObject({ id: z.uuid() })

/** Supervision behind the engine contract. Methods reject with a `Refusal` for what is expected to go wrong. */
export interface SeatSupervisionPort {
  watch(signal: AbortSignal): AsyncIterable<Supervision>
  /** Ends another that goes on. Whispering and barging hold the officer's own conversations. */
  begin(asked: z.infer<typeof beginSupervisionSchema>): Promise<void>
  setMode(mode: ListeningMode): Promise<void>
  end(): Promise<void>
  release(asked: z.infer<typeof releaseThereSchema>): Promise<void>
  /** The call then comes in here, and is answered by itself. */
  pickUp(asked: z.infer<typeof pickUpThereSchema>): Promise<void>
  dismiss(note: string): Promise<void>
}
