/** What the journal has told, in tables of their own that can be searched. Each follows it, and can be made anew. */
import type { Logger } from 'pino'
import type { Instant } from '../contract/primitives.ts'
import { type Attachments, openAttachments } from './attachments/attachments.ts'
import { type Incidents, openIncidents } from './incidents/incidents.ts'
import type { Journal } from './journal/journal.ts'
import type { Tracks } from './positions/tracks.ts'
import { openTransmissionLog, type TransmissionLog } from './radio/transmission-log.ts'
import type { Database } from './store/database.ts'
import { type CallHistory, openCallHistory } from './telephony/call-history.ts'
import { type MessageArchive, openMessageArchive } from './threads/archive.ts'

export interface Histories {
  readonly calls: CallHistory
  readonly incidents: Incidents
  readonly attachments: Attachments
  readonly transmissions: TransmissionLog
  readonly messages: MessageArchive
  close(): Promise<void>
}

export interface HistoriesOptions {
  readonly database: Database
  readonly journal: Journal
  readonly tracks: Pick<Tracks, 'read'>
  readonly clock: () => Instant
  readonly log: Logger
}

export function openHistories({ database, journal, tracks, clock, log }: HistoriesOptions): Histories {
  const common = { database, journal, clock }
  const warn = (what: string) => (error: unknown) => log.warn({ error: String(error) }, what)
  const calls = openCallHistory({ ...common, onTrouble: warn('the call history is behind') })
  const incidents = openIncidents({
    ...common,
    tracks,
    onTrouble: (what, error) =>
      log.error(
        { error: String(error) },
        what === 'overdue' ? 'what is overdue is not written yet' : 'the timelines are behind',
      ),
  })
  const attachments = openAttachments({
    ...common,
    seesFiled: async (account, incident) => (await incidents.filedFor(account, incident)) !== undefined,
    onTrouble: warn('what refers to attachments is behind'),
  })
  const transmissions = openTransmissionLog({
    ...common,
    onTrouble: warn('the log of transmissions is behind'),
  })
  const messages = openMessageArchive({
    ...common,
    filedFor: incidents.filedFor,
    onTrouble: warn('the archive of messages is behind'),
  })
  return {
    calls,
    incidents,
    attachments,
    transmissions,
    messages,
    close: async () => {
      await Promise.all([calls, incidents, attachments, transmissions, messages].map((each) => each.close()))
    },
  }
}
