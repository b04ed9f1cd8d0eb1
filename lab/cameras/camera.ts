/** One camera of the city: publishes a clip over WHIP (RFC 9725), over and over, and comes back when the hub does. */
import { randomInt } from 'node:crypto'
import { MediaStreamTrack, RTCPeerConnection, RTCRtpCodecParameters, RtpHeader, RtpPacket } from 'werift'
import { type Clip, isKeyFrame } from './ivf.ts'
import { payloadsOf } from './vp8.ts'

const CLOCK_RATE = 90_000
const PAYLOAD_TYPE = 96
const AGAIN_MS = 5_000
const ANSWER_WITHIN_MS = 10_000

export interface CameraOptions {
  /** Where it publishes to. */
  readonly url: string
  readonly token: string
  readonly clip: Clip
  /** The frame it begins with, so that not all cameras see the same at once. */
  readonly from: number
}

/** Returns what ends it. */
export function openCamera({ url, token, clip, from }: CameraOptions): () => void {
  const over = new AbortController()
  const headers = { authorization: `Bearer ${token}` }
  let end: () => void = () => undefined
  let again: NodeJS.Timeout | undefined

  const publish = async () => {
    const connection = new RTCPeerConnection({
      codecs: {
        video: [
          new RTCRtpCodecParameters({
            mimeType: 'video/VP8',
            clockRate: CLOCK_RATE,
            payloadType: PAYLOAD_TYPE,
            rtcpFeedback: [{ type: 'nack', parameter: 'pli' }],
          }),
        ],
      },
      iceServers: [],
      iceUseIpv6: false,
      iceAdditionalHostAddresses: ['127.0.0.1'],
    })
    let sending: NodeJS.Timeout | undefined
    let location: string | undefined
    end = () => {
      clearInterval(sending)
      void connection.close()
      if (location !== undefined)
        fetch(new URL(location, url), { method: 'DELETE', headers }).catch(() => undefined)
    }
    const track = new MediaStreamTrack({ kind: 'video' })
    const { sender } = connection.addTransceiver(track, { direction: 'sendonly' })
    const player = play(clip, from, (packet) => track.writeRtp(packet))
    sender.onPictureLossIndication.subscribe(player.toKeyFrame)
    connection.connectionStateChange.subscribe((state) => {
      if (state === 'connected') sending ??= setInterval(player.next, 1_000 / clip.rate)
      if (state === 'failed' || state === 'disconnected') retry()
    })
    await connection.setLocalDescription(await connection.createOffer())
    const answered = await fetch(url, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/sdp' },
      body: connection.localDescription?.sdp ?? '',
      signal: AbortSignal.any([over.signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]),
    })
    if (answered.status !== 201) throw new Error(`the hub answers ${answered.status}`)
    location = answered.headers.get('location') ?? undefined
    await connection.setRemoteDescription({ type: 'answer', sdp: await answered.text() })
  }
  const start = () => {
    publish().catch(retry)
  }
  const retry = () => {
    end()
    clearTimeout(again)
    if (!over.signal.aborted) again = setTimeout(start, AGAIN_MS)
  }
  start()
  return () => {
    over.abort()
    clearTimeout(again)
    end()
  }
}

/** The clip frame by frame. */
function play({ rate, frames }: Clip, from: number, send: (packet: RtpPacket) => void) {
  let at = from % frames.length
  let sequence = randomInt(0x8000)
  let timestamp = randomInt(0x8000_0000)
  const ssrc = randomInt(1, 0xffff_ffff)
  return {
    next: () => {
      const payloads = payloadsOf(frames[at] ?? Buffer.alloc(0))
      payloads.forEach((payload, nth) => {
        const marker = nth === payloads.length - 1
        send(
          new RtpPacket(
            new RtpHeader({ payloadType: PAYLOAD_TYPE, sequenceNumber: sequence, timestamp, ssrc, marker }),
            payload,
          ),
        )
        sequence = (sequence + 1) & 0xffff
      })
      timestamp = (timestamp + CLOCK_RATE / rate) >>> 0
      at = (at + 1) % frames.length
    },
    /** Somebody begins to look: goes on with the next frame that one can begin with. */
    toKeyFrame: () => {
      const found = frames.findIndex((frame, nth) => nth >= at && isKeyFrame(frame))
      at = found === -1 ? 0 : found
    },
  }
}
