/**
 * This page at the hub's sources: one attendance for all that is watched, begun by the first who watches and ended with
 * the last. When it breaks it is begun again; each source then comes again by itself. A picture comes while it is drawn
 * somewhere, as large as it is drawn largest; its sound while somebody listens.
 */
import type { Device } from 'mediasoup-client/types'
import type { Track } from '../../../contract/peers.ts'
import type { Id } from '../../../contract/primitives.ts'
import type { SeatPage } from '../../../contract/seat-pages.ts'
import type { SourcesTelling, WatchedSource } from '../../../contract/sources.ts'
import type { RoomEars } from '../../../meeting/client.ts'
import { openReceived, type Received } from '../../../meeting/received.ts'
import { openSfuPeer, type SfuPeer } from '../../../meeting/sfu-peer.ts'
import type { engine } from '../../app/engine.ts'

const AGAIN_MS = 1_000

export interface AttendanceOptions {
  readonly page: SeatPage
  readonly video: (typeof engine)['video']
  openEars(): RoomEars
  /** Loads what pictures are received with. */
  openDevice(): Promise<Device>
}

/** What comes of a source now. */
export interface Coming {
  readonly picture: MediaStream | null
  /** There is something to listen to. */
  readonly hasSound: boolean
}

export const nothingComes: Coming = { picture: null, hasSound: false }

/** Of one who watches a source. */
export interface Watching {
  /** How wide the picture is drawn there, in pixels of the screen; null: it is hidden. */
  see(width: number | null): void
  listen(on: boolean): void
  end(): void
}

export interface Attendance {
  /** Calls `listener` with what comes, each time it is another. */
  watch(source: Id, listener: (coming: Coming) => void): Watching
}

interface Viewer {
  readonly listener: (coming: Coming) => void
  width: number | null
  listens: boolean
}

/** One attendance, from its welcome to its end. */
interface Session {
  readonly peer: SfuPeer
  readonly received: Received
  /** Of each producer of pictures that has come. */
  readonly pictures: Map<string, MediaStream>
}

export function openAttendance({ page, video, openEars, openDevice }: AttendanceOptions): Attendance {
  const viewers = new Map<Id, Set<Viewer>>()
  /** How wide each producer's picture is drawn. */
  const seen = new Map<string, number>()
  const heard = new Set<string>()
  let watched: readonly WatchedSource[] = []
  let subscription: { unsubscribe(): void } | undefined
  let session: Session | undefined
  let again: ReturnType<typeof setTimeout> | undefined
  let ears: RoomEars | undefined

  const tracksOf = (source: Id): readonly Track[] =>
    watched.find((each) => each.source === source)?.tracks ?? []

  const comingOf = (source: Id): Coming => {
    const tracks = tracksOf(source)
    const [picture = null] = tracks.flatMap(({ producer }) => session?.pictures.get(producer) ?? [])
    return { picture, hasSound: session !== undefined && tracks.some(({ kind }) => kind === 'audio') }
  }
  const tell = (source: Id) => {
    for (const { listener } of viewers.get(source) ?? []) listener(comingOf(source))
  }
  const tellAll = () => {
    for (const source of viewers.keys()) tell(source)
  }

  /** Has the source come as it is looked at and listened to now. */
  const settle = (source: Id) => {
    const all = [...(viewers.get(source) ?? [])]
    const width = Math.max(0, ...all.map((viewer) => viewer.width ?? 0))
    const isListened = all.some(({ listens }) => listens)
    for (const { producer, kind } of tracksOf(source)) {
      if (kind === 'video' && width > 0) seen.set(producer, width)
      else seen.delete(producer)
      if (kind === 'audio' && isListened) heard.add(producer)
      else heard.delete(producer)
      session?.received.look(producer)
    }
  }

  const begin = () => {
    clearTimeout(again)
    subscription?.unsubscribe()
    const retry = () => {
      end()
      again = setTimeout(begin, AGAIN_MS)
    }
    subscription = video.sources.attend.subscribe(
      { page },
      {
        onData: (told) => take(told as SourcesTelling),
        onError: retry,
        onComplete: retry,
      },
    )
  }

  const end = () => {
    const ending = session
    if (ending === undefined) return
    session = undefined
    watched = []
    seen.clear()
    heard.clear()
    ending.received.close()
    ending.peer.close()
    tellAll()
  }

  const meet = (peer: SfuPeer): Session => {
    const pictures = new Map<string, MediaStream>()
    const received = openReceived({
      peer,
      peers: video.peers,
      ears: {
        hear: (track) => {
          ears ??= openEars()
          return ears.hear(track)
        },
      },
      seen,
      isHeard: (producer) => heard.has(producer),
      onPicture: (producer, track) => {
        if (track === null) pictures.delete(producer)
        else pictures.set(producer, new MediaStream([track]))
        tellAll()
      },
      onScore: () => undefined,
    })
    return { peer, received, pictures }
  }

  const take = (telling: SourcesTelling) => {
    switch (telling.kind) {
      case 'attending': {
        end()
        const peer = openSfuPeer({ peers: video.peers, welcome: telling, openDevice, onBroken: begin })
        session = meet(peer)
        for (const source of viewers.keys()) ask(session, source)
        break
      }
      case 'watched': {
        watched = telling.sources
        for (const source of viewers.keys()) settle(source)
        session?.received.follow(watched.flatMap(({ tracks }) => tracks))
        tellAll()
        break
      }
      case 'over':
        begin()
        break
      case 'watch-ended':
        break
      default:
        session?.received.take(telling)
    }
  }

  /** What may not be watched does not come: its status, or that it has none, says why. */
  const ask = ({ peer }: Session, source: Id) =>
    video.sources.watch.mutate({ peer: peer.id, source }).catch(() => undefined)

  const leave = (source: Id) => {
    viewers.delete(source)
    if (viewers.size === 0) {
      clearTimeout(again)
      subscription?.unsubscribe()
      subscription = undefined
      end()
      ears?.close()
      ears = undefined
    } else if (session !== undefined) {
      watched = watched.filter((each) => each.source !== source)
      session.received.follow(watched.flatMap(({ tracks }) => tracks))
      // If it does not reach the hub, the attendance is over as well.
      video.sources.unwatch.mutate({ peer: session.peer.id, source }).catch(() => undefined)
    }
  }

  return {
    watch: (source, listener) => {
      const viewer: Viewer = { listener, width: null, listens: false }
      const all = viewers.get(source) ?? new Set()
      const isFirst = all.size === 0
      viewers.set(source, all.add(viewer))
      if (subscription === undefined) begin()
      else if (isFirst && session !== undefined) ask(session, source)
      listener(comingOf(source))
      return {
        see: (width) => {
          viewer.width = width
          settle(source)
        },
        listen: (on) => {
          viewer.listens = on
          settle(source)
        },
        end: () => {
          if (!all.delete(viewer)) return
          if (all.size === 0) leave(source)
          else settle(source)
        },
      }
    },
  }
}
