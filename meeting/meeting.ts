/** This page in one room, from joining to leaving: it attends again by itself when its link or the room's worker breaks. */
import type { Device, Producer } from 'mediasoup-client/types'
import type { TrackKind } from '../contract/peers.ts'
import type { Id } from '../contract/primitives.ts'
import type { Refused } from '../contract/refusal.ts'
import type { RoomScene, RoomTelling } from '../contract/rooms.ts'
import { refusedBy } from '../contract/rpc.ts'
import { Watched } from '../contract/watched.ts'
import type { RoomEars, RoomsClient } from './client.ts'
import { openReceived, type Received } from './received.ts'
import { openSfuPeer, type SfuPeer } from './sfu-peer.ts'

const AGAIN_MS = 1_000

/** Why it is over for this page, other than by leaving. */
export type MeetingEnd = Exclude<Extract<RoomTelling, { kind: 'over' }>['how'], 'moved'> | Refused

export interface MeetingOptions {
  readonly room: string
  /** The officer here: what they send themselves is not received. */
  readonly account: Id
  readonly video: RoomsClient
  readonly ears: RoomEars
  openDevice(): Promise<Device>
  onScene(scene: RoomScene): void
  /** The link is broken; it is tried again. */
  onBroken(): void
  onScore(producer: string, score: number): void
  /** It could not be sent. */
  onUnsent(track: TrackKind, error: unknown): void
  onOver(how: MeetingEnd): void
}

/** What is to be sent; a track that is paused is there and silent. */
interface Wanted {
  readonly track: MediaStreamTrack
  readonly paused: boolean
}

export interface Meeting {
  /** What comes of each producer of pictures. */
  readonly pictures: Watched<ReadonlyMap<string, MediaStream>>
  /** How loud the room is just now, 0 to 1. */
  level(): number
  /** How wide a picture is drawn, in pixels of the screen; null: it is hidden. */
  see(producer: string, width: number | null): void
  /** Null: it is not sent any more. */
  send(kind: TrackKind, wanted: Wanted | null): void
  raiseHand(raised: boolean): Promise<void>
  /** The key of a channel that is carried into the room. */
  key(carried: string, down: boolean): Promise<void>
  leave(): void
}

/** One attendance, from its welcome to its end. */
interface Session {
  readonly peer: SfuPeer
  readonly received: Received
  readonly sent: Map<TrackKind, Producer>
}

/** Refusals that may be another answer in a moment. */
const passing: readonly Refused['code'][] = ['hub-unreachable', 'video-down', 'too-many', 'store-unavailable']

export function openMeeting(options: MeetingOptions): Meeting {
  const { room, account, video, ears, openDevice, onScene, onBroken, onScore, onUnsent, onOver } = options
  const pictures = new Watched<ReadonlyMap<string, MediaStream>>(new Map())
  const seen = new Map<string, number>()
  const wanted = new Map<TrackKind, Wanted>()
  let session: Session | undefined
  let subscription: { unsubscribe(): void } | undefined
  let again: ReturnType<typeof setTimeout> | undefined
  let sending: Promise<void> = Promise.resolve()

  const begin = () => {
    clearTimeout(again)
    subscription?.unsubscribe()
    end()
    subscription = video.rooms.attend.subscribe(
      { room },
      {
        context: { prompt: true },
        onData: (told) => take(told as RoomTelling),
        onError: (error) => {
          const refused = refusedBy(error)
          if (refused === undefined || passing.includes(refused.code)) retry()
          else finish(refused)
        },
        onComplete: () => retry(),
      },
    )
  }

  const retry = () => {
    end()
    onBroken()
    clearTimeout(again)
    again = setTimeout(begin, AGAIN_MS)
  }

  const end = () => {
    session?.received.close()
    session?.peer.close()
    session = undefined
  }

  const close = () => {
    clearTimeout(again)
    const leaving = subscription
    subscription = undefined
    leaving?.unsubscribe()
    end()
    ears.close()
  }

  const finish = (how: MeetingEnd) => {
    close()
    onOver(how)
  }

  const take = (telling: RoomTelling) => {
    switch (telling.kind) {
      case 'attending': {
        end()
        const peer = openSfuPeer({ peers: video.peers, welcome: telling, openDevice, onBroken: begin })
        const received = openReceived({
          peer,
          peers: video.peers,
          ears,
          seen,
          isHeard: () => true,
          onPicture,
          onScore,
        })
        session = { peer, received, sent: new Map() }
        for (const kind of wanted.keys()) settle(kind)
        break
      }
      case 'scene':
        session?.received.follow(tracksOf(telling.scene, account))
        onScene(telling.scene)
        break
      case 'over':
        if (telling.how === 'moved') begin()
        else finish(telling.how)
        break
      default:
        session?.received.take(telling)
    }
  }

  const onPicture = (producer: string, track: MediaStreamTrack | null) => {
    const next = new Map(pictures.value)
    if (track === null) next.delete(producer)
    else next.set(producer, new MediaStream([track]))
    pictures.set(next)
  }

  /** Makes what is sent what is wanted, one after the other. */
  const settle = (kind: TrackKind) => {
    sending = sending.then(async () => {
      const now = session
      if (now === undefined) return
      await deliver(now, kind).catch((error) => {
        // What broke with its attendance is sent by the next one.
        if (session === now) onUnsent(kind, error)
      })
    })
  }

  const deliver = async (now: Session, kind: TrackKind) => {
    const want = wanted.get(kind)
    const sent = now.sent.get(kind)
    if (sent === undefined) {
      if (want === undefined || want.paused) return
      const producer = await now.peer.send(want.track, kind)
      if (session === now) now.sent.set(kind, producer)
      return
    }
    const asked = { peer: now.peer.id, producer: sent.id }
    if (want === undefined) {
      now.sent.delete(kind)
      sent.close()
      await video.peers.closeProducer.mutate(asked)
      return
    }
    if (sent.track !== want.track) await sent.replaceTrack({ track: want.track })
    if (sent.paused === want.paused) return
    if (want.paused) sent.pause()
    else sent.resume()
    await video.peers.pauseProducer.mutate({ ...asked, paused: want.paused })
  }

  begin()
  return {
    pictures,
    level: ears.level,
    see: (producer, width) => {
      if (width === null) seen.delete(producer)
      else seen.set(producer, width)
      session?.received.look(producer)
    },
    send: (kind, want) => {
      if (want === null) wanted.delete(kind)
      else wanted.set(kind, want)
      settle(kind)
    },
    raiseHand: async (raised) => {
      if (session !== undefined) await video.rooms.raiseHand.mutate({ peer: session.peer.id, raised })
    },
    key: async (carried, down) => {
      if (session !== undefined) await video.rooms.keyCarried.mutate({ peer: session.peer.id, carried, down })
    },
    leave: close,
  }
}

/** What the others send, and what is shown to all. */
const tracksOf = ({ members, sources, carried }: RoomScene, account: Id) => [
  ...members.flatMap((member) => (member.account === account ? [] : member.tracks)),
  ...sources.flatMap(({ tracks }) => tracks),
  // What the officer carries there themselves is heard at its own place.
  ...carried.flatMap(({ by, tracks }) => (by === account ? [] : tracks)),
]
