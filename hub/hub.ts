/** A hub, put together: store, journal, accounts, directory, positions, and what seats may ask of them. */
import type { Logger } from 'pino'
import type { Happening } from '../contract/events.ts'
import type { FrameSink, HubPort, HubStatus, Welcome } from '../contract/hub.ts'
import type { Id, Instant } from '../contract/primitives.ts'
import { Refusal } from '../contract/refusal.ts'
import type { SiteDocument } from '../contract/site.ts'
import { visibleUnit } from '../contract/visibility.ts'
import { Watched } from '../contract/watched.ts'
import { checkPassword } from './accounts/credentials.ts'
import { findSession } from './accounts/sessions.ts'
import { openDoor } from './accounts/sign-in.ts'
import { decide } from './commands.ts'
import type { HubConfig } from './config.ts'
import { isLoaded, loadSite } from './directory/load.ts'
import { readSiteFile, SiteFileError } from './directory/site-file.ts'
import { openField } from './field/field.ts'
import { openFloor } from './floor/floor.ts'
import { openHistories } from './histories.ts'
import { type Journal, openJournal } from './journal/journal.ts'
import { openEmbeddedBroker } from './positions/embedded-broker.ts'
import { openExternalBroker } from './positions/external-broker.ts'
import { openFeed, VisibleUnits } from './positions/feed.ts'
import { createIngest } from './positions/ingest.ts'
import type { Listen, PositionSource } from './positions/source.ts'
import { PositionTable } from './positions/table.ts'
import { openTracks } from './positions/tracks.ts'
import { openRooms } from './rooms/rooms.ts'
import { createViews } from './seats/views.ts'
import { serve } from './server.ts'
import { openPeers } from './sfu/peers.ts'
import { openSfu } from './sfu/sfu.ts'
import { openSources } from './sources/sources.ts'
import { addWhip } from './sources/whip.ts'
import { type Database, StoreFailure } from './store/database.ts'
import { openHubBus, openHubStore, openTrackStore } from './store/open.ts'
import { openSupervision } from './supervision/supervision.ts'

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
    for (const step of closing.splice(0).reverse())
      try {
        await step()
      } catch (error) {
        log.error({ error: String(error) }, 'closing')
      }
  }
  try {
    const database = await openHubStore(config.store)
    closing.push(() => database.close())
    const trackDatabase = await openTrackStore(config.store)
    closing.push(() => trackDatabase.close())
    const journal = await openJournal({
      database,
      clock,
      onDamage: onFailure,
      onTrouble: (error) => log.error({ error: String(error) }, 'the journal can not be written'),
    })
    closing.push(() => journal.close())
    const follows = config.site?.import === 'if-changed'
    const document = config.site && (await readSite(config.site.file, journal.seq === 0 || follows, log))
    if (document !== undefined && (journal.seq === 0 || (follows && !(await isLoaded(database, document))))) {
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
    closing.push(
      journal.onAppended(({ events, after }) => {
        if (events.some(changesWhichUnits)) ingest.follow(after.directory)
      }),
    )
    const source = await openSource(config, { ingest: ingest.take, clock, journal, database, log })
    closing.push(() => source.close())

    const sfu = openSfu({ config: config.video, clock, log })
    closing.push(() => sfu.close())
    const status = new Watched<HubStatus>(statusOf(source, ingest.lastReportAt, sfu.status.value))
    const report = () => {
      const next = statusOf(source, ingest.lastReportAt, sfu.status.value)
      if (JSON.stringify(next) !== JSON.stringify(status.value)) status.set(next)
    }
    closing.push(source.onChange(report))
    closing.push(sfu.status.onChange(report))
    const reporting = setInterval(report, STATUS_EVERY_MS)
    closing.push(() => clearInterval(reporting))

    const histories = openHistories({ database, journal, tracks, clock, log })
    closing.push(() => histories.close())
    const { attachments, calls, incidents, messages, transmissions } = histories

    const door = openDoor({ database, journal, clock })
    const views = createViews(journal, clock)
    const welcome = welcomeOf(journal, document)
    const supervision = openSupervision({
      journal,
      clock,
      onTrouble: (error) =>
        log.error({ error: String(error) }, 'the end of a supervision is not written yet'),
    })
    closing.push(() => supervision.close())
    const peers = openPeers()
    const sources = openSources({
      journal,
      clock,
      chance: Math.random,
      sfu,
      peers,
      logins: config.video?.cameras ?? {},
      lingerMs: config.video?.lingerMs,
      onTrouble: (error) => log.error({ error: String(error) }, 'the end of a watch is not written yet'),
    })
    closing.push(() => sources.close())
    const rooms = openRooms({
      journal,
      clock,
      sfu,
      peers,
      showing: sources.showing,
      hub: config.name,
      onTrouble: (error) => log.error({ error: String(error) }, 'that somebody left is not written yet'),
    })
    closing.push(() => rooms.close())

    const bus = openHubBus(config.store, (error) =>
      log.warn({ error: String(error) }, 'the other hubs can not be reached'),
    )
    closing.push(() => bus?.close())
    const floor = openFloor({ journal, clock, bus })
    closing.push(() => floor.close())

    const field = openField({ journal, ingest, clock, door, requireSent: attachments.requireSent })
    closing.push(() => field.close())

    const unitOf = (account: Id, id: Id) => {
      const found = visibleUnit(journal.state, account, id, clock())
      if (found === undefined) throw new Refusal('not-found', { what: 'unit', id })
      return found
    }

    /** A store that fails is expected, and whoever asked can be told. */
    const answered = async <T>(work: Promise<T>): Promise<T> => {
      try {
        return await work
      } catch (error) {
        if (!(error instanceof StoreFailure)) throw error
        log.error({ error: error.message }, 'the store fails')
        throw new Refusal('store-unavailable', { why: 'the hub cannot reach its store' })
      }
    }

    const receiving = new WeakSet<FrameSink>()
    const port: HubPort = {
      welcome: async () => welcome(),
      signIn: (credentials, address) => answered(door.signIn(credentials, address)),
      signOut: (session) => answered(door.signOut(session)),
      changePassword: (session, change, address) => answered(door.changePassword(session, change, address)),
      watchState: views.watch,
      watchStatus: (_session, signal) => status.watch(signal),
      submit: async (session, { key, command }) => {
        if (command.kind === 'incident.open') await answered(incidents.requireNew(command.id))
        await answered(attachments.requireSent(session.account, command))
        // What was said in a group that is dissolved is not for a new one of the same name.
        if (command.kind === 'group.form' && (await answered(messages.isUsed(command.thread))))
          throw new Refusal('conflict', { what: 'group', id: command.thread.group })
        // The state remembers the last of a thread only.
        const isKnown = command.kind === 'message.take-in' && (await answered(messages.has(command.id)))
        return journal.submit({
          actor: { kind: 'account', account: session.account },
          key,
          decide: (state, now) => (isKnown ? [] : decide(state, command, session.account, now)),
        })
      },
      startPositions: (session, sink) => {
        if (receiving.has(sink) || sink.closed.aborted) return
        receiving.add(sink)
        let seat: ReturnType<typeof feed.join> | undefined
        const stop = views.follow(session, ({ units }) => {
          const { units: known } = journal.state.directory
          const visible = new VisibleUnits(
            [...units].flatMap((id) => {
              const unit = known[id]
              return unit === undefined ? [] : [unit.index]
            }),
          )
          if (seat === undefined) seat = feed.join(sink, visible)
          else seat.see(visible)
        })
        sink.closed.addEventListener('abort', stop, { once: true })
      },
      positionOf: ({ account }, id) => {
        const { index } = unitOf(account, id)
        const latest = table.latest(index)
        return {
          fix: latest?.fix ?? null,
          receivedAt: latest?.receivedAt ?? null,
          stale: table.stale[index] === 1,
          doubted: table.doubted(index) ?? null,
        }
      },
      track: async ({ account }, { unit, from, to }) =>
        answered(tracks.read(unitOf(account, unit).index, from, to)),
      supervision: supervision.port,
      field: {
        ...field.port,
        submit: (session, submission) => answered(field.port.submit(session, submission)),
        givePass: (session, unit) => answered(field.port.givePass(session, unit)),
        signInWithPass: (code, address) => answered(field.port.signInWithPass(code, address)),
      },
      floor: floor.port,
      attachments: {
        put: (session, part) => answered(attachments.port.put(session, part)),
        get: (session, asked) => answered(attachments.port.get(session, asked)),
      },
      incidents: {
        timeline: (session, query) => answered(incidents.port.timeline(session, query)),
        filed: (session, query) => answered(incidents.port.filed(session, query)),
        watchTimeline: incidents.port.watchTimeline,
        guests: incidents.port.guests,
        export: (session, query) => answered(incidents.port.export(session, query)),
      },
      rooms: rooms.port,
      sources: sources.port,
      peers: peers.port,
      calls: ({ account }, query) => answered(calls.find(account, query)),
      messages: ({ account }, query) => answered(messages.find(account, query)),
      transmissions: ({ account }, query) => answered(transmissions.find(account, query)),
    }

    const server = await serve({
      config,
      port,
      log,
      findSession: async (token) => {
        const session = await answered(findSession(database, token, clock()))
        const account = session && journal.state.access.accounts[session.account]
        return account === undefined || account.disabled ? undefined : session
      },
      clock,
      journal,
      metrics: () => ({
        seats: feed.seats,
        journalSeq: journal.seq,
        reports: ingest.counts,
        source: source.state,
      }),
      healthy: async () => {
        await database.rows('SELECT max(seq) AS seq FROM journal')
      },
      addRoutes: (http) =>
        addWhip(http, {
          clock,
          log,
          published: sources.published,
          checkToken: (id, token) => checkPassword(database, 'source', id, token),
        }),
    })
    closing.push(() => server.close())
    return { url: server.url, mqtt: 'listen' in source ? source.listen : undefined, journal, close }
  } catch (error) {
    await close()
    throw error
  }
}

