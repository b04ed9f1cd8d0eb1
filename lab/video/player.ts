/** A clip frame by frame, as RTP. */
import { randomInt } from 'node:crypto'
import { MediaStreamTrack, RTCRtpCodecParameters, RtpHeader, RtpPacket } from 'werift'
import { type Clip, isKeyFrame } from './ivf.ts'
import { payloadsOf } from './vp8.ts'

const CLOCK_RATE = 90_000
const PAYLOAD_TYPE = 96

export const clipCodec = () =>
  new RTCRtpCodecParameters({
    mimeType: 'video/VP8',
    clockRate: CLOCK_RATE,
    payloadType: PAYLOAD_TYPE,
    rtcpFeedback: [{ type: 'nack', parameter: 'pli' }],
  })

export interface ClipPlayer {
  readonly track: MediaStreamTrack
  /** Over and over, from now on. */
  start(): void
  /** Somebody begins to look: goes on with the next frame that one can begin with. */
  toKeyFrame(): void
  stop(): void
}

/** `from`: the frame it begins with. */
export function openClipPlayer({ rate, frames }: Clip, from: number): ClipPlayer {
  const track = new MediaStreamTrack({ kind: 'video' })
  let at = from % frames.length
  let sequence = randomInt(0x8000)
  let timestamp = randomInt(0x8000_0000)
  const ssrc = randomInt(1, 0xffff_ffff)
  let sending: NodeJS.Timeout | undefined
  const next = () => {
    const payloads = payloadsOf(frames[at] ?? Buffer.alloc(0))
    payloads.forEach((payload, nth) => {
      const marker = nth === payloads.length - 1
      track.writeRtp(
        new RtpPacket(
          new RtpHeader({ payloadType: PAYLOAD_TYPE, sequenceNumber: sequence, timestamp, ssrc, marker }),
          payload,
        ),
      )
      sequence = (sequence + 1) & 0xffff
    })
    timestamp = (timestamp + CLOCK_RATE / rate) >>> 0
    at = (at + 1) % frames.length
  }
  return {
    track,
    start: () => {
      sending ??= setInterval(next, 1_000 / rate)
    },
    toKeyFrame: () => {
      const found = frames.findIndex((frame, nth) => nth >= at && isKeyFrame(frame))
      at = found === -1 ? 0 : found
    },
    stop: () => clearInterval(sending),
  }
}
