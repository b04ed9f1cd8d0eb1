/** One who is in a room: sends a picture and now and then a few words, for as long as the room lets them. */
import { randomInt } from 'node:crypto'
import type { TRPCClient } from '@trpc/client'
import {
  MediaStreamTrack,
  RTCPeerConnection,
  RTCRtpCodecParameters,
  type RTCRtpSender,
  RtpHeader,
  RtpPacket,
} from 'werift'
import type { HubRouter } from '../../contract/hub.ts'
import type { TransportOffer } from '../../contract/peers.ts'
import { createPacketClock } from '../exchange/packet-clock.ts'
import type { Clip } from '../video/ivf.ts'
import { clipCodec, openClipPlayer } from '../video/player.ts'

/** A packet of mu-law: 20 ms. */
const SAMPLES = 160
/** From the beginning of what is said to the next, packets. */
const SAYS_EVERY = 1_500
const SAYS_FIRST = 100

export interface Appearance {
  readonly clip: Clip
  /** The frame it begins with. */
  readonly from: number
  /** What is said: mu-law, 8 kHz. */
  readonly voice: Uint8Array
}

type RoomsClient = Pick<TRPCClient<HubRouter>, 'rooms' | 'peers'>

/** Attends again where the room goes on elsewhere. Returns what ends it. */
export function takePart(client: RoomsClient, room: string, appearance: Appearance): () => void {
  let over = false
  let attending: { unsubscribe(): void } | undefined
  let stop: () => void = () => undefined
  /** Which welcome is answered: what was begun for one before is ended. */
  let welcome = 0

  const stopSending = () => {
    welcome++
    stop()
    stop = () => undefined
  }
  const begin = async (peer: string) => {
    stopSending()
    const mine = welcome
    const end = await send(client, peer, appearance)
    if (mine === welcome) stop = end
    else end()
  }
  const attend = () => {
    attending = client.rooms.attend.subscribe(
      { room },
      {
        onData: (telling) => {
          // Where the hub is away meanwhile there is another welcome afterwards, or none.
          if (telling.kind === 'attending') begin(telling.peer).catch(() => undefined)
          if (telling.kind !== 'over') return
          stopSending()
          attending?.unsubscribe()
          if (telling.how === 'moved' && !over) attend()
        },
      },
    )
  }
  attend()
  return () => {
    over = true
    stopSending()
    attending?.unsubscribe()
  }
}

/** Sends as the page of a room. Resolves with what ends it. */
async function send(
  { peers }: RoomsClient,
  peer: string,
  { clip, from, voice }: Appearance,
): Promise<() => void> {
  const offer = await peers.openTransport.mutate({ peer, direction: 'send' })
  const connection = new RTCPeerConnection({
    codecs: {
      video: [clipCodec()],
      audio: [
        new RTCRtpCodecParameters({ mimeType: 'audio/PCMU', clockRate: 8_000, channels: 1, payloadType: 0 }),
      ],
    },
    bundlePolicy: 'max-bundle',
    iceServers: [],
    iceUseIpv6: false,
    iceAdditionalHostAddresses: ['127.0.0.1'],
  })
  const player = openClipPlayer(clip, from)
  const speaking = speak(voice)
  const picture = connection.addTransceiver(player.track, { direction: 'sendonly' }).sender
  const sound = connection.addTransceiver(speaking.track, { direction: 'sendonly' }).sender
  picture.onPictureLossIndication.subscribe(player.toKeyFrame)
  const end = () => {
    player.stop()
    speaking.stop()
    void connection.close()
  }
  try {
    await connection.setLocalDescription(await connection.createOffer())
    const own = connection.localDescription?.sdp ?? ''
    const [, fingerprint = ''] = /^a=fingerprint:sha-256 (\S+)/m.exec(own) ?? []
    await connection.setRemoteDescription({ type: 'answer', sdp: answerOf(own, offer) })
    await peers.connectTransport.mutate({
      peer,
      transport: offer.id,
      dtlsParameters: { role: 'client', fingerprints: [{ algorithm: 'sha-256', value: fingerprint }] },
    })
    const produce = (
      track: 'camera' | 'microphone',
      { ssrc }: RTCRtpSender,
      codec: typeof vp8 | typeof pcmu,
    ) =>
      peers.produce.mutate({
        peer,
        transport: offer.id,
        track,
        rtpParameters: { codecs: [codec], encodings: [{ ssrc }] },
      })
    await produce('camera', picture, vp8)
    await produce('microphone', sound, pcmu)
  } catch (error) {
    end()
    throw error
  }
  player.start()
  speaking.start()
  return end
}

