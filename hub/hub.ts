/** A hub, put together: store, journal, accounts, directory, positions, and what seats may ask of them. */
import type { Logger } from 'pino'
import type { Happening } from '../contract/events.ts'
import type { HubPort, HubStatus, Welcome } from '../contract/hub.ts'
import type { Id, Instant } from '../contract/primitives.ts'
import { Refusal } from '../contract/refusal.ts'
import type { SiteDocument } from '../contract/site.ts'
import { Watched } from '../contract/watched.ts'
import { checkPassword } from './accounts/credentials.ts'
import { findSession } from './accounts/sessions.ts'
import { openDoor } from './accounts/sign-in.ts'
import { decide } from './commands.ts'
import type { HubConfig } from './config.ts'
import { isLoaded, loadSite } from './directory/load.ts'
import { readSiteFile } from './directory/site-file.ts'
import { type Journal, openJournal } from './journal/journal.ts'
import {
  type Listen,
  openEmbeddedBroker,
  openExternalBroker,
  type PositionSource,
} from './positions/broker.ts'
import { openFeed, VisibleUnits } from './positions/feed.ts'
import { createIngest } from './positions/ingest.ts'
import { PositionTable } from './positions/table.ts'
import { openTracks } from './positions/tracks.ts'
import { createViews } from './seats/views.ts'
import { serve } from './server.ts'
import type { Database } from './store/database.ts'
import { openHubStore, openTrackStore } from './store/open.ts'

export interface RunningHub {
  /** ws:// or wss:// and where it listens. */
  readonly url: string
  /** Where the embedded broker listens, if there is one. */
  readonly mqtt: Listen | undefined
  readonly journal: Journal
  close(): Promise<void>
}

export interface HubOptions {
  readonly log: Logger
  readonly clock?: () => Instant
  /** Called when the hub can't go on. */
  readonly onFailure: (error: Error) => void
}

const STATUS_EVERY_MS = 1000

