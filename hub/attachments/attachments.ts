/**
 * Pictures and files in the hub's database, by their hash: put there in parts, had by whoever may read what refers to
 * them. What nothing refers to goes after a day.
 */
import { createHash } from 'node:crypto'
import {
  type Attachment,
  type AttachmentsPort,
  type AttachmentType,
  attachmentTypes,
  PART_BYTES,
  typeOf,
} from '../../contract/attachments.ts'
import type { Command } from '../../contract/commands.ts'
import type { JournalEvent } from '../../contract/events.ts'
import type { Id, Instant } from '../../contract/primitives.ts'
import { Refusal } from '../../contract/refusal.ts'
import { isInThread } from '../../contract/thread-rules.ts'
import { type ThreadName, threadKey, threadSchema } from '../../contract/threads.ts'
import { currentGrants } from '../../contract/visibility.ts'
import { type FollowerOptions, followJournal } from '../journal/follower.ts'
import type { Journal } from '../journal/journal.ts'
import { type Database, integer, type Statement, text, UniqueViolation } from '../store/database.ts'

const LOOK_EVERY_MS = 3_600_000
/** What was sent and is not referred to by then never will be. */
const KEPT_MS = 24 * 3_600_000
/** That one account is sending at once. */
const MOST_BEGUN = 8
/** That one account has sent and nothing refers to: somebody would fill the disk with them. */
const MOST_UNUSED = 64
/** Parts that are whole are nobody's any more. */
const NOBODY = ''

export interface Attachments {
  readonly port: AttachmentsPort
  /** Rejects with a `Refusal` where the command brings along what its giver has not sent. */
  requireSent(account: Id, command: Command): Promise<void>
  /** Takes away what nothing refers to. It is done every hour, too. */
  sweep(): Promise<void>
  close(): Promise<void>
}

export interface AttachmentsOptions {
  readonly database: Database
  readonly journal: Pick<Journal, 'state' | 'seq' | 'onAppended'>
  readonly clock: () => Instant
  /** Whether the account sees an incident that was filed. */
  seesFiled(account: Id, incident: Id): Promise<boolean>
  readonly onTrouble: FollowerOptions['onTrouble']
}

export function openAttachments(options: AttachmentsOptions): Attachments {
  const { database, journal, clock, seesFiled, onTrouble } = options
  const follower = followJournal({
    database,
    journal,
    note: 'attachments',
    kinds: ['message.sent', 'task.stepped'],
    statementsOf,
    onTrouble,
  })

  const sweep = async () => {
    await follower.catchUp()
    await database.transact(swept(clock() - KEPT_MS))
  }
  // What fails is tried again in an hour.
  const sweeping = setInterval(() => void sweep().catch(onTrouble), LOOK_EVERY_MS)

  const isOwn = async (account: Id, hash: string): Promise<boolean> => {
    const rows = await database.rows('SELECT hash FROM attachment_owner WHERE hash = $1 AND account = $2', [
      hash,
      account,
    ])
    return rows.length > 0
  }

  const unused = async (account: Id): Promise<number> => {
    await follower.catchUp()
    const [row] = await database.rows(
      `SELECT COUNT(*) AS unused FROM attachment_owner WHERE account = $1
       AND NOT EXISTS (SELECT 1 FROM attachment_ref WHERE attachment_ref.hash = attachment_owner.hash)`,
      [account],
    )
    return integer(row?.unused)
  }

  const mayRead = async (account: Id, hash: string): Promise<boolean> => {
    if (await isOwn(account, hash)) return true
    await follower.catchUp()
    const rows = await database.rows('SELECT thread FROM attachment_ref WHERE hash = $1', [hash])
    for (const row of rows)
      if (await isIn(account, threadSchema.parse(JSON.parse(text(row.thread))))) return true
    return false
  }

  const isIn = async (account: Id, thread: ThreadName): Promise<boolean> => {
    const { state } = journal
    if (state.access.accounts[account]?.disabled !== false) return false
    if (isInThread(state, account, currentGrants(state, account), thread, clock())) return true
    const isFiled = thread.kind === 'incident' && !(thread.incident in state.incidents.live)
    return isFiled && seesFiled(account, thread.incident)
  }

  return {
    port: {
      put: async ({ account }, { hash, type, size, at, data }) => {
        const bytes = Buffer.from(data, 'base64')
        const expected = Math.min(PART_BYTES, size - at)
        if (bytes.length !== expected)
          throw new Refusal('invalid', { why: `a part of ${expected} bytes was expected at ${at}` })
        const begun = await database.rows(
          'SELECT hash, COUNT(*) AS parts FROM attachment_part WHERE account = $1 GROUP BY hash',
          [account],
        )
        const own = begun.find((row) => row.hash === hash)
        if (own === undefined && (begun.length >= MOST_BEGUN || (await unused(account)) >= MOST_UNUSED))
          throw new Refusal('too-many')
        await database.transact([
          {
            sql: `INSERT INTO attachment_part (hash, account, at, since, data) VALUES ($1, $2, $3, $4, $5)
                  ON CONFLICT (hash, account, at) DO UPDATE SET data = excluded.data, since = excluded.since`,
            values: [hash, account, at, clock(), data],
          },
        ])
        const parts = await database.rows(
          'SELECT at FROM attachment_part WHERE hash = $1 AND account = $2 ORDER BY at',
          [hash, account],
        )
        const missing = firstMissing(
          parts.map((row) => integer(row.at)),
          size,
        )
        if (missing !== null) return { next: missing }
        await finish(database, account, { hash, type, size }, clock())
        return { next: null }
      },
      get: async ({ account }, { hash, at }) => {
        const [found] = await database.rows('SELECT type, size FROM attachment WHERE hash = $1', [hash])
        const [part] = await database.rows(
          'SELECT data FROM attachment_part WHERE hash = $1 AND account = $2 AND at = $3',
          [hash, NOBODY, at],
        )
        if (found === undefined || part === undefined || !(await mayRead(account, hash)))
          throw new Refusal('not-found', { what: 'attachment', id: hash })
        return { type: typeNamed(text(found.type)), size: integer(found.size), data: text(part.data) }
      },
    },
    sweep,
    requireSent: async (account, command) => {
      if (!('attachments' in command) || command.attachments === undefined) return
      for (const { hash, type, size } of command.attachments) {
        const [found] = await database.rows('SELECT type, size FROM attachment WHERE hash = $1', [hash])
        const isThat = found !== undefined && found.type === type && found.size === size
        if (!isThat || !(await isOwn(account, hash)))
          throw new Refusal('not-found', { what: 'attachment', id: hash })
      }
    },
    close: async () => {
      clearInterval(sweeping)
      await follower.close()
    },
  }
}

