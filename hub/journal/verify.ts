/** Walks the whole journal and says whether anything in it was changed, dropped or put in. */
import { isDeepStrictEqual } from 'node:util'
import * as z from 'zod'
import { eventSchemas, type JournalEvent } from '../../contract/events.ts'
import { emptyState, fold, type SharedState } from '../../contract/state.ts'
import { type Database, integer, type SqlRow, text } from '../store/database.ts'
import { breakAt, emptyHead, eventOf, type Head, headOf, JournalDamage, readRow } from './chain.ts'
import { FOLD_VERSION } from './journal.ts'

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
  const [kept] = await database.rows('SELECT seq, fold, state FROM snapshot WHERE id = 1')
  const snapshot =
    kept !== undefined && integer(kept.fold) === FOLD_VERSION
      ? { seq: integer(kept.seq), text: text(kept.state) }
      : undefined
  let head: Head = emptyHead
  let state = emptyState
  const broken = (why: string): Verdict => ({ kind: 'broken', after: head, why })
  for (;;) {
    const rows = await database.rows('SELECT * FROM journal WHERE seq > $1 ORDER BY seq LIMIT $2', [
      head.seq,
      AT_ONCE,
    ])
    if (rows.length === 0) break
    const events: JournalEvent[] = []
    for (const raw of rows) {
      const found = checked(raw, head)
      if (typeof found === 'string') return broken(found)
      head = found.head
      events.push(found.event)
      if (anchor?.seq === head.seq && anchor.hash !== head.hash)
        return broken(`event ${head.seq} is not the one noted down: its hash was ${anchor.hash}`)
      if (snapshot?.seq === head.seq) {
        state = fold(state, events.splice(0))
        if (!says(snapshot.text, state))
          return broken(`the snapshot does not say what the events up to ${head.seq} say: it was changed`)
      }
    }
    if (snapshot !== undefined && head.seq < snapshot.seq) state = fold(state, events)
  }
  if (anchor !== undefined && anchor.seq > head.seq)
    return broken(`the journal ends at event ${head.seq}; event ${anchor.seq} was noted down`)
  if (snapshot !== undefined && snapshot.seq > head.seq)
    return broken(`the journal ends at event ${head.seq}; a snapshot was taken after event ${snapshot.seq}`)
  return { kind: 'whole', head }
}

/** The event in the row that should follow `head`, or what is wrong with it. */
function checked(raw: SqlRow, head: Head): { event: JournalEvent; head: Head } | string {
  try {
    const row = readRow(raw)
    const why = breakAt(head, row)
    if (why !== undefined) return why
    const event = eventOf(row)
    const schema = Object.entries(eventSchemas).find(([kind]) => kind === event.kind)?.[1]
    if (schema === undefined) return `event ${row.seq} is of a kind this version does not know: ${row.kind}`
    const parsed = schema.safeParse(event.data)
    return parsed.success
      ? { event, head: headOf(row) }
      : `event ${row.seq} (${row.kind}) can't be read: ${z.prettifyError(parsed.error)}`
  } catch (error) {
    if (error instanceof JournalDamage) return error.message
    if (error instanceof SyntaxError) return `event ${head.seq + 1} can't be read: ${error.message}`
    throw error
  }
}

/** Whether the snapshot's text is this state, in whatever order it names things. */
function says(snapshot: string, state: SharedState): boolean {
  try {
    return isDeepStrictEqual(JSON.parse(JSON.stringify(state)), JSON.parse(snapshot))
  } catch (error) {
    if (error instanceof SyntaxError) return false
    throw error
  }
}
