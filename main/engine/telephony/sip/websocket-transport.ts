/** SIP over WebSocket (RFC 7118): a message is a frame, and this side has no address that others could use. */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { WebSocket } from 'ws'
import {
  type LocalAddress,
  notOpen,
  type SipTransport,
  type TransportEars,
  type TransportOptions,
} from './transport.ts'
import { unfolded } from './wire.ts'

const CONNECT_MS = 5_000
const LONGEST_MESSAGE = 96 * 1024
const MOST_UNSENT = 1024 * 1024

export class WebSocketTransport implements SipTransport {
  readonly protocol: 'WS' | 'WSS'
  readonly local: LocalAddress = { host: `${randomBytes(8).toString('hex')}.invalid`, port: undefined }
  readonly #options: TransportOptions
  readonly #ears: TransportEars
  #socket: WebSocket | undefined
  #opening: Promise<void> | undefined
  #giveUp = new AbortController()

  constructor(options: TransportOptions, ears: TransportEars) {
    this.protocol = options.server.transport === 'wss' ? 'WSS' : 'WS'
    this.#options = options
    this.#ears = ears
  }

  async open(): Promise<void> {
    if (this.#socket !== undefined) return
    this.#opening ??= this.#open().finally(() => {
      this.#opening = undefined
    })
    await this.#opening
  }

  async send(message: string): Promise<void> {
    const socket = this.#socket
    if (socket === undefined) throw notOpen()
    if (socket.bufferedAmount > MOST_UNSENT) throw new Error('the server takes nothing any more')
    socket.send(message)
  }

  async close(): Promise<void> {
    this.#giveUp.abort()
    await this.#opening?.catch(() => undefined)
    this.#giveUp = new AbortController()
    const socket = this.#socket
    this.#socket = undefined
    if (socket === undefined || socket.readyState === WebSocket.CLOSED) return
    const closed = once(socket, 'close')
    socket.close()
    const impatient = setTimeout(() => socket.terminate(), 1_000)
    await closed
    clearTimeout(impatient)
  }

  async #open(): Promise<void> {
    const { server, authorities } = this.#options
    const { signal } = this.#giveUp
    const socket = new WebSocket(`${server.transport}://${server.host}:${server.port}`, ['sip'], {
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
    this.#socket = socket
    this.#listen(socket)
  }

  #listen(socket: WebSocket): void {
    let why = 'connection closed'
    socket.on('message', (bytes) => {
      const message = unfolded(bytes.toString())
      if (message !== undefined) this.#ears.message(message)
    })
    socket.on('error', (error) => {
      why = error.message
    })
    socket.on('close', () => {
      if (this.#socket !== socket) return
      this.#socket = undefined
      this.#ears.lost(why)
    })
  }
}
