/** What a site is called and how its map looks. */
import * as z from 'zod'
import { basemapSchema } from './basemaps.ts'
import { deadlinesSchema } from './deadlines.ts'
import { idSchema, nameSchema, placeSchema } from './primitives.ts'
import { exchangeSchema } from './telephony.ts'

export const siteInfoSchema = z.strictObject({
  id: idSchema,
  name: nameSchema,
  /** Where the map opens. */
  centre: placeSchema,
  zoom: z.number().min(1).max(20),
  /** A site for demonstration and exercise: its accounts and passwords are public. */
  demo: z.boolean(),
  basemaps: z.array(basemapSchema).max(16),
  /** Officers are told that somebody listens to their call; that somebody whispers or barges in they always are. */
  tellsOfListening: z.boolean().optional(),
  /** By when steps of incidents and tasks are due, where it is not as usual. */
  deadlines: deadlinesSchema.optional(),
  exchanges: z.array(exchangeSchema).max(8).default([]),
})
export type SiteInfo = z.infer<typeof siteInfoSchema>

export const siteEvents = { 'site.put': siteInfoSchema } as const
