/** Who is signed in: opaque tokens, of which only the hash is stored. */
import { createHash, randomBytes } from 'node:crypto'
import type { SeatSession } from '../../contract/hub.ts'
import type { Id, Instant } from '../../contract/primitives.ts'
import { type Database, text } from '../store/database.ts'

/** A twelve-hour shift, its handover, and some. */
const SESSION_MS = 16 * 60 * 60_000

export interface OpenedSession extends SeatSession {
  readonly token: string
  readonly until: Instant
}

export async function openSession(
  database: Database,
  account: Id,
  address: string,
  now: Instant,
): Promise<OpenedSession> {
  const token = randomBytes(32).toString('base64url')
  const id = idOf(token)
  const until = now + SESSION_MS
  await database.transact([
    { sql: 'DELETE FROM session WHERE until <= $1', values: [now] },
    {
      sql: 'INSERT INTO session (id, account, opened_at, until, address) VALUES ($1, $2, $3, $4, $5)',
      values: [id, account, now, until, address],
    },
  ])
  return { token, id, account, until }
}

/** The session this token belongs to, if it is still good. */
export async function findSession(
  database: Database,
  token: string,
  now: Instant,
): Promise<SeatSession | undefined> {
  const id = idOf(token)
  const [row] = await database.rows('SELECT account FROM session WHERE id = $1 AND until > $2', [id, now])
  return row === undefined ? undefined : { id, account: text(row.account) }
}

export async function closeSession(database: Database, id: string): Promise<void> {
  await database.transact([{ sql: 'DELETE FROM session WHERE id = $1', values: [id] }])
}

/** Ends every session of the account but `except`; says which. */
export async function closeSessionsOf(database: Database, account: Id, except?: string): Promise<string[]> {
  const rows = await database.rows('SELECT id FROM session WHERE account = $1', [account])
  const ids = rows.map((row) => text(row.id)).filter((id) => id !== except)
  await database.transact(ids.map((id) => ({ sql: 'DELETE FROM session WHERE id = $1', values: [id] })))
  return ids
}

const idOf = (token: string): string => createHash('sha256').update(token).digest('hex')
