/**
 * What happened about each incident, and the incidents that were filed, in tables that follow the journal. What is
 * told of a call or an alarm that an incident came from is part of its story, too, and of calls, transmissions and
 * rooms that belong to it.
 */
import type { JournalEvent } from '../../contract/events.ts'
import {
  ENTRIES_A_PAGE,
  FILED_A_PAGE,
  type FiledIncident,
  type FiledPage,
  type FiledQuery,
  type TimelineEntry,
} from '../../contract/incident-history.ts'
import { type Incident, incidentEvents } from '../../contract/incidents.ts'
import type { Id } from '../../contract/primitives.ts'
import { roomEvents } from '../../contract/rooms.ts'
import type { Task } from '../../contract/tasks.ts'
import { eventOf, readRow } from '../journal/chain.ts'
import { type Follower, type FollowerOptions, followJournal } from '../journal/follower.ts'
import { anywhere } from '../store/anywhere.ts'
import { type Database, integer, type SqlValue, type Statement, text } from '../store/database.ts'
import { openNewest } from './newest.ts'

/** What happens in the stream of a call. */
const callKinds = [
  'call.recorded',
  'supervision.begun',
  'supervision.changed',
  'supervision.ended',
] as const satisfies readonly JournalEvent['kind'][]
const kinds: readonly JournalEvent['kind'][] = [
  ...(Object.keys(incidentEvents) as (keyof typeof incidentEvents)[]),
  ...callKinds,
  'group-call.recorded',
  'transmission.recorded',
  'alarm.raised',
  'alarm.acknowledged',
  'message.sent',
  ...(Object.keys(roomEvents) as (keyof typeof roomEvents)[]),
]

/** For one page of those that somebody sees: of a centre's many years, few may be theirs. */
const MOST_PAGES_LOOKED_AT = 20

export interface IncidentHistory {
  /** One more than a page, if there are so many: the newest first. */
  entries(incident: Id, before: number | null): Promise<JournalEvent[]>
  /** From the first on, at most so many. */
  allEntries(incident: Id, most: number): Promise<JournalEvent[]>
  /** The newest first, as far as `sees` lets through; a page may be empty, and others follow. */
  filed(query: FiledQuery, sees: (filed: FiledIncident) => boolean): Promise<FiledPage>
  filedOne(incident: Id): Promise<FiledIncident | undefined>
  /** The newest entry of one, and whenever there is a newer one. */
  watchNewest(incident: Id, signal: AbortSignal): AsyncIterable<number>
  close(): Promise<void>
}

export function openIncidentHistory(
  options: Pick<FollowerOptions, 'database' | 'journal' | 'onTrouble'>,
): IncidentHistory {
  const { database } = options
  const newest = openNewest({
    read: async (incidents) => {
      await follower.catchUp()
      const places = incidents.map((_, at) => `$${at + 1}`).join(', ')
      const rows = await database.rows(
        `SELECT incident, MAX(seq) AS seq FROM incident_entry WHERE incident IN (${places}) GROUP BY incident`,
        incidents,
      )
      return new Map(rows.map(({ incident, seq }) => [text(incident), integer(seq)]))
    },
    onTrouble: options.onTrouble,
  })
  const follower: Follower = followJournal({
    ...options,
    note: 'incident-history',
    kinds,
    statementsOf,
    onFollowed: newest.touch,
  })

  const read = async (
    incident: Id,
    { before, order, limit }: { before: number | null; order: 'ASC' | 'DESC'; limit: number },
  ) => {
    await follower.catchUp()
    const older = before === null ? '' : 'AND journal.seq < $3'
    const rows = await database.rows(
      `SELECT journal.* FROM incident_entry JOIN journal ON journal.seq = incident_entry.seq
       WHERE incident_entry.incident = $1 ${older} ORDER BY journal.seq ${order} LIMIT $2`,
      [incident, limit, ...(before === null ? [] : [before])],
    )
    return rows.map((row) => eventOf(readRow(row)))
  }

  return {
    entries: (incident, before) => read(incident, { before, order: 'DESC', limit: ENTRIES_A_PAGE + 1 }),
    allEntries: (incident, most) => read(incident, { before: null, order: 'ASC', limit: most }),
    filed: async (query, sees) => {
      await follower.catchUp()
      const incidents: FiledIncident[] = []
      let { before } = query
      for (let pages = 0; pages < MOST_PAGES_LOOKED_AT; pages++) {
        const page = await filedPage(database, query.text, before)
        for (const filed of page) {
          if (incidents.length === FILED_A_PAGE) return { incidents, next: before }
          before = filed.seq
          if (sees(filed)) incidents.push(filed)
        }
        if (page.length < FILED_A_PAGE) return { incidents, next: null }
      }
      return { incidents, next: before }
    },
    filedOne: async (incident) => {
      await follower.catchUp()
      const [row] = await database.rows('SELECT seq, record FROM incident_file WHERE incident = $1', [
        incident,
      ])
      return row && filedOf(row)
    },
    watchNewest: newest.watch,
    close: async () => {
      newest.close()
      await follower.close()
    },
  }
}

