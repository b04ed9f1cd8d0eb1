/** Position reports: what devices say over MQTT, and what a fix is once understood. */
import * as z from 'zod'
import { type Id, type Instant, idSchema, instantSchema, type Place, placeSchema } from './primitives.ts'

/** A position at a moment, as its device measured it. WGS-84. */
export interface Fix extends Place {
  /** When it was measured, by the device's clock. */
  readonly at: Instant
  /** Metres a second. */
  readonly speed?: number | undefined
  /** Degrees clockwise from true north, 0 up to 360. */
  readonly heading?: number | undefined
  /** Radius in metres that holds the true position with 68 %. */
  readonly accuracy?: number | undefined
  /** Per cent. */
  readonly battery?: number | undefined
}

/**
 * Our own report, on `wf/v1/{agency}/{unit}/position`.
 * `t` is milliseconds since the epoch; speed m/s; heading degrees; accuracy m; battery per cent.
 */
const ownReportSchema = z.object({
  t: instantSchema.min(1_000_000_000_000, 'milliseconds since the epoch'),
  ...placeSchema.shape,
  speed: z.number().min(0).max(650).optional(),
  heading: z.number().min(0).max(360).optional(),
  accuracy: z.number().min(0).max(100_000).optional(),
  battery: z.number().min(0).max(100).optional(),
})

/** OwnTracks `_type: location` (owntracks.org/booklet/tech/json): `tst` seconds, `vel` km/h, `cog` degrees, `acc` m. */
const ownTracksSchema = z.object({
  _type: z.literal('location'),
  tst: z.int().min(1_000_000_000).max(8_640_000_000_000),
  ...placeSchema.shape,
  vel: z.number().min(0).max(2300).optional(),
  cog: z.number().min(0).max(360).optional(),
  acc: z.number().min(0).max(100_000).optional(),
  batt: z.number().min(0).max(100).optional(),
})

/** Whose position a topic tells. */
export type Reporter =
  | { readonly kind: 'unit'; readonly agency: Id; readonly unit: Id }
  | { readonly kind: 'phone'; readonly topic: string }

export type Reading =
  | { readonly kind: 'fix'; readonly fix: Fix }
  /** A message of the protocol that is not a position. */
  | { readonly kind: 'other' }
  | { readonly kind: 'malformed'; readonly why: string }

/** The topics that carry positions, as MQTT filters. */
export const positionFilters = ['wf/v1/+/+/position', 'owntracks/+/+'] as const

export const unitTopic = (agency: Id, unit: Id): string => `wf/v1/${agency}/${unit}/position`

/** Whose position this topic tells, or undefined if it tells none. */
export function reporterOf(topic: string): Reporter | undefined {
  const levels = topic.split('/')
  const [first, second, third, fourth, fifth] = levels
  if (first === 'wf' && second === 'v1' && fifth === 'position' && levels.length === 5)
    return idSchema.safeParse(third).success && idSchema.safeParse(fourth).success
      ? { kind: 'unit', agency: third as Id, unit: fourth as Id }
      : undefined
  if (first === 'owntracks' && levels.length === 3) return { kind: 'phone', topic }
  return undefined
}

/** Characters. */
export const LONGEST_REPORT = 4096

/** Reads a message of at most 4 KiB. Never throws. */
export function readReport(reporter: Reporter, payload: string): Reading {
  if (payload.length > LONGEST_REPORT) return { kind: 'malformed', why: 'longer than 4 KiB' }
  let message: unknown
  try {
    message = JSON.parse(payload)
  } catch {
    return { kind: 'malformed', why: 'not JSON' }
  }
  return reporter.kind === 'unit' ? readOwn(message) : readOwnTracks(message)
}

function readOwn(message: unknown): Reading {
  const parsed = ownReportSchema.safeParse(message)
  if (!parsed.success) return { kind: 'malformed', why: explain(parsed.error) }
  const { t, heading, ...rest } = parsed.data
  return { kind: 'fix', fix: { ...rest, at: t, heading: heading === 360 ? 0 : heading } }
}

function readOwnTracks(message: unknown): Reading {
  if (isRecord(message) && typeof message._type === 'string' && message._type !== 'location')
    return message._type === 'encrypted'
      ? { kind: 'malformed', why: 'encrypted: switch payload encryption off in the app and use TLS' }
      : { kind: 'other' }
  const parsed = ownTracksSchema.safeParse(message)
  if (!parsed.success) return { kind: 'malformed', why: explain(parsed.error) }
  const { tst, lat, lon, vel, cog, acc, batt } = parsed.data
  const speed = vel === undefined ? undefined : vel / 3.6
  const heading = cog === 360 ? 0 : cog
  return { kind: 'fix', fix: { at: tst * 1000, lat, lon, speed, heading, accuracy: acc, battery: batt } }
}

const explain = (error: z.ZodError): string =>
  error.issues.map((issue) => `${issue.path.join('.') || 'message'}: ${issue.message}`).join('; ')

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Why a fix was not drawn. */
const doubts = ['implausible', 'from-the-future'] as const
export type Doubt = (typeof doubts)[number]

const fixSchema = z.object({
  at: instantSchema,
  ...placeSchema.shape,
  speed: z.number().optional(),
  heading: z.number().optional(),
  accuracy: z.number().optional(),
  battery: z.number().optional(),
})

/** What the card of a unit tells of its position. */
export const positionDetailSchema = z.object({
  fix: fixSchema.nullable(),
  /** When the hub received it. */
  receivedAt: instantSchema.nullable(),
  stale: z.boolean(),
  /** The latest fix that was flagged instead of drawn, if it came after `fix`. */
  doubted: z.object({ doubt: z.enum(doubts), fix: fixSchema }).nullable(),
})
export type PositionDetail = z.infer<typeof positionDetailSchema>

export const trackPointSchema = z.object({
  at: instantSchema,
  ...placeSchema.shape,
  speed: z.number().nullable(),
  heading: z.number().nullable(),
})
export type TrackPoint = z.infer<typeof trackPointSchema>
