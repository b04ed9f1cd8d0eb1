/** The radio of a seat as its console uses it. What is monitored and selected is in the seat's settings. */
import * as z from 'zod'
import type { ChannelPatch } from './floor-service.ts'
import { type Id, type Instant, idSchema } from './primitives.ts'
import type { Talker } from './radio.ts'

const linkStates = ['up', 'connecting', 'down', 'no-password'] as const

/** What is wrong with a link where more is known than the network says. */
export const linkFaults = [
  'no-callsign',
  'no-password',
  'access-denied',
  'no-packets',
  'no-talkgroups',
  'no-opus',
  'other-protocol',
  'no-reflector',
] as const
export type LinkFault = (typeof linkFaults)[number]

/** How the seat's connection to a channel does. */
export interface ChannelLink {
  readonly state: (typeof linkStates)[number]
  readonly since: Instant
  /** Of `connecting` and `down`: what is wrong; one of `linkFaults`, or as the network or a gateway says it. */
  readonly why: string | null
}

/** What is heard on a channel just now. */
export type Reception =
  | { readonly squelch: 'closed' }
  | {
      readonly squelch: 'open'
      readonly since: Instant
      readonly talker: Talker
      readonly emergency: boolean
      /** 0 to 1, where the channel tells. */
      readonly signal: number | null
    }

const refusalsToTalk = ['busy', 'denied', 'not-allowed', 'no-link', 'no-floor-answer'] as const
const cuts = ['time-out', 'pre-empted', 'revoked', 'link-lost', 'stuck-key', 'key-lost'] as const

/** What this seat says on a channel. */
export type Transmission =
  | { readonly state: 'idle' }
  /** The key is down, and nothing goes out yet. */
  | { readonly state: 'asking'; readonly since: Instant }
  | { readonly state: 'queued'; readonly since: Instant; readonly place: number }
  | {
      readonly state: 'talking'
      readonly since: Instant
      /** When the time-out timer cuts it. */
      readonly until: Instant
      /** The officer has been warned that it is about to. */
      readonly ending: boolean
      readonly emergency: boolean
    }
  /** The key is still down, and nothing goes out any more; or it has just come up. */
  | { readonly state: 'refused'; readonly at: Instant; readonly why: (typeof refusalsToTalk)[number] }
  | { readonly state: 'cut'; readonly at: Instant; readonly why: (typeof cuts)[number] }

/** Who says who may talk: the hub, between seats; or the channel alone, its own arbitration or a busy carrier. */
export type FloorKeeper = 'hub' | 'channel'

export interface SeatChannel {
  readonly id: Id
  readonly link: ChannelLink
  readonly reception: Reception
  readonly transmission: Transmission
  readonly floor: FloorKeeper
  /** Another seat has the floor, as the hub says. */
  readonly taken: { readonly by: Talker; readonly emergency: boolean } | null
  /** Patches of other seats that join it to others. */
  readonly patched: readonly ChannelPatch[]
  /** What is said goes to the officer's ear: not while a scan rests on another channel. */
  readonly heard: boolean
  /** The last that was heard, once it is over. */
  readonly lastHeard: { readonly talker: Talker; readonly at: Instant; readonly ms: number } | null
  /** The driver can do these to a radio on the channel. */
  readonly acts: readonly RadioAct[]
}

export const radioActs = ['check', 'inhibit', 'uninhibit'] as const
export type RadioAct = (typeof radioActs)[number]

/** `loop`: calls have conferred, and somebody would have heard himself. */
export const patchEndings = [
  'officer',
  'channel-gone',
  'call-over',
  'not-allowed',
  'loop',
  'signed-out',
  'engine-lost',
] as const

/** What a patch joins: a channel, or a call with whoever is in its conference. */
export const patchEndSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('channel'), channel: idSchema }),
  z.strictObject({ kind: z.literal('call'), call: z.uuid() }),
])
export type PatchEnd = z.infer<typeof patchEndSchema>

/** Channels and calls that hear one another through this seat. */
export interface Patch {
  readonly id: string
  readonly ends: readonly PatchEnd[]
  readonly since: Instant
}

/** A patch that came to its end otherwise than by the officer. */
export interface UndonePatch {
  readonly id: string
  readonly ends: readonly PatchEnd[]
  readonly at: Instant
  readonly why: (typeof patchEndings)[number]
}

/** The whole radio of a seat: the channels that it monitors, in the site's order. */
export interface Radio {
  readonly channels: readonly SeatChannel[]
  readonly patches: readonly Patch[]
  /** Those of this shift that the officer did not undo, newest last. */
  readonly undone: readonly UndonePatch[]
}

export const noRadio: Radio = { channels: [], patches: [], undone: [] }

/** Sent to the air as if somebody talked. */
export const alertTones = ['attention', 'all-clear', 'warble'] as const
export type AlertTone = (typeof alertTones)[number]

/** `channels`: null for the selected ones. */
export const talkSchema = z.strictObject({
  channels: z.array(idSchema).min(1).max(32).nullable(),
  emergency: z.boolean(),
})
export type Talk = z.infer<typeof talkSchema>

/** By channel: how loud it has been lately, dBov (RFC 6464). */
export type ChannelLevels = Readonly<Record<Id, number>>

/** The radio behind the engine contract. Methods reject with a `Refusal` for what is expected to go wrong. */
export interface RadioPort {
  watch(signal: AbortSignal): AsyncIterable<Radio>
  /** A key that is down until the stream ends, however it ends. Yields what goes wrong only through `watch`. */
  talk(what: Talk, signal: AbortSignal): AsyncIterable<void>
  watchLevels(signal: AbortSignal): AsyncIterable<ChannelLevels>
  sendTone(channel: Id, tone: AlertTone): Promise<void>
  patch(ends: readonly PatchEnd[]): Promise<string>
  unpatch(patch: string): Promise<void>
  /** `reason`: to silence a radio, or to let it talk again, needs one. */
  act(channel: Id, act: RadioAct, radio: string, reason: string | null): Promise<void>
  setChannelPassword(channel: Id, password: string): Promise<void>
}
