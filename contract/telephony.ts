/** The telephone: exchanges, the lines that seats register at them, and calls. */
import * as z from 'zod'
import type { Directory } from './directory.ts'
import { type Id, idSchema, instantSchema, nameSchema } from './primitives.ts'

/** RFC 3261 section 18, RFC 7118. */
const sipTransports = ['udp', 'tcp', 'tls', 'ws', 'wss'] as const

/** A host name or an IPv4 address. */
const hostSchema = z
  .string()
  .max(253)
  .regex(/^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$/, 'a host name or an IPv4 address')

/** Where an exchange takes registrations and calls. */
const exchangeServerSchema = z.strictObject({
  transport: z.enum(sipTransports),
  host: hostSchema,
  port: z.int().min(1).max(65_535),
})
export type ExchangeServer = z.infer<typeof exchangeServerSchema>

export const exchangeSchema = z.strictObject({
  id: idSchema,
  name: nameSchema,
  /** What stands behind the @ of its numbers. */
  domain: hostSchema,
  /** The primary first, then its standbys; none: out of service. */
  servers: z.array(exchangeServerSchema).max(4),
  /** Sound is protected (SRTP, RFC 4568) or there is none; otherwise it is where the exchange offers it. */
  srtp: z.boolean().optional(),
  /** PEM of the authorities that may vouch for its servers over TLS; the system's if not given. */
  authorities: z.string().max(100_000).optional(),
})
export type Exchange = z.infer<typeof exchangeSchema>

/** What can be dialled: digits, `*`, `#` and a leading `+`, or a user name (RFC 3261, 25.1, without escapes). */
export const numberSchema = z
  .string()
  .regex(/^\+?[A-Za-z0-9*#._-]{1,40}$/, 'a number: digits, letters and * # . _ -, at most 40')

/** A SIP account that the seat of an officer registers. */
export const telephoneLineSchema = z.strictObject({
  id: idSchema,
  exchange: idSchema,
  number: numberSchema,
  /** If the exchange knows the account under another name than the number. */
  authUser: numberSchema.optional(),
  /** Calls on it come before others in the queue. */
  priority: z.boolean().optional(),
  /** Of a demonstration site only, where it is public; elsewhere each seat keeps its own. */
  password: z.string().min(1).max(200).optional(),
})
export type TelephoneLine = z.infer<typeof telephoneLineSchema>

const lineStates = ['registered', 'registering', 'failing', 'no-password', 'out-of-service'] as const

/** How a line of this seat does. */
const lineStatusSchema = z.object({
  id: idSchema,
  number: numberSchema,
  exchange: nameSchema,
  state: z.enum(lineStates),
  since: instantSchema,
  /** Of `failing`: what the exchange or the network said. */
  why: z.string().nullable(),
})
export type LineStatus = z.infer<typeof lineStatusSchema>

const callEnds = [
  'hung-up',
  'busy',
  'no-answer',
  'declined',
  'not-found',
  'cancelled',
  'elsewhere',
  'media',
  'lost',
  'failed',
] as const
export type CallEnd = (typeof callEnds)[number]

/**
 * `dialling`: nothing heard yet; `ringing`: at the other side; `waiting`: ringing here; `holding`: asked for,
 * not yet confirmed, so that the other side may still hear us.
 */
const callStates = ['dialling', 'ringing', 'waiting', 'talking', 'holding', 'held', 'ended'] as const
export type CallState = (typeof callStates)[number]

/** How a stream came in: what was lost (0 to 1), jitter (ms) and an estimated MOS (1 to 4.5, ITU-T G.107). */
const callQualitySchema = z.strictObject({
  loss: z.number().min(0).max(1),
  jitterMs: z.number().min(0),
  mos: z.number().min(1).max(4.5),
})
export type CallQuality = z.infer<typeof callQualitySchema>

const callSchema = z.object({
  id: z.uuid(),
  line: idSchema,
  direction: z.enum(['out', 'in']),
  number: z.string(),
  /** What the exchange says of a caller's name: text from outside. */
  name: z.string().nullable(),
  /** The unit whose number it is. */
  unit: idSchema.nullable(),
  priority: z.boolean(),
  state: z.enum(callStates),
  /** Of the present state. */
  since: instantSchema,
  startedAt: instantSchema,
  answeredAt: instantSchema.nullable(),
  /** The other side holds us. */
  heldThere: z.boolean(),
  /** Our microphone does not go into it. */
  muted: z.boolean(),
  /** Calls that hear one another have the same. */
  conference: z.uuid().nullable(),
  quality: callQualitySchema.nullable(),
  end: z.object({ why: z.enum(callEnds), code: z.int().nullable(), reason: z.string() }).nullable(),
})
export type Call = z.infer<typeof callSchema>

/** What the journal keeps of a call that is over. */
export const callRecordSchema = z.strictObject({
  id: z.uuid(),
  account: idSchema,
  line: idSchema,
  direction: z.enum(['out', 'in']),
  number: z.string().max(200),
  unit: idSchema.nullable(),
  startedAt: instantSchema,
  answeredAt: instantSchema.nullable(),
  endedAt: instantSchema,
  end: z.enum(callEnds),
  /** The SIP status or the Q.850 cause that came with the end, if any. */
  code: z.int().min(0).max(999).nullable(),
  quality: callQualitySchema.nullable(),
})

export const telephoneEvents = { 'call.recorded': callRecordSchema } as const

/** The whole telephone of a seat, as its console shows it. Ended calls last first. */
export interface Telephone {
  readonly lines: readonly LineStatus[]
  readonly calls: readonly Call[]
  readonly history: readonly Call[]
}

/** How many ended calls a seat remembers. */
export const HISTORY_LENGTH = 200

export const dtmfSchema = z.string().regex(/^[0-9*#A-D]{1,32}$/, 'digits, * and #, at most 32')

/** Calls that ring here, in the order in which they are to be answered: urgent lines first, then who waits longest. */
export const inAnsweringOrder = (calls: readonly Call[]): Call[] =>
  calls
    .filter(({ state }) => state === 'waiting')
    .toSorted((a, b) => Number(b.priority) - Number(a.priority) || a.startedAt - b.startedAt)

export const firstWaiting = (calls: readonly Call[]): Call | undefined => inAnsweringOrder(calls)[0]

/** The unit that this telephone number reaches, null if none does. */
export const unitWithNumber = ({ units }: Directory, number: string): Id | null =>
  Object.values(units).find(({ terminals }) =>
    terminals.some((terminal) => terminal.kind === 'sip' && terminal.number === number),
  )?.id ?? null
