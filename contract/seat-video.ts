/** Rooms and sources at a seat: the page speaks with the hub's SFU itself; what sets that up goes through the engine. */
import * as z from 'zod'
import type { PeersPort } from './peers.ts'
import { idSchema } from './primitives.ts'
import type { Reachable, RoomOutline, RoomsPort, RoomTelling } from './rooms.ts'
import type { SeatPage } from './seat-pages.ts'
import type { SourceStatus, SourcesPort, SourcesTelling } from './sources.ts'

/** A call or a channel of this seat. */
const ownCarriageSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('call'), call: z.uuid() }),
  z.strictObject({ kind: z.literal('channel'), channel: idSchema }),
])
export type OwnCarriage = z.infer<typeof ownCarriageSchema>
export const carryHereSchema = z.strictObject({ room: z.uuid(), what: ownCarriageSchema })

/** What the hub's port asks of whoever has a session, asked by the page of this seat. */
type AskedHere<F> = F extends (session: never, asked: infer A) => infer R
  ? (asked: A) => Promise<Awaited<R>>
  : never
type Here<Port, Names extends keyof Port> = { readonly [K in Names]: AskedHere<Port[K]> }

/** Streams of attendance end when the hub can't be reached any more; the page attends again when it is back. */
export interface VideoPort {
  readonly rooms: Here<RoomsPort, 'request' | 'raiseHand'> & {
    /** Null while the hub can't be reached. */
    watch(signal: AbortSignal): AsyncIterable<readonly RoomOutline[] | null>
    reachable(): Promise<readonly Reachable[]>
    attend(asked: { readonly room: string }, signal: AbortSignal): AsyncIterable<RoomTelling>
    /**
     * Carries a call or a channel of this seat into the room, and the room to it, until the one or the other is over.
     * Resolves once it is there, rejects with a `Refusal` where it can't be. What breaks on the way is brought back.
     */
    carry(asked: { readonly room: string; readonly what: OwnCarriage }): Promise<void>
    keyCarried: AskedHere<RoomsPort['keyCarried']>
    /** The officer has left the room, and what was carried with them. */
    stopCarrying(): Promise<void>
  }
  readonly sources: Here<SourcesPort, 'watch' | 'unwatch' | 'steer' | 'presets'> & {
    /** Null while the hub can't be reached. */
    watchStatus(signal: AbortSignal): AsyncIterable<readonly SourceStatus[] | null>
    attend(asked: { readonly page: SeatPage }, signal: AbortSignal): AsyncIterable<SourcesTelling>
  }
  readonly peers: Here<PeersPort, keyof PeersPort>
}
