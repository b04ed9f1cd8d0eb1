/** Where position reports come from: the hub's own MQTT broker, or any other by its address. */
import { createServer, type Server as NetServer } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { Aedes, type AuthenticateError } from 'aedes'
import { connect as connectMqtt } from 'mqtt'
import type { Directory } from '../../contract/directory.ts'
import { positionFilters, reporterOf } from '../../contract/positions.ts'
import type { Instant } from '../../contract/primitives.ts'
import { owntracksTopic } from '../../contract/site.ts'

export interface Listen {
  readonly host: string
  readonly port: number
}

export type Take = (topic: string, payload: Uint8Array) => void

export interface PositionSource {
  readonly state: 'up' | 'down'
  readonly since: Instant
  /** Calls `listener` when the state has changed. Returns its own undoing. */
  onChange(listener: () => void): () => void
  close(): Promise<void>
}

export interface EmbeddedOptions {
  readonly listen: Listen
  /** PEM; without it the broker speaks in the clear, and listens on the loopback interface only. */
  readonly tls: { readonly cert: string; readonly key: string } | undefined
  readonly take: Take
  readonly clock: () => Instant
  readonly directory: () => Directory
  checkPassword(device: string, password: string): Promise<boolean>
}

/** MQTT 3.1.1 return codes (3.2.2.3). */
const BAD_CREDENTIALS = 4
const NOT_AUTHORISED = 5

/** The broker inside the hub: devices publish their own positions to it and may subscribe to nothing. */
export async function openEmbeddedBroker(
  options: EmbeddedOptions,
): Promise<PositionSource & { readonly listen: Listen }> {
  const { take, clock, directory, checkPassword, tls, listen } = options
  if (tls === undefined && !isLoopback(listen.host))
    throw new Error(
      `the embedded broker will not listen on ${listen.host} without TLS: give the hub --cert and --key, or listen on 127.0.0.1`,
    )
  const users = new Map<object, string>()
  const aedes = await Aedes.createBroker({
    authenticate: (client, username, password, done) => {
      if (username === undefined || password === undefined || !(username in directory().devices)) {
        done(refusal(BAD_CREDENTIALS), false)
        return
      }
      checkPassword(username, password.toString()).then(
        (right) => {
          if (right) users.set(client, username)
          done(right ? null : refusal(BAD_CREDENTIALS), right)
        },
        () => done(refusal(BAD_CREDENTIALS), false),
      )
    },
    authorizePublish: (client, packet, done) => {
      const user = client === null ? undefined : users.get(client)
      if (user === undefined || !mayPublish(directory(), user, packet.topic)) {
        done(new Error('not authorised'))
        return
      }
      take(packet.topic, typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload)
      done(null)
    },
    authorizeSubscribe: (_client, _subscription, done) => done(null, null),
    heartbeatInterval: 60_000,
    connectTimeout: 10_000,
    maxClientsIdLength: 128,
  })
  aedes.on('clientDisconnect', (client) => users.delete(client))
  const server: NetServer =
    tls === undefined ? createServer(aedes.handle) : createTlsServer(tls, aedes.handle)
  server.on('error', () => undefined)
  const bound = await listening(server, listen)
  const since = clock()
  return {
    state: 'up',
    since,
    listen: bound,
    onChange: () => () => undefined,
    close: async () => {
      await new Promise<void>((resolve) => aedes.close(() => resolve()))
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

export interface ExternalOptions {
  /** mqtt:// or mqtts://host:port */
  readonly url: string
  readonly username: string | undefined
  readonly password: string | undefined
  readonly ca: string | undefined
  readonly take: Take
  readonly clock: () => Instant
}

const RECONNECT_MS = 1000
const CONNECT_TIMEOUT_MS = 10_000

/** A site's own broker: mosquitto, EMQX and the like. Reconnects by itself, with some jitter. */
export function openExternalBroker({
  url,
  username,
  password,
  ca,
  take,
  clock,
}: ExternalOptions): PositionSource {
  const listeners = new Set<() => void>()
  let state: 'up' | 'down' = 'down'
  let since = clock()
  const become = (next: 'up' | 'down') => {
    if (next === state) return
    state = next
    since = clock()
    for (const listener of listeners) listener()
  }
  const client = connectMqtt(url, {
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(ca !== undefined && { ca }),
    clean: true,
    resubscribe: false,
    reconnectPeriod: RECONNECT_MS * (0.75 + Math.random() / 2),
    connectTimeout: CONNECT_TIMEOUT_MS,
    keepalive: 15,
  })
  client.on('connect', () => {
    client.subscribe([...positionFilters], { qos: 0 }, (error, granted) => {
      const refused = granted?.some(({ qos }) => qos >= 128) ?? true
      become(error == null && !refused ? 'up' : 'down')
    })
  })
  client.on('close', () => become('down'))
  // The reason shows as the state; the client goes on trying.
  client.on('error', () => become('down'))
  client.on('message', take)
  return {
    get state() {
      return state
    },
    get since() {
      return since
    },
    onChange: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: async () => {
      await client.endAsync(true)
    },
  }
}

/** Whether a device may publish on a topic: its own, or any of its agency's if it is a gateway. Pure. */
export function mayPublish(directory: Directory, user: string, topic: string): boolean {
  const device = directory.devices[user]
  const reporter = reporterOf(topic)
  if (device === undefined || reporter === undefined) return false
  const { publishes } = device
  if (publishes.kind === 'agency') return reporter.kind === 'unit' && reporter.agency === publishes.agency
  if (reporter.kind === 'unit')
    return reporter.unit === publishes.unit && directory.units[reporter.unit]?.agency === reporter.agency
  const unit = directory.units[publishes.unit]
  return unit?.terminals.some((terminal) => owntracksTopic(terminal) === topic) ?? false
}

const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || /^127\./.test(host)

const refusal = (returnCode: number): AuthenticateError =>
  Object.assign(new Error(returnCode === NOT_AUTHORISED ? 'not authorised' : 'bad credentials'), {
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
