/** SIP over WebSocket (RFC 7118): a message is a frame, and this side has no address that others could use. */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { isIPv6, type LookupFunction } from 'node:net'
import { WebSocket } from 'ws'
import { locate, type Place } from '../locate.ts'
import { Opening } from './opening.ts'
import {
  type LocalAddress,
  notOpen,
  type SipTransport,
  type TransportEars,
  type TransportOptions,
  turned,
} from './transport.ts'
import { bracketed, unfolded } from './wire.ts'

const CONNECT_MS = 5_000
const FAREWELL_MS = 1_000
const LONGEST_MESSAGE = 96 * 1024
const MOST_UNSENT = 1024 * 1024

export class WebSocketTransport implements SipTransport {
  readonly protocol: 'WS' | 'WSS'
  local: LocalAddress = someName()
  readonly #options: TransportOptions
  readonly #ears: TransportEars
  /** How often nobody answered. */
  #doubts = 0
  readonly #connection = new Opening((signal) => this.#open(signal))

  constructor(options: TransportOptions, ears: TransportEars) {
    this.protocol = options.server.transport === 'wss' ? 'WSS' : 'WS'
    this.#options = options
    this.#ears = ears
  }

  open(): Promise<void> {
    return this.#connection.open()
  }

  refresh(): Promise<void> {
    return this.#connection.open()
  }

  async send(message: string): Promise<void> {
    const { socket } = this.#connection
    if (socket === undefined) throw notOpen()
    if (socket.bufferedAmount > MOST_UNSENT) throw new Error('the server takes nothing any more')
    socket.send(message)
  }

  readonly ping = async (): Promise<void> => {
    const { socket } = this.#connection
    if (socket === undefined) throw notOpen()
    socket.ping()
    await once(socket, 'pong')
  }

  doubt(): void {
    this.#doubts += 1
    this.#connection.drop()?.terminate()
  }

  async close(): Promise<void> {
    const socket = await this.#connection.take()
    if (socket === undefined || socket.readyState === WebSocket.CLOSED) return
    const closed = once(socket, 'close')
    socket.close()
    const impatient = setTimeout(() => socket.terminate(), FAREWELL_MS)
    await closed
    clearTimeout(impatient)
  }

  /** At the first of the server's places where anybody is. */
  async #open(signal: AbortSignal): Promise<WebSocket> {
    const { server, resolver } = this.#options
    let failure: unknown
    for (const place of turned(await locate(server, resolver), this.#doubts))
      try {
        signal.throwIfAborted()
        return await this.#openAt(place, signal)
      } catch (error) {
        failure ??= error
      }
    throw failure
  }

  async #openAt({ host, port }: Place, signal: AbortSignal): Promise<WebSocket> {
    const { server, authorities } = this.#options
    const found: LookupFunction = (_name, { all = false }, tell) => {
      const family = isIPv6(host) ? 6 : 4
      if (all) tell(null, [{ address: host, family }])
      else tell(null, host, family)
    }
    const socket = new WebSocket(`${server.transport}://${bracketed(server.host)}:${port}`, ['sip'], {
      lookup: found,
      handshakeTimeout: CONNECT_MS,
      maxPayload: LONGEST_MESSAGE,
      perMessageDeflate: false,
      ...(authorities !== undefined && { ca: authorities }),
    })
    const giveUp = () => socket.terminate()
    signal.addEventListener('abort', giveUp)
    try {
      await once(socket, 'open')
    } finally {
      signal.removeEventListener('abort', giveUp)
    }
    // Another connection is another place: who has calls here must be able to tell by the Contact.
    this.local = someName()
    this.#listen(socket)
    return socket
  }

  #listen(socket: WebSocket): void {
    let why = 'connection closed'
    socket.on('message', (bytes) => {
      const message = unfolded(bytes.toString())
      if (message !== undefined) this.#ears.message(message, 'exchange')
    })
    socket.on('error', (error) => {
      why = error.message
    })
    socket.on('close', () => {
      if (this.#connection.lost(socket)) this.#ears.lost(why)
    })
  }
}

/** RFC 7118, 5: a host name that nobody can look up. */
const someName = (): LocalAddress => ({
  host: `${randomBytes(8).toString('hex')}.invalid`,
  port: undefined,
})
