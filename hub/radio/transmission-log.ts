/** The transmissions in the journal, in a table of their own that can be searched. It follows the journal, and can be made anew. */
import type { Id } from '../../contract/primitives.ts'
import { type TransmissionRecord, transmissionRecordSchema } from '../../contract/radio.ts'
import { mayOnChannel } from '../../contract/radio-rules.ts'
import { Refusal } from '../../contract/refusal.ts'
import {
  TRANSMISSIONS_A_PAGE,
  type TransmissionPage,
  type TransmissionQuery,
  talkerName,
} from '../../contract/transmissions.ts'
import { currentGrants } from '../../contract/visibility.ts'
import { followJournal } from '../journal/follower.ts'
import { readHistory } from '../journal/history-page.ts'
import type { Journal } from '../journal/journal.ts'
import type { Database, Statement } from '../store/database.ts'

export interface TransmissionLog {
  /** Of channels that the account sees. Rejects with a `Refusal` if it does not see the one that it asks about. */
  find(account: Id, query: TransmissionQuery): Promise<TransmissionPage>
  close(): Promise<void>
}

export interface TransmissionLogOptions {
  readonly database: Database
  readonly journal: Pick<Journal, 'state' | 'seq' | 'onAppended'>
  readonly clock: () => number
  readonly onTrouble: (error: unknown) => void
}

const table = {
  table: 'transmission',
  column: 'record',
  record: transmissionRecordSchema,
  pageSize: TRANSMISSIONS_A_PAGE,
} as const

export function openTransmissionLog({
  database,
  journal,
  clock,
  onTrouble,
}: TransmissionLogOptions): TransmissionLog {
  const follower = followJournal({
    database,
    journal,
    note: 'transmission-log',
    kinds: ['transmission.recorded'],
    statementsOf: (event) =>
      event.kind === 'transmission.recorded' ? [insertion(event.seq, event.data)] : [],
    onTrouble,
  })

  /** With the unit's names, so that a transmission is found by what its unit was called. */
  const insertion = (seq: number, record: TransmissionRecord): Statement => {
    const { id, channel, talker, startedAt, endedAt } = record
    const unit = talker.unit === null ? undefined : journal.state.directory.units[talker.unit]?.name
    const words = [talker.radio, talker.name?.zh, talker.name?.en, unit?.zh, unit?.en]
    return {
      // A seat that was cut off tells later of what others told before, and what they told stands: only what nobody
      // did is new. A later record of the same id has more to tell, in whatever order hubs write them, if it is of
      // the same time: a seat that takes the id of another transmission does not write over that.
      sql: `INSERT INTO transmission (id, seq, channel, talker, started_at, ended_at, words, record)
            SELECT $1, $2, $3, $4, $5, $6, $7, $8 WHERE NOT EXISTS (
              SELECT 1 FROM transmission WHERE id <> $1 AND seq < $2 AND channel = $3 AND talker = $4
              AND started_at <= $6 AND ended_at >= $5)
            ON CONFLICT (id) DO UPDATE SET
            seq = excluded.seq, talker = excluded.talker, started_at = excluded.started_at,
            ended_at = excluded.ended_at, words = excluded.words, record = excluded.record
            WHERE excluded.seq > transmission.seq AND excluded.channel = transmission.channel
            AND excluded.started_at <= transmission.ended_at AND excluded.ended_at >= transmission.started_at`,
      values: [
        id,
        seq,
        channel,
        talkerName(talker) ?? '',
        startedAt,
        endedAt,
        words
          .filter((word) => word != null)
          .join('\n')
          .toLowerCase(),
        JSON.stringify(record),
      ],
    }
  }

  const visible = (account: Id): Id[] => {
    const { directory } = journal.state
    const grants = currentGrants(journal.state, account)
    return Object.values(directory.channels).flatMap((channel) =>
      mayOnChannel(grants, 'view', directory, channel, clock()) ? [channel.id] : [],
    )
  }

  return {
    find: async (account, query) => {
      const seen = visible(account)
      const { channel } = query
      if (channel !== null && !seen.includes(channel))
        throw new Refusal('not-found', { what: 'channel', id: channel })
      const channels = channel === null ? seen : [channel]
      if (channels.length === 0) return { transmissions: [], next: null }
      await follower.catchUp()
      const { records: transmissions, next } = await readHistory(database, table, query, (bind) => [
        `channel IN (${channels.map(bind).join(', ')})`,
      ])
      return { transmissions, next }
    },
    close: follower.close,
  }
}
