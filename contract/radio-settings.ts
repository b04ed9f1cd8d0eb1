/** What a seat remembers about its radio: what each officer listens to, and which keys key what. */
import * as z from 'zod'
import { type Id, idSchema, lineSchema } from './primitives.ts'

const MOST_CHANNELS = 256
export const MOST_GROUPS = 32
export const MOST_HARDWARE_KEYS = 8
const channelsSchema = z.array(idSchema).max(MOST_CHANNELS)

/** Channels taken up together, under a name of the officer's own. */
const channelGroupSchema = z.strictObject({ name: lineSchema, channels: channelsSchema.min(1) })
export type ChannelGroup = z.infer<typeof channelGroupSchema>

/** Of the scanned channels one is heard at a time; where `priority` speaks it is heard instead. */
const scanSchema = z.strictObject({
  on: z.boolean(),
  channels: channelsSchema,
  priority: idSchema.nullable(),
})

const officersRadioSchema = z.strictObject({
  /** Channels that are not listened to. All others are that the officer may see, those to come too. */
  unmonitored: channelsSchema,
  /** What the one key keys, all at once. */
  selected: channelsSchema,
  /** Monitored, shown, and not heard. */
  muted: channelsSchema,
  /** Of full loudness, 0 to 1; a channel that is not named has full. */
  volumes: z.record(idSchema, z.number().min(0).max(1)),
  scan: scanSchema,
  groups: z.array(channelGroupSchema).max(MOST_GROUPS),
})
export type OfficersRadio = z.infer<typeof officersRadioSchema>

export const freshRadio: OfficersRadio = {
  unmonitored: [],
  selected: [],
  muted: [],
  volumes: {},
  scan: { on: false, channels: [], priority: null },
  groups: [],
}

/** By account. */
export const radioSettingsSchema = z.record(idSchema, officersRadioSchema)

export const functionKeys = [
  'F1',
  'F2',
  'F3',
  'F4',
  'F5',
  'F6',
  'F7',
  'F8',
  'F9',
  'F10',
  'F11',
  'F12',
] as const
export type FunctionKey = (typeof functionKeys)[number]

/** What a key keys: the selected channels, or always the same one. */
const keyedSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('selected') }),
  z.strictObject({ kind: z.literal('channel'), channel: idSchema }),
])
export type Keyed = z.infer<typeof keyedSchema>

/** What can be read of a serial port: clear to send, data set ready, carrier detected. */
export const serialLines = ['cts', 'dsr', 'dcd'] as const

const hardwareKeySchema = z.discriminatedUnion('kind', [
  /** A switch on an input line of a serial port (V.24: 106, 107, 109). */
  z.strictObject({
    kind: z.literal('serial'),
    /** `/dev/ttyUSB0`, `COM3`. */
    path: z.string().min(1).max(255),
    line: z.enum(serialLines),
    /** The state of the line while the key is down. */
    down: z.enum(['on', 'off']),
    keys: keyedSchema,
  }),
  /** A bit of a report of a USB device (HID 1.11, 5.6). */
  z.strictObject({
    kind: z.literal('hid'),
    vendor: z.int().min(0).max(0xffff),
    product: z.int().min(0).max(0xffff),
    /** Which report; 0 where the device numbers none. */
    report: z.int().min(0).max(255),
    /** Counted from the first after the report's number. */
    octet: z.int().min(0).max(63),
    /** 0 is the lowest. */
    bit: z.int().min(0).max(7),
    /** The state of the bit while the key is down. */
    down: z.enum(['on', 'off']),
    keys: keyedSchema,
  }),
])
export type HardwareKey = z.infer<typeof hardwareKeySchema>

export const pushToTalkSchema = z.strictObject({
  /** `hold`: talks while the key is down; `latch`: from one press to the next. Of the keys of the page. */
  mode: z.enum(['hold', 'latch']),
  /** The channel that each of these keys, if any. */
  functionKeys: z.partialRecord(z.enum(functionKeys), idSchema),
  hardware: z.array(hardwareKeySchema).max(MOST_HARDWARE_KEYS),
})
export type PushToTalk = z.infer<typeof pushToTalkSchema>

export const freshPushToTalk: PushToTalk = { mode: 'hold', functionKeys: {}, hardware: [] }

/** What an officer has set, or what holds before anything was. */
export const radioOf = (radio: Readonly<Record<Id, OfficersRadio>>, account: Id | null): OfficersRadio =>
  (account === null ? undefined : radio[account]) ?? freshRadio
