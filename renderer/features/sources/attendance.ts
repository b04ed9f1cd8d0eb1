/**
 * This page at the hub's sources: one attendance for all that is watched, begun by the first who watches and ended with
 * the last. When it breaks it is begun again; each source then comes again by itself.
 */
import type { Consumer, Device } from 'mediasoup-client/types'
import type { Id } from '../../../contract/primitives.ts'
import type { SourcesTelling, WatchedSource } from '../../../contract/sources.ts'
import type { engine } from '../../app/engine.ts'
import { openSfuPeer, type SfuPeer } from '../../video/sfu-peer.ts'

const AGAIN_MS = 1_000

export interface AttendanceOptions {
  readonly video: (typeof engine)['video']
  /** Loads what pictures are received with. */
  openDevice(): Promise<Device>
}

export interface Attendance {
  /** Calls `listener` with the source's pictures and sound as they come; with null while there are none. Returns its own undoing. */
  watch(source: Id, listener: (stream: MediaStream | null) => void): () => void
}

/** What the page receives of one source. */
interface Received {
  readonly stream: MediaStream
  readonly consumers: Map<string, Consumer>
  /** Producers that are being fetched. */
  readonly coming: Set<string>
}

/** One attendance, from its welcome to its end. */
interface Session {
  readonly peer: SfuPeer
  readonly received: Map<Id, Received>
  over: boolean
}

export function openAttendance({ video, openDevice }: AttendanceOptions): Attendance {
  const listeners = new Map<Id, Set<(stream: MediaStream | null) => void>>()
  let subscription: { unsubscribe(): void } | undefined
  let session: Session | undefined
  let again: ReturnType<typeof setTimeout> | undefined

  const tell = (source: Id, stream: MediaStream | null) => {
    for (const listener of listeners.get(source) ?? []) listener(stream)
  }

  const begin = () => {
    clearTimeout(again)
    subscription?.unsubscribe()
    const retry = () => {
      end()
      again = setTimeout(begin, AGAIN_MS)
    }
    subscription = video.sources.attend.subscribe(undefined, {
      onData: (told) => take(told as SourcesTelling),
      onError: retry,
      onComplete: retry,
    })
  }

  const end = () => {
    const ending = session
    session = undefined
    if (ending === undefined) return
    ending.over = true
    for (const source of ending.received.keys()) tell(source, null)
    ending.peer.close()
  }

  const take = (telling: SourcesTelling) => {
    switch (telling.kind) {
      case 'attending': {
        end()
        const peer = openSfuPeer({ peers: video.peers, welcome: telling, openDevice, onBroken: begin })
        session = { peer, received: new Map(), over: false }
        for (const source of listeners.keys()) ask(session, source)
        break
      }
      case 'watched':
        if (session !== undefined) follow(session, telling.sources)
        break
      case 'consumer-closed':
        for (const [source, { consumers }] of session?.received ?? [])
          for (const [producer, { id }] of consumers) if (id === telling.consumer) drop(source, producer)
        break
      case 'over':
        begin()
        break
      case 'watch-ended':
      case 'consumer-paused':
      case 'consumer-score':
      case 'consumer-layer':
        break
    }
  }

  /** What may not be watched does not come: its status, or that it has none, says why. */
  const ask = ({ peer }: Session, source: Id) =>
    video.sources.watch.mutate({ peer: peer.id, source }).catch(() => undefined)

  /** Fetches what there is, and lets go of what there is not any more. */
  const follow = (now: Session, sources: readonly WatchedSource[]) => {
    for (const { source, tracks } of sources) {
      const there = new Set(tracks.map(({ producer }) => producer))
      const known = now.received.get(source)
      for (const producer of known?.consumers.keys() ?? []) if (!there.has(producer)) drop(source, producer)
      for (const producer of there) {
        const own = now.received.get(source) ?? {
          stream: new MediaStream(),
          consumers: new Map(),
          coming: new Set(),
        }
        now.received.set(source, own)
        if (own.consumers.has(producer) || own.coming.has(producer)) continue
        own.coming.add(producer)
        receive(now, source, producer, own)
          // It is gone again already: the next telling says what there is instead.
          .catch(() => undefined)
          .finally(() => own.coming.delete(producer))
      }
    }
  }

  const receive = async (now: Session, source: Id, producer: string, own: Received) => {
    const consumer = await now.peer.receive(producer)
    if (now.over || now.received.get(source) !== own) return consumer.close()
    own.consumers.set(producer, consumer)
    own.stream.addTrack(consumer.track)
    tell(source, own.stream)
    await video.peers.pauseConsumer.mutate({ peer: now.peer.id, consumer: consumer.id, paused: false })
  }

  const drop = (source: Id, producer: string) => {
    const own = session?.received.get(source)
    const consumer = own?.consumers.get(producer)
    if (own === undefined || consumer === undefined) return
    own.consumers.delete(producer)
    own.stream.removeTrack(consumer.track)
    consumer.close()
    if (own.consumers.size > 0) return
    session?.received.delete(source)
    tell(source, null)
  }

  return {
    watch: (source, listener) => {
      const all = listeners.get(source) ?? new Set()
      const isFirst = all.size === 0
      listeners.set(source, all.add(listener))
      if (subscription === undefined) begin()
      else if (isFirst && session !== undefined) ask(session, source)
      const stream = session?.received.get(source)?.stream
      if (stream !== undefined) listener(stream)
      return () => {
        all.delete(listener)
        if (all.size > 0 || listeners.get(source) !== all) return
        listeners.delete(source)
        if (listeners.size === 0) {
          clearTimeout(again)
          subscription?.unsubscribe()
          subscription = undefined
          end()
          return
        }
        if (session === undefined) return
        for (const producer of session.received.get(source)?.consumers.keys() ?? []) drop(source, producer)
        // If it does not reach the hub, the attendance is over as well.
        video.sources.unwatch.mutate({ peer: session.peer.id, source }).catch(() => undefined)
      }
    },
  }
}
