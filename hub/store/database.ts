/**
 * The port to a relational database: what the hub needs of SQLite and of PostgreSQL alike.
 * SQL is the common subset of both, with `$1` parameters; what differs is in `schema.ts`.
 */

export type SqlValue = string | number | null
export type SqlRow = Readonly<Record<string, SqlValue>>

export interface Statement {
  readonly sql: string
  readonly values: readonly SqlValue[]
}

export interface Database {
  /** Rejects with a `StoreFailure`. */
  rows(sql: string, values?: readonly SqlValue[]): Promise<SqlRow[]>
  /**
   * Runs the statements in one transaction: all of them or none, durable once this resolves.
   * Rejects with `UniqueViolation` if a key or a table's name is taken, and then nothing was written. After a
   * `StoreFailure` it may have been: only the store can tell.
   */
  transact(statements: readonly Statement[]): Promise<void>
  /** Like `transact`, and wakes everybody who listens on this database, other processes included. */
  transactAndAnnounce(statements: readonly Statement[]): Promise<void>
  /** Calls `listener` when another process may have announced something. Returns its own undoing. */
  onAnnouncement(listener: () => void): () => void
  close(): Promise<void>
}

/** A row with this key, or a table of this name, is there already. */
export class UniqueViolation extends Error {
  override readonly name = 'UniqueViolation'
}

/** The store can't be had, or refuses: its server is gone, its disk is full. The message is for the operator. */
export class StoreFailure extends Error {
  override readonly name = 'StoreFailure'
}

/** How much a crash may lose: nothing, or the last moments (for what can be had again). */
export type Durability = 'full' | 'relaxed'

export const integer = (value: SqlValue | undefined): number => {
  if (typeof value !== 'number') throw new TypeError(`a number was expected in a column, not ${typeof value}`)
  return value
}

export const text = (value: SqlValue | undefined): string => {
  if (typeof value !== 'string') throw new TypeError(`text was expected in a column, not ${typeof value}`)
  return value
}