/** All parts are there: it is looked at, and is kept once, whoever has sent it. What is none is thrown away. */
async function finish(
  database: Database,
  account: Id,
  { hash, type, size }: Pick<Attachment, 'hash' | 'type' | 'size'>,
  now: Instant,
): Promise<void> {
  const rows = await database.rows(
    'SELECT at, data FROM attachment_part WHERE hash = $1 AND account = $2 ORDER BY at',
    [hash, account],
  )
  const content = Buffer.concat(rows.map((row) => Buffer.from(text(row.data), 'base64')))
  const thrownAway = {
    sql: 'DELETE FROM attachment_part WHERE hash = $1 AND account = $2',
    values: [hash, account],
  }
  const why = wrongWith(content, { hash, type, size })
  if (why !== undefined) {
    await database.transact([thrownAway])
    throw new Refusal('invalid', { why })
  }
  const owned = {
    sql: `INSERT INTO attachment_owner (hash, account) VALUES ($1, $2)
          ON CONFLICT (hash, account) DO NOTHING`,
    values: [hash, account],
  }
  try {
    await database.transact([
      {
        sql: 'INSERT INTO attachment (hash, type, size, at) VALUES ($1, $2, $3, $4)',
        values: [hash, type, size, now],
      },
      {
        sql: 'UPDATE attachment_part SET account = $3 WHERE hash = $1 AND account = $2',
        values: [hash, account, NOBODY],
      },
      owned,
    ])
  } catch (error) {
    if (!(error instanceof UniqueViolation)) throw error
    // It is there already. It is wanted anew: it stays as if it had come now.
    await database.transact([
      thrownAway,
      { sql: 'UPDATE attachment SET at = $2 WHERE hash = $1', values: [hash, now] },
      owned,
    ])
  }
}

function wrongWith(
  content: Buffer,
  { hash, type, size }: Pick<Attachment, 'hash' | 'type' | 'size'>,
): string | undefined {
  if (content.length !== size || createHash('sha256').update(content).digest('hex') !== hash)
    return 'the content is not what its hash says'
  return typeOf(content) === type ? undefined : `the content is no ${type}`
}

function firstMissing(parts: readonly number[], size: number): number | null {
  const there = new Set(parts)
  for (let at = 0; at < size; at += PART_BYTES) if (!there.has(at)) return at
  return null
}

const typeNamed = (name: string): AttachmentType => {
  const found = attachmentTypes.find((type) => type === name)
  if (found === undefined) throw new TypeError(`an attachment of the type "${name}"`)
  return found
}

/** Who reads the thread, or sees an incident that it belongs to, may have what was brought along. */
function statementsOf(event: JournalEvent): Statement[] {
  const refer = (attachments: readonly Attachment[] | undefined, threads: readonly ThreadName[]) =>
    (attachments ?? []).flatMap(({ hash }) =>
      threads.map((thread) => ({
        sql: `INSERT INTO attachment_ref (hash, name, thread) VALUES ($1, $2, $3)
              ON CONFLICT (hash, name) DO NOTHING`,
        values: [hash, threadKey(thread), JSON.stringify(thread)],
      })),
    )
  if (event.kind === 'message.sent') {
    const { attachments, thread, incidents } = event.data
    return refer(attachments, [
      thread,
      ...incidents.map((incident) => ({ kind: 'incident', incident }) as const),
    ])
  }
  if (event.kind === 'task.stepped')
    return refer(event.data.attachments, [{ kind: 'incident', incident: event.data.incident }])
  return []
}

const swept = (before: Instant): Statement[] => [
  {
    sql: 'DELETE FROM attachment_part WHERE account <> $1 AND since < $2',
    values: [NOBODY, before],
  },
  {
    sql: `DELETE FROM attachment WHERE at < $1
          AND NOT EXISTS (SELECT 1 FROM attachment_ref WHERE attachment_ref.hash = attachment.hash)`,
    values: [before],
  },
  {
    sql: `DELETE FROM attachment_part WHERE account = $1
          AND NOT EXISTS (SELECT 1 FROM attachment WHERE attachment.hash = attachment_part.hash)`,
    values: [NOBODY],
  },
  {
    sql: `DELETE FROM attachment_owner
          WHERE NOT EXISTS (SELECT 1 FROM attachment WHERE attachment.hash = attachment_owner.hash)`,
    values: [],
  },
]
