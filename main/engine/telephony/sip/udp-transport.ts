/** SIP over UDP: one socket for everybody, and everything sent again until it is answered. */
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { lookup } from 'node:dns/promises'
import { once } from 'node:events'
import { Opening } from './opening.ts'
import { Retransmission } from './retransmission.ts'
import { notOpen, type SipTransport, type TransportEars, type TransportOptions } from './transport.ts'
import { type Address, isResponse, requestTarget, responseTarget, stampVia, unfolded } from './wire.ts'

/** Where the exchange is, and this machine as it sees it. */
interface Ends {
  readonly server: Address
  readonly own: string
  /** All addresses of all hosts of the exchange. */
  readonly exchange: ReadonlySet<string>
}

export class UdpTransport implements SipTransport {
  readonly protocol = 'UDP'
  readonly ping = undefined
  local: Address = { host: '0.0.0.0', port: 0 }
  readonly #options: TransportOptions
  readonly #ears: TransportEars
  readonly #retransmission = new Retransmission()
  readonly #opening = new Opening(() => this.#open())
  #ends: Ends | undefined

  constructor(options: TransportOptions, ears: TransportEars) {
    this.#options = options
    this.#ears = ears
  }

  open(): Promise<void> {
    return this.#opening.open()
  }

  async refresh(): Promise<void> {
    if (this.#opening.socket === undefined) return this.open()
    // What was known of the exchange holds as long as its names can't be looked up.
    const ends = await endsOf(this.#options).catch(() => undefined)
    if (ends === undefined) return
    this.#ends = ends
    if (ends.own === this.local.host) return
    await end(await this.#opening.take())
    await this.open()
  }

  async send(message: string): Promise<void> {
    const { domain, server } = this.#options
    const to = isResponse(message) ? responseTarget(message) : requestTarget(message, domain, server)
    if (to === undefined) throw new Error('nowhere to send it')
    const found = to.host === server.host ? { ...to, host: this.#ends?.server.host ?? to.host } : to
    const bytes = Buffer.from(message)
    this.#retransmission.sent(message, () => void this.#put(bytes, found).catch(() => undefined))
    await this.#put(bytes, found)
  }

  /** A socket without a connection has nothing that could have broken. */
  doubt(): void {}

  async close(): Promise<void> {
    this.#retransmission.clear()
    await end(await this.#opening.take())
  }

  async #open(): Promise<Socket> {
    const ends = await endsOf(this.#options)
    const socket = createSocket('udp4')
    socket.bind(0, ends.own)
    try {
      await once(socket, 'listening')
    } catch (error) {
      socket.close()
      throw error
    }
    socket.on('message', (bytes, from) => this.#hear(bytes, from))
    // What a single datagram meets on its way is no fault of the socket.
    socket.on('error', () => undefined)
    this.local = { host: ends.own, port: socket.address().port }
    this.#ends = ends
    return socket
  }

  #hear(bytes: Buffer, { address, port }: RemoteInfo): void {
    const message = unfolded(bytes.toString())
    if (message === undefined) return
    this.#retransmission.received(message)
    this.#ears.message(
      isResponse(message) ? message : stampVia(message, { host: address, port }),
      this.#ends?.exchange.has(address) === true ? 'exchange' : 'stranger',
    )
  }

  #put(bytes: Buffer, to: Address): Promise<void> {
    const { socket } = this.#opening
    if (socket === undefined) return Promise.reject(notOpen())
    return new Promise((resolve, reject) => {
      socket.send(bytes, to.port, to.host, (error) => (error === null ? resolve() : reject(error)))
    })
  }
}

async function endsOf({ server, otherHosts = [] }: TransportOptions): Promise<Ends> {
  const [[host = server.host, ...rest], ...others] = await Promise.all([
    addressesOf(server.host),
    ...otherHosts.map((other) => addressesOf(other).catch(() => [])),
  ])
  return {
    server: { host, port: server.port },
    own: await ownAddress({ host, port: server.port }),
    exchange: new Set([host, ...rest, ...others.flat()]),
  }
}

const addressesOf = async (host: string): Promise<string[]> =>
  (await lookup(host, { all: true, family: 4 })).map(({ address }) => address)

/** The address of this machine that the server is reached from. */
async function ownAddress(server: Address): Promise<string> {
  const probe = createSocket('udp4')
  try {
    probe.connect(server.port, server.host)
    await once(probe, 'connect')
    return probe.address().address
  } finally {
    probe.close()
  }
}

async function end(socket: Socket | undefined): Promise<void> {
  if (socket === undefined) return
  socket.close()
  await once(socket, 'close')
}
