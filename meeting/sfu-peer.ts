/** The page at the hub's SFU, from the welcome of one attendance to its end: what it receives there, and what it sends. */

import type { Consumer, Device, Producer, Transport } from 'mediasoup-client/types'
import type { ConsumerOffer, PeerWelcome, TrackKind, TransportOffer } from '../contract/peers.ts'
import type { PeersClient } from './client.ts'

export interface SfuPeerOptions {
  readonly peers: PeersClient
  readonly welcome: Pick<PeerWelcome, 'peer' | 'rtpCapabilities'>
  /** Loads what pictures and sound are exchanged with. */
  openDevice(): Promise<Device>
  /** The way to the SFU is broken: the attendance is to be begun anew. */
  onBroken(): void
}

export interface SfuPeer {
  /** As the hub calls it. */
  readonly id: string
  /** It comes paused. Rejects if it is not there any more. */
  receive(producer: string): Promise<Consumer>
  send(track: MediaStreamTrack, kind: TrackKind): Promise<Producer>
  close(): void
}

/** Of a camera: the small picture for small tiles, and the large one; bit/s. */
const cameraLayers = [{ scaleResolutionDownBy: 2, maxBitrate: 150_000 }, { maxBitrate: 700_000 }]

/** Of a screen, whose letters must be readable: one size. */
const screenLayers = [{ maxBitrate: 2_500_000 }]

/** Most shifts begin without video: what it needs is loaded when it is needed. */
export async function loadDevice(): Promise<Device> {
  const { Device } = await import('mediasoup-client')
  return new Device({ handlerName: 'Chrome111' })
}

export function openSfuPeer({ peers, welcome, openDevice, onBroken }: SfuPeerOptions): SfuPeer {
  const { peer, rtpCapabilities } = welcome
  const transports = new Map<'send' | 'receive', Promise<Transport>>()
  let closed = false
  let device: Promise<Device> | undefined

  const loaded = (): Promise<Device> => {
    device ??= openDevice().then(async (opened) => {
      await opened.load({ routerRtpCapabilities: rtpCapabilities as never })
      return opened
    })
    return device
  }

  const transportFor = (direction: 'send' | 'receive'): Promise<Transport> => {
    const known = transports.get(direction)
    if (known !== undefined) return known
    const opening = openTransport(direction)
    transports.set(direction, opening)
    return opening
  }

  const openTransport = async (direction: 'send' | 'receive'): Promise<Transport> => {
    const offer = (await peers.openTransport.mutate({ peer, direction })) as TransportOffer
    const ready = await loaded()
    const transport =
      direction === 'send'
        ? ready.createSendTransport(offer as never)
        : ready.createRecvTransport(offer as never)
    transport.on('connect', ({ dtlsParameters }, done, failed) => {
      peers.connectTransport
        .mutate({ peer, transport: transport.id, dtlsParameters: dtlsParameters as never })
        .then(() => done(), failed)
    })
    transport.on('produce', ({ rtpParameters, appData }, done, failed) => {
      const { track } = appData as { track: TrackKind }
      peers.produce
        .mutate({ peer, transport: transport.id, track, rtpParameters: rtpParameters as never })
        .then((produced) => done({ id: (produced as { producer: string }).producer }), failed)
    })
    transport.on('connectionstatechange', (state) => {
      if (state === 'failed') onBroken()
    })
    if (closed) transport.close()
    return transport
  }

  return {
    id: peer,
    receive: async (producer) => {
      const transport = await transportFor('receive')
      const { recvRtpCapabilities } = await loaded()
      const offer = (await peers.consume.mutate({
        peer,
        transport: transport.id,
        producer,
        rtpCapabilities: recvRtpCapabilities as never,
      })) as ConsumerOffer
      return transport.consume(offer as never)
    },
    send: async (track, kind) =>
      (await transportFor('send')).produce({
        track,
        appData: { track: kind },
        // Whoever opened it ends it.
        stopTracks: false,
        ...(kind === 'camera' && { encodings: cameraLayers }),
        ...(kind === 'screen' && { encodings: screenLayers }),
        ...(kind === 'microphone' && { codecOptions: { opusDtx: true, opusFec: true } }),
      }),
    close: () => {
      closed = true
      // One that never came to be has nothing to close.
      for (const opening of transports.values())
        opening.then(
          (transport) => transport.close(),
          () => undefined,
        )
    },
  }
}
