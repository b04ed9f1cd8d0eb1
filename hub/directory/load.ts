/** Loads a checked site document into the journal, all of it or nothing. */
import { createHash } from 'node:crypto'
import type { Actor, Happening } from '../../contract/events.ts'
import type { SiteDocument } from '../../contract/site.ts'
import { type CredentialKind, checkPassword, passwordStatements } from '../accounts/credentials.ts'
import type { Journal } from '../journal/journal.ts'
import type { Database } from '../store/database.ts'
import { planImport } from './import.ts'

const operator: Actor = { kind: 'operator' }
const DIGEST = 'imported-site'

/** Whether this very document was the last one loaded. */
export async function isLoaded(database: Database, document: SiteDocument): Promise<boolean> {
  const [row] = await database.rows('SELECT value FROM note WHERE name = $1', [DIGEST])
  return row?.value === digestOf(document)
}

/** Makes the shared state say what the document says. Passwords it brings are set first: without their accounts they open nothing. */
export async function loadSite(
  database: Database,
  journal: Journal,
  document: SiteDocument,
): Promise<{ changes: number }> {
  const passwords = await changedPasswords(database, document)
  const statements = await Promise.all(
    passwords.map(({ kind, name, password }) => passwordStatements(kind, name, password)),
  )
  if (statements.length > 0) await database.transact(statements.flat())
  let changes = 0
  await journal.submit({
    actor: operator,
    decide: (state) => {
      const happenings = [
        ...planImport(state, document),
        ...passwords.map(({ kind, name }) => passwordSet(kind, name)),
      ]
      changes = happenings.length
      return happenings
    },
  })
  await database.transact([
    {
      sql: 'INSERT INTO note (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
      values: [DIGEST, digestOf(document)],
    },
  ])
  return { changes }
}

/** Sets one password, and journals that it was set. */
export async function setPassword(
  database: Database,
  journal: Journal,
  kind: CredentialKind,
  name: string,
  password: string,
): Promise<void> {
  await database.transact(await passwordStatements(kind, name, password))
  await journal.submit({ actor: operator, decide: () => [passwordSet(kind, name)] })
}

interface Given {
  readonly kind: CredentialKind
  readonly name: string
  readonly password: string
}

async function changedPasswords(database: Database, { accounts, devices }: SiteDocument): Promise<Given[]> {
  const given = [
    ...accounts.map(({ id, password }) => ({ kind: 'account' as const, name: id, password })),
    ...devices.map(({ user, password }) => ({ kind: 'device' as const, name: user, password })),
  ].filter((entry): entry is Given => entry.password !== undefined)
  const unchanged = await Promise.all(
    given.map(({ kind, name, password }) => checkPassword(database, kind, name, password)),
  )
  return given.filter((_, at) => unchanged[at] !== true)
}

const passwordSet = (kind: CredentialKind, name: string): Happening =>
  kind === 'account'
    ? { kind: 'account.password-set', subject: `account/${name}`, area: null, data: { id: name } }
    : { kind: 'device.password-set', subject: `device/${name}`, area: null, data: { user: name } }

const digestOf = (document: SiteDocument): string =>
  createHash('sha256').update(JSON.stringify(document)).digest('hex')
