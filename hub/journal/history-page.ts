/** Pages of a table that follows the journal, the newest first: one of records with `started_at`, `id` and `words`. */
import type * as z from 'zod'
import type { Instant } from '../../contract/primitives.ts'
import { anywhere } from '../store/anywhere.ts'
import { type Database, type SqlValue, text } from '../store/database.ts'

/** Where a page ends and the next one begins. */
interface Place {
  readonly startedAt: Instant
  readonly id: string
}

export interface HistoryQuery {
  /** Part of the words; '' for any. */
  readonly text: string
  /** Begun at or after. */
  readonly from: Instant | null
  /** Begun before. */
  readonly to: Instant | null
  /** Older than this one only. */
  readonly before: Place | null
}

export interface HistoryTable<T extends Place> {
  readonly table: string
  /** Of the record as JSON. */
  readonly column: string
  readonly record: z.ZodType<T>
  readonly pageSize: number
}

export interface HistoryPage<T> {
  readonly records: T[]
  /** Null: there are no older ones. */
  readonly next: Place | null
}

/** `narrow` gives further conditions in SQL, with its values bound. Rejects with a `StoreFailure`. */
export async function readHistory<T extends Place>(
  database: Database,
  { table, column, record, pageSize }: HistoryTable<T>,
  query: HistoryQuery,
  narrow: (bind: (value: SqlValue) => string) => readonly string[],
): Promise<HistoryPage<T>> {
  const values: SqlValue[] = []
  const bind = (value: SqlValue): string => `$${values.push(value)}`
  const { from, to, before } = query
  const conditions = [...narrow(bind)]
  if (from !== null) conditions.push(`started_at >= ${bind(from)}`)
  if (to !== null) conditions.push(`started_at < ${bind(to)}`)
  if (before !== null) {
    const [at, id] = [bind(before.startedAt), bind(before.id)]
    conditions.push(`started_at <= ${at}`, `(started_at < ${at} OR id < ${id})`)
  }
  if (query.text !== '') conditions.push(`words LIKE ${bind(anywhere(query.text))} ESCAPE '\\'`)
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`
  // One more than a page, to see whether there is another.
  const limit = bind(pageSize + 1)
  const rows = await database.rows(
    `SELECT ${column} AS record FROM ${table} ${where} ORDER BY started_at DESC, id DESC LIMIT ${limit}`,
    values,
  )
  const found = rows.map((row) => record.parse(JSON.parse(text(row.record))))
  const records = found.slice(0, pageSize)
  const last = records.at(-1)
  const next = found.length > pageSize && last !== undefined ? last : null
  return { records, next: next && { startedAt: next.startedAt, id: next.id } }
}