async function filedPage(database: Database, words: string, before: number | null): Promise<FiledIncident[]> {
  const values: SqlValue[] = [FILED_A_PAGE, anywhere(words)]
  const older = before === null ? '' : `AND seq < $${values.push(before)}`
  const rows = await database.rows(
    `SELECT seq, record FROM incident_file WHERE words LIKE $2 ESCAPE '\\' ${older} ORDER BY seq DESC LIMIT $1`,
    values,
  )
  return rows.map(filedOf)
}

function filedOf({ seq, record }: Readonly<Record<string, SqlValue>>): FiledIncident {
  const { incident, tasks }: { incident: Incident; tasks: Task[] } = JSON.parse(text(record))
  return { seq: integer(seq), incident, tasks }
}

function statementsOf(event: JournalEvent): Statement[] {
  const { seq } = event
  switch (event.kind) {
    case 'call.recorded': {
      const { id, incident } = event.data
      const told = incident === undefined ? [] : [...tie(id, incident), toldOfCall(id, incident, seq)]
      return [...told, ...recordOf(id, seq)]
    }
    case 'group-call.recorded': {
      const { id, incident } = event.data
      return [...(incident === undefined ? [] : tie(id, incident)), ...recordOf(id, seq)]
    }
    case 'transmission.recorded': {
      const { id, incidents = [] } = event.data
      return incidents.length === 0
        ? []
        : [...incidents.flatMap((incident) => tie(id, incident)), ...recordOf(id, seq)]
    }
    case 'message.sent':
      return event.data.incidents.map((incident) => entry(incident, seq))
    case 'supervision.begun':
    case 'supervision.changed':
    case 'supervision.ended':
      return [ofTied(event.subject.slice('call/'.length), seq)]
    case 'room.opened': {
      const { id, scope } = event.data
      return [...(scope.kind === 'incident' ? tie(id, scope.incident) : []), ofTied(id, seq)]
    }
    case 'room.carried':
    case 'room.uncarried':
      return [ofTied(event.data.id, seq)]
    case 'room.member-moved':
    case 'room.chaired':
    case 'room.ended':
    case 'alarm.raised':
      return recordOf(event.data.id, seq)
    case 'alarm.acknowledged':
      return [ofTied(event.data.id, seq)]
    case 'incident.opened': {
      const { id, source } = event.data
      const cause =
        source.kind === 'call'
          ? [...tie(source.call, id), toldOfCall(source.call, id, seq)]
          : source.kind === 'alarm'
            ? [...tie(source.alarm, id), toldOfAlarm(source.alarm, id)]
            : []
      return [entry(id, seq), ...cause]
    }
    case 'incident.merged':
      return [entry(event.data.id, seq), ...carry(event.data.id, event.data.into)]
    case 'incident.filed':
      return [entry(event.data.id, seq), file(seq, event.data)]
    default:
      return [entry(event.subject.slice('incident/'.length), seq)]
  }
}

