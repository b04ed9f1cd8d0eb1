/** Loads a checked site document into the journal, all of it or nothing. */
import { createHash } from 'node:crypto'
import type { Actor, Happening } from '../../contract/events.ts'
import type { Id } from '../../contract/primitives.ts'
import type { SiteDocument } from '../../contract/site.ts'
import {
  type CredentialKind,
  checkPassword,
  hasPassword,
  noPasswordStatement,
  passwordStatement,
} from '../accounts/credentials.ts'
import { closeSessionsOf, sessionClosed } from '../accounts/sessions.ts'
import type { Journal } from '../journal/journal.ts'
import type { Database, Statement } from '../store/database.ts'
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
  if (passwords.length > 0)
    await database.transact(
      await Promise.all(
        passwords.map(({ kind, name, password }) => passwordStatement(kind, name, password, 'public')),
      ),
    )
  let happenings: readonly Happening[] = []
  await journal.submit({
    actor: operator,
    decide: (state) => {
      happenings = [
        ...planImport(state, document),
        ...passwords.map(({ kind, name }) => passwordSet(kind, name)),
      ]
      return happenings
    },
  })
  await database.transact([
    ...happenings.flatMap(endedPassword),
    {
      sql: 'INSERT INTO note (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
      values: [DIGEST, digestOf(document)],
    },
  ])
  for (const account of new Set(happenings.flatMap(endedAccount)))
    await endSessions(database, journal, account)
  return { changes: happenings.length }
}

/** Sets one password, and journals that it was set. Whoever signed in with the old one is signed out. */
export async function setPassword(
  database: Database,
  journal: Journal,
  kind: CredentialKind,
  name: string,
  password: string,
): Promise<void> {
  await database.transact([await passwordStatement(kind, name, password)])
  await journal.submit({ actor: operator, decide: () => [passwordSet(kind, name)] })
  if (kind === 'account') await endSessions(database, journal, name)
}

async function endSessions(database: Database, journal: Journal, account: Id): Promise<void> {
  const ended = await closeSessionsOf(database, account)
  await journal.submit({
    actor: operator,
    decide: () => ended.map((id) => sessionClosed({ id, account }, 'revoked')),
  })
}

/** The account whose sessions end by this event. */
function endedAccount(event: Happening): Id[] {
  switch (event.kind) {
    case 'account.removed':
    case 'account.password-set':
      return [event.data.id]
    case 'account.put':
      return event.data.disabled ? [event.data.id] : []
    default:
      return []
  }
}

/** Whoever gets the name of what is gone does not get its password too. */
function endedPassword(event: Happening): Statement[] {
  switch (event.kind) {
    case 'account.removed':
      return [noPasswordStatement('account', event.data.id)]
    case 'device.removed':
      return [noPasswordStatement('device', event.data.user)]
    case 'source.removed':
      return [noPasswordStatement('source', event.data.id)]
    default:
      return []
  }
}

interface Given {
  readonly kind: CredentialKind
  readonly name: string
  readonly password: string
}

async function changedPasswords(
  database: Database,
  { accounts, devices, sources }: SiteDocument,
): Promise<Given[]> {
  const given = [
    ...accounts.map(({ id, password }) => ({ kind: 'account' as const, name: id, password })),
    ...devices.map(({ user, password }) => ({ kind: 'device' as const, name: user, password })),
    ...sources.map(({ source, password }) => ({ kind: 'source' as const, name: source.id, password })),
  ].filter((entry): entry is Given => entry.password !== undefined)
  const unchanged = await Promise.all(
    given.map(
      async ({ kind, name, password }) =>
        (await hasPassword(database, kind, name)) && checkPassword(database, kind, name, password),
    ),
  )
  return given.filter((_, at) => unchanged[at] !== true)
}

function passwordSet(kind: CredentialKind, name: string): Happening {
  const about = { subject: `${kind}/${name}`, area: null }
  switch (kind) {
    case 'account':
      return { kind: 'account.password-set', ...about, data: { id: name } }
    case 'device':
      return { kind: 'device.password-set', ...about, data: { user: name } }
    case 'source':
      return { kind: 'source.password-set', ...about, data: { id: name } }
  }
}

const digestOf = (document: SiteDocument): string =>
  createHash('sha256').update(JSON.stringify(document)).digest('hex')
