/** A source as it comes to those who watch it, and what the sources' side offers to rooms. */
import type { Producer } from 'mediasoup/types'
import { mediaOf, type Track, type TrackKind } from '../../contract/peers.ts'
import type { Id } from '../../contract/primitives.ts'
import type { Place } from '../sfu/sfu.ts'

/** A track as it comes to a place. */
export interface ShownTrack {
  readonly track: TrackKind
  readonly producer: Producer
}

export interface Showing {
  /**
   * Keeps the source coming to this place, and calls `listener` with what there is of it, now and as it changes; with
   * nothing while it is not up. Whoever calls answers for that it may be shown. Returns its own undoing.
   */
  bring(source: Id, to: Place, listener: (tracks: readonly ShownTrack[]) => void): () => void
}

export const trackOf = ({ track, producer }: ShownTrack): Track => ({
  producer: producer.id,
  kind: mediaOf[track],
  track,
  paused: producer.paused,
})
