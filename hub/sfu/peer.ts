/** One page in one place of the SFU: its transports, what it sends, and what it receives. */
import { randomUUID } from 'node:crypto'
import type { Consumer, Producer, WebRtcTransport } from 'mediasoup/types'
import type { SeatSession } from '../../contract/hub.ts'
import {
  type ConsumerOffer,
  type ConsumerTelling,
  type DtlsParameters,
  mediaOf,
  type RtpCapabilities,
  type RtpParameters,
  type TrackKind,
  type TransportOffer,
} from '../../contract/peers.ts'
import { Refusal } from '../../contract/refusal.ts'
import type { Place } from './sfu.ts'
import * as wire from './wire.ts'

const MOST_CONSUMERS = 200
/** What a page may send altogether, and what it is thought to be able to take before that is known; bit/s. */
const MOST_INCOMING = 4_000_000
const FIRST_OUTGOING = 1_500_000

type Direction = 'send' | 'receive'

export interface PeerOptions {
  readonly session: SeatSession
  readonly place: Place
  /** The track of this id, if this page may receive it. */
  find(producer: string): Producer | undefined
  /** Told what becomes of what it receives. */
  tell(telling: ConsumerTelling): void
  /** What it sends; undefined where it may only receive. */
  readonly sending: Sending | undefined
}

interface Sending {
  /** Whether such a track is to be kept from the others, as it is now. */
  muted(track: TrackKind): boolean
  /** What the page sends is another than before. */
  onChange(): void
}

/** A track that the page sends. */
interface Sent {
  readonly track: TrackKind
  readonly producer: Producer
  /** The page has paused it itself. */
  pausedThere: boolean
}

export interface Peer {
  readonly id: string
  readonly session: SeatSession
  readonly sent: ReadonlyMap<string, Sent>
  openTransport(direction: Direction): Promise<TransportOffer>
  connect(transport: string, dtlsParameters: DtlsParameters): Promise<void>
  restartIce(transport: string): Promise<TransportOffer['iceParameters']>
  /** Resolves with the id of the producer. */
  produce(transport: string, track: TrackKind, rtpParameters: RtpParameters): Promise<string>
  closeProducer(producer: string): void
  pauseProducer(producer: string, paused: boolean): Promise<void>
  consume(transport: string, producer: string, rtpCapabilities: RtpCapabilities): Promise<ConsumerOffer>
  pauseConsumer(consumer: string, paused: boolean): Promise<void>
  closeConsumer(consumer: string): void
  preferLayers(consumer: string, spatial: number, temporal: number | null): Promise<void>
  /** Nothing is sent on or received any more that may not be. */
  lookAgain(): Promise<void>
  close(): void
}

