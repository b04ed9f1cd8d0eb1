/** The calls that were, as the hub finds them in the journal: asked for page by page, the newest first. */
import * as z from 'zod'
import { centre, type Grant, may } from './permissions.ts'
import { type Instant, instantSchema } from './primitives.ts'
import { type CallEnd, callRecordSchema } from './telephony.ts'

export const CALLS_A_PAGE = 30

/** Where a page ends and the next one begins. */
const callPlaceSchema = z.strictObject({ startedAt: instantSchema, id: z.uuid() })
export type CallPlace = z.infer<typeof callPlaceSchema>

export const callQuerySchema = z.strictObject({
  /** `all`: of every account, which `mayReadAllCalls` allows. */
  whose: z.enum(['own', 'all']),
  /** Part of a number, or of a unit's name in either language as it was when the call ended; '' for any. */
  text: z.string().trim().max(60),
  /** `missed`: came in, and nobody answered. */
  which: z.enum(['any', 'in', 'out', 'missed']),
  /** Begun at or after. */
  from: instantSchema.nullable(),
  /** Begun before. */
  to: instantSchema.nullable(),
  /** Older than this one only. */
  before: callPlaceSchema.nullable(),
})
export type CallQuery = z.infer<typeof callQuerySchema>

export const callPageSchema = z.object({
  calls: z.array(callRecordSchema).max(CALLS_A_PAGE),
  /** Null: there are no older ones. */
  next: callPlaceSchema.nullable(),
})
export type CallPage = z.infer<typeof callPageSchema>

interface EndedCall {
  readonly direction: 'in' | 'out'
  readonly answeredAt: Instant | null
  readonly end: CallEnd | undefined
}

/** Somebody called, and has not been talked to here or anywhere else, nor turned away by the officer. */
export const isMissed = ({ direction, answeredAt, end }: EndedCall): boolean =>
  direction === 'in' &&
  answeredAt === null &&
  end !== 'elsewhere' &&
  end !== 'declined' &&
  end !== 'forwarded'

/** Whoever may take the whole centre's records out may read everybody's calls. */
export const mayReadAllCalls = (grants: readonly Grant[], now: Instant): boolean =>
  may(grants, 'export', centre, now)
