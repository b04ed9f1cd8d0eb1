/**
 * The bus between hubs on one PostgreSQL: notifications, and an advisory lock that the first hub holds. One connection
 * does both. It is asked for life so often, and given up so soon, that a hub which was cut off knows that it is not the
 * first any more before the server ends its session and gives the lock to another (idle_session_timeout).
 */
import pg from 'pg'
import { Watched } from '../../contract/watched.ts'
import type { HubBus } from './bus.ts'

const CHANNEL = 'watchfloor_hubs'
/** Of the advisory lock: any number, the same for all hubs. */
const LOCK = 0x7766_6c6f
/** PostgreSQL takes 8,000 with its end (NOTIFY). */
const LONGEST = 7_900
const ASK_EVERY_MS = 1_000
const ANSWER_WITHIN_MS = 2_000
const SERVER_FORGETS_AFTER_MS = 6_000
/** Less than that: of what the server has not confirmed for so long nobody can be sure. */
const SURE_FOR_MS = 5_000
const CONNECT_AGAIN_MS = 1_000

export function openPostgresBus(url: string, onTrouble: (error: unknown) => void): HubBus {
  const first = new Watched(false)
  const listeners = new Set<(message: string) => void>()
  let client: pg.Client | undefined
  let closed = false
  let isTold = false
  let timer: NodeJS.Timeout | undefined
  /** When the server was asked for what it has confirmed last; by a clock that goes on while this process stands still. */
  let confirmedAt = 0
  let ending: Promise<void> = Promise.resolve()

  const lose = (lost: pg.Client, error?: unknown) => {
    if (client !== lost) return
    client = undefined
    first.set(false)
    clearTimeout(timer)
    ending = lost.end().catch(() => undefined)
    if (closed) return
    // Told once, not at each try.
    if (error !== undefined && !isTold) onTrouble(error)
    isTold = true
    timer = setTimeout(connect, CONNECT_AGAIN_MS)
  }

  async function connect(): Promise<void> {
    const own = new pg.Client({
      connectionString: url,
      connectionTimeoutMillis: ANSWER_WITHIN_MS,
      query_timeout: ANSWER_WITHIN_MS,
      keepAlive: true,
    })
    client = own
    own.on('error', (error) => lose(own, error))
    own.on('end', () => lose(own))
    own.on('notification', ({ payload = '' }) => {
      for (const listener of listeners) listener(payload)
    })
    try {
      await own.connect()
      await own.query(`SET idle_session_timeout = ${SERVER_FORGETS_AFTER_MS}`)
      await own.query(`LISTEN ${CHANNEL}`)
      await ask(own)
    } catch (error) {
      lose(own, error)
    }
  }

  async function ask(own: pg.Client): Promise<void> {
    if (client !== own) return
    const askedAt = performance.now()
    try {
      const { rows } = await own.query<{ first: boolean }>(
        first.value ? 'SELECT true AS first' : 'SELECT pg_try_advisory_lock($1) AS first',
        first.value ? [] : [LOCK],
      )
      if (client !== own) return
      confirmedAt = askedAt
      isTold = false
      first.set(rows[0]?.first === true)
      timer = setTimeout(() => void ask(own), ASK_EVERY_MS)
    } catch (error) {
      lose(own, error)
    }
  }

  void connect()
  return {
    first,
    get sure() {
      return performance.now() - confirmedAt < SURE_FOR_MS
    },
    say: (message) => {
      if (Buffer.byteLength(message) > LONGEST)
        return onTrouble(new Error('a message that is too long for the bus'))
      const own = client
      own?.query('SELECT pg_notify($1, $2)', [CHANNEL, message]).catch((error) => lose(own, error))
    },
    onMessage: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: async () => {
      closed = true
      if (client !== undefined) lose(client)
      clearTimeout(timer)
      await ending
    },
  }
}
