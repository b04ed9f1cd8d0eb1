/** Walks the whole journal and says whether anything in it was changed, dropped or put in. */
import * as z from 'zod'
import { eventSchemas } from '../../contract/events.ts'
import type { Database } from '../store/database.ts'
import { breakAt, emptyHead, type Head, headOf, readRow } from './chain.ts'

const AT_ONCE = 5000

export type Verdict =
  | { readonly kind: 'whole'; readonly head: Head }
  | { readonly kind: 'broken'; readonly after: Head; readonly why: string }

/**
 * `anchor` is a head noted down earlier: a chain can be cut at its end or written anew from any
 * point on, and only somebody who kept a hash of what was there can tell.
 */
export async function verifyJournal(
  database: Database,
  anchor?: { seq: number; hash: string },
): Promise<Verdict> {
  let head: Head = emptyHead
  for (;;) {
    const rows = await database.rows('SELECT * FROM journal WHERE seq > $1 ORDER BY seq LIMIT $2', [
      head.seq,
      AT_ONCE,
    ])
    if (rows.length === 0) break
    for (const raw of rows) {
      const row = readRow(raw)
      const why = breakAt(head, row) ?? unreadable(row.kind, row.data, row.seq)
      if (why !== undefined) return { kind: 'broken', after: head, why }
      head = headOf(row)
      if (anchor?.seq === head.seq && anchor.hash !== head.hash)
        return {
          kind: 'broken',
          after: head,
          why: `event ${head.seq} is not the one noted down: its hash was ${anchor.hash}`,
        }
    }
  }
  if (anchor !== undefined && anchor.seq > head.seq)
    return {
      kind: 'broken',
      after: head,
      why: `the journal ends at event ${head.seq}; event ${anchor.seq} was noted down`,
    }
  return { kind: 'whole', head }
}

function unreadable(kind: string, data: string, seq: number): string | undefined {
  const schema = Object.entries(eventSchemas).find(([known]) => known === kind)?.[1]
  if (schema === undefined) return `event ${seq} is of a kind this version does not know: ${kind}`
  const parsed = schema.safeParse(JSON.parse(data))
  return parsed.success ? undefined : `event ${seq} (${kind}) can't be read: ${z.prettifyError(parsed.error)}`
}
