/** The small values everything else is made of. */
import * as z from 'zod'

/** Milliseconds since the epoch. */
export type Instant = number
export const instantSchema = z.int().min(0).max(8_640_000_000_000_000)

/** Whether a record may have this as a key: every object answers to the rest, as to "constructor". */
export const isRecordKey = (name: string): boolean => !(name in Object.prototype)

/** A name that machines use: lower-case letters, digits and hyphens, 1 to 63 characters. */
export const idSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'an id: lower-case letters, digits and hyphens, at most 63')
  .refine(isRecordKey, 'a name that is not reserved')
export type Id = z.infer<typeof idSchema>

/** Text a person wrote, one line: 1 to 120 characters, no control characters. */
export const lineSchema = z
  .string()
  .trim()
  .min(1)
  .max(120)
  .refine((text) => !/\p{Cc}/u.test(text), 'one line of text without control characters')

/** A name shown to people, in both languages of the console. */
export const nameSchema = z.strictObject({ zh: lineSchema, en: lineSchema })
export type Name = z.infer<typeof nameSchema>

/** A host name or an IPv4 address. */
export const hostSchema = z
  .string()
  .max(253)
  .regex(/^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$/, 'a host name or an IPv4 address')

/** WGS-84 degrees. */
export const placeSchema = z.strictObject({
  lat: z.number().min(-90).max(90),
  lon: z.number().min(-180).max(180),
})
export type Place = z.infer<typeof placeSchema>

const EARTH_RADIUS_M = 6_371_008.8

/** Great-circle distance in metres (haversine on the mean sphere; within 0.6 % of the ellipsoid). */
export function metresBetween(a: Place, b: Place): number {
  const rad = Math.PI / 180
  const dLat = (b.lat - a.lat) * rad
  const dLon = (b.lon - a.lon) * rad
  const h = Math.sin(dLat / 2) ** 2 + Math.cos(a.lat * rad) * Math.cos(b.lat * rad) * Math.sin(dLon / 2) ** 2
  return 2 * EARTH_RADIUS_M * Math.asin(Math.min(1, Math.sqrt(h)))
}
