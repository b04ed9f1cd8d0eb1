/** SIP over TCP or TLS: everything goes over the one connection to the server. */
import { once } from 'node:events'
import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { locate, type Place } from '../locate.ts'
import { Framing } from './framing.ts'
import { Opening } from './opening.ts'
import {
  type LocalAddress,
  notOpen,
  type SipTransport,
  type TransportEars,
  type TransportOptions,
  turned,
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
  /** How often nobody answered. */
  #doubts = 0
  /** Waits for the answer to a ping. */
  #pong: (() => void) | undefined
  readonly #connection = new Opening((signal) => this.#open(signal))

  constructor(options: TransportOptions, ears: TransportEars) {
    this.protocol = options.server.transport === 'tls' ? 'TLS' : 'TCP'
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
    if (isFull(socket)) throw new Error('the server takes nothing any more')
    socket.write(message)
  }

  readonly ping = async (): Promise<void> => {
    const { socket } = this.#connection
    if (socket === undefined) throw notOpen()
    await new Promise<void>((resolve) => {
      this.#pong = resolve
      socket.write('\r\n\r\n')
    })
  }

  doubt(): void {
    this.#doubts += 1
    this.#connection.drop()?.destroy()
  }

  async close(): Promise<void> {
    const socket = await this.#connection.take()
    if (socket === undefined || socket.destroyed) return
    const closed = once(socket, 'close')
    socket.destroySoon()
    await closed
  }

  /** At the first of the server's places where anybody is. */
  async #open(signal: AbortSignal): Promise<Socket> {
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

  async #openAt(place: Place, signal: AbortSignal): Promise<Socket> {
    const socket = this.#connect(place)
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
    this.#listen(socket)
    return socket
  }

  #connect({ host, port }: Place): Socket {
    const { server, authorities } = this.#options
    if (server.transport !== 'tls') return connectTcp({ host, port, noDelay: true })
    return connectTls({
      host,
      port,
      minVersion: 'TLSv1.2',
      // Its certificate is of the name by which the site knows it (RFC 5922, 4).
      ...(isIP(server.host) === 0 && { servername: server.host }),
      ...(authorities !== undefined && { ca: authorities }),
    })
  }

  #listen(socket: Socket): void {
    let why = 'connection closed'
    /** Half of a ping has come. */
    let asked = false
    const from = { host: socket.remoteAddress ?? '', port: socket.remotePort ?? 0 }
    const framing = new Framing({
      message: (text) => {
        const message = unfolded(text)
        if (message !== undefined)
          this.#ears.message(isResponse(message) ? message : stampVia(message, from), 'exchange')
      },
      emptyLine: () => {
        if (this.#pong !== undefined) {
          this.#pong()
          this.#pong = undefined
        } else if (asked) {
          asked = false
          if (!isFull(socket)) socket.write('\r\n')
        } else asked = true
      },
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
      if (this.#connection.lost(socket)) this.#ears.lost(why)
    })
  }
}

const isFull = ({ writableLength }: Socket): boolean => writableLength > MOST_UNSENT
