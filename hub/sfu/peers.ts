/** The pages that are at the SFU now, and what each may ask of it: of itself only. */

import type { SeatSession } from '../../contract/hub.ts'
import type { PeersPort } from '../../contract/peers.ts'
import { Refusal } from '../../contract/refusal.ts'
import type { Peer } from './peer.ts'

export interface Peers {
  readonly port: PeersPort
  add(peer: Peer): void
  /** Ends what it sends and receives. */
  remove(peer: Peer): void
  /** The peer of this id, if it is this session's. Throws a `Refusal`. */
  of(session: SeatSession, id: string): Peer
}

export function openPeers(): Peers {
  const peers = new Map<string, Peer>()
  const of = (session: SeatSession, id: string): Peer => {
    const peer = peers.get(id)
    if (peer?.session.id !== session.id) throw new Refusal('not-found', { what: 'peer', id })
    return peer
  }
  return {
    add: (peer) => void peers.set(peer.id, peer),
    remove: (peer) => {
      peers.delete(peer.id)
      peer.close()
    },
    of,
    port: {
      openTransport: (session, { peer, direction }) => of(session, peer).openTransport(direction),
      connectTransport: (session, { peer, transport, dtlsParameters }) =>
        of(session, peer).connect(transport, dtlsParameters),
      restartIce: (session, { peer, transport }) => of(session, peer).restartIce(transport),
      produce: async (session, { peer, transport, track, rtpParameters }) => ({
        producer: await of(session, peer).produce(transport, track, rtpParameters),
      }),
      pauseProducer: (session, { peer, producer, paused }) =>
        of(session, peer).pauseProducer(producer, paused),
      closeProducer: (session, { peer, producer }) => of(session, peer).closeProducer(producer),
      consume: (session, { peer, transport, producer, rtpCapabilities }) =>
        of(session, peer).consume(transport, producer, rtpCapabilities),
      pauseConsumer: (session, { peer, consumer, paused }) =>
        of(session, peer).pauseConsumer(consumer, paused),
      closeConsumer: (session, { peer, consumer }) => of(session, peer).closeConsumer(consumer),
      preferLayers: (session, { peer, consumer, spatial, temporal }) =>
        of(session, peer).preferLayers(consumer, spatial, temporal),
    },
  }
}
