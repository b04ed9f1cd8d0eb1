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
import { readHistory } from '../journal/history-page.ts'
import type { Journal } from '../journal/journal.ts'
import type { Database, Statement } from '../store/database.ts'

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

const table = {
  table: 'call_history',
  column: 'call',
  record: callRecordSchema,
  pageSize: CALLS_A_PAGE,
} as const

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
      const { records: calls, next } = await readHistory(database, table, query, (bind) => [
        ...(query.whose === 'own' ? [`account = ${bind(account)}`] : []),
        ...(query.which === 'missed' ? ['missed = 1'] : []),
        ...(query.which === 'in' || query.which === 'out' ? [`direction = ${bind(query.which)}`] : []),
      ])
      return { calls, next }
    },
    close: follower.close,
  }
}
