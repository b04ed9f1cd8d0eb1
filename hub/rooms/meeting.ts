/** A room as it lives: its place at the SFU, who is in it, what they send, and which sources they are shown. */
import type { ActiveSpeakerObserver, Producer } from 'mediasoup/types'
import type { Carriage } from '../../contract/carried.ts'
import type { SeatSession } from '../../contract/hub.ts'
import { Inbox } from '../../contract/inbox.ts'
import type { TrackKind } from '../../contract/peers.ts'
import type { Id, Instant } from '../../contract/primitives.ts'
import { Refusal } from '../../contract/refusal.ts'
import type { Mutable, Room, RoomScene, RoomTelling } from '../../contract/rooms.ts'
import type { SharedState } from '../../contract/state.ts'
import { openPeer, type Peer } from '../sfu/peer.ts'
import type { Peers } from '../sfu/peers.ts'
import type { Place, Sfu } from '../sfu/sfu.ts'
import { capabilitiesOf } from '../sfu/wire.ts'
import { type Showing, type ShownTrack, trackOf } from '../sources/showing.ts'
import { type Carried, type Carrying, openCarrying, sceneOfCarried } from './carrying.ts'

/** Changes that come together are told together. */
const GATHER_MS = 30
/** Whoever leaves so many tellings unread has to come in again. */
const MOST_UNREAD = 500
const SPEAKER_EVERY_MS = 300

const mutableOf: Readonly<Record<TrackKind, Mutable>> = {
  microphone: 'sound',
  'screen-sound': 'sound',
  camera: 'picture',
  screen: 'picture',
}

type Over = Extract<RoomTelling, { kind: 'over' }>['how']

/** Somebody who is in. */
interface Participant {
  readonly account: Id
  readonly peer: Peer
  readonly tellings: Inbox<RoomTelling>
  handAt: Instant | null
}

export interface MeetingOptions {
  readonly id: string
  readonly sfu: Sfu
  readonly peers: Peers
  readonly showing: Showing
  readonly clock: () => Instant
  /** The shared state as it is. */
  state(): SharedState
  /** They are out, though their pages did not ask for it. */
  onOut(account: Id, how: Over): void
}

export interface Meeting {
  readonly participants: ReadonlyMap<Id, Participant>
  readonly carrying: Carrying
  /** The seat of this officer, who is in, carries it. Rejects with a `Refusal`. */
  carry(asked: { id: string; by: Id; what: Carriage; key: string }): Promise<Carried>
  /** The officer is in, and whoever was it from another page is out. Rejects with a `Refusal`. */
  join(session: SeatSession): Promise<Participant>
  /** Their page has gone. */
  leave(participant: Participant): void
  /** They are told that it is over for them. */
  putOut(account: Id, how: Over): void
  raiseHand(participant: Participant, raised: boolean): void
  /** The room has changed in the journal. */
  follow(): void
  close(): void
}

