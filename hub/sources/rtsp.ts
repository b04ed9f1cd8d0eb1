/** The picture of an RTSP camera, through ffmpeg, as a producer at a place of the SFU. */
import { spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import type { Producer } from 'mediasoup/types'
import type { SourceFault } from '../../contract/sources.ts'
import type { Place } from '../sfu/sfu.ts'
import { argumentsFor, type CameraLogin, faultIn, isH264, scriptFor } from './ffmpeg.ts'

const PAYLOAD_TYPE = 96
/** ffmpeg takes it for a signed number. */
const MOST_SSRC = 2 ** 31 - 1
/** What ffmpeg says may repeat itself for ever; its last words tell. */
const WORDS_KEPT = 4_000

export interface RtspOptions {
  readonly url: string
  readonly login: CameraLogin | undefined
  readonly place: Place
  /** It has come to an end, of itself. */
  onEnd(fault: SourceFault): void
}

export interface Pulling {
  readonly producer: Producer
  close(): void
}

export async function pullRtsp({ url, login, place, onEnd }: RtspOptions): Promise<Pulling> {
  const transport = await place.router.createPlainTransport({
    listenInfo: { protocol: 'udp', ip: '127.0.0.1' },
    rtcpMux: false,
    comedia: true,
  })
  const ssrc = randomInt(1, MOST_SSRC)
  const producer = await transport.produce({
    kind: 'video',
    rtpParameters: {
      codecs: [
        {
          mimeType: 'video/H264',
          payloadType: PAYLOAD_TYPE,
          clockRate: 90_000,
          // What the stream really is stands in its parameter sets, which decoders go by.
          parameters: { 'packetization-mode': 1, 'profile-level-id': '42e01f', 'level-asymmetry-allowed': 1 },
        },
      ],
      encodings: [{ ssrc }],
    },
  })
  let over = false
  let said = ''
  let described = ''
  const rtpPort = transport.tuple.localPort
  const ffmpeg = spawn(
    'ffmpeg',
    argumentsFor({
      rtpPort,
      rtcpPort: transport.rtcpTuple?.localPort ?? rtpPort + 1,
      payloadType: PAYLOAD_TYPE,
      ssrc,
    }),
    { stdio: ['pipe', 'pipe', 'pipe'] },
  )
  const close = () => {
    over = true
    transport.close()
    ffmpeg.kill('SIGKILL')
  }
  const end = (fault: SourceFault) => {
    if (over) return
    close()
    onEnd(fault)
  }
  ffmpeg.stderr.on('data', (words: Buffer) => {
    said = (said + words.toString()).slice(-WORDS_KEPT)
  })
  ffmpeg.stdout.on('data', (words: Buffer) => {
    described = (described + words.toString()).slice(0, WORDS_KEPT)
    if (described.includes('a=rtpmap:') && !isH264(described)) end('format')
  })
  // It may end before it has read all it is told.
  ffmpeg.stdin.on('error', () => undefined)
  ffmpeg.stdin.end(scriptFor(url, login))
  ffmpeg.once('error', () => end('no-ffmpeg'))
  ffmpeg.once('close', () => end(faultIn(said)))
  return { producer, close }
}
