/** The tables, as a list of steps: a database has run the first so many of them. Never change a step; add one. */
import { type Database, integer, type Statement, StoreFailure, UniqueViolation } from './database.ts'

/** BIGINT is an integer of 8 bytes in PostgreSQL and any integer in SQLite. */
const steps: readonly (readonly string[])[] = [
  [
    `CREATE TABLE journal (
      seq BIGINT PRIMARY KEY, at BIGINT NOT NULL, actor TEXT NOT NULL, kind TEXT NOT NULL,
      subject TEXT NOT NULL, area TEXT, data TEXT NOT NULL, prev_hash TEXT NOT NULL, hash TEXT NOT NULL)`,
    `CREATE INDEX journal_subject ON journal (subject, seq)`,
    `CREATE TABLE command (
      actor TEXT NOT NULL, key TEXT NOT NULL, seq BIGINT NOT NULL, PRIMARY KEY (actor, key))`,
    `CREATE TABLE snapshot (
      id BIGINT PRIMARY KEY, seq BIGINT NOT NULL, hash TEXT NOT NULL, fold BIGINT NOT NULL, state TEXT NOT NULL)`,
    `CREATE TABLE credential (
      kind TEXT NOT NULL, name TEXT NOT NULL, secret TEXT NOT NULL, PRIMARY KEY (kind, name))`,
    `CREATE TABLE guess (
      subject TEXT PRIMARY KEY, failures BIGINT NOT NULL, last_at BIGINT NOT NULL, locked_until BIGINT NOT NULL)`,
    `CREATE TABLE session (
      id TEXT PRIMARY KEY, account TEXT NOT NULL, opened_at BIGINT NOT NULL, until BIGINT NOT NULL, address TEXT NOT NULL)`,
    `CREATE TABLE note (name TEXT PRIMARY KEY, value TEXT NOT NULL)`,
    `CREATE INDEX session_account ON session (account)`,
  ],
  [
    `CREATE TABLE call_history (
      account TEXT NOT NULL, id TEXT NOT NULL, seq BIGINT NOT NULL, started_at BIGINT NOT NULL,
      direction TEXT NOT NULL, missed BIGINT NOT NULL, words TEXT NOT NULL, call TEXT NOT NULL,
      PRIMARY KEY (account, id))`,
    `CREATE INDEX call_history_own ON call_history (account, started_at, id)`,
    `CREATE INDEX call_history_all ON call_history (started_at, id)`,
  ],
  [
    `CREATE TABLE incident_entry (incident TEXT NOT NULL, seq BIGINT NOT NULL, PRIMARY KEY (incident, seq))`,
    `CREATE TABLE incident_call (call TEXT NOT NULL, incident TEXT NOT NULL, PRIMARY KEY (call, incident))`,
    `CREATE TABLE incident_file (
      incident TEXT PRIMARY KEY, seq BIGINT NOT NULL, words TEXT NOT NULL, record TEXT NOT NULL)`,
    `CREATE INDEX incident_file_seq ON incident_file (seq)`,
  ],
  [
    `CREATE TABLE transmission (
      id TEXT PRIMARY KEY, seq BIGINT NOT NULL, channel TEXT NOT NULL, talker TEXT NOT NULL,
      started_at BIGINT NOT NULL, ended_at BIGINT NOT NULL, words TEXT NOT NULL, record TEXT NOT NULL)`,
    `CREATE INDEX transmission_channel ON transmission (channel, started_at, id)`,
    `CREATE INDEX transmission_all ON transmission (started_at, id)`,
  ],
  [
    `CREATE TABLE incident_record (what TEXT PRIMARY KEY, seq BIGINT NOT NULL)`,
    `CREATE INDEX incident_record_seq ON incident_record (seq)`,
    `CREATE INDEX incident_entry_seq ON incident_entry (seq)`,
  ],
  [
    `CREATE TABLE attachment (hash TEXT PRIMARY KEY, type TEXT NOT NULL, size BIGINT NOT NULL, at BIGINT NOT NULL)`,
    `CREATE TABLE attachment_part (
      hash TEXT NOT NULL, account TEXT NOT NULL, at BIGINT NOT NULL, since BIGINT NOT NULL, data TEXT NOT NULL,
      PRIMARY KEY (hash, account, at))`,
    `CREATE INDEX attachment_part_account ON attachment_part (account, since)`,
    `CREATE TABLE attachment_owner (hash TEXT NOT NULL, account TEXT NOT NULL, PRIMARY KEY (hash, account))`,
    `CREATE TABLE attachment_ref (
      hash TEXT NOT NULL, name TEXT NOT NULL, thread TEXT NOT NULL, PRIMARY KEY (hash, name))`,
  ],
  [
    `CREATE TABLE message_said (
      seq BIGINT PRIMARY KEY, id TEXT NOT NULL, thread TEXT NOT NULL, words TEXT NOT NULL, record TEXT NOT NULL)`,
    `CREATE INDEX message_said_thread ON message_said (thread, seq)`,
    `CREATE INDEX message_said_id ON message_said (id)`,
  ],
]

const trackSteps: readonly (readonly string[])[] = [
  [
    `CREATE TABLE track (
      unit BIGINT NOT NULL, at BIGINT NOT NULL, lat BIGINT NOT NULL, lon BIGINT NOT NULL,
      speed BIGINT NOT NULL, heading BIGINT NOT NULL, PRIMARY KEY (unit, at))`,
    `CREATE INDEX track_at ON track (at)`,
  ],
]

/** Brings the hub's own tables up to date. */
export const prepareHubTables = (database: Database) => prepare(database, 'schema_step', steps)

/** Brings the track tables up to date; they may be in the same database or in one of their own. */
export const prepareTrackTables = (database: Database) => prepare(database, 'track_schema_step', trackSteps)

async function prepare(database: Database, ledger: string, all: readonly (readonly string[])[]) {
  await once(database, [
    { sql: `CREATE TABLE IF NOT EXISTS ${ledger} (step BIGINT PRIMARY KEY)`, values: [] },
  ])
  const [done] = await database.rows(`SELECT count(*) AS steps FROM ${ledger}`)
  const run = integer(done?.steps)
  if (run > all.length)
    throw new StoreFailure(
      `this database was written by a newer version: it has ${run} schema steps, this hub knows ${all.length}`,
    )
  for (let step = run; step < all.length; step++)
    await once(database, [
      { sql: `INSERT INTO ${ledger} (step) VALUES ($1)`, values: [step] },
      ...(all[step] ?? []).map((sql) => ({ sql, values: [] })),
    ])
}

/** Another hub that starts at the same moment may win; then it is done all the same. */
async function once(database: Database, statements: readonly Statement[]) {
  try {
    await database.transact(statements)
  } catch (error) {
    if (!(error instanceof UniqueViolation)) throw error
  }
}
