/** Telephones at the other end of the engine's sockets: they say beeps or speak on, and note when they hear one. */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { decode, encode, FRAME_SAMPLES } from '../../main/engine/media/g711.ts'
import { parseRtp, writeRtp } from '../../main/engine/media/rtp.ts'
import { everyFrame } from '../../main/engine/media/ticker.ts'

const HOST = '127.0.0.1'
/** A beep of so many packets, and how many from one to the next. */
const BEEP_FRAMES = 8
const BEEP_EVERY = 20
const [LOUD, AUDIBLE] = [16_000, 3_000]

/** Loud from its first sample on. */
const sounding = encode(
  'PCMU',
  Int16Array.from({ length: FRAME_SAMPLES }, (_, at) => (at % 8 < 4 ? LOUD : -LOUD)),
)
const silent = encode('PCMU', new Int16Array(FRAME_SAMPLES))

export interface Telephone {
  readonly offer: string
  /** Takes the answer to its offer, and speaks from now on: without an end, or in beeps. */
  speak(answer: string, beeps: boolean): void
  /** When it began to say each beep since it was last asked, and when it began to hear one, in ms since 1970. */
  take(): { readonly said: number[]; readonly heard: number[] }
  close(): void
}

export async function openTelephone(): Promise<Telephone> {
  const socket = createSocket({ type: 'udp4', lookup: (host, _, found) => found(null, host, 4) })
  await Promise.all([once(socket, 'listening'), socket.bind(0, HOST)])
  const { port } = socket.address()
  let [said, heard]: [number[], number[]] = [[], []]
  let isLoud = false
  let stop: () => void = () => undefined
  socket.on('message', (bytes) => {
    const packet = parseRtp(bytes)
    if (packet === undefined) return
    const loud = decode('PCMU', packet.payload).some((sample) => Math.abs(sample) > AUDIBLE)
    if (loud && !isLoud) heard.push(now())
    isLoud = loud
  })
  return {
    offer: [
      ...['v=0', `o=- 1 1 IN IP4 ${HOST}`, 's=-', `c=IN IP4 ${HOST}`, 't=0 0'],
      ...[`m=audio ${port} RTP/AVP 0`, ''],
    ].join('\r\n'),
    speak: (answer, beeps) => {
      const to = Number(/m=audio (\d+)/.exec(answer)?.[1])
      stop = everyFrame((frames) => {
        const place = frames % BEEP_EVERY
        const payload = !beeps || place < BEEP_FRAMES ? sounding : silent
        const numbers = { marker: frames === 0, sequence: frames & 0xffff, timestamp: frames * FRAME_SAMPLES }
        if (beeps && place === 0) said.push(now())
        socket.send(writeRtp({ ...numbers, payloadType: 0, ssrc: port, payload }), to, HOST)
      })
    },
    take: () => {
      const taken = { said, heard }
      said = []
      heard = []
      return taken
    },
    close: () => {
      stop()
      socket.close()
    },
  }
}

const now = () => performance.timeOrigin + performance.now()
