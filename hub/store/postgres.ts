/** PostgreSQL, for a site with several hubs. */
import pg from 'pg'
import { type Database, type Durability, type SqlRow, UniqueViolation } from './database.ts'

const CHANNEL = 'watchfloor'
const UNIQUE_VIOLATION = '23505'
const RETRY_LISTENING_MS = 1000

export interface PostgresOptions {
  /** postgres://user@host/database; the password comes from it, from PGPASSWORD or from a .pgpass file. */
  readonly url: string
  readonly durability: Durability
  readonly connections: number
}

export function openPostgres({ url, durability, connections }: PostgresOptions): Database {
  const types = {
    getTypeParser: (oid: number) => (oid === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(oid)),
  }
  const pool = new pg.Pool({ connectionString: url, max: connections, types, connectionTimeoutMillis: 5000 })
  // An idle connection that breaks is replaced by the pool; whoever uses the next one learns of lasting trouble.
  pool.on('error', () => undefined)
  const listeners = new Set<() => void>()
  let closing = false
  let ear: pg.Client | undefined
  let again: NodeJS.Timeout | undefined
  const tell = () => {
    for (const listener of listeners) listener()
  }

  const hear = async () => {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 })
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

  const run = async (statements: readonly { sql: string; values: readonly unknown[] }[]) => {
    const client = await pool.connect()
    let damaged: Error | undefined
    try {
      await client.query(durability === 'full' ? 'BEGIN' : 'BEGIN; SET LOCAL synchronous_commit = off')
      for (const { sql, values } of statements) await client.query(sql, [...values])
      await client.query('COMMIT')
    } catch (error) {
      await client.query('ROLLBACK').catch((lost: Error) => {
        damaged = lost
      })
      if (error instanceof Error && 'code' in error && error.code === UNIQUE_VIOLATION)
        throw new UniqueViolation(error.message)
      throw error
    } finally {
      client.release(damaged)
    }
  }

  return {
    rows: async (sql, values = []): Promise<SqlRow[]> => (await pool.query<SqlRow>(sql, [...values])).rows,
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
