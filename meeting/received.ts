/** What the page receives at the hub's SFU, for as long as one attendance lasts: pictures as they are drawn, and the sound that is listened to. */
import type { Consumer } from 'mediasoup-client/types'
import type { ConsumerTelling, Track } from '../contract/peers.ts'
import type { PeersClient, RoomEars } from './client.ts'
import type { SfuPeer } from './sfu-peer.ts'

/** Up to this wide, in pixels of the screen, the small picture is enough. */
const SMALL_WIDTH = 400

/** The layer of simulcast for a picture that is drawn so wide. */
const layerFor = (width: number): number => (width <= SMALL_WIDTH ? 0 : 1)

export interface ReceivedOptions {
  readonly peer: SfuPeer
  readonly peers: PeersClient
  readonly ears: Pick<RoomEars, 'hear'>
  /** How wide each picture is drawn, in pixels of the screen; those that are hidden are not in it. */
  readonly seen: ReadonlyMap<string, number>
  /** Whether a producer of sound is listened to. */
  isHeard(producer: string): boolean
  onPicture(producer: string, track: MediaStreamTrack | null): void
  /** How well it comes, 0 to 10. */
  onScore(producer: string, score: number): void
}

export interface Received {
  /** Takes what there is, and lets go of what there is not any more. */
  follow(tracks: readonly Track[]): void
  /** It is drawn in another size, was hidden or shown, or is listened to or not any more. */
  look(producer: string): void
  take(telling: ConsumerTelling): void
  close(): void
}

interface Taken {
  readonly consumer: Consumer
  /** As the hub was told. */
  paused: boolean
  layer: number | undefined
  /** How to hear it no more, while it is heard. */
  hush: (() => void) | undefined
}

export function openReceived(options: ReceivedOptions): Received {
  const { peer, peers, ears, seen, isHeard, onPicture, onScore } = options
  const taken = new Map<string, Taken>()
  const coming = new Set<string>()
  let listed: ReadonlySet<string> = new Set()
  let closed = false

  const receive = async (producer: string) => {
    const consumer = await peer.receive(producer)
    if (closed || !listed.has(producer)) return consumer.close()
    taken.set(producer, { consumer, paused: true, layer: undefined, hush: undefined })
    if (consumer.kind === 'video') onPicture(producer, consumer.track)
    look(producer)
  }

  const drop = (producer: string) => {
    const own = taken.get(producer)
    if (own === undefined) return
    taken.delete(producer)
    if (own.consumer.kind === 'video') onPicture(producer, null)
    own.hush?.()
    own.consumer.close()
  }

  const look = (producer: string) => {
    const own = taken.get(producer)
    if (own === undefined) return
    const { kind, id, track } = own.consumer
    const asked = { peer: peer.id, consumer: id }
    const width = seen.get(producer)
    const paused = kind === 'video' ? width === undefined : !isHeard(producer)
    const layer = width === undefined ? own.layer : layerFor(width)
    if (kind === 'audio' && paused) {
      own.hush?.()
      own.hush = undefined
    } else if (kind === 'audio') own.hush ??= ears.hear(track)
    // What is gone by then needs neither: the next scene is without it.
    if (layer !== own.layer && layer !== undefined)
      peers.preferLayers.mutate({ ...asked, spatial: layer, temporal: null }).catch(() => undefined)
    if (paused !== own.paused) peers.pauseConsumer.mutate({ ...asked, paused }).catch(() => undefined)
    own.layer = layer
    own.paused = paused
  }

  return {
    follow: (tracks) => {
      listed = new Set(tracks.map(({ producer }) => producer))
      for (const producer of taken.keys()) if (!listed.has(producer)) drop(producer)
      for (const producer of listed) {
        if (taken.has(producer) || coming.has(producer)) continue
        coming.add(producer)
        receive(producer)
          // It is gone again already: the next scene says what there is instead.
          .catch(() => undefined)
          .finally(() => coming.delete(producer))
      }
    },
    look,
    take: (telling) => {
      const [producer] = [...taken].find(([, { consumer }]) => consumer.id === telling.consumer) ?? []
      if (producer === undefined) return
      if (telling.kind === 'consumer-closed') drop(producer)
      if (telling.kind === 'consumer-score') onScore(producer, Math.min(telling.sender, telling.receiver))
    },
    close: () => {
      closed = true
      for (const producer of [...taken.keys()]) drop(producer)
    },
  }
}
