/** What a seat remembers about itself, on its own disk. */
import * as z from 'zod'
import { basemapSchema } from './basemaps.ts'
import { favouriteSchema, MOST_FAVOURITES } from './favourites.ts'
import { idSchema, lineSchema } from './primitives.ts'
import { freshPushToTalk, pushToTalkSchema, radioSettingsSchema } from './radio-settings.ts'
import { wallSchema, wallWindowSchema } from './wall.ts'

const languages = ['zh', 'en'] as const
export type Language = (typeof languages)[number]
const themes = ['dark', 'light'] as const
export type Theme = (typeof themes)[number]

/** A dock layout as the layout library wrote it: any JSON of at most 64 KiB. */
const layoutSchema = z
  .json()
  .refine((layout) => JSON.stringify(layout).length <= 65_536, 'a layout of at most 64 KiB')

export const MOST_MAP_FILES = 16

/** Points at a file on this seat's disk; the renderer sees the name, never the path. */
const mapFileSchema = z.object({ basemap: basemapSchema, file: z.string().max(255) })
export type MapFile = z.infer<typeof mapFileSchema>

/** A device as the system names it: the id may be another when it is plugged in again, the label stays. */
const audioDeviceSchema = z.strictObject({ id: z.string().min(1).max(512), label: z.string().max(512) })
export type AudioDevice = z.infer<typeof audioDeviceSchema>

/** What is heard where: conversations, the ring, and conversations that are put on the loudspeaker. */
export type AudioRole = 'headset' | 'ring' | 'loudspeaker'

/** Null: the system's default device. */
const audioSettingsSchema = z.strictObject({
  microphone: audioDeviceSchema.nullable(),
  headset: audioDeviceSchema.nullable(),
  ring: audioDeviceSchema.nullable(),
  loudspeaker: audioDeviceSchema.nullable(),
  /** Of full loudness; never silent, for a call must be heard. */
  ringVolume: z.number().min(0.1).max(1),
  echoCancellation: z.boolean(),
  noiseSuppression: z.boolean(),
})
export type AudioSettings = z.infer<typeof audioSettingsSchema>

export const MOST_SAVED_SELECTIONS = 32

/** Units that an officer selects again and again, under a name of the officer's own. */
const savedSelectionSchema = z.strictObject({ name: lineSchema, units: z.array(idSchema).min(1).max(2_000) })
export type SavedSelection = z.infer<typeof savedSelectionSchema>

export const seatSettingsSchema = z.object({
  language: z.enum(languages),
  theme: z.enum(themes),
  /** Text and everything else, 0.8 to 1.5. */
  zoom: z.number().min(0.8).max(1.5),
  /** The chosen basemap, `schematic` for the one that is always there. */
  basemap: idSchema,
  /** Layers of the map that are switched off. */
  hiddenLayers: z.array(idSchema).max(32),
  /** The dock layout of each account that has sat here. */
  layouts: z.record(idSchema, layoutSchema),
  mapFiles: z.array(mapFileSchema).max(MOST_MAP_FILES),
  audio: audioSettingsSchema,
  /** Of each account that has sat here, in its order. */
  favourites: z.record(idSchema, z.array(favouriteSchema).max(MOST_FAVOURITES)),
  /** Of each account that has sat here. */
  selections: z.record(idSchema, z.array(savedSelectionSchema).max(MOST_SAVED_SELECTIONS)),
  /** Of each account that has sat here. */
  radio: radioSettingsSchema,
  pushToTalk: pushToTalkSchema,
  /** The video wall of each account that has sat here. */
  walls: z.record(idSchema, wallSchema),
  wallWindow: wallWindowSchema,
})
export type SeatSettings = z.infer<typeof seatSettingsSchema>

export const defaultSettings: SeatSettings = {
  language: 'zh',
  theme: 'dark',
  zoom: 1,
  basemap: 'schematic',
  hiddenLayers: [],
  layouts: {},
  mapFiles: [],
  audio: {
    microphone: null,
    headset: null,
    ring: null,
    loudspeaker: null,
    ringVolume: 0.5,
    echoCancellation: true,
    noiseSuppression: true,
  },
  favourites: {},
  selections: {},
  radio: {},
  pushToTalk: freshPushToTalk,
  walls: {},
  wallWindow: 'none',
}

/** What the renderer may change itself; files come in through a dialogue that main shows. */
export const settingsChangeSchema = seatSettingsSchema
  .omit({ mapFiles: true, layouts: true, audio: true, pushToTalk: true })
  .extend({ audio: audioSettingsSchema.partial(), pushToTalk: pushToTalkSchema.partial() })
  .partial()
export type SettingsChange = z.infer<typeof settingsChangeSchema>
export { layoutSchema }

/** What the settings are after a change. Pure. */
export function withChange(
  seat: SeatSettings,
  {
    audio = {},
    favourites = {},
    selections = {},
    radio = {},
    pushToTalk = {},
    walls = {},
    ...change
  }: SettingsChange,
): SeatSettings {
  return {
    ...seat,
    ...withoutUndefined(change),
    audio: { ...seat.audio, ...withoutUndefined(audio) },
    favourites: { ...seat.favourites, ...favourites },
    selections: { ...seat.selections, ...selections },
    radio: { ...seat.radio, ...radio },
    pushToTalk: { ...seat.pushToTalk, ...withoutUndefined(pushToTalk) },
    walls: { ...seat.walls, ...walls },
  }
}

/** A change says what it changes; a key that is there but undefined changes nothing. */
function withoutUndefined<T extends object>(change: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const changed = Object.entries(change).filter(([, value]) => value !== undefined)
  return Object.fromEntries(changed) as { [K in keyof T]: Exclude<T[K], undefined> }
}
