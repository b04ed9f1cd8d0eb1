/** Video sources behind the hub contract: how each comes in, who watches it, and how it does. */
import { randomUUID } from 'node:crypto'
import type { Happening } from '../../contract/events.ts'
import type { SeatSession } from '../../contract/hub.ts'
import { nextExpiry } from '../../contract/permissions.ts'
import type { Id, Instant } from '../../contract/primitives.ts'
import { Refusal } from '../../contract/refusal.ts'
import {
  type Feed,
  mayPull,
  type Source,
  type SourceStatus,
  type SourcesPort,
} from '../../contract/sources.ts'
import type { SharedState } from '../../contract/state.ts'
import { currentGrants } from '../../contract/visibility.ts'
import type { Journal } from '../journal/journal.ts'
import { openPending } from '../journal/pending.ts'
import { openTold } from '../seats/told.ts'
import { carry } from '../sfu/carrying.ts'
import type { Peers } from '../sfu/peers.ts'
import type { Place, Sfu } from '../sfu/sfu.ts'
import type { CameraLogin } from './ffmpeg.ts'
import type { Intake } from './intake.ts'
import { askNowAndThen } from './key-frames.ts'
import { openOnvifCamera } from './onvif.ts'
import { openPublished, type Published } from './publishing.ts'
import { openPull } from './pull.ts'
import type { Showing, ShownTrack } from './showing.ts'
import { openViewing, type Viewing } from './viewing.ts'
import { openWheel, type Wheel } from './wheel.ts'

/** Changes that come together are told together. */
const GATHER_MS = 100
/** setTimeout's longest. */
const LONGEST_TIMER = 2_147_483_647

export interface SourcesOptions {
  readonly journal: Pick<Journal, 'state' | 'submit' | 'onAppended'>
  readonly clock: () => Instant
  readonly chance: () => number
  readonly sfu: Sfu
  readonly peers: Peers
  /** The logins of cameras, by source. */
  readonly logins: Readonly<Record<Id, CameraLogin>>
  /** How long a pull goes on when nobody watches any more, ms. */
  readonly lingerMs: number | undefined
  /** That somebody has stopped watching could not be journalled yet; it is tried again. */
  onTrouble(error: unknown): void
}

export interface OpenSources {
  readonly port: SourcesPort
  readonly showing: Showing
  /** The source of this id, if it is one that publishes by itself. */
  published(source: Id): Published | undefined
  close(): Promise<void>
}

/** A source as it comes in. */
type Fed =
  | {
      readonly kind: 'rtsp'
      readonly feed: Feed
      readonly intake: Intake
      /** Undefined: it can't be turned. */
      readonly wheel: Wheel | undefined
    }
  | { readonly kind: 'whip'; readonly feed: Feed; readonly intake: Published }

/** Somebody to whom a source is brought. */
interface Bringing {
  /** It comes in another way from now on. */
  renew(): void
  /** What comes is another than before. */
  look(): void
}

