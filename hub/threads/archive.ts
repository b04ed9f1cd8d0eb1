/** The messages in the journal, in a table of their own that can be searched. It follows the journal, and can be made anew. */
import type { Incident } from '../../contract/incidents.ts'
import { MESSAGES_A_PAGE, type MessagesPage, type MessagesQuery } from '../../contract/message-archive.ts'
import type { Id, Instant } from '../../contract/primitives.ts'
import { Refusal } from '../../contract/refusal.ts'
import { isInThread } from '../../contract/thread-rules.ts'
import { authorOf, type Message, messageSchema, type ThreadName, threadKey } from '../../contract/threads.ts'
import { currentGrants } from '../../contract/visibility.ts'
import { followJournal } from '../journal/follower.ts'
import type { Journal } from '../journal/journal.ts'
import { anywhere } from '../store/anywhere.ts'
import { type Database, integer, type SqlValue, type Statement, text } from '../store/database.ts'

/** For one page of those that somebody sees: of a centre's many years, few may be theirs. */
const MOST_PAGES_LOOKED_AT = 20

export interface MessageArchive {
  /** Of threads that the account sees. Rejects with a `Refusal` if it does not see the one that it asks about. */
  find(account: Id, query: MessagesQuery): Promise<MessagesPage>
  /** Whether this message was ever said. */
  has(id: string): Promise<boolean>
  /** Whether anything was ever said there. */
  isUsed(thread: ThreadName): Promise<boolean>
  close(): Promise<void>
}

export interface MessageArchiveOptions {
  readonly database: Database
  readonly journal: Pick<Journal, 'state' | 'seq' | 'onAppended'>
  readonly clock: () => Instant
  /** An incident that was filed, if the account sees it. */
  filedFor(account: Id, incident: Id): Promise<Pick<Incident, 'number' | 'title'> | undefined>
  onTrouble(error: unknown): void
}

type Filed = Record<Id, Pick<Incident, 'number' | 'title'>>

interface Row {
  readonly seq: number
  readonly message: Message
}

export function openMessageArchive({
  database,
  journal,
  clock,
  filedFor,
  onTrouble,
}: MessageArchiveOptions): MessageArchive {
  const follower = followJournal({
    database,
    journal,
    note: 'message-archive',
    kinds: ['message.sent'],
    statementsOf: (event) => (event.kind === 'message.sent' ? [insertion(event.seq, event.data)] : []),
    onTrouble,
  })

  /** `filed`: takes up what is found to be filed. */
  const sees = async (account: Id, thread: ThreadName, filed: Filed): Promise<boolean> => {
    const { state } = journal
    if (state.access.accounts[account]?.disabled !== false) return false
    if (isInThread(state, account, currentGrants(state, account), thread, clock())) return true
    if (thread.kind !== 'incident' || thread.incident in state.incidents.live) return false
    const found = await filedFor(account, thread.incident)
    if (found === undefined) return false
    filed[thread.incident] = { number: found.number, title: found.title }
    return true
  }
  const isAny = async (column: 'id' | 'thread', value: string): Promise<boolean> => {
    await follower.catchUp()
    const [row] = await database.rows(`SELECT seq FROM message_said WHERE ${column} = $1 LIMIT 1`, [value])
    return row !== undefined
  }
  const placeOf = async (id: string): Promise<number> => {
    const [row] = await database.rows('SELECT MAX(seq) AS seq FROM message_said WHERE id = $1', [id])
    if (row?.seq == null) throw new Refusal('not-found', { what: 'message', id })
    return integer(row.seq)
  }
  const read = async ({ thread, text: words }: MessagesQuery, before: number | null): Promise<Row[]> => {
    const values: SqlValue[] = []
    const bind = (value: SqlValue): string => `$${values.push(value)}`
    const conditions = ['TRUE']
    if (thread !== null) conditions.push(`thread = ${bind(threadKey(thread))}`)
    if (before !== null) conditions.push(`seq < ${bind(before)}`)
    if (words !== '') conditions.push(`words LIKE ${bind(anywhere(words))} ESCAPE '\\'`)
    const rows = await database.rows(
      `SELECT seq, record FROM message_said WHERE ${conditions.join(' AND ')}
       ORDER BY seq DESC LIMIT ${bind(MESSAGES_A_PAGE + 1)}`,
      values,
    )
    return rows.map(({ seq, record }) => ({
      seq: integer(seq),
      message: messageSchema.parse(JSON.parse(text(record))),
    }))
  }

  return {
    has: (id) => isAny('id', id),
    isUsed: (thread) => isAny('thread', threadKey(thread)),
    find: async (account, query) => {
      const { thread } = query
      const filed: Filed = {}
      if (thread !== null && !(await sees(account, thread, filed)))
        throw new Refusal('not-found', { what: thread.kind, id: threadKey(thread).split('/')[1] ?? '' })
      await follower.catchUp()
      let before = query.before === null ? null : await placeOf(query.before)
      const seen = new Map<string, boolean>()
      const messages: Message[] = []
      let last: string | null = null
      for (let pages = 0; pages < MOST_PAGES_LOOKED_AT; pages++) {
        const rows = await read(query, before)
        for (const { seq, message } of rows.slice(0, MESSAGES_A_PAGE)) {
          const key = threadKey(message.thread)
          if (!seen.has(key)) seen.set(key, await sees(account, message.thread, filed))
          if (messages.length === MESSAGES_A_PAGE) return { messages, filed, next: last }
          before = seq
          last = message.id
          if (seen.get(key)) messages.push(message)
        }
        if (rows.length <= MESSAGES_A_PAGE) return { messages, filed, next: null }
        if (messages.length === MESSAGES_A_PAGE) break
      }
      return { messages, filed, next: last }
    },
    close: follower.close,
  }
}

function insertion(seq: number, message: Message): Statement {
  const { id, thread, from, text: said, attachments = [] } = message
  const { zh, en } = authorOf(message)
  const words = [
    said,
    zh,
    en,
    ...(from === undefined ? [] : [from.number]),
    ...attachments.map(({ name }) => name),
  ]
  return {
    sql: `INSERT INTO message_said (seq, id, thread, words, record) VALUES ($1, $2, $3, $4, $5)
          ON CONFLICT (seq) DO NOTHING`,
    values: [seq, id, threadKey(thread), words.join('\n').toLowerCase(), JSON.stringify(message)],
  }
}
