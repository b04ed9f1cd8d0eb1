/** SIP over UDP: one socket for everybody, and everything sent again until it is answered. */
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { once } from 'node:events'
import type { ExchangeServer } from '../../../../contract/telephony.ts'
import { Retransmission } from './retransmission.ts'
import { notOpen, type SipTransport, type TransportEars, type TransportOptions } from './transport.ts'
import { type Address, isResponse, requestTarget, responseTarget, stampVia, unfolded } from './wire.ts'

export class UdpTransport implements SipTransport {
  readonly protocol = 'UDP'
  local: Address = { host: '0.0.0.0', port: 0 }
  readonly #options: TransportOptions
  readonly #ears: TransportEars
  readonly #retransmission = new Retransmission()
  #socket: Socket | undefined
  #opening: Promise<void> | undefined

  constructor(options: TransportOptions, ears: TransportEars) {
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
    const { domain, server } = this.#options
    const to = isResponse(message) ? responseTarget(message) : requestTarget(message, domain, server)
    if (to === undefined) throw new Error('nowhere to send it')
    const bytes = Buffer.from(message)
    this.#retransmission.sent(message, () => void this.#put(bytes, to).catch(() => undefined))
    await this.#put(bytes, to)
  }

  async close(): Promise<void> {
    this.#retransmission.clear()
    await this.#opening?.catch(() => undefined)
    const socket = this.#socket
    this.#socket = undefined
    if (socket === undefined) return
    socket.close()
    await once(socket, 'close')
  }

  async #open(): Promise<void> {
    const host = await ownAddress(this.#options.server)
    const socket = createSocket('udp4')
    socket.bind(0, host)
    try {
      await once(socket, 'listening')
    } catch (error) {
      socket.close()
      throw error
    }
    socket.on('message', (bytes, from) => this.#hear(bytes, from))
    // What a single datagram meets on its way is no fault of the socket.
    socket.on('error', () => undefined)
    this.local = { host, port: socket.address().port }
    this.#socket = socket
  }

  #hear(bytes: Buffer, { address, port }: RemoteInfo): void {
    const message = unfolded(bytes.toString())
    if (message === undefined) return
    this.#retransmission.received(message)
    this.#ears.message(isResponse(message) ? message : stampVia(message, { host: address, port }))
  }

  #put(bytes: Buffer, to: Address): Promise<void> {
    const socket = this.#socket
    if (socket === undefined) return Promise.reject(notOpen())
    return new Promise((resolve, reject) => {
      socket.send(bytes, to.port, to.host, (error) => (error === null ? resolve() : reject(error)))
    })
  }
}

/** The address of this machine that the server is reached from. */
async function ownAddress(server: ExchangeServer): Promise<string> {
  const probe = createSocket('udp4')
  try {
    probe.connect(server.port, server.host)
    await once(probe, 'connect')
    return probe.address().address
  } finally {
    probe.close()
  }
}
