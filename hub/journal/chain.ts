/** The hash chain: each row carries the hash of the one before, so that a change to any of them shows. */
import { createHash } from 'node:crypto'
import type { Actor, Happening, JournalEvent } from '../../contract/events.ts'
import type { Instant } from '../../contract/primitives.ts'
import { integer, type SqlRow, type Statement, text } from '../store/database.ts'

/** Before the first event. */
const GENESIS = '0'.repeat(64)

/** Where the journal ends. */
export interface Head {
  readonly seq: number
  readonly at: Instant
  readonly hash: string
}

export const emptyHead: Head = { seq: 0, at: 0, hash: GENESIS }

/** A row of the journal; `data` and `actor` are the very text that is hashed. */
export interface JournalRow {
  readonly seq: number
  readonly at: Instant
  readonly actor: string
  readonly kind: string
  readonly subject: string
  readonly area: string | null
  readonly data: string
  readonly prevHash: string
  readonly hash: string
}

export interface Chained {
  readonly row: JournalRow
  readonly event: JournalEvent
}

/** SHA-256, in hex, over the JSON array of the row's fields in this order. */
const hashOf = (row: Omit<JournalRow, 'hash'>): string =>
  createHash('sha256')
    .update(
      JSON.stringify([row.prevHash, row.seq, row.at, row.actor, row.kind, row.subject, row.area, row.data]),
    )
    .digest('hex')

/**
 * Gives what happened its place after `head`. Time never goes back along the journal. The event is as it
 * will be read back, and shares nothing with `happening`.
 */
export function chain(head: Head, happening: Happening, actor: Actor, now: Instant): Chained {
  const seq = head.seq + 1
  const at = Math.max(now, head.at)
  const unsealed = {
    seq,
    at,
    actor: JSON.stringify(actor),
    kind: happening.kind,
    subject: happening.subject,
    area: happening.area,
    data: JSON.stringify(happening.data),
    prevHash: head.hash,
  }
  const row = { ...unsealed, hash: hashOf(unsealed) }
  return { row, event: eventOf(row) }
}

export const headOf = ({ seq, at, hash }: JournalRow): Head => ({ seq, at, hash })

export const insertion = (row: JournalRow): Statement => ({
  sql: `INSERT INTO journal (seq, at, actor, kind, subject, area, data, prev_hash, hash)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
  values: [row.seq, row.at, row.actor, row.kind, row.subject, row.area, row.data, row.prevHash, row.hash],
})

/** The journal's chain is broken: somebody changed it, or the disk did. */
export class JournalDamage extends Error {
  override readonly name = 'JournalDamage'
}

/** Throws `JournalDamage` for a row that can't be one of the journal's. */
export function readRow(row: SqlRow): JournalRow {
  try {
    return {
      seq: integer(row.seq),
      at: integer(row.at),
      actor: text(row.actor),
      kind: text(row.kind),
      subject: text(row.subject),
      area: row.area === null ? null : text(row.area),
      data: text(row.data),
      prevHash: text(row.prev_hash),
      hash: text(row.hash),
    }
  } catch (error) {
    throw new JournalDamage(
      `event ${row.seq} can't be read: ${error instanceof Error ? error.message : error}`,
    )
  }
}

/** What is wrong with `row` standing after `head`, or undefined. */
export function breakAt(head: Head, row: JournalRow): string | undefined {
  if (row.seq !== head.seq + 1) return `event ${head.seq + 1} is missing: ${row.seq} follows ${head.seq}`
  if (row.prevHash !== head.hash)
    return `event ${row.seq} does not follow event ${head.seq}: one of them was changed`
  if (row.hash !== hashOf(row)) return `event ${row.seq} was changed: its contents do not have its hash`
  if (row.at < head.at) return `event ${row.seq} is earlier than the one before it`
  return undefined
}

/** The event a checked row holds. */
export const eventOf = (row: JournalRow): JournalEvent =>
  ({
    seq: row.seq,
    at: row.at,
    actor: JSON.parse(row.actor),
    kind: row.kind,
    subject: row.subject,
    area: row.area,
    data: JSON.parse(row.data),
  }) as JournalEvent
