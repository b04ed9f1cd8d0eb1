/** What the engine and main say to each other: what only Electron can do, and what the engine must be told. */
import * as z from 'zod'
import { basemapSchema } from './basemaps.ts'
import { mapFilePickSchema } from './engine.ts'
import { idSchema } from './primitives.ts'
import { refusalCodes } from './refusal.ts'
import { chooseScreenSchema, screensSchema } from './screens.ts'
import { seatPageSchema } from './seat-pages.ts'
import { layoutSchema, seatSettingsSchema, settingsChangeSchema } from './settings.ts'

/** Where the hub is. */
export const hubAddressSchema = z.object({
  url: z.url({ protocol: /^wss?$/ }),
  embedded: z.boolean(),
  /** PEM certificates to trust besides the system's. */
  ca: z.string().optional(),
})
export type HubAddress = z.infer<typeof hubAddressSchema>

/** Main to engine. A `seat` message brings that page's MessagePort with it. */
export const tellingSchema = z.discriminatedUnion('tell', [
  z.object({
    tell: z.literal('configure'),
    /** Where the engine may keep its own files. */
    folder: z.string(),
    settings: seatSettingsSchema,
    /** What the last engine left for the next, if one crashed. */
    ticket: z.string().nullable(),
  }),
  z.object({ tell: z.literal('hub'), hub: hubAddressSchema }),
  z.object({ tell: z.literal('hub-failed'), why: z.string() }),
  z.object({ tell: z.literal('settings'), settings: seatSettingsSchema }),
  z.object({ tell: z.literal('seat'), page: seatPageSchema }),
  z.object({ tell: z.literal('stop') }),
  z.object({ tell: z.literal('answer'), to: z.int(), value: z.unknown() }),
  z.object({
    tell: z.literal('refused'),
    to: z.int(),
    code: z.enum(refusalCodes),
    particulars: z.record(z.string(), z.union([z.string(), z.number()])),
  }),
])
export type Telling = z.infer<typeof tellingSchema>

/** How awake the machine must stay: not at all, running, or running with its screen on. */
const wakefulness = ['none', 'running', 'screen'] as const
export type Wakefulness = (typeof wakefulness)[number]

/** Each wish the engine has of main: what it brings and what comes back. */
export const wishes = {
  'settings.change': { input: settingsChangeSchema, output: z.void() },
  'layout.keep': {
    input: z.object({ account: idSchema, layout: layoutSchema.nullable() }),
    output: z.void(),
  },
  'map-file.add': { input: z.void(), output: mapFilePickSchema },
  'map-file.remove': { input: z.object({ basemap: idSchema }), output: z.void() },
  'tile-key.set': {
    input: z.object({ key: idSchema, secret: z.string().min(1).max(200) }),
    output: z.void(),
  },
  /** The seat's password of a telephone line, null if it has none yet. */
  'line-password.read': { input: z.object({ line: idSchema }), output: z.string().nullable() },
  'line-password.set': {
    input: z.object({ line: idSchema, password: z.string().min(1).max(200) }),
    output: z.void(),
  },
  /** The seat's password of a radio channel, null if it has none yet. */
  'channel-password.read': { input: z.object({ channel: idSchema }), output: z.string().nullable() },
  'channel-password.set': {
    input: z.object({ channel: idSchema, password: z.string().min(1).max(200) }),
    output: z.void(),
  },
  'screens.list': { input: z.void(), output: screensSchema },
  'screens.choose': { input: chooseScreenSchema, output: z.void() },
  /** The site's basemaps, so that main fetches tiles from these addresses and no others. */
  'basemaps.use': { input: z.array(basemapSchema), output: z.void() },
  /** Kept in memory and handed to the next engine. */
  'ticket.keep': { input: z.string().max(1000).nullable(), output: z.void() },
  'awake.keep': { input: z.enum(wakefulness), output: z.void() },
} as const
export type WishName = keyof typeof wishes
export type WishInput<K extends WishName> = z.infer<(typeof wishes)[K]['input']>
export type WishOutput<K extends WishName> = z.infer<(typeof wishes)[K]['output']>

/** Engine to main. */
export const wishSchema = z.object({
  wish: z.enum(Object.keys(wishes) as [WishName, ...WishName[]]),
  id: z.int(),
  input: z.unknown(),
})
export type Wish = z.infer<typeof wishSchema>
