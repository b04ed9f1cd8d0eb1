/** What runs in the page of a test: mediasoup-client, which asks the hub through the test. Bundled by `openVideoPage`. */
import { Device } from 'mediasoup-client'
import type { Consumer, Transport } from 'mediasoup-client/types'
import type { ConsumerOffer, PeerWelcome, TrackKind, TransportOffer } from '../../contract/peers.ts'
import type { VideoInPage } from './video-page.ts'

type Attended = Pick<PeerWelcome, 'peer' | 'rtpCapabilities'>

interface Peer {
  readonly device: Device
  readonly transports: Map<'send' | 'receive', Transport>
  readonly received: Map<
    string,
    { readonly consumer: Consumer; readonly element: HTMLVideoElement; readonly shownAt: Promise<number> }
  >
}

const peers = new Map<string, Peer>()

const peerOf = async ({ peer, rtpCapabilities }: Attended): Promise<Peer> => {
  const known = peers.get(peer)
  if (known !== undefined) return known
  const device = new Device({ handlerName: 'Chrome111' })
  await device.load({ routerRtpCapabilities: rtpCapabilities as never })
  const own: Peer = { device, transports: new Map(), received: new Map() }
  peers.set(peer, own)
  return own
}

const transportOf = async (attended: Attended, direction: 'send' | 'receive'): Promise<Transport> => {
  const { peer } = attended
  const { device, transports } = await peerOf(attended)
  const known = transports.get(direction)
  if (known !== undefined) return known
  const offer = (await window.askHub('openTransport', { peer, direction })) as TransportOffer
  const transport =
    direction === 'send'
      ? device.createSendTransport(offer as never)
      : device.createRecvTransport(offer as never)
  transports.set(direction, transport)
  transport.on('connect', ({ dtlsParameters }, done, failed) => {
    window
      .askHub('connectTransport', { peer, transport: offer.id, dtlsParameters })
      .then(() => done(), failed)
  })
  transport.on('produce', ({ rtpParameters, appData }, done, failed) => {
    const { track } = appData as { track: TrackKind }
    window.askHub('produce', { peer, transport: offer.id, track, rtpParameters }).then((produced) => {
      done({ id: (produced as { producer: string }).producer })
    }, failed)
  })
  return transport
}

/** A tone instead of Chromium's beeps, which are silent most of the time. */
function tone(): MediaStreamTrack {
  const context = new AudioContext()
  const oscillator = new OscillatorNode(context, { frequency: 700 })
  const out = new MediaStreamAudioDestinationNode(context)
  oscillator.connect(out)
  oscillator.start()
  const [track] = out.stream.getAudioTracks()
  if (track === undefined) throw new Error('no tone')
  return track
}

async function trackFor(kind: TrackKind): Promise<MediaStreamTrack> {
  if (kind === 'microphone') return tone()
  const stream = await navigator.mediaDevices.getUserMedia({ video: { width: 640, height: 360 } })
  const [track] = stream.getVideoTracks()
  if (track === undefined) throw new Error('no camera')
  return track
}

let publisher: RTCPeerConnection | undefined

const inPage: VideoInPage = {
  offer: async () => {
    publisher?.close()
    publisher = new RTCPeerConnection({ bundlePolicy: 'max-bundle' })
    for (const kind of ['camera', 'microphone'] as const)
      publisher.addTransceiver(await trackFor(kind), { direction: 'sendonly' })
    await publisher.setLocalDescription()
    return publisher.localDescription?.sdp ?? ''
  },
  answer: async (sdp) => {
    await publisher?.setRemoteDescription({ type: 'answer', sdp })
  },
  send: async (attended, kind) => {
    const transport = await transportOf(attended, 'send')
    const producer = await transport.produce({
      track: await trackFor(kind),
      appData: { track: kind },
      ...(kind === 'camera' && {
        encodings: [{ scaleResolutionDownBy: 2, maxBitrate: 150_000 }, { maxBitrate: 500_000 }],
      }),
    })
    return producer.id
  },
  receive: async (attended, producer) => {
    const transport = await transportOf(attended, 'receive')
    const { device, received } = await peerOf(attended)
    const offer = (await window.askHub('consume', {
      peer: attended.peer,
      transport: transport.id,
      producer,
      rtpCapabilities: device.recvRtpCapabilities,
    })) as ConsumerOffer
    const consumer = await transport.consume(offer as never)
    const element = document.createElement('video')
    element.srcObject = new MediaStream([consumer.track])
    document.body.append(element)
    void element.play()
    const shownAt = new Promise<number>((resolve) => {
      element.requestVideoFrameCallback(() => resolve(performance.timeOrigin + performance.now()))
    })
    received.set(producer, { consumer, element, shownAt })
    await window.askHub('pauseConsumer', { peer: attended.peer, consumer: consumer.id, paused: false })
    return consumer.id
  },
  played: async ({ peer }, producer) => {
    const found = peers.get(peer)?.received.get(producer)
    const quality = found?.element.getVideoPlaybackQuality()
    return { total: quality?.totalVideoFrames ?? 0, dropped: quality?.droppedVideoFrames ?? 0 }
  },
  shownAt: async ({ peer }, producer) => {
    const found = peers.get(peer)?.received.get(producer)
    if (found === undefined) throw new Error('it is not received')
    return found.shownAt
  },
  way: async ({ peer }) => {
    const transport = peers.get(peer)?.transports.get('receive')
    if (transport === undefined) return { state: 'none', way: null }
    const reports = await transport.getStats()
    let way: string | null = null
    for (const report of reports.values())
      if (report.type === 'candidate-pair' && report.nominated && report.state === 'succeeded')
        way = reports.get(report.localCandidateId)?.candidateType ?? null
    return { state: transport.connectionState, way }
  },
  seen: async ({ peer }, producer) => {
    const found = peers.get(peer)?.received.get(producer)
    if (found === undefined) return undefined
    const seen = { packets: 0, frames: 0, width: 0, energy: 0 }
    for (const report of (await found.consumer.getStats()).values())
      if (report.type === 'inbound-rtp') {
        seen.packets = report.packetsReceived
        seen.frames = report.framesDecoded ?? 0
        seen.width = report.frameWidth ?? 0
        seen.energy = report.totalAudioEnergy ?? 0
      }
    return seen
  },
}
window.video = inPage
