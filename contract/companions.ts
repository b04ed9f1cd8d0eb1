/** What main and the processes beside the engine say to each other: the embedded hub and the lab. */
import * as z from 'zod'

const listenSchema = z.object({ host: z.string(), port: z.int() })

/** Main to the embedded hub. */
export const hubTellingSchema = z.discriminatedUnion('tell', [
  z.object({
    tell: z.literal('start'),
    /** Where it keeps its data. */
    folder: z.string(),
    siteFile: z.string(),
    /** A demonstration site follows its file; any other only begins with it. */
    siteImport: z.enum(['if-empty', 'if-changed']),
  }),
  z.object({ tell: z.literal('stop') }),
])
export type HubTelling = z.infer<typeof hubTellingSchema>

/** The embedded hub to main. */
export const hubSayingSchema = z.discriminatedUnion('say', [
  z.object({ say: z.literal('listening'), url: z.string(), mqtt: listenSchema }),
  z.object({ say: z.literal('failed'), why: z.string() }),
])
export type HubSaying = z.infer<typeof hubSayingSchema>

/** Main to the lab. */
export const labTellingSchema = z.discriminatedUnion('tell', [
  z.object({
    tell: z.literal('start'),
    hub: z.string(),
    mqtt: listenSchema,
    siteFile: z.string(),
    resources: z.string(),
    /** How much faster than life everything moves. */
    speed: z.number().min(0.1).max(10),
  }),
  z.object({ tell: z.literal('stop') }),
])
export type LabTelling = z.infer<typeof labTellingSchema>