export function openPeer({ session, place, find, tell, sending }: PeerOptions): Peer {
  const transports = new Map<Direction, WebRtcTransport>()
  const opening = new Set<Direction>()
  const sent = new Map<string, Sent>()
  const tracks = new Set<TrackKind>()
  const received = new Map<string, { readonly consumer: Consumer; readonly source: string }>()
  let closed = false

  const transportOf = (id: string, direction?: Direction): WebRtcTransport => {
    const found = [...transports].find(([of, { id: own }]) => own === id && (direction ?? of) === of)?.[1]
    if (found === undefined || found.closed) throw new Refusal('not-found', { what: 'transport', id })
    return found
  }
  const sentOf = (id: string): Sent => {
    const found = sent.get(id)
    if (found === undefined) throw new Refusal('not-found', { what: 'producer', id })
    return found
  }
  const consumerOf = (id: string): Consumer => {
    const found = received.get(id)?.consumer
    if (found === undefined) throw new Refusal('not-found', { what: 'consumer', id })
    return found
  }
  /** What was made while the page went is not kept. */
  const ifStillHere = <T extends { close(): void }>(made: T): T => {
    if (!closed) return made
    made.close()
    throw new Refusal('call-over')
  }
  const isPaused = ({ track, pausedThere }: Pick<Sent, 'track' | 'pausedThere'>): boolean =>
    pausedThere || (sending?.muted(track) ?? true)
  const setPaused = async (own: Sent) => {
    const paused = isPaused(own)
    if (own.producer.closed || paused === own.producer.paused) return
    await (paused ? own.producer.pause() : own.producer.resume())
    sending?.onChange()
  }
  const forget = (producer: string, track: TrackKind) => {
    tracks.delete(track)
    if (sent.delete(producer)) sending?.onChange()
  }

  return {
    id: randomUUID(),
    session,
    sent,
    openTransport: async (direction) => {
      if (direction === 'send' && sending === undefined)
        throw new Refusal('forbidden', { capability: 'send' })
      if (opening.has(direction)) throw new Refusal('too-many')
      opening.add(direction)
      try {
        const transport = ifStillHere(
          await place.router.createWebRtcTransport({
            webRtcServer: place.door,
            preferUdp: true,
            initialAvailableOutgoingBitrate: FIRST_OUTGOING,
          }),
        )
        transports.get(direction)?.close()
        transports.set(direction, transport)
        if (direction === 'send') await transport.setMaxIncomingBitrate(MOST_INCOMING)
        return { ...wire.transportOffer(transport), ...place.relaysFor(session.account) }
      } finally {
        opening.delete(direction)
      }
    },
    connect: async (id, dtlsParameters) => {
      await wire.checked(transportOf(id).connect({ dtlsParameters }))
    },
    restartIce: (id) => transportOf(id).restartIce(),
    produce: async (id, track, rtpParameters) => {
      const transport = transportOf(id, 'send')
      if (tracks.has(track)) throw new Refusal('conflict', { what: 'track', id: track })
      tracks.add(track)
      try {
        const producer = ifStillHere(
          await wire.checked(
            transport.produce({
              kind: mediaOf[track],
              rtpParameters: wire.rtpParameters(rtpParameters),
              paused: isPaused({ track, pausedThere: false }),
            }),
          ),
        )
        const own: Sent = { track, producer, pausedThere: false }
        sent.set(producer.id, own)
        producer.observer.once('close', () => forget(producer.id, track))
        // The chair may have spoken meanwhile.
        await setPaused(own)
        sending?.onChange()
        return producer.id
      } catch (error) {
        tracks.delete(track)
        throw error
      }
    },
    closeProducer: (id) => sentOf(id).producer.close(),
    pauseProducer: async (id, paused) => {
      const own = sentOf(id)
      own.pausedThere = paused
      await setPaused(own)
    },
    consume: async (id, source, rtpCapabilities) => {
      const transport = transportOf(id, 'receive')
      if (received.size >= MOST_CONSUMERS) throw new Refusal('too-many')
      const producer = find(source)
      // In the same words for what is not there and for what is not for this page.
      if (producer === undefined) throw new Refusal('not-found', { what: 'producer', id: source })
      const consumer = ifStillHere(
        await wire.checked(
          transport.consume({
            producerId: producer.id,
            rtpCapabilities: wire.rtpCapabilities(rtpCapabilities),
            paused: true,
          }),
        ),
      )
      if (find(source) === undefined) {
        consumer.close()
        throw new Refusal('not-found', { what: 'producer', id: source })
      }
      received.set(consumer.id, { consumer, source })
      follow(consumer, tell, () => received.delete(consumer.id))
      return wire.consumerOffer(consumer, source)
    },
    pauseConsumer: async (id, paused) => {
      const consumer = consumerOf(id)
      await (paused ? consumer.pause() : consumer.resume())
    },
    closeConsumer: (id) => consumerOf(id).close(),
    preferLayers: async (id, spatial, temporal) => {
      await consumerOf(id).setPreferredLayers({
        spatialLayer: spatial,
        ...(temporal !== null && { temporalLayer: temporal }),
      })
    },
    lookAgain: async () => {
      for (const { consumer, source } of [...received.values()])
        if (find(source) === undefined) {
          consumer.close()
          tell({ kind: 'consumer-closed', consumer: consumer.id })
        }
      await Promise.all([...sent.values()].map(setPaused))
    },
    close: () => {
      closed = true
      for (const transport of transports.values()) transport.close()
    },
  }
}

/** Tells the page what becomes of one thing that it receives. */
function follow(consumer: Consumer, tell: (telling: ConsumerTelling) => void, onClose: () => void): void {
  const { id } = consumer
  consumer.observer.once('close', onClose)
  consumer.on('producerclose', () => tell({ kind: 'consumer-closed', consumer: id }))
  consumer.on('producerpause', () => tell({ kind: 'consumer-paused', consumer: id, paused: true }))
  consumer.on('producerresume', () => tell({ kind: 'consumer-paused', consumer: id, paused: false }))
  consumer.on('score', ({ score, producerScore }) =>
    tell({ kind: 'consumer-score', consumer: id, receiver: score, sender: producerScore }),
  )
  consumer.on('layerschange', (layers) =>
    tell({
      kind: 'consumer-layer',
      consumer: id,
      spatial: layers?.spatialLayer ?? null,
      temporal: layers?.temporalLayer ?? null,
    }),
  )
}
