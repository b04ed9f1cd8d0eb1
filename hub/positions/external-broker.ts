/** Position reports from a site's own broker: mosquitto, EMQX and the like. */
import { connect as connectMqtt } from 'mqtt'
import { positionFilters } from '../../contract/positions.ts'
import type { Instant } from '../../contract/primitives.ts'
import type { PositionSource, Take } from './source.ts'

export interface ExternalOptions {
  /** mqtt:// or mqtts://host:port */
  readonly url: string
  readonly username: string | undefined
  readonly password: string | undefined
  readonly ca: string | undefined
  readonly take: Take
  readonly clock: () => Instant
  /** Told why it is down, each time the reason is another, for the operator's log. */
  readonly onTrouble: (why: string) => void
}

const RECONNECT_MS = 1000
const CONNECT_TIMEOUT_MS = 10_000

/** Reconnects by itself, with some jitter. */
export function openExternalBroker({
  url,
  username,
  password,
  ca,
  take,
  clock,
  onTrouble,
}: ExternalOptions): PositionSource {
  const listeners = new Set<() => void>()
  let state: 'up' | 'down' = 'down'
  let since = clock()
  let trouble: string | undefined
  const become = (next: 'up' | 'down', why?: string) => {
    if (next === 'up') trouble = undefined
    else if (why !== undefined && why !== trouble) {
      trouble = why
      onTrouble(why)
    }
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
    // A broker that refuses today may have learned the password tomorrow.
    reconnectOnConnackError: true,
    reconnectPeriod: RECONNECT_MS * (0.75 + Math.random() / 2),
    connectTimeout: CONNECT_TIMEOUT_MS,
    keepalive: 15,
  })
  client.on('connect', () => {
    client.subscribe([...positionFilters], { qos: 0 }, (error, granted) => {
      const refused = granted?.find(({ qos }) => qos >= 128)
      if (error == null && refused === undefined) become('up')
      else become('down', `it will not let the hub subscribe: ${error?.message ?? refused?.topic}`)
    })
  })
  client.on('close', () => become('down', trouble ?? 'the connection is lost'))
  // The client goes on trying.
  client.on('error', (error) => become('down', error.message || error.name))
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
