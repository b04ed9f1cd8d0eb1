/** Where hashed passwords are kept: beside the journal, never in it. */
import { type Database, type Statement, text } from '../store/database.ts'
import { hashPassword, isPassword, type Strength } from './passwords.ts'

/** An officer's account, a device that publishes positions, or a source that sends pictures. */
export type CredentialKind = 'account' | 'device' | 'source'

const strengths: Record<CredentialKind, Strength> = { account: 'person', device: 'device', source: 'device' }

/** The statement that sets a password, for a transaction of the caller's. */
export async function passwordStatement(
  kind: CredentialKind,
  name: string,
  password: string,
  strength: Strength = strengths[kind],
): Promise<Statement> {
  const secret = await hashPassword(password, strength)
  return {
    sql: `INSERT INTO credential (kind, name, secret) VALUES ($1, $2, $3)
          ON CONFLICT (kind, name) DO UPDATE SET secret = excluded.secret`,
    values: [kind, name, secret],
  }
}

/** The statement that takes a password away. */
export const noPasswordStatement = (kind: CredentialKind, name: string): Statement => ({
  sql: 'DELETE FROM credential WHERE kind = $1 AND name = $2',
  values: [kind, name],
})

export async function hasPassword(database: Database, kind: CredentialKind, name: string): Promise<boolean> {
  return (await secretOf(database, kind, name)) !== undefined
}

/** Whether this is its password; false for one that has none. */
export async function checkPassword(
  database: Database,
  kind: CredentialKind,
  name: string,
  password: string,
): Promise<boolean> {
  return isPassword(password, await secretOf(database, kind, name), strengths[kind])
}

async function secretOf(database: Database, kind: CredentialKind, name: string): Promise<string | undefined> {
  const [row] = await database.rows('SELECT secret FROM credential WHERE kind = $1 AND name = $2', [
    kind,
    name,
  ])
  return row === undefined ? undefined : text(row.secret)
}