const entry = (incident: Id, seq: number): Statement => ({
  sql: 'INSERT INTO incident_entry (incident, seq) VALUES ($1, $2) ON CONFLICT (incident, seq) DO NOTHING',
  values: [incident, seq],
})

/** From now on what is told of this call, transmission, alarm or room is part of the story. */
const tie = (what: string, incident: Id): Statement[] => [
  {
    sql: 'INSERT INTO incident_call (call, incident) VALUES ($1, $2) ON CONFLICT (call, incident) DO NOTHING',
    values: [what, incident],
  },
]

/** What was told of a call before, in its own stream. */
const toldOfCall = (call: string, incident: Id, seq: number): Statement => ({
  sql: `INSERT INTO incident_entry (incident, seq) SELECT CAST($1 AS TEXT), seq FROM journal
        WHERE subject = $2 AND seq <= $3 ON CONFLICT (incident, seq) DO NOTHING`,
  values: [incident, `call/${call}`, seq],
})

/** That the alarm was raised, as it was noted then. */
const toldOfAlarm = (alarm: string, incident: Id): Statement => ({
  sql: `INSERT INTO incident_entry (incident, seq) SELECT CAST($1 AS TEXT), seq FROM incident_record
        WHERE what = $2 ON CONFLICT (incident, seq) DO NOTHING`,
  values: [incident, alarm],
})

/** For what is tied to incidents already. */
const ofTied = (what: string, seq: number): Statement => ({
  sql: `INSERT INTO incident_entry (incident, seq) SELECT incident, CAST($1 AS BIGINT) FROM incident_call
        WHERE call = $2 ON CONFLICT (incident, seq) DO NOTHING`,
  values: [seq, what],
})

/** A later record of the same has more to tell: it stands in place of the one before. */
const recordOf = (what: string, seq: number): Statement[] => [
  {
    sql: `DELETE FROM incident_entry WHERE EXISTS (SELECT 1 FROM incident_record WHERE what = $1
          AND incident_record.seq = incident_entry.seq) AND seq < $2`,
    values: [what, seq],
  },
  {
    sql: `INSERT INTO incident_record (what, seq) VALUES ($1, $2)
          ON CONFLICT (what) DO UPDATE SET seq = excluded.seq WHERE excluded.seq > incident_record.seq`,
    values: [what, seq],
  },
  ofTied(what, seq),
]

/** The story of an incident that was merged into another is part of the other's. */
const carry = (from: Id, into: Id): Statement[] => [
  {
    sql: `INSERT INTO incident_entry (incident, seq) SELECT CAST($1 AS TEXT), seq FROM incident_entry
          WHERE incident = $2 ON CONFLICT (incident, seq) DO NOTHING`,
    values: [into, from],
  },
  {
    sql: `INSERT INTO incident_call (call, incident) SELECT call, CAST($1 AS TEXT) FROM incident_call
          WHERE incident = $2 ON CONFLICT (call, incident) DO NOTHING`,
    values: [into, from],
  },
]

function file(seq: number, { incident, tasks }: { incident: Incident; tasks: readonly Task[] }): Statement {
  const words = [`#${incident.number}`, incident.title, incident.address ?? ''].join('\n').toLowerCase()
  return {
    sql: `INSERT INTO incident_file (incident, seq, words, record) VALUES ($1, $2, $3, $4)
          ON CONFLICT (incident) DO NOTHING`,
    values: [incident.id, seq, words, JSON.stringify({ incident, tasks })],
  }
}

/** As a seat is shown it. */
export const entryOf = (
  { seq, at, actor, kind, data }: JournalEvent,
  nameOf: (account: Id) => TimelineEntry['by'],
): TimelineEntry => ({
  seq,
  at,
  by: actor.kind === 'account' ? nameOf(actor.account) : null,
  happening: { kind, data } as TimelineEntry['happening'],
})
