/** SIP over UDP: one socket for everybody, and everything sent again until it is answered. */
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { isIPv6 } from 'node:net'
import { addressTowards, canonical, locate } from '../locate.ts'
import { Opening } from './opening.ts'
import { Retransmission } from './retransmission.ts'
import { notOpen, type SipTransport, type TransportEars, type TransportOptions, turned } from './transport.ts'
import {
  type Address,
  isResponse,
  requestTarget,
  responseTarget,
  SIP_PORT,
  stampVia,
  unfolded,
} from './wire.ts'

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
  /** How often nobody answered. */
  #doubts = 0

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
    const ends = await endsOf(this.#options, this.#doubts).catch(() => undefined)
    if (ends === undefined) return
    this.#ends = ends
    if (ends.own === this.local.host) return
    await end(await this.#opening.take())
    await this.open()
  }

  async send(message: string): Promise<void> {
    const to = isResponse(message) ? responseTarget(message) : this.#targetOf(message)
    if (to === undefined) throw new Error('nowhere to send it')
    const bytes = Buffer.from(message)
    this.#retransmission.sent(message, () => void this.#put(bytes, to).catch(() => undefined))
    await this.#put(bytes, to)
  }

  doubt(): void {
    this.#doubts += 1
  }

  async close(): Promise<void> {
    this.#retransmission.clear()
    await end(await this.#opening.take())
  }

  async #open(): Promise<Socket> {
    const ends = await endsOf(this.#options, this.#doubts)
    const socket = createSocket(isIPv6(ends.own) ? 'udp6' : 'udp4')
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

  #targetOf(request: string): Address | undefined {
    const { domain, server } = this.#options
    const proxy = this.#ends?.server
    if (proxy === undefined) throw notOpen()
    const target = requestTarget(request, domain, proxy)
    // By its name it is where it has been found.
    const isProxy = target?.host === server.host && target.port === (server.port ?? SIP_PORT)
    return isProxy ? proxy : target
  }

  #hear(bytes: Buffer, { address, port }: RemoteInfo): void {
    const message = unfolded(bytes.toString())
    if (message === undefined) return
    this.#retransmission.received(message)
    this.#ears.message(
      isResponse(message) ? message : stampVia(message, { host: address, port }),
      this.#ends?.exchange.has(canonical(address)) === true ? 'exchange' : 'stranger',
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

async function endsOf(
  { server, otherHosts = [], resolver }: TransportOptions,
  doubts: number,
): Promise<Ends> {
  const placesOf = (host: string) => locate({ ...server, host }, resolver)
  const [places, ...others] = await Promise.all([
    placesOf(server.host),
    ...otherHosts.map((other) => placesOf(other).catch(() => [])),
  ])
  const [place] = turned(places, doubts)
  return {
    server: place,
    own: canonical(await addressTowards(place)),
    exchange: new Set([places, ...others].flat().map(({ host }) => host)),
  }
}

async function end(socket: Socket | undefined): Promise<void> {
  if (socket === undefined) return
  socket.close()
  await once(socket, 'close')
}
