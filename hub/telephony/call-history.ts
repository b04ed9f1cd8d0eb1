/** The calls in the journal, in a table of their own that can be searched. It follows the journal, and can be made anew. */
import {
  CALLS_A_PAGE,
  type CallPage,
  type CallQuery,
  isMissed,
  mayReadAllCalls,
} from '../../contract/call-history.ts'
import type { Id, Instant } from '../../contract/primitives.ts'
import { Refusal } from '../../contract/refusal.ts'
import { callRecordSchema } from '../../contract/telephony.ts'
import { currentGrants } from '../../contract/visibility.ts'
import { followJournal } from '../journal/follower.ts'
import type { Journal } from '../journal/journal.ts'
import { type Database, type SqlValue, type Statement, text } from '../store/database.ts'

export interface CallHistory {
  /** Rejects with a `Refusal` if the account may not. */
  find(account: Id, query: CallQuery): Promise<CallPage>
  close(): Promise<void>
}

export interface CallHistoryOptions {
  readonly database: Database
  readonly journal: Pick<Journal, 'state' | 'seq' | 'onAppended'>
  readonly clock: () => Instant
  readonly onTrouble: (error: unknown) => void
}

export function openCallHistory({ database, journal, clock, onTrouble }: CallHistoryOptions): CallHistory {
  /** With the unit's names, so that a call is found by what its unit was called. */
  const insertion = (seq: number, call: ReturnType<typeof callRecordSchema.parse>): Statement => {
    const name = call.unit === null ? undefined : journal.state.directory.units[call.unit]?.name
    const words = [call.number, name?.zh, name?.en].filter((word) => word !== undefined).join('\n')
    const { id, account, startedAt, direction } = call
    return {
      // A later record of the same call has more to tell, in whatever order hubs write them.
      sql: `INSERT INTO call_history (account, id, seq, started_at, direction, missed, words, call)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (account, id) DO UPDATE SET
            seq = excluded.seq, started_at = excluded.started_at, direction = excluded.direction,
            missed = excluded.missed, words = excluded.words, call = excluded.call
            WHERE excluded.seq > call_history.seq`,
      values: [
        account,
        id,
        seq,
        startedAt,
        direction,
        Number(isMissed(call)),
        words.toLowerCase(),
        JSON.stringify(call),
      ],
    }
  }

  const follower = followJournal({
    database,
    journal,
    note: 'call-history',
    kinds: ['call.recorded'],
    statementsOf: (event) => (event.kind === 'call.recorded' ? [insertion(event.seq, event.data)] : []),
    onTrouble,
  })

  return {
    find: async (account, query) => {
      const grants = currentGrants(journal.state, account)
      if (query.whose === 'all' && !mayReadAllCalls(grants, clock()))
        throw new Refusal('forbidden', { capability: 'export' })
      await follower.catchUp()
      const { sql, values } = selection(account, query)
      const rows = await database.rows(sql, values)
      const calls = rows.map(({ call }) => callRecordSchema.parse(JSON.parse(text(call))))
      const last = calls[CALLS_A_PAGE - 1]
      const next = rows.length > CALLS_A_PAGE && last !== undefined ? last : null
      return {
        calls: calls.slice(0, CALLS_A_PAGE),
        next: next && { startedAt: next.startedAt, id: next.id },
      }
    },
    close: follower.close,
  }
}

/** One more than a page, to see whether there is another. */
function selection(account: Id, query: CallQuery): { sql: string; values: SqlValue[] } {
  const values: SqlValue[] = []
  const bind = (value: SqlValue): string => `$${values.push(value)}`
  const { whose, which, from, to, before } = query
  const words = query.text.toLowerCase()
  const conditions: string[] = []
  if (whose === 'own') conditions.push(`account = ${bind(account)}`)
  if (which === 'missed') conditions.push('missed = 1')
  else if (which !== 'any') conditions.push(`direction = ${bind(which)}`)
  if (from !== null) conditions.push(`started_at >= ${bind(from)}`)
  if (to !== null) conditions.push(`started_at < ${bind(to)}`)
  if (before !== null) {
    const [at, id] = [bind(before.startedAt), bind(before.id)]
    conditions.push(`started_at <= ${at}`, `(started_at < ${at} OR id < ${id})`)
  }
  if (words !== '')
    conditions.push(`words LIKE ${bind(`%${words.replaceAll(/[\\%_]/g, '\\$&')}%`)} ESCAPE '\\'`)
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`
  const limit = bind(CALLS_A_PAGE + 1)
  return {
    sql: `SELECT call FROM call_history ${where} ORDER BY started_at DESC, id DESC LIMIT ${limit}`,
    values,
  }
}
