/** Picture and sound of an RTSP camera, through ffmpeg, as producers at a place of the SFU. */
import { spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import type { MediaKind, Producer, RtpCodecParameters } from 'mediasoup/types'
import type { SourceFault } from '../../contract/sources.ts'
import type { Place } from '../sfu/sfu.ts'
import {
  argumentsFor,
  type CameraLogin,
  faultIn,
  isH264,
  isSoundless,
  type RtpTo,
  scriptFor,
} from './ffmpeg.ts'

const PICTURE = {
  mimeType: 'video/H264',
  payloadType: 96,
  clockRate: 90_000,
  // ffmpeg does not pass it on, but the SFU tells of it: somebody waits for a whole picture.
  rtcpFeedback: [{ type: 'nack', parameter: 'pli' }],
  // What the stream really is stands in its parameter sets, which decoders go by.
  parameters: { 'packetization-mode': 1, 'profile-level-id': '42e01f', 'level-asymmetry-allowed': 1 },
} satisfies RtpCodecParameters
const SOUND = { mimeType: 'audio/opus', payloadType: 97, clockRate: 48_000, channels: 2 } as const
/** ffmpeg takes it for a signed number. */
const MOST_SSRC = 2 ** 31 - 1
/** What ffmpeg says may repeat itself for ever; its last words tell. */
const WORDS_KEPT = 4_000

export interface RtspOptions {
  readonly url: string
  readonly login: CameraLogin | undefined
  readonly place: Place
  /** Whether it may have sound. */
  readonly withSound: boolean
  /** It has none: its picture is pulled anew without asking for any. */
  onSoundless(): void
  /** Sound has come, for the first time. */
  onSound(producer: Producer): void
  /** It has come to an end, of itself. */
  onEnd(fault: SourceFault): void
}

export interface Pulling {
  readonly picture: Producer
  close(): void
}

export async function pullRtsp({
  url,
  login,
  place,
  withSound,
  onSoundless,
  onSound,
  onEnd,
}: RtspOptions): Promise<Pulling> {
  const picture = await openDoor(place, 'video', PICTURE)
  const sound = withSound ? await openDoor(place, 'audio', SOUND) : undefined
  // Where it comes from is learned from what comes.
  sound?.transport.once('tuple', () => onSound(sound.producer))
  let over = false
  let stop: () => void

  const close = () => {
    over = true
    picture.transport.close()
    sound?.transport.close()
    stop()
  }
  const end = (fault: SourceFault) => {
    if (over) return
    close()
    onEnd(fault)
  }
  const start = (to: RtpTo | undefined): (() => void) => {
    let said = ''
    let described = ''
    const ffmpeg = spawn('ffmpeg', argumentsFor(picture.to, to), { stdio: ['pipe', 'pipe', 'pipe'] })
    ffmpeg.stderr.on('data', (words: Buffer) => {
      said = (said + words.toString()).slice(-WORDS_KEPT)
    })
    ffmpeg.stdout.on('data', (words: Buffer) => {
      described = (described + words.toString()).slice(0, WORDS_KEPT)
      if (described.includes('a=rtpmap:') && !isH264(described)) end('format')
    })
    // It may end before it has read all it is told.
    ffmpeg.stdin.on('error', () => undefined)
    ffmpeg.stdin.end(scriptFor(url, login, to !== undefined))
    ffmpeg.once('error', () => end('no-ffmpeg'))
    ffmpeg.once('close', () => {
      if (over || to === undefined || !isSoundless(said)) return end(faultIn(said))
      onSoundless()
      stop = start(undefined)
    })
    return () => ffmpeg.kill('SIGKILL')
  }
  stop = start(sound?.to)
  return { picture: picture.producer, close }
}

/** Where ffmpeg sends one kind to. */
async function openDoor(place: Place, kind: MediaKind, codec: RtpCodecParameters) {
  const transport = await place.router.createPlainTransport({
    listenInfo: { protocol: 'udp', ip: '127.0.0.1' },
    rtcpMux: false,
    comedia: true,
  })
  const ssrc = randomInt(1, MOST_SSRC)
  const producer = await transport.produce({
    kind,
    rtpParameters: { codecs: [codec], encodings: [{ ssrc }] },
  })
  const rtpPort = transport.tuple.localPort
  const rtcpPort = transport.rtcpTuple?.localPort ?? rtpPort + 1
  const to: RtpTo = { rtpPort, rtcpPort, payloadType: codec.payloadType, ssrc }
  return { transport, producer, to }
}
