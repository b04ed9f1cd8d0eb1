/** The way of a caller to its exchange, and of the sound that it is sent: both over the bench, which takes the times. */
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { decode } from '../main/engine/media/g711.ts'
import type { AtEnd } from '../tests/support/at-end.ts'

/** Of a sample, out of 32,768: louder than line noise. */
const AUDIBLE = 1_000
const RTP_HEADER_BYTES = 12

/** In ms since 1970, as the page counts them too. */
export const now = (): number => performance.timeOrigin + performance.now()

/** Of the call that comes next. Both resolve with when it was. */
interface NextCall {
  /** Its INVITE is at the socket of the exchange. */
  readonly invited: Promise<number>
  /** The first packet that one can hear has come for the caller. */
  readonly voice: Promise<number>
}

export interface CallerPath {
  /** Of 127.0.0.1, for the caller: UDP. */
  readonly port: number
  next(): NextCall
}

export async function openCallerPath(atEnd: AtEnd, exchange: number): Promise<CallerPath> {
  const [near, far, sound] = await Promise.all([open(atEnd), open(atEnd), open(atEnd)])
  let [caller, ears] = [0, 0]
  const invited = new Moment()
  const voice = new Moment()
  near.on('message', (bytes, from) => {
    caller = from.port
    const message = bytes.toString()
    const port = /^m=audio (\d+) /m.exec(message)?.[1]
    if (!message.startsWith('INVITE ') || port === undefined) far.send(bytes, exchange, '127.0.0.1')
    else {
      invited.come()
      ears = Number(port)
      far.send(withSoundAt(message, sound.address().port), exchange, '127.0.0.1')
    }
  })
  far.on('message', (bytes) => near.send(bytes, caller, '127.0.0.1'))
  sound.on('message', (packet, from) => {
    // What the caller says goes on to nobody: it is not listened to here.
    if (from.port === ears) return
    if (decode('PCMU', packet.subarray(RTP_HEADER_BYTES)).some((sample) => Math.abs(sample) > AUDIBLE))
      voice.come()
    sound.send(packet, ears, '127.0.0.1')
  })
  return {
    port: near.address().port,
    next: () => ({ invited: invited.next(), voice: voice.next() }),
  }
}

/** Something that happens again and again; who waits is told when it happens next. */
class Moment {
  #tell: ((at: number) => void) | undefined

  next(): Promise<number> {
    return new Promise((resolve) => {
      this.#tell = resolve
    })
  }

  come(): void {
    this.#tell?.(now())
    this.#tell = undefined
  }
}

function withSoundAt(invite: string, port: number): string {
  const [head = '', ...rest] = invite.split('\r\n\r\n')
  const body = rest.join('\r\n\r\n').replace(/^m=audio \d+ /m, `m=audio ${port} `)
  return `${head.replace(/^(content-length\s*:).*$/im, `$1 ${Buffer.byteLength(body)}`)}\r\n\r\n${body}`
}

async function open(atEnd: AtEnd): Promise<Socket> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1')
  atEnd(() => void socket.close())
  await once(socket, 'listening')
  return socket
}
