/** What keeps a table of its own up with the journal: it can be emptied together with its note, and is then made anew. */
import type { JournalEvent } from '../../contract/events.ts'
import { type Database, type Statement, text } from '../store/database.ts'
import { eventOf, readRow } from './chain.ts'
import type { Journal } from './journal.ts'

const READ_AT_ONCE = 1_000

export interface FollowerOptions {
  readonly database: Database
  readonly journal: Pick<Journal, 'seq' | 'onAppended'>
  /** Where it is noted how far the table is. */
  readonly note: string
  readonly kinds: readonly JournalEvent['kind'][]
  /** What the table is told of an event. It may be told again what it knows. */
  statementsOf(event: JournalEvent): Statement[]
  /** The table has more than before. */
  onFollowed?(): void
  /** The table is behind; the next try catches up. */
  readonly onTrouble: (error: unknown) => void
}

export interface Follower {
  /** Resolves when the table has all that the journal has, whichever hub wrote it. */
  catchUp(): Promise<void>
  close(): Promise<void>
}

export function followJournal({
  database,
  journal,
  note,
  kinds,
  statementsOf,
  onFollowed,
  onTrouble,
}: FollowerOptions): Follower {
  let followed: number | undefined
  let turn: Promise<void> = Promise.resolve()

  const pull = async (): Promise<void> => {
    followed ??= await readNote()
    while (followed < journal.seq) {
      const head = journal.seq
      const places = kinds.map((_, at) => `$${at + 4}`).join(', ')
      const rows = await database.rows(
        `SELECT * FROM journal WHERE seq > $1 AND seq <= $2 AND kind IN (${places}) ORDER BY seq LIMIT $3`,
        [followed, head, READ_AT_ONCE, ...kinds],
      )
      const events = rows.map((row) => eventOf(readRow(row)))
      const last = events.length < READ_AT_ONCE ? head : (events.at(-1)?.seq ?? head)
      const statements = events.flatMap(statementsOf)
      if (statements.length > 0) await database.transact([...statements, noteOf(note, last)])
      followed = last
      if (statements.length > 0) onFollowed?.()
    }
  }
  const readNote = async (): Promise<number> => {
    const [row] = await database.rows('SELECT value FROM note WHERE name = $1', [note])
    return row === undefined ? 0 : Number(text(row.value))
  }

  /** One after another; whoever waits for it is told if it fails, and the next one tries again. */
  const catchUp = (): Promise<void> => {
    const mine = turn.then(pull)
    turn = mine.catch(() => undefined)
    return mine
  }
  const follow = () => void catchUp().catch(onTrouble)
  const stop = journal.onAppended(({ events }) => {
    if (events.some(({ kind }) => kinds.includes(kind))) follow()
  })
  follow()

  return {
    catchUp,
    close: async () => {
      stop()
      await turn
    },
  }
}

const noteOf = (name: string, seq: number): Statement => ({
  sql: 'INSERT INTO note (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
  values: [name, `${seq}`],
})
