/** The thread that holds an SQLite file, so that waiting for the disk stops nobody else. */
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'
import type { Durability, SqlRow, SqlValue, Statement } from './database.ts'

export interface SqliteOptions {
  readonly file: string
  readonly durability: Durability
}

export type SqliteRequest =
  | { readonly id: number; readonly kind: 'rows'; readonly statement: Statement }
  | { readonly id: number; readonly kind: 'transact'; readonly statements: readonly Statement[] }
  | { readonly id: number; readonly kind: 'version' }
  | { readonly id: number; readonly kind: 'close' }

export type SqliteAnswer =
  | { readonly id: number; readonly rows: SqlRow[] }
  | { readonly id: number; readonly version: number }
  | { readonly id: number; readonly error: { readonly message: string; readonly unique: boolean } }

/** SQLITE_CONSTRAINT_PRIMARYKEY and SQLITE_CONSTRAINT_UNIQUE (sqlite.org/rescode.html). */
const UNIQUE_CODES = [1555, 2067]

const port = parentPort
if (port === null) throw new Error('this file is a worker thread')

const { file, durability } = workerData as SqliteOptions
const database = new DatabaseSync(file, { timeout: 5000 })
database.exec('PRAGMA journal_mode = WAL')
database.exec(`PRAGMA synchronous = ${durability === 'full' ? 'FULL' : 'NORMAL'}`)
database.exec('PRAGMA foreign_keys = ON')
const prepared = new Map<string, StatementSync>()

port.on('message', (request: SqliteRequest) => {
  try {
    port.postMessage(answer(request))
  } catch (error) {
    const unique =
      error instanceof Error && 'errcode' in error && UNIQUE_CODES.includes(Number(error.errcode))
    const message = error instanceof Error ? error.message : String(error)
    port.postMessage({ id: request.id, error: { message, unique } } satisfies SqliteAnswer)
  }
})

function answer(request: SqliteRequest): SqliteAnswer {
  const { id } = request
  switch (request.kind) {
    case 'rows':
      return { id, rows: prepare(request.statement.sql).all(named(request.statement.values)) as SqlRow[] }
    case 'transact':
      transact(request.statements)
      return { id, rows: [] }
    case 'version': {
      const row = prepare('PRAGMA data_version').get() as { data_version: number }
      return { id, version: row.data_version }
    }
    case 'close':
      prepared.clear()
      database.close()
      return { id, rows: [] }
  }
}

function transact(statements: readonly Statement[]) {
  database.exec('BEGIN IMMEDIATE')
  try {
    for (const { sql, values } of statements) prepare(sql).run(named(values))
    database.exec('COMMIT')
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK')
    throw error
  }
}

function prepare(sql: string): StatementSync {
  const known = prepared.get(sql)
  if (known !== undefined) return known
  const statement = database.prepare(sql)
  prepared.set(sql, statement)
  return statement
}

/** `$1` is a named parameter to SQLite. */
function named(values: readonly SqlValue[]): Record<string, SqlValue> {
  const parameters: Record<string, SqlValue> = {}
  values.forEach((value, at) => {
    parameters[`$${at + 1}`] = value
  })
  return parameters
}
