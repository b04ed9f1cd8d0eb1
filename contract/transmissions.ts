/** Transmissions on a channel: which tell of the same one, and how the log of a channel is asked for. */
import * as z from 'zod'
import { idSchema, instantSchema } from './primitives.ts'
import { type Talker, type TransmissionRecord, transmissionRecordSchema } from './radio.ts'

/** Seats hear the same a little earlier and later, and that is nothing more to tell. */
const NO_NEWS_MS = 500

/**
 * Both told as one, if it is the same transmission, and undefined if it isn't. It is where two of the same talker
 * overlap on a channel, or of one who is not known: one at a time talks. Gives `known` itself back if `told` adds
 * nothing. Pure.
 */
export function mergedTransmission(
  known: TransmissionRecord,
  told: TransmissionRecord,
): TransmissionRecord | undefined {
  const overlap = told.startedAt <= known.endedAt && known.startedAt <= told.endedAt
  if (known.channel !== told.channel || !overlap) return undefined
  const [was, is] = [talkerName(known.talker), talkerName(told.talker)]
  if (was !== null && is !== null && was !== is) return undefined
  const better = told.direction === 'out' || (was === null && is !== null) ? told : known
  const incidents = [...new Set([...(known.incidents ?? []), ...(told.incidents ?? [])])]
  const merged: TransmissionRecord = {
    ...better,
    ...(incidents.length > 0 && { incidents }),
    id: known.id,
    direction: known.direction === 'out' ? 'out' : told.direction,
    emergency: known.emergency || told.emergency,
    startedAt: Math.min(known.startedAt, told.startedAt),
    endedAt: Math.max(known.endedAt, told.endedAt),
  }
  const news =
    merged.direction !== known.direction ||
    talkerName(merged.talker) !== was ||
    merged.emergency !== known.emergency ||
    incidents.length !== (known.incidents?.length ?? 0) ||
    known.startedAt - merged.startedAt > NO_NEWS_MS ||
    merged.endedAt - known.endedAt > NO_NEWS_MS
  return news ? merged : known
}

/** Who talks, as far as that is known: a seat by its account, a radio by its unit or else by what it is called. */
export const talkerName = ({ account, unit, radio }: Talker): string | null =>
  account !== null ? `account/${account}` : unit !== null ? `unit/${unit}` : radio

export const TRANSMISSIONS_A_PAGE = 50

/** Where a page ends and the next one begins. */
const transmissionPlaceSchema = z.strictObject({ startedAt: instantSchema, id: z.uuid() })

export const transmissionQuerySchema = z.strictObject({
  /** Null: all that the account sees. */
  channel: idSchema.nullable(),
  /** Part of a radio's id or callsign, or of a unit's or officer's name as it was then; '' for any. */
  text: z.string().trim().max(60),
  /** Begun at or after. */
  from: instantSchema.nullable(),
  /** Begun before. */
  to: instantSchema.nullable(),
  /** Older than this one only. */
  before: transmissionPlaceSchema.nullable(),
})
export type TransmissionQuery = z.infer<typeof transmissionQuerySchema>

export const transmissionPageSchema = z.object({
  transmissions: z.array(transmissionRecordSchema).max(TRANSMISSIONS_A_PAGE),
  /** Null: there are no older ones. */
  next: transmissionPlaceSchema.nullable(),
})
export type TransmissionPage = z.infer<typeof transmissionPageSchema>