export function openSources(options: SourcesOptions): OpenSources {
  const { journal, clock, chance, sfu, peers, logins, lingerMs, onTrouble } = options
  const pending = openPending({ journal, onTrouble })
  const fed = new Map<Id, Fed>()
  const bringing = new Map<Id, Set<Bringing>>()
  /** By session and page. */
  const viewings = new Map<string, Viewing>()
  let expiry: NodeJS.Timeout | undefined
  let closed = false
  const told = openTold<readonly SourceStatus[]>({
    gatherMs: GATHER_MS,
    of: (account) => statusesFor(account),
    onWatch: () => arm(),
  })

  const pullable = (state: SharedState, account: Id, source: Id, now: Instant): Source | undefined => {
    const found = state.video.sources[source]
    return found !== undefined && mayPull(currentGrants(state, account), state, found, now)
      ? found
      : undefined
  }

  const openIntake = (source: Id, feed: Feed): Fed => {
    const onChange = () => {
      for (const { look } of bringing.get(source) ?? []) look()
      told.touch()
    }
    const common = { sfu, clock, onChange }
    if (feed.kind === 'whip') return { kind: 'whip', feed, intake: openPublished(common) }
    const linger = lingerMs === undefined ? {} : { lingerMs }
    const login = logins[source]
    const camera = feed.onvif === undefined ? undefined : openOnvifCamera({ url: feed.onvif, login, clock })
    const intake = openPull({
      ...common,
      ...linger,
      url: feed.url,
      login,
      chance,
      ...(camera && { askKeyFrame: askNowAndThen(camera.keyFrame) }),
    })
    const wheel = camera && openWheel({ camera, onChange: () => told.touch() })
    return { kind: 'rtsp', feed, intake, wheel }
  }

  const close = (one: Fed) => {
    one.intake.close()
    wheelOf(one)?.close()
  }

  /** What the journal says there is, comes in that way from now on. */
  const follow = () => {
    const { sources, feeds } = journal.state.video
    for (const [source, one] of fed)
      if (!(source in sources) || feeds[source] !== one.feed) {
        fed.delete(source)
        close(one)
      }
    for (const source of Object.keys(sources)) {
      const feed = feeds[source]
      if (feed === undefined || fed.has(source)) continue
      fed.set(source, openIntake(source, feed))
      for (const { renew } of bringing.get(source) ?? []) renew()
    }
    lookAgain()
  }

  const bring: Showing['bring'] = (source, to, listener) => {
    let stopped = false
    let last: readonly ShownTrack[] = []
    let from: Intake['coming']
    let letGo: () => void = () => undefined
    const tell = (tracks: readonly ShownTrack[]) => {
      if (stopped || (tracks.length === 0 && last.length === 0)) return
      last = tracks
      listener(tracks)
    }
    const look = () => {
      const coming = fed.get(source)?.intake.coming
      if (coming === from) return
      from = coming
      if (coming === undefined) return tell([])
      carryAll(coming.tracks, coming.place, to).then(
        (tracks) => {
          if (from === coming) tell(tracks)
        },
        // The worker of one of the two has died: what comes after it is looked at then.
        () => undefined,
      )
    }
    const renew = () => {
      letGo()
      const one = fed.get(source)
      letGo = one?.intake.hold() ?? (() => undefined)
      wheelOf(one)?.look()
      look()
    }
    const own: Bringing = { renew, look }
    const all = bringing.get(source) ?? new Set<Bringing>()
    bringing.set(source, all.add(own))
    renew()
    return () => {
      stopped = true
      all.delete(own)
      if (all.size === 0) bringing.delete(source)
      letGo()
    }
  }

  const statusesFor = (account: Id): SourceStatus[] => {
    const now = clock()
    const viewers = countViewers(viewings.values())
    return [...fed].flatMap(([source, one]) => {
      if (pullable(journal.state, account, source, now) === undefined) return []
      const wheel = wheelOf(one)
      const steering = wheel?.turns ? { by: wheel.by } : null
      return [{ source, viewers: viewers.get(source) ?? 0, ...one.intake.status, steering }]
    })
  }

  /** Whoever may not watch any more does not. */
  const lookAgain = () => {
    const now = clock()
    const { state } = journal
    for (const viewing of viewings.values())
      for (const source of viewing.sources)
        if (!fed.has(source)) viewing.unwatch(source, 'source-gone')
        else if (pullable(state, viewing.session.account, source, now) === undefined)
          viewing.unwatch(source, 'no-longer-allowed')
    told.touch()
    arm()
  }

  /** Looks again when the first grant of anybody who watches runs out. */
  const arm = () => {
    clearTimeout(expiry)
    const now = clock()
    const accounts = new Set([
      ...[...viewings.values()].map(({ session }) => session.account),
      ...told.accounts(),
    ])
    const at = nextExpiry(
      [...accounts].flatMap((account) => currentGrants(journal.state, account)),
      now,
    )
    if (at !== undefined && !closed) expiry = setTimeout(lookAgain, Math.min(at - now, LONGEST_TIMER))
  }

  const left = (id: string, source: Id, how: Extract<Happening, { kind: 'source.left' }>['data']['how']) =>
    pending.write((state) => [
      {
        kind: 'source.left',
        subject: `source/${source}`,
        area: state.video.sources[source]?.area ?? null,
        data: { id, source, how },
      },
    ])

  const viewingOf = (session: SeatSession, peer: string): Viewing => {
    const viewing = [...viewings.values()].find((each) => each.peer.id === peer)
    if (viewing?.session.id !== session.id) throw new Refusal('not-found', { what: 'peer', id: peer })
    return viewing
  }

  const isHere = (viewing: Viewing) => [...viewings.values()].includes(viewing)

  /** What turns the source, if the account may see it and it can be turned. */
  const steered = (account: Id, source: Id): Wheel => {
    if (pullable(journal.state, account, source, clock()) === undefined)
      throw new Refusal('not-found', { what: 'source', id: source })
    const wheel = wheelOf(fed.get(source))
    if (wheel === undefined) throw new Refusal('camera-failed', { trouble: 'not-steerable' })
    return wheel
  }
  const noteSteered = (account: Id, source: Id, preset: string | null) =>
    journal.submit({
      actor: { kind: 'account', account },
      decide: (state, now) => {
        const found = pullable(state, account, source, now)
        if (found === undefined) throw new Refusal('not-found', { what: 'source', id: source })
        return [
          {
            kind: 'source.steered',
            subject: `source/${source}`,
            area: found.area,
            data: { id: source, preset },
          },
        ]
      },
    })

  const stopFollowing = journal.onAppended(({ events }) => {
    if (
      events.some(({ kind }) => kind === 'source.put' || kind === 'source.fed' || kind === 'source.removed')
    )
      follow()
    else if (events.some(changesWhoMay)) lookAgain()
  })
  follow()

  const port: SourcesPort = {
    watchStatus: ({ account }, signal) => told.watch(account, signal),
    async *attend(session, { page }, signal) {
      const place = await sfu.commonPlace()
      const key = `${session.id} ${page}`
      viewings.get(key)?.close('seat-gone', { kind: 'over', how: 'replaced' })
      const viewing = openViewing({ session, place, peers, bring, onLeft: left })
      viewings.set(key, viewing)
      const end = () => viewing.tellings.end()
      const move = () => viewing.close('seat-gone', { kind: 'over', how: 'moved' })
      place.gone.addEventListener('abort', move, { once: true })
      if (place.gone.aborted) move()
      if (signal.aborted) end()
      else signal.addEventListener('abort', end, { once: true })
      try {
        for await (const telling of viewing.tellings) {
          yield telling
          if (telling.kind === 'over') return
        }
      } finally {
        signal.removeEventListener('abort', end)
        place.gone.removeEventListener('abort', move)
        viewing.close('seat-gone')
        if (viewings.get(key) === viewing) viewings.delete(key)
        told.touch()
      }
    },
    watch: async (session, { peer, source }) => {
      const viewing = viewingOf(session, peer)
      if (viewing.watches(source)) return
      const id = randomUUID()
      await journal.submit({
        actor: { kind: 'account', account: session.account },
        decide: (state, now) => {
          const found = pullable(state, session.account, source, now)
          if (found === undefined) throw new Refusal('not-found', { what: 'source', id: source })
          return [
            { kind: 'source.watched', subject: `source/${source}`, area: found.area, data: { id, source } },
          ]
        },
      })
      // While it was being written the page may have gone, or asked twice.
      if (!isHere(viewing) || viewing.watches(source)) return left(id, source, 'ended')
      try {
        viewing.watch(source, id)
      } catch (error) {
        left(id, source, 'ended')
        throw error
      }
      lookAgain()
    },
    unwatch: (session, { peer, source }) => {
      viewingOf(session, peer).unwatch(source, 'ended')
      told.touch()
    },
    steer: async ({ id: session, account }, { source, act }) => {
      const wheel = steered(account, source)
      if (act.kind === 'stop') return wheel.stop(session)
      const name = journal.state.access.accounts[account]?.name ?? { zh: account, en: account }
      const begins = wheel.take(session, { account, name })
      // In the order in which they are asked for, whatever the journal takes.
      const done = act.kind === 'move' ? wheel.move(act.direction) : wheel.goTo(act.preset)
      const preset = act.kind === 'go-to' ? act.preset : null
      const noted = begins || preset !== null ? noteSteered(account, source, preset) : undefined
      await Promise.all([done, noted])
    },
    presets: async ({ account }, { source }) => steered(account, source).presets(),
  }

  return {
    port,
    showing: { bring },
    published: (source) => {
      const found = fed.get(source)
      return found?.kind === 'whip' ? found.intake : undefined
    },
    close: async () => {
      closed = true
      stopFollowing()
      told.close()
      clearTimeout(expiry)
      for (const viewing of viewings.values()) viewing.close('hub-stopped')
      for (const one of fed.values()) close(one)
      await pending.close()
    },
  }
}

const wheelOf = (one: Fed | undefined): Wheel | undefined => (one?.kind === 'rtsp' ? one.wheel : undefined)

const changesWhoMay = ({ kind }: Happening): boolean => /^(account|grant|area|incident|task)\./.test(kind)

const carryAll = (tracks: readonly ShownTrack[], from: Place, to: Place): Promise<ShownTrack[]> =>
  Promise.all(
    tracks.map(async ({ track, producer }) => ({ track, producer: await carry(producer, from, to) })),
  )

/** How many seats watch each source, on however many of their pages. */
function countViewers(viewings: Iterable<Viewing>): Map<Id, number> {
  const seats = new Map<Id, Set<string>>()
  for (const { session, sources } of viewings)
    for (const source of sources) seats.set(source, (seats.get(source) ?? new Set()).add(session.id))
  return new Map([...seats].map(([source, { size }]) => [source, size]))
}
