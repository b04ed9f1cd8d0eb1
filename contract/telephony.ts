/** The telephone: exchanges, the lines that seats register at them, and calls. */
import * as z from 'zod'
import type { Directory } from './directory.ts'
import { hostSchema, type Id, type Instant, idSchema, instantSchema, nameSchema } from './primitives.ts'

/** RFC 3261 section 18, RFC 7118. */
const sipTransports = ['udp', 'tcp', 'tls', 'ws', 'wss'] as const

/** Where an exchange takes registrations and calls. */
const exchangeServerSchema = z.strictObject({
  transport: z.enum(sipTransports),
  host: hostSchema,
  /** Left out: where the DNS says that its service is (RFC 3263, 4.2), or the usual one. */
  port: z.int().min(1).max(65_535).optional(),
})
export type ExchangeServer = z.infer<typeof exchangeServerSchema>

export const exchangeSchema = z.strictObject({
  id: idSchema,
  name: nameSchema,
  /** What stands behind the @ of its numbers. */
  domain: hostSchema,
  /** The primary first, then its standbys; none: out of service. */
  servers: z.array(exchangeServerSchema).max(4),
  /**
   * Sound is protected (SRTP) or there is none, with keys in the description (RFC 4568) or by DTLS (RFC 5763); otherwise
   * it is where the exchange offers it.
   */
  srtp: z.union([z.boolean(), z.literal('dtls')]).optional(),
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
  /** Calls on it come before others in the queue, and ring through do-not-disturb. */
  priority: z.boolean().optional(),
  /** A hotline: its calls are answered by themselves while the officer talks to nobody else. */
  autoAnswer: z.boolean().optional(),
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
  'forwarded',
  'not-disturbed',
  'media',
  'lost',
  'failed',
] as const
export type CallEnd = (typeof callEnds)[number]

/** Nobody was reached there, and may be at another number; whoever declines was reached. */
const unreached: readonly CallEnd[] = ['busy', 'no-answer', 'not-found', 'not-disturbed', 'media', 'failed']
export const isUnreached = (end: CallEnd): boolean => unreached.includes(end)

/**
 * `dialling`: nothing heard yet; `ringing`: at the other side; `waiting`: ringing here; `holding`: asked for,
 * not yet confirmed, so that the other side may still hear us.
 */
export const callStates = ['dialling', 'ringing', 'waiting', 'talking', 'holding', 'held', 'ended'] as const
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
  /** The group call that it belongs to; its conference is then of the same id. */
  group: z.uuid().nullable(),
  /** The others of its conference hear it. */
  heard: z.boolean(),
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
  /** The group call that it belonged to. */
  group: z.uuid().optional(),
  /** The incident that it was made for. */
  incident: idSchema.optional(),
})

/**
 * `group`: all are rung at once into one conversation; `broadcast`: the same, but the called only listen;
 * `roll-call`: one after another, to see who answers.
 */
export const groupCallKinds = ['group', 'broadcast', 'roll-call'] as const
export type GroupCallKind = (typeof groupCallKinds)[number]

export const MOST_PARTIES = 64

/** `waiting`: its turn has not come; `over`: it does not ring and is not in, see `answeredAt` and `end`. */
const partyStates = ['waiting', 'calling', 'ringing', 'in', 'over'] as const

const groupPartySchema = z.object({
  /** No two of a group call have the same. */
  number: z.string(),
  unit: idSchema.nullable(),
  state: z.enum(partyStates),
  /** Its call, of the present or the last attempt. */
  call: z.uuid().nullable(),
  /** When it answered first. */
  answeredAt: instantSchema.nullable(),
  /** How the last attempt ended; null while there is none, or while one is under way. */
  end: z.enum(callEnds).nullable(),
  /** The others hear it. */
  heard: z.boolean(),
  /** Numbers of the same unit that are tried if this one can't be reached, in the unit's order. */
  further: z.array(z.string()),
})
export type GroupParty = z.infer<typeof groupPartySchema>

export interface GroupCall {
  readonly id: string
  readonly kind: GroupCallKind
  /** Of a roll-call: whoever has answered stays in when the next is called. */
  readonly stay: boolean
  /** Of a roll-call: it has become a conference of those who answered. */
  readonly gathered: boolean
  readonly startedAt: Instant
  /** It is over: nobody is in it, nobody rings and nobody waits. */
  readonly endedAt: Instant | null
  readonly parties: readonly GroupParty[]
}

/** What the journal keeps of a group call that is over; a later record of the same id has more to tell. */
export const groupCallRecordSchema = z.strictObject({
  id: z.uuid(),
  account: idSchema,
  kind: z.enum(groupCallKinds),
  startedAt: instantSchema,
  endedAt: instantSchema,
  incident: idSchema.optional(),
  parties: z
    .array(
      z.strictObject({
        ...groupPartySchema.pick({ unit: true, answeredAt: true, end: true }).shape,
        number: z.string().max(200),
      }),
    )
    .max(MOST_PARTIES),
})

export const telephoneEvents = {
  'call.recorded': callRecordSchema,
  'group-call.recorded': groupCallRecordSchema,
} as const

/** Where calls that nobody answers here go instead. */
export const forwardingSchema = z.strictObject({
  to: numberSchema,
  /** How long they ring here first, s. */
  afterS: z.int().min(5).max(120),
})
export type Forwarding = z.infer<typeof forwardingSchema>

/** What happens with calls that come in. It ends when the officer leaves, so that nobody inherits it unawares. */
export interface Reception {
  /** Nothing rings but priority lines. */
  readonly doNotDisturb: boolean
  readonly forwarding: Forwarding | null
}

export const untouchedReception: Reception = { doNotDisturb: false, forwarding: null }

/** The whole telephone of a seat, as its console shows it. Ended calls last first. */
export interface Telephone {
  readonly lines: readonly LineStatus[]
  readonly calls: readonly Call[]
  readonly history: readonly Call[]
  readonly groups: readonly GroupCall[]
  readonly reception: Reception
}

export const noTelephone: Telephone = {
  lines: [],
  calls: [],
  history: [],
  groups: [],
  reception: untouchedReception,
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
