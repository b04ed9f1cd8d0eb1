/** What is said about acts between seats: listening in, whispering, barging in, releasing a call, picking one up. */
import * as z from 'zod'
import type { Capability } from './permissions.ts'
import { type Id, idSchema, instantSchema, type Name } from './primitives.ts'
import { refusalCodes } from './refusal.ts'
import { type CallState, callStates } from './telephony.ts'

/** Listening: heard by nobody. Whispering: heard by the officer alone. Barging: heard by everybody in the call. */
export const listeningModes = ['listen', 'whisper', 'barge'] as const
export type ListeningMode = (typeof listeningModes)[number]

export const seatActs = [...listeningModes, 'release', 'pick-up'] as const
export type SeatAct = (typeof seatActs)[number]

/** What must be granted over a seat's account for each act on its calls. */
export const actCapability: Readonly<Record<SeatAct, Capability>> = {
  listen: 'listen',
  whisper: 'barge',
  barge: 'barge',
  release: 'force-release',
  'pick-up': 'call',
}

const answered: readonly CallState[] = ['talking', 'holding', 'held']
/** A caller who waits is never hung up on. */
export const possibleIn: Readonly<Record<SeatAct, readonly CallState[]>> = {
  listen: answered,
  whisper: answered,
  barge: answered,
  release: ['dialling', 'ringing', ...answered],
  'pick-up': ['waiting'],
}

export const isListening = (act: SeatAct): act is ListeningMode => act in { listen: 0, whisper: 0, barge: 0 }

/** Why it is done: 1 to 200 characters, one line. */
export const actReasonSchema = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .refine((text) => !/\p{Cc}/u.test(text), 'one line of text without control characters')

/** A call as its seat tells the hub of it. Ended calls are not told. */
const seatCallSchema = z.strictObject({
  id: z.uuid(),
  line: idSchema,
  direction: z.enum(['out', 'in']),
  number: z.string().max(200),
  unit: idSchema.nullable(),
  state: z.enum(callStates).exclude(['ended']),
  since: instantSchema,
  priority: z.boolean(),
  conference: z.uuid().nullable(),
})
export type SeatCall = z.infer<typeof seatCallSchema>
const seatCallsSchema = z.array(seatCallSchema).max(128)

/** A call at another seat, and what may be done about it as it is now. `line`: its number. */
export interface BoardCall extends Omit<SeatCall, 'line'> {
  readonly line: string
  readonly acts: readonly SeatAct[]
}

/** Another seat whose calls something may be done about. `seat` is good as long as the seat is connected. */
export interface BoardSeat {
  readonly seat: string
  readonly account: Id
  readonly name: Name
  readonly calls: readonly BoardCall[]
}

/** A seat that is connected, as the hub knows it. */
export interface SeatPresence {
  readonly seat: string
  readonly account: Id
  readonly calls: readonly SeatCall[]
}

/** How an act came to its end. */
const actEnds = [
  'done',
  'ended',
  'call-over',
  'seat-gone',
  'asker-gone',
  'no-longer-allowed',
  'refused',
  'no-answer',
  'hub-stopped',
] as const
export type ActEnd = (typeof actEnds)[number]

const actId = z.uuid()

/** The actor is who asked for it; `account` is whose call it is. */
export const supervisionEvents = {
  'supervision.begun': z.strictObject({
    id: actId,
    act: z.enum(seatActs),
    account: idSchema,
    call: seatCallSchema.pick({ id: true, number: true, direction: true, unit: true }),
    reason: actReasonSchema.nullable(),
  }),
  'supervision.changed': z.strictObject({ id: actId, act: z.enum(listeningModes) }),
  'supervision.ended': z.strictObject({ id: actId, how: z.enum(actEnds) }),
} as const

/** The voice between two seats, protected or not at all (RFC 4568). */
export const voiceDescriptionSchema = z
  .string()
  .max(4_000)
  .regex(/^v=0\r\n[\x20-\x7e\r\n]*$/, 'a session description')
  .refine((sdp) => /^m=audio \d+ RTP\/SAVP /m.test(sdp) && sdp.includes('a=crypto:'), 'protected voice')

const oneCall = { seat: z.uuid(), call: z.uuid() }
export const superviseSchema = z.strictObject({
  ...oneCall,
  mode: z.enum(listeningModes),
  reason: actReasonSchema,
  offer: voiceDescriptionSchema,
})
export const changeModeSchema = z.strictObject({ id: actId, mode: z.enum(listeningModes) })
export const endActSchema = z.strictObject({ id: actId })
export const releaseSchema = z.strictObject({ ...oneCall, reason: actReasonSchema })
/** `lines`: those of the seat's own that are registered, the first that fits is used. */
export const pickUpSchema = z.strictObject({ ...oneCall, lines: z.array(idSchema).max(8) })
export const tellCallsSchema = z.strictObject({ seat: z.uuid(), calls: seatCallsSchema })

/** What a seat says to an order. `voice`: the answer to the offer of a supervision that begins. */
export const orderReplySchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('done'), id: actId, voice: voiceDescriptionSchema.nullable() }),
  z.strictObject({
    kind: z.literal('refused'),
    id: actId,
    code: z.enum(refusalCodes),
    particulars: z.record(z.string().max(40), z.union([z.string().max(200), z.number()])),
  }),
])
export type OrderReply = z.infer<typeof orderReplySchema>

export const supervisingSchema = z.object({ id: actId, answer: voiceDescriptionSchema })

/** What the hub asks of a seat. `told`: its officer is to know. */
export type SeatOrder =
  /** The first: what the seat is called from now on. */
  | { readonly kind: 'attending'; readonly seat: string }
  | {
      readonly kind: 'admit'
      readonly id: string
      readonly call: string
      readonly mode: ListeningMode
      readonly told: boolean
      readonly by: Name
      readonly offer: string
    }
  | { readonly kind: 'change'; readonly id: string; readonly mode: ListeningMode; readonly told: boolean }
  | {
      readonly kind: 'release'
      readonly id: string
      readonly call: string
      readonly by: Name
      readonly reason: string
    }
  /** A call that waits there goes to this number. */
  | {
      readonly kind: 'pass-on'
      readonly id: string
      readonly call: string
      readonly by: Name
      readonly number: string
    }
  /** To both sides. */
  | { readonly kind: 'end'; readonly id: string; readonly how: ActEnd }
