/** Who is signed in: opaque tokens, of which only the hash is stored. */
import { createHash, randomBytes } from 'node:crypto'
import type { Happening } from '../../contract/events.ts'
import type { SeatSession } from '../../contract/hub.ts'
import type { Id, Instant } from '../../contract/primitives.ts'
import { type Database, integer, text } from '../store/database.ts'

/** A twelve-hour shift, its handover, and some. */
const SESSION_MS = 16 * 60 * 60_000

/** A session that a token opened, and when it ends by itself. */
export interface FoundSession extends SeatSession {
  readonly until: Instant
}

export interface OpenedSession extends FoundSession {
  readonly token: string
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
): Promise<FoundSession | undefined> {
  const id = idOf(token)
  const [row] = await database.rows('SELECT account, until FROM session WHERE id = $1 AND until > $2', [
    id,
    now,
  ])
  return row === undefined ? undefined : { id, account: text(row.account), until: integer(row.until) }
}

export async function closeSession(database: Database, id: string): Promise<void> {
  await database.transact([{ sql: 'DELETE FROM session WHERE id = $1', values: [id] }])
}

/** Ends every session of the account but `except`; says which. */
export async function closeSessionsOf(database: Database, account: Id, except?: string): Promise<string[]> {
  const rows = await database.rows('SELECT id FROM session WHERE account = $1', [account])
  const ids = rows.map((row) => text(row.id)).filter((id) => id !== except)
  if (ids.length > 0)
    await database.transact(ids.map((id) => ({ sql: 'DELETE FROM session WHERE id = $1', values: [id] })))
  return ids
}

/** The event that says so, of a session that was closed. */
export const sessionClosed = (session: SeatSession, why: 'signed-out' | 'revoked'): Happening => ({
  kind: 'session.closed',
  subject: `account/${session.account}`,
  area: null,
  data: { account: session.account, session: session.id, why },
})

const idOf = (token: string): string => createHash('sha256').update(token).digest('hex')
