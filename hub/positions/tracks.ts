/** Where units have been: their thinned tracks, in a table of their own. */
import type { UnitIndex } from '../../contract/directory.ts'
import { packHeading, packSpeed, unpackHeading, unpackSpeed } from '../../contract/position-frame.ts'
import type { Fix, TrackPoint } from '../../contract/positions.ts'
import type { Instant } from '../../contract/primitives.ts'
import { type Database, integer, type SqlValue } from '../store/database.ts'
import { isWorthKeeping } from './thinning.ts'

const WRITE_EVERY_MS = 1000
const ROWS_A_STATEMENT = 100
/** Fixes kept in memory while the store can't be written; beyond it the oldest go. */
const MOST_WAITING = 200_000
const PRUNE_EVERY_MS = 60 * 60_000
const MOST_POINTS = 20_000

export interface Tracks {
  /** Keeps a fix if it tells anything new; late ones too, they fill a gap. */
  keep(unit: UnitIndex, fix: Fix): void
  /** In order of time; at most 20,000 points, the latest. */
  read(unit: UnitIndex, from: Instant, to: Instant): Promise<TrackPoint[]>
  close(): Promise<void>
}

export interface TracksOptions {
  readonly database: Database
  readonly clock: () => Instant
  readonly keepDays: number
  readonly onTrouble: (error: unknown) => void
}

export function openTracks({ database, clock, keepDays, onTrouble }: TracksOptions): Tracks {
  const lastKept = new Map<UnitIndex, Fix>()
  let waiting: { unit: UnitIndex; fix: Fix }[] = []
  let writing: Promise<void> | undefined

  /** Writes all that waits; one batch is under way at a time. */
  const write = async (): Promise<void> => {
    const batch = waiting
    waiting = []
    try {
      if (batch.length > 0) await database.transact(insertions(batch))
    } catch (error) {
      waiting = [...batch, ...waiting].slice(-MOST_WAITING)
      onTrouble(error)
    }
  }
  const flush = (): Promise<void> => {
    writing ??= write().finally(() => {
      writing = undefined
    })
    return writing
  }
  /** What was kept before this call is written when it resolves, unless the store fails. */
  const settle = async () => {
    await writing
    await flush()
  }
  const prune = () =>
    database
      .transact([{ sql: 'DELETE FROM track WHERE at < $1', values: [clock() - keepDays * 86_400_000] }])
      .catch(onTrouble)
  void prune()
  const writeTimer = setInterval(flush, WRITE_EVERY_MS)
  const pruneTimer = setInterval(prune, PRUNE_EVERY_MS)

  return {
    keep: (unit, fix) => {
      const last = lastKept.get(unit)
      if (!isWorthKeeping(last, fix)) return
      if (last === undefined || last.at < fix.at) lastKept.set(unit, fix)
      waiting.push({ unit, fix })
      if (waiting.length > 2 * MOST_WAITING) waiting = waiting.slice(-MOST_WAITING)
    },
    read: async (unit, from, to) => {
      await settle()
      const rows = await database.rows(
        'SELECT * FROM track WHERE unit = $1 AND at >= $2 AND at <= $3 ORDER BY at DESC LIMIT $4',
        [unit, from, to, MOST_POINTS],
      )
      return rows.reverse().map((row) => ({
        at: integer(row.at),
        lat: integer(row.lat) / 1e7,
        lon: integer(row.lon) / 1e7,
        speed: unpackSpeed(integer(row.speed)) ?? null,
        heading: unpackHeading(integer(row.heading)) ?? null,
      }))
    },
    close: async () => {
      clearInterval(writeTimer)
      clearInterval(pruneTimer)
      await settle()
    },
  }
}

function insertions(batch: readonly { unit: UnitIndex; fix: Fix }[]) {
  const statements: { sql: string; values: SqlValue[] }[] = []
  for (let from = 0; from < batch.length; from += ROWS_A_STATEMENT) {
    const rows = batch.slice(from, from + ROWS_A_STATEMENT)
    const values: SqlValue[] = rows.flatMap(({ unit, fix }) => [
      unit,
      fix.at,
      Math.round(fix.lat * 1e7),
      Math.round(fix.lon * 1e7),
      packSpeed(fix.speed),
      packHeading(fix.heading),
    ])
    const places = rows.map(
      (_, row) => `(${Array.from({ length: 6 }, (_, at) => `$${row * 6 + at + 1}`).join(', ')})`,
    )
    statements.push({
      sql: `INSERT INTO track (unit, at, lat, lon, speed, heading) VALUES ${places.join(', ')} ON CONFLICT DO NOTHING`,
      values,
    })
  }
  return statements
}