export function openMeeting(options: MeetingOptions): Meeting {
  const { id, sfu, peers, showing, clock, state, onOut } = options
  const participants = new Map<Id, Participant>()
  /** What is shown of each source, as far as it has come to this place. */
  const shown = new Map<Id, { tracks: readonly ShownTrack[]; stop(): void }>()
  let opening: Promise<Place> | undefined
  let listening: { readonly observer: ActiveSpeakerObserver; readonly added: Set<string> } | undefined
  let speaker: Id | null = null
  let gathering: NodeJS.Timeout | undefined

  const room = (): Room | undefined => state().rooms[id]

  const openPlace = async (): Promise<Place> => {
    const place = await sfu.openPlace()
    const observer = await place.router.createActiveSpeakerObserver({ interval: SPEAKER_EVERY_MS })
    observer.on('dominantspeaker', ({ producer }) => {
      speaker = ownerOf(producer.id) ?? speaker
      touch()
    })
    listening = { observer, added: new Set() }
    place.gone.addEventListener(
      'abort',
      () => {
        opening = undefined
        listening = undefined
        for (const { stop } of shown.values()) stop()
        shown.clear()
        carrying.putOut(() => true, 'moved')
        for (const account of [...participants.keys()]) putOut(account, 'moved')
      },
      { once: true },
    )
    return place
  }

  const ownerOf = (producer: string): Id | undefined =>
    [...participants.values()].find(({ peer }) => peer.sent.has(producer))?.account ??
    [...carrying.all.values()].find(({ trunk }) => trunk.producer.id === producer)?.id

  const carrying = openCarrying({
    room,
    voices: () => [
      ...[...participants.values()].flatMap(({ account, peer }) =>
        [...peer.sent.values()].flatMap(({ producer }) =>
          producer.kind === 'audio' ? [{ producer, of: account }] : [],
        ),
      ),
      ...[...shown.values()].flatMap(({ tracks }) =>
        tracks.flatMap(({ producer }) => (producer.kind === 'audio' ? [{ producer, of: null }] : [])),
      ),
    ],
    onChange: () => {
      listen()
      touch()
    },
  })

  /** What a participant may receive: whatever the others send, and the sources that are shown. */
  const find = (account: Id, producer: string): Producer | undefined => {
    for (const other of participants.values()) {
      const sent = other.account === account ? undefined : other.peer.sent.get(producer)
      if (sent !== undefined) return sent.producer
    }
    for (const { tracks } of shown.values())
      for (const track of tracks) if (track.producer.id === producer) return track.producer
    return [...carrying.all.values()].find(({ trunk }) => trunk.producer.id === producer)?.trunk.producer
  }

  const muted = (account: Id, track: TrackKind): boolean =>
    room()?.members[account]?.muted[mutableOf[track]] ?? true

  /** Whose voices the speaker is found among. */
  const listen = () => {
    if (listening === undefined) return
    const { observer, added } = listening
    const add = ({ id }: Producer) => {
      if (added.has(id)) return
      added.add(id)
      // It may be gone by then, and there is nothing to hear in it.
      observer.addProducer({ producerId: id }).catch(() => added.delete(id))
    }
    for (const { peer } of participants.values())
      for (const { track, producer } of peer.sent.values()) if (track === 'microphone') add(producer)
    for (const { trunk } of carrying.all.values()) add(trunk.producer)
  }

  const tell = (participant: Participant, telling: RoomTelling) => {
    if (participant.tellings.length < MOST_UNREAD) participant.tellings.push(telling)
    else putOut(participant.account, 'moved')
  }

  const touch = () => {
    gathering ??= setTimeout(() => {
      gathering = undefined
      const now = room()
      if (now === undefined) return
      carrying.lookAgain()
      const scene = sceneOf(now, state(), { participants, shown, speaker, carried: carrying.all })
      for (const participant of participants.values()) tell(participant, { kind: 'scene', scene })
    }, GATHER_MS)
  }

  function remove(participant: Participant): void {
    if (participants.get(participant.account) === participant) participants.delete(participant.account)
    peers.remove(participant.peer)
    carrying.letGo(participant.account)
    // What a seat carries is in the room with its officer.
    if (!participants.has(participant.account))
      carrying.putOut(({ by }) => by === participant.account, 'left')
    if (participants.size === 0) stopShowing(() => true)
    touch()
  }

  function putOut(account: Id, how: Over): void {
    const participant = participants.get(account)
    if (participant === undefined) return
    participant.tellings.replace({ kind: 'over', how })
    remove(participant)
    onOut(account, how)
  }

  const stopShowing = (which: (source: Id) => boolean) => {
    for (const [source, { stop }] of shown)
      if (which(source)) {
        stop()
        shown.delete(source)
      }
  }

  /** Brings the sources that are to be shown, while somebody is there to see them. */
  const show = async () => {
    const wanted = participants.size === 0 ? {} : (room()?.sources ?? {})
    stopShowing((source) => !(source in wanted))
    const here = await opening
    if (here === undefined) return
    for (const source of Object.keys(wanted)) {
      if (shown.has(source)) continue
      const entry: { tracks: readonly ShownTrack[]; stop(): void } = { tracks: [], stop: () => undefined }
      shown.set(source, entry)
      entry.stop = showing.bring(source, here, (tracks) => {
        if (shown.get(source) !== entry) return
        entry.tracks = tracks
        void lookAgain()
      })
    }
  }

  const lookAgain = async () => {
    await Promise.all([...participants.values()].map(({ peer }) => peer.lookAgain()))
    touch()
  }

  return {
    participants,
    carrying,
    carry: async (asked) => {
      const place = await opening
      if (place === undefined || !participants.has(asked.by)) throw new Refusal('not-now')
      return carrying.open(place, asked)
    },
    join: async (session) => {
      opening ??= openPlace()
      const trying = opening
      const place = await trying.catch((error) => {
        if (opening === trying) opening = undefined
        throw error
      })
      const { account } = session
      if (room()?.members[account]?.state !== 'in' || place.gone.aborted) throw new Refusal('call-over')
      const before = participants.get(account)
      if (before !== undefined) {
        before.tellings.replace({ kind: 'over', how: 'replaced' })
        remove(before)
      }
      const tellings = new Inbox<RoomTelling>()
      const peer = openPeer({
        session,
        place,
        find: (producer) => find(account, producer),
        tell: (telling) => tell(participant, telling),
        sending: {
          muted: (track) => muted(account, track),
          onChange: () => {
            listen()
            touch()
          },
        },
      })
      const participant: Participant = { account, peer, tellings, handAt: null }
      peers.add(peer)
      participants.set(account, participant)
      tellings.push({
        kind: 'attending',
        peer: peer.id,
        rtpCapabilities: capabilitiesOf(place.router.rtpCapabilities),
      })
      touch()
      void show()
      return participant
    },
    leave: remove,
    putOut,
    raiseHand: (participant, raised) => {
      participant.handAt = raised ? (participant.handAt ?? clock()) : null
      touch()
    },
    follow: () => {
      const now = room()
      for (const account of [...participants.keys()])
        if (now === undefined) putOut(account, 'ended')
        else if (now.members[account]?.state === 'removed') putOut(account, 'removed')
        else if (now.members[account]?.muted.sound === true) carrying.letGo(account)
      carrying.putOut(
        ({ id: each }) => now?.carried[each] === undefined,
        now === undefined ? 'ended' : 'removed',
      )
      void show()
      void lookAgain()
    },
    close: () => {
      clearTimeout(gathering)
      carrying.putOut(() => true, 'ended')
      stopShowing(() => true)
      void opening?.then((place) => place.close())
    },
  }
}

interface Live {
  readonly participants: ReadonlyMap<Id, Participant>
  readonly shown: ReadonlyMap<Id, { readonly tracks: readonly ShownTrack[] }>
  readonly speaker: Id | null
  readonly carried: Carrying['all']
}

function sceneOf(room: Room, state: SharedState, { participants, shown, speaker, carried }: Live): RoomScene {
  const { id, name, scope, chair, quiet, layout } = room
  const { access, video } = state
  return {
    id,
    name,
    scope,
    chair,
    quiet,
    spotlight: room.spotlight,
    layout,
    members: Object.entries(room.members).map(([account, { state, muted }]) => {
      const participant = participants.get(account)
      return {
        account,
        name: access.accounts[account]?.name ?? { zh: account, en: account },
        state,
        muted,
        tracks: [...(participant?.peer.sent.values() ?? [])].map(trackOf),
        handAt: participant?.handAt ?? null,
      }
    }),
    sources: Object.keys(room.sources).map((source) => ({
      source,
      name: video.sources[source]?.name ?? { zh: source, en: source },
      tracks: (shown.get(source)?.tracks ?? []).map(trackOf),
    })),
    carried: sceneOfCarried(room, state, carried),
    speaker,
  }
}
