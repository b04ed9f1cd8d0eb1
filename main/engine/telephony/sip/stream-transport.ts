/** SIP over TCP or TLS: everything goes over the one connection to the server. */
import { once } from 'node:events'
import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { Framing } from './framing.ts'
import {
  type LocalAddress,
  notOpen,
  type SipTransport,
  type TransportEars,
  type TransportOptions,
} from './transport.ts'
import { isResponse, stampVia, unfolded } from './wire.ts'

const CONNECT_MS = 5_000
/** A server that takes nothing any more must not fill the memory. */
const MOST_UNSENT = 1024 * 1024

export class StreamTransport implements SipTransport {
  readonly protocol: 'TCP' | 'TLS'
  local: LocalAddress = { host: '0.0.0.0', port: undefined }
  readonly #options: TransportOptions
  readonly #ears: TransportEars
  #socket: Socket | undefined
  #opening: Promise<void> | undefined
  #giveUp = new AbortController()

  constructor(options: TransportOptions, ears: TransportEars) {
    this.protocol = options.server.transport === 'tls' ? 'TLS' : 'TCP'
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
    if (socket.writableLength > MOST_UNSENT) throw new Error('the server takes nothing any more')
    socket.write(message)
  }

  async close(): Promise<void> {
    this.#giveUp.abort()
    await this.#opening?.catch(() => undefined)
    this.#giveUp = new AbortController()
    const socket = this.#socket
    this.#socket = undefined
    if (socket === undefined || socket.destroyed) return
    const closed = once(socket, 'close')
    socket.destroySoon()
    await closed
  }

  async #open(): Promise<void> {
    const { signal } = this.#giveUp
    const socket = this.#connect()
    const timeout = setTimeout(() => socket.destroy(new Error('no answer')), CONNECT_MS)
    const giveUp = () => socket.destroy(new Error('closed'))
    signal.addEventListener('abort', giveUp)
    try {
      await once(socket, this.protocol === 'TLS' ? 'secureConnect' : 'connect')
    } catch (error) {
      socket.destroy()
      throw error
    } finally {
      clearTimeout(timeout)
      signal.removeEventListener('abort', giveUp)
    }
    this.local = { host: socket.localAddress ?? '0.0.0.0', port: socket.localPort }
    this.#socket = socket
    this.#listen(socket)
  }

  #connect(): Socket {
    const { server, authorities } = this.#options
    const { host, port } = server
    if (server.transport !== 'tls') return connectTcp({ host, port, noDelay: true })
    return connectTls({
      host,
      port,
      minVersion: 'TLSv1.2',
      ...(isIP(host) === 0 && { servername: host }),
      ...(authorities !== undefined && { ca: authorities }),
    })
  }

  #listen(socket: Socket): void {
    let why = 'connection closed'
    const from = { host: socket.remoteAddress ?? '', port: socket.remotePort ?? 0 }
    const framing = new Framing({
      message: (text) => {
        const message = unfolded(text)
        if (message !== undefined) this.#ears.message(isResponse(message) ? message : stampVia(message, from))
      },
      ping: () => socket.write('\r\n'),
    })
    socket.on('data', (bytes: Buffer) => {
      try {
        framing.take(bytes)
      } catch (error) {
        socket.destroy(error instanceof Error ? error : new Error(String(error)))
      }
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