const changesWhichUnits = ({ kind }: Happening): boolean => kind === 'unit.put' || kind === 'unit.removed'

/** A file that is not needed any more may be gone, or half edited, when the hub starts again. */
async function readSite(file: string, needed: boolean, log: Logger): Promise<SiteDocument | undefined> {
  try {
    return await readSiteFile(file)
  } catch (error) {
    if (needed || !(error instanceof SiteFileError)) throw error
    log.warn({ error: error.message }, 'the site file is not used: the journal has a site already')
    return undefined
  }
}

interface SourceNeeds {
  readonly ingest: (topic: string, payload: Uint8Array) => void
  readonly clock: () => Instant
  readonly journal: Journal
  readonly database: Database
  readonly log: Logger
}

async function openSource(
  { broker, tls }: HubConfig,
  { ingest, clock, journal, database, log }: SourceNeeds,
): Promise<PositionSource | (PositionSource & { listen: Listen })> {
  if (broker.kind === 'external')
    return openExternalBroker({
      url: broker.url,
      username: broker.username,
      password: broker.password,
      ca: broker.ca,
      take: ingest,
      clock,
      onTrouble: (why) => log.warn({ broker: broker.url, why }, 'no positions from the broker'),
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

const statusOf = (
  source: PositionSource,
  lastReportAt: Instant | null,
  video: HubStatus['video'],
): HubStatus => ({
  positions: { state: source.state, since: source.since, lastReportAt },
  video,
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
