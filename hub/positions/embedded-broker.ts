/** The broker inside the hub: devices publish their own positions to it and may subscribe to nothing. */
import { createServer, type Server as NetServer, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { Aedes, type AuthenticateError } from 'aedes'
import type { Directory } from '../../contract/directory.ts'
import { reporterOf } from '../../contract/positions.ts'
import type { Instant } from '../../contract/primitives.ts'
import { owntracksTopic } from '../../contract/site.ts'
import { afterFailure, type Guesses, isLocked, lockoutPolicies, noGuesses } from '../accounts/lockout.ts'
import { isLoopback } from '../config.ts'
import { openQueue } from '../queue.ts'
import { packetGauge } from './packet-gauge.ts'
import type { Listen, PositionSource, Take } from './source.ts'

export interface EmbeddedOptions {
  readonly listen: Listen
  /** PEM; without it the broker speaks in the clear, and listens on the loopback interface only. */
  readonly tls: { readonly cert: string; readonly key: string } | undefined
  readonly take: Take
  readonly clock: () => Instant
  readonly directory: () => Directory
  checkPassword(device: string, password: string): Promise<boolean>
}

const CONNECT_TIMEOUT_MS = 10_000
const LONGEST_PACKET = 64 * 1024
const MOST_CONNECTIONS = 20_000
/** Passwords being checked at once, and waiting for it: after a restart every device comes at once. */
const CHECKS_AT_ONCE = 2
const CHECKS_WAITING = 5_000
const MOST_GUESSED = 10_000

/** MQTT 3.1.1 return codes (3.2.2.3). */
const SERVER_UNAVAILABLE = 3
const BAD_CREDENTIALS = 4

/** Rejects if it would speak in the clear beyond this machine, or can't listen. */
export async function openEmbeddedBroker(
  options: EmbeddedOptions,
): Promise<PositionSource & { readonly listen: Listen }> {
  const { take, clock, directory, checkPassword, tls, listen } = options
  if (tls === undefined && !isLoopback(listen.host))
    throw new Error(
      `the embedded broker will not listen on ${listen.host} without TLS: give the hub --cert and --key, or listen on 127.0.0.1`,
    )
  const users = new WeakMap<object, string>()
  const inQueue = openQueue(CHECKS_AT_ONCE, CHECKS_WAITING)
  const guesses = new Map<string, Guesses>()

  /** Whether the password is the device's. Wrong ones are slowed down as an officer's are, by device and address. */
  const prove = async (device: string, password: string, address: string): Promise<boolean> => {
    const key = `${address} ${device}`
    const wrong = () => guesses.get(key) ?? noGuesses
    if (isLocked(wrong(), clock())) return false
    const right = await inQueue(() => checkPassword(device, password))
    if (guesses.size >= MOST_GUESSED) guesses.clear()
    if (right) guesses.delete(key)
    else guesses.set(key, afterFailure(wrong(), clock(), lockoutPolicies['account-at-address']))
    return right
  }

  // First, because a certificate that is none fails here.
  const server: NetServer =
    tls === undefined ? createServer() : createTlsServer({ ...tls, handshakeTimeout: CONNECT_TIMEOUT_MS })
  server.maxConnections = MOST_CONNECTIONS
  const aedes = await Aedes.createBroker({
    authenticate: (client, username, password, done) => {
      if (username === undefined || password === undefined || !Object.hasOwn(directory().devices, username)) {
        done(refusal(BAD_CREDENTIALS), false)
        return
      }
      const address = 'remoteAddress' in client.conn ? (client.conn.remoteAddress ?? '') : ''
      prove(username, password.toString(), address).then(
        (right) => {
          if (right) users.set(client, username)
          done(right ? null : refusal(BAD_CREDENTIALS), right)
        },
        () => done(refusal(SERVER_UNAVAILABLE), false),
      )
    },
    authorizePublish: (client, packet, done) => {
      const user = client === null ? undefined : users.get(client)
      if (user === undefined || !mayPublish(directory(), user, packet.topic)) {
        done(new Error('not authorised'))
        return
      }
      // Nobody subscribes here, so nothing need be kept for who comes later.
      packet.retain = false
      take(packet.topic, typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload)
      done(null)
    },
    authorizeSubscribe: (_client, _subscription, done) => done(null, null),
    heartbeatInterval: 60_000,
    connectTimeout: CONNECT_TIMEOUT_MS,
    maxClientsIdLength: 128,
  })
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  server.on(tls === undefined ? 'connection' : 'secureConnection', (socket: Socket) => {
    aedes.handle(socket)
    const fits = packetGauge(LONGEST_PACKET)
    socket.on('data', (piece) => {
      if (!fits(piece)) socket.destroy()
    })
  })
  const closeBroker = () => new Promise<void>((resolve) => aedes.close(() => resolve()))
  try {
    const bound = await listening(server, listen)
    server.on('error', () => undefined)
    return {
      state: 'up',
      since: clock(),
      listen: bound,
      onChange: () => () => undefined,
      close: async () => {
        const closed = new Promise<void>((resolve) => server.close(() => resolve()))
        for (const socket of sockets) socket.destroy()
        await closeBroker()
        await closed
      },
    }
  } catch (error) {
    await closeBroker()
    throw error
  }
}

/** Whether a device may publish on a topic: its own, or any of its agency's if it is a gateway. Pure. */
export function mayPublish(directory: Directory, user: string, topic: string): boolean {
  const device = Object.hasOwn(directory.devices, user) ? directory.devices[user] : undefined
  const reporter = reporterOf(topic)
  if (device === undefined || reporter === undefined) return false
  const { publishes } = device
  if (publishes.kind === 'agency') return reporter.kind === 'unit' && reporter.agency === publishes.agency
  if (reporter.kind === 'unit')
    return reporter.unit === publishes.unit && directory.units[reporter.unit]?.agency === reporter.agency
  const unit = directory.units[publishes.unit]
  return unit?.terminals.some((terminal) => owntracksTopic(terminal) === topic) ?? false
}

const refusal = (returnCode: number): AuthenticateError =>
  Object.assign(new Error(returnCode === BAD_CREDENTIALS ? 'bad credentials' : 'try again later'), {
    returnCode,
  })

function listening(server: NetServer, { host, port }: Listen): Promise<Listen> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.removeListener('error', reject)
      const address = server.address()
      resolve({ host, port: typeof address === 'object' && address !== null ? address.port : port })
    })
  })
}
