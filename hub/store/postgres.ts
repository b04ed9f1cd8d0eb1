/** PostgreSQL, for a site with several hubs. */
import pg from 'pg'
import {
  type Database,
  type Durability,
  type SqlRow,
  type Statement,
  StoreFailure,
  UniqueViolation,
} from './database.ts'

const CHANNEL = 'watchfloor'
/** unique_violation, duplicate_table and duplicate_object (PostgreSQL, appendix A): another was there first. */
const TAKEN = ['23505', '42P07', '42710']
const RETRY_LISTENING_MS = 1000
/** Firewalls forget idle connections, and a server that vanished says nothing: ask after so long. */
const KEEP_ALIVE_AFTER_MS = 10_000
const CONNECT_WITHIN_MS = 5_000
const ANSWER_WITHIN_MS = 30_000
/**
 * A hub that stands still in the middle of a transaction keeps the place in the journal that it was about to take, and
 * with it all other hubs: after so long the server gives that up, and nothing of it has happened.
 */
const STANDS_STILL_MS = 3_000

export interface PostgresOptions {
  /** postgres://user@host/database; the password comes from it, from PGPASSWORD or from a .pgpass file. */
  readonly url: string
  readonly durability: Durability
  readonly connections: number
  /** How long a statement may take before the server counts as gone, ms. */
  readonly answerWithin?: number
}

export function openPostgres({
  url,
  durability,
  connections,
  answerWithin = ANSWER_WITHIN_MS,
}: PostgresOptions): Database {
  const types = {
    getTypeParser: (oid: number) => (oid === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(oid)),
  }
  const connection = {
    connectionString: url,
    connectionTimeoutMillis: CONNECT_WITHIN_MS,
    query_timeout: answerWithin,
    idle_in_transaction_session_timeout: STANDS_STILL_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_AFTER_MS,
  }
  const pool = new pg.Pool({ ...connection, max: connections, types })
  // A connection that breaks is replaced by the pool; whoever uses it, or the next one, learns of the trouble.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))
  const listeners = new Set<() => void>()
  let closing = false
  let ear: pg.Client | undefined
  let again: NodeJS.Timeout | undefined
  const tell = () => {
    for (const listener of listeners) listener()
  }

  const hear = async () => {
    const client = new pg.Client(connection)
    ear = client
    const lost = () => {
      if (ear !== client || closing) return
      ear = undefined
      again = setTimeout(hear, RETRY_LISTENING_MS)
      client.end().catch(() => undefined)
    }
    client.on('error', lost)
    client.on('end', lost)
    client.on('notification', tell)
    try {
      await client.connect()
      await client.query(`LISTEN ${CHANNEL}`)
      tell()
    } catch {
      lost()
    }
  }

  const begin = `BEGIN; SET LOCAL synchronous_commit = ${durability === 'full' ? 'on' : 'off'}`

  const run = async (statements: readonly Statement[]) => {
    const client = await pool.connect().catch(failed)
    let damaged: Error | undefined
    try {
      await client.query(begin)
      for (const { sql, values } of statements) await client.query(sql, [...values])
      await client.query('COMMIT')
    } catch (error) {
      await client.query('ROLLBACK').catch((lost: Error) => {
        damaged = lost
      })
      if (error instanceof Error && 'code' in error && TAKEN.some((code) => code === error.code))
        throw new UniqueViolation(error.message)
      return failed(error)
    } finally {
      client.release(damaged)
    }
  }

  return {
    rows: async (sql, values = []): Promise<SqlRow[]> =>
      (await pool.query<SqlRow>(sql, [...values]).catch(failed)).rows,
    transact: run,
    transactAndAnnounce: (statements) => run([...statements, { sql: `NOTIFY ${CHANNEL}`, values: [] }]),
    onAnnouncement: (listener) => {
      listeners.add(listener)
      if (ear === undefined && again === undefined) void hear()
      return () => listeners.delete(listener)
    },
    close: async () => {
      closing = true
      clearTimeout(again)
      await ear?.end().catch(() => undefined)
      await pool.end()
    },
  }
}

function failed(cause: unknown): never {
  // A host of several addresses fails with one error for each, and none of its own.
  const errors: unknown[] = cause instanceof AggregateError ? cause.errors : [cause]
  const why = errors.map((error) => (error instanceof Error ? error.message : String(error))).join('; ')
  throw new StoreFailure(why, { cause })
}
