/**
 * The floor, asked of the hub: the seat's end. The words are those of 3GPP TS 24.380. The hub knows the seat by its
 * session; each press of a key is a turn of its own, so that an answer to one before is not taken for an answer to it.
 */
import type { ChannelPatch } from '../../../contract/floor-service.ts'
import type { Id } from '../../../contract/primitives.ts'
import type { Talker } from '../../../contract/radio.ts'
import type { Watched } from '../../../contract/watched.ts'

export type FloorNotice =
  /** Of this seat's own turns. A queued one may be granted later, while it was not released. */
  | { readonly kind: 'granted'; readonly channel: Id; readonly turn: string }
  /** `place`: 0 is next. Told again when it changes. */
  | { readonly kind: 'queued'; readonly channel: Id; readonly turn: string; readonly place: number }
  | {
      readonly kind: 'denied'
      readonly channel: Id
      readonly turn: string
      readonly why: 'busy' | 'not-allowed'
    }
  /** The turn is over; it needs no release. */
  | {
      readonly kind: 'revoked'
      readonly channel: Id
      readonly turn: string
      readonly why: 'pre-empted' | 'time-out' | 'silent' | 'revoked'
    }
  /** Another seat talks. */
  | { readonly kind: 'taken'; readonly channel: Id; readonly by: Talker; readonly emergency: boolean }
  /** No other seat talks any more. */
  | { readonly kind: 'idle'; readonly channel: Id }
  /** All patches of other seats that join this channel. */
  | { readonly kind: 'patched'; readonly channel: Id; readonly patches: readonly ChannelPatch[] }

export interface FloorLink {
  /** Whether the hub can be asked now. When it no longer can, all turns are forgotten and all floors are idle. */
  readonly reachable: Watched<boolean>
  /** Answered by a notice. `turn`: a new UUID. */
  request(channel: Id, turn: string, emergency: boolean): void
  /** The key came up, or was cut: granted, queued or not answered yet. */
  release(channel: Id, turn: string): void
  /** Voice of the turn goes out; told at most once a second, so that the hub sees it alive. */
  talking(channel: Id, turn: string): void
  /** A radio is heard on the channel, which asks nobody for the floor; null: no more. */
  heard(channel: Id, talker: Talker | null): void
  /** Tells again who else talks on the channel and patches it, if anybody does. */
  recall(channel: Id): void
  /** Returns its own undoing. */
  onNotice(listener: (notice: FloorNotice) => void): () => void
}
