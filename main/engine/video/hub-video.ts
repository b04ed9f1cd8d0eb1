/** Rooms and sources, asked of the hub for the page: nothing of them is kept here but what the hub tells by itself. */
import type { TRPCClient } from '@trpc/client'
import type { HubRouter } from '../../../contract/hub.ts'
import type { RoomOutline } from '../../../contract/rooms.ts'
import type { VideoPort } from '../../../contract/seat-video.ts'
import type { SourceStatus } from '../../../contract/sources.ts'
import { Watched } from '../../../contract/watched.ts'
import type { CarryingOptions } from '../carrying/carrying.ts'
import { openHubPresence } from '../hub-link/presence.ts'

type VideoClient = Pick<TRPCClient<HubRouter>, 'rooms' | 'sources' | 'peers'>

export interface HubVideo {
  readonly port: Omit<VideoPort, 'rooms'> & { readonly rooms: Omit<VideoPort['rooms'], keyof CarryingHere> }
  /** The hub's end of what this seat carries into rooms. */
  readonly carrying: CarryingOptions['hub']
  /** The hub is there, as whoever is signed in. Returns what is to be done when it isn't any more. */
  attend(client: VideoClient): () => void
}

type CarryingHere = Pick<VideoPort['rooms'], 'carry' | 'stopCarrying'>

export interface HubVideoOptions {
  /** The host name or address of the hub. */
  hubHost(): string
  onTrouble(what: string, error: unknown): void
}

export function openHubVideo({ hubHost, onTrouble }: HubVideoOptions): HubVideo {
  const rooms = new Watched<readonly RoomOutline[] | null>(null)
  const statuses = new Watched<readonly SourceStatus[] | null>(null)
  const { attend, ask, relay } = openHubPresence<VideoClient>(hubHost)

  return {
    attend: (client) => {
      const leave = attend(client)
      const onError = (error: unknown) => onTrouble('following rooms and sources', error)
      const following = [
        client.rooms.watch.subscribe(undefined, { onData: (told) => rooms.set(told), onError }),
        client.sources.watchStatus.subscribe(undefined, { onData: (told) => statuses.set(told), onError }),
      ]
      return () => {
        leave()
        for (const subscription of following) subscription.unsubscribe()
        rooms.set(null)
        statuses.set(null)
      }
    },
    carrying: {
      carry: (asked, signal) => relay((client, ears) => client.rooms.carry.subscribe(asked, ears), signal),
      onAir: (asked) => ask((client) => client.rooms.onAir.mutate(asked)),
    },
    port: {
      rooms: {
        watch: (signal) => rooms.watch(signal),
        reachable: () => ask((client) => client.rooms.reachable.query()),
        request: (request) => ask((client) => client.rooms.request.mutate(request)),
        raiseHand: (asked) => ask((client) => client.rooms.raiseHand.mutate(asked)),
        keyCarried: (asked) => ask((client) => client.rooms.keyCarried.mutate(asked)),
        attend: (asked, signal) =>
          relay((client, ears) => client.rooms.attend.subscribe(asked, ears), signal),
      },
      sources: {
        watchStatus: (signal) => statuses.watch(signal),
        watch: (asked) => ask((client) => client.sources.watch.mutate(asked)),
        steer: (asked) => ask((client) => client.sources.steer.mutate(asked)),
        presets: (asked) => ask((client) => client.sources.presets.query(asked)),
        unwatch: (asked) => ask((client) => client.sources.unwatch.mutate(asked)),
        attend: (asked, signal) =>
          relay((client, ears) => client.sources.attend.subscribe(asked, ears), signal),
      },
      peers: {
        openTransport: (asked) => ask((client) => client.peers.openTransport.mutate(asked)),
        connectTransport: (asked) => ask((client) => client.peers.connectTransport.mutate(asked)),
        restartIce: (asked) => ask((client) => client.peers.restartIce.mutate(asked)),
        produce: (asked) => ask((client) => client.peers.produce.mutate(asked)),
        pauseProducer: (asked) => ask((client) => client.peers.pauseProducer.mutate(asked)),
        closeProducer: (asked) => ask((client) => client.peers.closeProducer.mutate(asked)),
        consume: (asked) => ask((client) => client.peers.consume.mutate(asked)),
        pauseConsumer: (asked) => ask((client) => client.peers.pauseConsumer.mutate(asked)),
        closeConsumer: (asked) => ask((client) => client.peers.closeConsumer.mutate(asked)),
        preferLayers: (asked) => ask((client) => client.peers.preferLayers.mutate(asked)),
      },
    },
  }
}
