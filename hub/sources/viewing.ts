/** A page that watches sources, and what of them comes to it. */
import type { Producer } from 'mediasoup/types'
import type { SeatSession } from '../../contract/hub.ts'
import { Inbox } from '../../contract/inbox.ts'
import type { Id } from '../../contract/primitives.ts'
import { Refusal } from '../../contract/refusal.ts'
import type { SourcesTelling, WatchEnd } from '../../contract/sources.ts'
import { openPeer, type Peer } from '../sfu/peer.ts'
import type { Peers } from '../sfu/peers.ts'
import type { Place } from '../sfu/sfu.ts'
import { capabilitiesOf } from '../sfu/wire.ts'
import { type ShownTrack, trackOf } from './showing.ts'

/** A wall, and some. */
const MOST_WATCHED = 64
/** Whoever leaves so many tellings unread has to attend again. */
const MOST_UNREAD = 500

export interface ViewingOptions {
  readonly session: SeatSession
  readonly place: Place
  readonly peers: Peers
  /** Keeps the source coming to this place. Returns its own undoing. */
  bring(source: Id, to: Place, listener: (tracks: readonly ShownTrack[]) => void): () => void
  /** Somebody has watched it, and does not any more. `id`: what it was journalled as. */
  onLeft(id: string, source: Id, how: WatchEnd): void
}

export interface Viewing {
  readonly session: SeatSession
  readonly peer: Peer
  readonly tellings: Inbox<SourcesTelling>
  readonly sources: Iterable<Id>
  /** `id`: what it is journalled as. */
  watch(source: Id, id: string): void
  watches(source: Id): boolean
  /** What is said to the page is that it has ended so; to a page that ended it itself nothing is said. */
  unwatch(source: Id, how: WatchEnd): void
  /** Nothing comes any more; the page is told why if it is still there. */
  close(how: WatchEnd, telling?: SourcesTelling): void
}

interface WatchedHere {
  readonly id: string
  tracks: readonly ShownTrack[]
  stop(): void
}

export function openViewing({ session, place, peers, bring, onLeft }: ViewingOptions): Viewing {
  const tellings = new Inbox<SourcesTelling>()
  const watched = new Map<Id, WatchedHere>()
  let closed = false

  const find = (id: string): Producer | undefined => {
    for (const { tracks } of watched.values())
      for (const { producer } of tracks) if (producer.id === id) return producer
    return undefined
  }
  const tell = (telling: SourcesTelling) => {
    if (closed) return
    if (tellings.length < MOST_UNREAD) tellings.push(telling)
    else close('seat-gone', { kind: 'over', how: 'moved' })
  }
  const peer = openPeer({ session, place, find, tell, sending: undefined })
  const tellWatched = () =>
    tell({
      kind: 'watched',
      sources: [...watched].map(([source, { tracks }]) => ({ source, tracks: tracks.map(trackOf) })),
    })
  const drop = (source: Id, how: WatchEnd) => {
    const here = watched.get(source)
    if (here === undefined) return
    watched.delete(source)
    here.stop()
    onLeft(here.id, source, how)
  }

  function close(how: WatchEnd, telling?: SourcesTelling): void {
    if (closed) return
    closed = true
    for (const source of [...watched.keys()]) drop(source, how)
    peers.remove(peer)
    if (telling !== undefined) tellings.replace(telling)
  }

  peers.add(peer)
  tellings.push({
    kind: 'attending',
    peer: peer.id,
    rtpCapabilities: capabilitiesOf(place.router.rtpCapabilities),
  })
  return {
    session,
    peer,
    tellings,
    get sources() {
      return [...watched.keys()]
    },
    watches: (source) => watched.has(source),
    watch: (source, id) => {
      if (closed || watched.size >= MOST_WATCHED) throw new Refusal('too-many')
      const here: WatchedHere = { id, tracks: [], stop: () => undefined }
      watched.set(source, here)
      tellWatched()
      here.stop = bring(source, place, (tracks) => {
        if (watched.get(source) !== here) return
        here.tracks = tracks
        tellWatched()
      })
    },
    unwatch: (source, how) => {
      drop(source, how)
      void peer.lookAgain()
      if (how !== 'ended') tell({ kind: 'watch-ended', source, how })
      tellWatched()
    },
    close,
  }
}
