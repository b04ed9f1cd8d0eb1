/** Rooms and sources at a seat: the page speaks with the hub's SFU itself; what sets that up goes through the engine. */
import type { PeersPort } from './peers.ts'
import type { Reachable, RoomOutline, RoomsPort, RoomTelling } from './rooms.ts'
import type { SourceStatus, SourcesPort, SourcesTelling } from './sources.ts'

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
  }
  readonly sources: Here<SourcesPort, 'watch' | 'unwatch'> & {
    /** Null while the hub can't be reached. */
    watchStatus(signal: AbortSignal): AsyncIterable<readonly SourceStatus[] | null>
    attend(signal: AbortSignal): AsyncIterable<SourcesTelling>
  }
  readonly peers: Here<PeersPort, keyof PeersPort>
}
