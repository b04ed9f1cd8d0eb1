/**
 * Telephones and radio channels in a room: the seat that has one carries its voice into the room, and the room's back,
 * over a protected stream of RTP between its engine and the hub.
 */
import * as z from 'zod'
import type { Track } from './peers.ts'
import { type Id, idSchema, type Name } from './primitives.ts'

/** What is carried: a call of the seat's own, or a channel that it is on. */
export const carriageSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('call'),
    call: z.uuid(),
    number: z.string().min(1).max(100),
    /** Whose number it is, if it is known. */
    unit: idSchema.nullable(),
  }),
  z.strictObject({ kind: z.literal('channel'), channel: idSchema }),
])
export type Carriage = z.infer<typeof carriageSchema>

/** The same call or channel, whatever else is known of it. */
export const sameCarriage = (one: Carriage, other: Carriage): boolean =>
  one.kind === 'call'
    ? other.kind === 'call' && one.call === other.call
    : other.kind === 'channel' && one.channel === other.channel

/** Master key and salt of SRTP with AES_CM_128_HMAC_SHA1_80 (RFC 3711), 30 octets in base64. */
const srtpKeySchema = z.base64().length(40)

export const carrySchema = z.strictObject({
  room: z.uuid(),
  what: carriageSchema,
  /** What the seat protects its packets with. */
  key: srtpKeySchema,
})

/** Asked by whoever is in the room: they press its key, or let go. Pressed again every second as long as it is down. */
export const keyCarriedSchema = z.strictObject({ peer: z.uuid(), carried: z.uuid(), down: z.boolean() })
/** Told by the seat that carries it: whether what the room says goes out on the channel just now. */
export const onAirSchema = z.strictObject({ room: z.uuid(), carried: z.uuid(), onAir: z.boolean() })

/** A voice that comes to the seat, by the source of its packets. */
export interface CarriedStream {
  readonly ssrc: number
  readonly codec: 'opus' | 'PCMA' | 'PCMU'
  readonly payloadType: number
}

/** What the seat that carries is told, from the first on. */
export type CarryTelling =
  | {
      readonly kind: 'carried'
      readonly carried: string
      /** Where its packets go, and the room's come from. */
      readonly host: string
      readonly port: number
      /** What the hub protects its packets with. */
      readonly key: string
      /** What its packets are numbered as: Opus. */
      readonly ssrc: number
      readonly payloadType: number
    }
  | { readonly kind: 'streams'; readonly streams: readonly CarriedStream[] }
  /** Somebody in the room holds the key, or nobody does. */
  | { readonly kind: 'key'; readonly down: boolean }
  | { readonly kind: 'over'; readonly how: CarriedEnd | 'moved' | 'ended' }

/**
 * `removed`: by the chair or whoever brought it; `left`: the seat carries it no more; `not-allowed`: the officer may
 * not any more.
 */
export const carriedEnds = ['removed', 'left', 'not-allowed', 'hub-stopped'] as const
export type CarriedEnd = (typeof carriedEnds)[number]

/** As those in the room see it. */
export interface SceneCarried {
  readonly id: string
  /** Who carries it. */
  readonly by: Id
  readonly kind: Carriage['kind']
  /** The call's, or the channel's. */
  readonly ref: string
  readonly name: Name
  readonly muted: boolean
  readonly tracks: readonly Track[]
  /** Who holds its key; null: nobody. Of a channel. */
  readonly keyedBy: Id | null
  /** What the room says goes out on the channel just now. */
  readonly onAir: boolean
}