export async function startHub(
  config: HubConfig,
  { log, clock = Date.now, onFailure }: HubOptions,
): Promise<RunningHub> {
  const closing: (() => Promise<void> | void)[] = []
  const close = async () => {
    for (const step of closing.splice(0).reverse()) await step()
  }
  try {
    const database = await openHubStore(config.store)
    closing.push(() => database.close())
    const trackDatabase = await openTrackStore(config.store)
    closing.push(() => trackDatabase.close())
    const journal = await openJournal({ database, clock, onDamage: onFailure })
    closing.push(() => journal.close())
    const document = config.site && (await readSiteFile(config.site.file))
    if (
      document !== undefined &&
      (journal.seq === 0 || (config.site?.import === 'if-changed' && !(await isLoaded(database, document))))
    ) {
      const { changes } = await loadSite(database, journal, document)
      log.info({ changes, site: document.site.id }, 'site file loaded')
    }

    const table = new PositionTable()
    const feed = openFeed({ table, clock })
    closing.push(() => feed.close())
    const tracks = openTracks({
      database: trackDatabase,
      clock,
      keepDays: config.keepTracksDays,
      onTrouble: (error) =>
        log.warn({ error: String(error) }, 'tracks are not being written; they are kept in memory'),
    })
    closing.push(() => tracks.close())
    const ingest = createIngest({
      table,
      tracks,
      clock,
      tick: () => feed.tick,
      onMalformed: (topic, why) => log.warn({ topic, why }, 'a position report could not be read'),
    })
    ingest.follow(journal.state.directory)
    closing.push(journal.onAppended(({ after }) => ingest.follow(after.directory)))
    const source = await openSource(config, { ingest: ingest.take, clock, journal, database })
    closing.push(() => source.close())

    const status = new Watched<HubStatus>(statusOf(source, ingest.lastReportAt))
    const report = () => {
      const next = statusOf(source, ingest.lastReportAt)
      if (JSON.stringify(next) !== JSON.stringify(status.value)) status.set(next)
    }
    closing.push(source.onChange(report))
    const reporting = setInterval(report, STATUS_EVERY_MS)
    closing.push(() => clearInterval(reporting))

    const door = openDoor({ database, journal, clock })
    const views = createViews(journal, clock)
    const welcome = welcomeOf(journal, document)

    const visibleUnit = (account: Id, unit: Id) => {
      const found = views.of({ account, id: '' }).directory.units[unit]
      if (found === undefined) throw new Refusal('not-found', { what: 'unit', id: unit })
      return found
    }

    const port: HubPort = {
      welcome: async () => welcome(),
      signIn: door.signIn,
      signOut: door.signOut,
      changePassword: (session, change) => door.changePassword(session, change, 'seat'),
      watchState: views.watch,
      watchStatus: (_session, signal) => status.watch(signal),
      submit: (session, { key, command }) =>
        journal.submit({
          actor: { kind: 'account', account: session.account },
          key,
          decide: (state, now) => decide(state, command, session.account, now),
        }),
      startPositions: (session, sink) => {
        let seat: ReturnType<typeof feed.join> | undefined
        const stop = views.follow(session, (view, message) => {
          if (message?.kind === 'events' && !message.events.some(changesWhichUnits)) return
          const visible = new VisibleUnits(Object.values(view.directory.units).map(({ index }) => index))
          if (seat === undefined) seat = feed.join(sink, visible)
          else seat.see(visible)
        })
        sink.closed.addEventListener('abort', stop, { once: true })
      },
      positionOf: ({ account }, id) => {
        const { index } = visibleUnit(account, id)
        const latest = table.latest(index)
        return {
          fix: latest?.fix ?? null,
          receivedAt: latest?.receivedAt ?? null,
          stale: table.stale[index] === 1,
          doubted: table.doubted(index) ?? null,
        }
      },
      track: ({ account }, { unit, from, to }) => tracks.read(visibleUnit(account, unit).index, from, to),
    }

    const server = await serve({
      config,
      port,
      log,
      findSession: (token) => findSession(database, token, clock()),
      journal,
      metrics: () => ({
        seats: feed.seats,
        journalSeq: journal.seq,
        reports: ingest.counts,
        source: source.state,
      }),
      healthy: async () => {
        await database.rows('SELECT 1 AS one')
      },
    })
    closing.push(() => server.close())
    return { url: server.url, mqtt: 'listen' in source ? source.listen : undefined, journal, close }
  } catch (error) {
    await close()
    throw error
  }
}

const changesWhichUnits = ({ kind }: Happening): boolean => kind === 'unit.put' || kind === 'unit.removed'

interface SourceNeeds {
  readonly ingest: (topic: string, payload: Uint8Array) => void
  readonly clock: () => Instant
  readonly journal: Journal
  readonly database: Database
}

async function openSource(
  { broker, tls }: HubConfig,
  { ingest, clock, journal, database }: SourceNeeds,
): Promise<PositionSource | (PositionSource & { listen: Listen })> {
  if (broker.kind === 'external')
    return openExternalBroker({
      url: broker.url,
      username: broker.username,
      password: broker.password,
      ca: broker.ca,
      take: ingest,
      clock,
    })
  return openEmbeddedBroker({
    listen: broker.listen,
    tls,
    take: ingest,
    clock,
    directory: () => journal.state.directory,
    checkPassword: (device, password) => checkPassword(database, 'device', device, password),
  })
}

const statusOf = (source: PositionSource, lastReportAt: Instant | null): HubStatus => ({
  positions: { state: source.state, since: source.since, lastReportAt },
})

/** A demonstration site offers its accounts to whoever sits down; any other tells its name only. */
function welcomeOf(journal: Journal, document: SiteDocument | undefined): () => Welcome {
  const passwords = new Map(
    document?.site.demo === true ? document.accounts.map(({ id, password }) => [id, password] as const) : [],
  )
  return () => ({
    site: journal.state.site?.name ?? null,
    demoAccounts:
      journal.state.site?.demo === true
        ? Object.values(journal.state.access.accounts).flatMap((account) => {
            const password = passwords.get(account.id)
            return password === undefined || account.disabled ? [] : [{ account, password }]
          })
        : [],
  })
}