const vp8 = {
  mimeType: 'video/VP8',
  payloadType: 96,
  clockRate: 90_000,
  rtcpFeedback: [{ type: 'nack', parameter: 'pli' }],
}
const pcmu = { mimeType: 'audio/PCMU', payloadType: 0, clockRate: 8_000 }

/** What the SFU would answer if it spoke SDP: its end of the transport, for each section that is offered (RFC 8866). */
function answerOf(offered: string, { iceParameters, iceCandidates, dtlsParameters }: TransportOffer): string {
  const [session = '', ...sections] = offered.split(/^(?=m=)/m)
  const group = /^a=group:BUNDLE .*$/m.exec(session)?.[0] ?? ''
  const candidates = (iceCandidates as readonly IceCandidate[]).map(
    ({ foundation, protocol, priority, ip, port, type, tcpType }) =>
      `a=candidate:${foundation} 1 ${protocol} ${priority} ${ip} ${port} typ ${type}${tcpType === undefined ? '' : ` tcptype ${tcpType}`}`,
  )
  const fingerprint = dtlsParameters.fingerprints.find(({ algorithm }) => algorithm === 'sha-256')
  const ours = [
    'c=IN IP4 127.0.0.1',
    `a=ice-ufrag:${iceParameters.usernameFragment}`,
    `a=ice-pwd:${iceParameters.password}`,
    `a=fingerprint:sha-256 ${fingerprint?.value}`,
    'a=setup:passive',
    'a=recvonly',
    'a=rtcp-mux',
    ...candidates,
    'a=end-of-candidates',
  ]
  const kept = (section: string) =>
    section.split(/\r?\n/).filter((line) => /^(m=|a=(mid|rtpmap|rtcp-fb|fmtp):)/.test(line))
  return [
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    'a=ice-lite',
    group,
    ...sections.flatMap((section) => [...kept(section), ...ours]),
    '',
  ].join('\r\n')
}

interface IceCandidate {
  readonly foundation: string
  readonly protocol: string
  readonly priority: number
  readonly ip: string
  readonly port: number
  readonly type: string
  readonly tcpType?: string
}

/** Says the same again and again, with a long pause. */
function speak(voice: Uint8Array) {
  const track = new MediaStreamTrack({ kind: 'audio' })
  const clock = createPacketClock<typeof track>()
  const ssrc = randomInt(1, 0xffff_ffff)
  const offset = randomInt(0x8000)
  const silence = Buffer.alloc(SAMPLES, 0xff)
  const packet = (tick: number) => {
    const at = ((tick + SAYS_EVERY - SAYS_FIRST) % SAYS_EVERY) * SAMPLES
    const piece = Buffer.from(voice.subarray(at, at + SAMPLES))
    const header = new RtpHeader({
      payloadType: pcmu.payloadType,
      sequenceNumber: (offset + tick) & 0xffff,
      timestamp: (tick * SAMPLES) >>> 0,
      ssrc,
      marker: tick === 0,
    })
    track.writeRtp(new RtpPacket(header, piece.length === SAMPLES ? piece : silence))
  }
  return {
    track,
    start: () => clock.add(track, packet),
    stop: () => clock.remove(track),
  }
}
