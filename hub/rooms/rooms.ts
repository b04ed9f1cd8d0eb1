/**
 * Rooms behind the hub contract. What is asked is judged and journalled first; the meetings then follow the journal. A
 * room outlives its hub's end, with nobody in it; one that nobody comes to ends by itself.
 */
import { randomUUID } from 'node:crypto'
import type { CarriedEnd } from '../../contract/carried.ts'
import type { Happening } from '../../contract/events.ts'
import type { SeatSession } from '../../contract/hub.ts'
import { nextExpiry } from '../../contract/permissions.ts'
import type { Id, Instant } from '../../contract/primitives.ts'
import { Refusal } from '../../contract/refusal.ts'
import { mayAttend } from '../../contract/room-rules.ts'
import type { LeaveReason, Reachable, Room, RoomOutline, RoomsPort } from '../../contract/rooms.ts'
import { mayPull } from '../../contract/sources.ts'
import type { SharedState } from '../../contract/state.ts'
import { currentGrants } from '../../contract/visibility.ts'
import type { Journal } from '../journal/journal.ts'
import { openPending } from '../journal/pending.ts'
import { openTold } from '../seats/told.ts'
import type { Peers } from '../sfu/peers.ts'
import type { Sfu } from '../sfu/sfu.ts'
import type { Showing } from '../sources/showing.ts'
import {
  decideCarry,
  decideJoin,
  decideLeave,
  decideRequest,
  decideUncarry,
  ended,
  hidden,
  mayCarry,
  mayReach,
  seesRoom,
} from './decide.ts'
import { type Meeting, openMeeting } from './meeting.ts'

/** A room that nobody is in ends after so long. */
const EMPTY_MS = 10 * 60_000
/** Changes that come together are told together. */
const GATHER_MS = 50
/** setTimeout's longest. */
const LONGEST_TIMER = 2_147_483_647

export interface RoomsOptions {
  readonly journal: Pick<Journal, 'state' | 'submit' | 'onAppended'>
  readonly clock: () => Instant
  readonly sfu: Sfu
  readonly peers: Peers
  readonly showing: Showing
  /** What this hub is called among those that share the journal. */
  readonly hub: string
  /** That somebody left could not be journalled yet; it is tried again. */
  onTrouble(error: unknown): void
}

export interface OpenRooms {
  readonly port: RoomsPort
  close(): Promise<void>
}

export function openRooms(options: RoomsOptions): OpenRooms {
  const { journal, clock, sfu, peers, showing, hub, onTrouble } = options
  const pending = openPending({ journal, onTrouble })
  const meetings = new Map<string, Meeting>()
  const emptying = new Map<string, NodeJS.Timeout>()
  let expiry: NodeJS.Timeout | undefined
  let closed = false
  const told = openTold<readonly RoomOutline[]>({
    gatherMs: GATHER_MS,
    of: (account) => outlinesFor(journal.state, ownRooms(), account, clock()),
    onWatch: () => arm(),
  })

  const ownRooms = (): Room[] => Object.values(journal.state.rooms).filter((room) => room.hub === hub)

  const meetingOf = (id: string): Meeting => {
    const known = meetings.get(id)
    if (known !== undefined) return known
    const meeting = openMeeting({
      id,
      sfu,
      peers,
      showing,
      clock,
      state: () => journal.state,
      onOut: (account, how) => {
        if (how === 'moved' || how === 'no-longer-allowed') left(id, account, how)
      },
    })
    meetings.set(id, meeting)
    return meeting
  }

  const uncarried = (id: string, carried: string, why: CarriedEnd) =>
    pending.write((state) => decideUncarry(state, id, carried, why))
  const left = (id: string, account: Id, why: LeaveReason) =>
    pending.write((state) => decideLeave(state, id, account, why))

  /** What has changed in the journal, made true in the meetings. */
  const follow = () => {
    for (const [id, meeting] of meetings) {
      meeting.follow()
      if (journal.state.rooms[id] !== undefined) continue
      meeting.close()
      meetings.delete(id)
    }
    for (const room of ownRooms()) {
      const empty = !Object.values(room.members).some(({ state }) => state === 'in')
      if (empty && !emptying.has(room.id)) emptying.set(room.id, setTimeout(endEmpty, EMPTY_MS, room.id))
      else if (!empty) stopEmptying(room.id)
    }
    for (const id of emptying.keys()) if (journal.state.rooms[id] === undefined) stopEmptying(id)
    told.touch()
  }
  const stopEmptying = (id: string) => {
    clearTimeout(emptying.get(id))
    emptying.delete(id)
  }
  const endEmpty = (id: string) => {
    emptying.delete(id)
    pending.write((state) => {
      const room = state.rooms[id]
      return room === undefined ? [] : [ended(state, room, 'empty')]
    })
  }

  /** Whoever may not be there any more is out, and what nobody answers for any more is not shown. */
  const lookAgain = () => {
    const now = clock()
    const { state } = journal
    for (const [id, meeting] of meetings) {
      const room = state.rooms[id]
      if (room === undefined) continue
      for (const account of meeting.participants.keys())
        if (!mayStay(state, room, account, now)) meeting.putOut(account, 'no-longer-allowed')
      for (const [carried, { by, what }] of Object.entries(room.carried))
        if (!mayCarry(state, by, what, now)) uncarried(id, carried, 'not-allowed')
      for (const source of Object.keys(room.sources))
        if (!mayBeShown(state, room, source, now)) pending.write((then) => hidden(then, id, source))
    }
    told.touch()
    arm()
  }

  /** Looks again when the first grant of anybody in a room runs out. */
  const arm = () => {
    clearTimeout(expiry)
    const now = clock()
    const accounts = [...meetings.keys()].flatMap((id) => Object.keys(journal.state.rooms[id]?.members ?? {}))
    const grants = [...new Set([...accounts, ...told.accounts()])].flatMap((id) =>
      currentGrants(journal.state, id),
    )
    const at = nextExpiry(grants, now)
    if (at !== undefined && !closed) expiry = setTimeout(lookAgain, Math.min(at - now, LONGEST_TIMER))
  }

  const stopFollowing = journal.onAppended(({ events }) => {
    if (events.some(concernsRooms)) follow()
    if (events.some(changesWhoMay)) lookAgain()
  })
  // Whoever was in when the hub was killed is not any more.
  for (const { id, members, carried } of ownRooms()) {
    for (const each of Object.keys(carried)) uncarried(id, each, 'hub-stopped')
    for (const account of Object.keys(members))
      if (members[account]?.state === 'in') left(id, account, 'hub-stopped')
  }
  follow()

  /** Where this page of the session's is in a room. Throws a `Refusal` if it is in none. */
  const presence = (session: SeatSession, peer: string) => {
    const own = peers.of(session, peer)
    for (const [room, meeting] of meetings) {
      const participant = meeting.participants.get(session.account)
      if (participant?.peer === own) return { room, meeting, participant }
    }
    throw new Refusal('not-found', { what: 'peer', id: peer })
  }

  const port: RoomsPort = {
    watch: ({ account }, signal) => told.watch(account, signal),
    reachable: ({ account }): Reachable[] => {
      const now = clock()
      const here = new Set(told.accounts())
      return Object.values(journal.state.access.accounts)
        .filter(
          ({ id, disabled }) => id !== account && !disabled && mayReach(journal.state, account, id, now),
        )
        .map(({ id, name, role }) => ({
          account: id,
          name,
          here: here.has(id),
          inField: role === 'field-account',
        }))
    },
    request: async (session, request) => {
      const id = randomUUID()
      await journal.submit({
        actor: { kind: 'account', account: session.account },
        decide: (state, now) => decideRequest(state, request, { account: session.account, hub, now }, id),
      })
      return { room: request.kind === 'open' ? id : request.room }
    },
    async *attend(session, { room }, signal) {
      const { account } = session
      // Nobody is in a room that can't be met in.
      if (sfu.status.value.state === 'down') throw new Refusal('video-down')
      await journal.submit({
        actor: { kind: 'account', account },
        decide: (state, now) => decideJoin(state, room, { account, hub, now }),
      })
      const meeting = meetingOf(room)
      const participant = await meeting.join(session).catch((error) => {
        if (!meeting.participants.has(account)) left(room, account, 'left')
        throw error
      })
      arm()
      const stop = () => participant.tellings.end()
      if (signal.aborted) stop()
      else signal.addEventListener('abort', stop, { once: true })
      try {
        for await (const telling of participant.tellings) {
          yield telling
          if (telling.kind === 'over') return
        }
      } finally {
        signal.removeEventListener('abort', stop)
        if (meeting.participants.get(account) === participant) {
          meeting.leave(participant)
          left(room, account, 'left')
        }
      }
    },
    raiseHand: (session, { peer, raised }) => {
      const { meeting, participant } = presence(session, peer)
      meeting.raiseHand(participant, raised)
    },
    async *carry({ account }, { room, what, key }, signal) {
      if (sfu.status.value.state === 'down') throw new Refusal('video-down')
      const id = randomUUID()
      await journal.submit({
        actor: { kind: 'account', account },
        decide: (state, now) => decideCarry(state, room, { carried: id, what }, { account, hub, now }),
      })
      const meeting = meetingOf(room)
      const carried = await meeting.carry({ id, by: account, what, key }).catch((error) => {
        uncarried(room, id, 'left')
        throw error
      })
      const stop = () => carried.tellings.end()
      if (signal.aborted) stop()
      else signal.addEventListener('abort', stop, { once: true })
      try {
        for await (const telling of carried.tellings) {
          yield telling
          if (telling.kind === 'over') return
        }
      } finally {
        signal.removeEventListener('abort', stop)
        meeting.carrying.drop(id)
        // Nothing where it is known to be over.
        uncarried(room, id, 'left')
      }
    },
    keyCarried: (session, { peer, carried, down }) => {
      const { room, meeting, participant } = presence(session, peer)
      const { account } = participant
      if (down && journal.state.rooms[room]?.members[account]?.muted.sound !== false)
        throw new Refusal('forbidden', { capability: 'key-radio' })
      meeting.carrying.key(carried, account, down)
    },
    onAir: ({ account }, { room, carried, onAir }) => {
      const meeting = meetings.get(room)
      if (meeting === undefined) throw new Refusal('not-found', { what: 'carried', id: carried })
      meeting.carrying.onAir(carried, account, onAir)
    },
  }

  return {
    port,
    close: async () => {
      closed = true
      stopFollowing()
      told.close()
      for (const timer of [expiry, ...emptying.values()]) clearTimeout(timer)
      for (const [id, meeting] of meetings) {
        for (const participant of [...meeting.participants.values()]) {
          meeting.leave(participant)
          left(id, participant.account, 'hub-stopped')
        }
        meeting.close()
      }
      await pending.close()
    },
  }
}

const concernsRooms = ({ kind }: Happening): boolean => kind.startsWith('room.')

const changesWhoMay = ({ kind }: Happening): boolean =>
  /^(account|grant|area|incident|task)\./.test(kind) || kind === 'source.put' || kind === 'source.removed'

function mayStay(state: SharedState, room: Room, account: Id, now: Instant): boolean {
  const found = state.access.accounts[account]
  return (
    found !== undefined && !found.disabled && mayAttend(currentGrants(state, account), state, room.scope, now)
  )
}

function mayBeShown(state: SharedState, room: Room, source: Id, now: Instant): boolean {
  const found = state.video.sources[source]
  const by = room.sources[source]?.by
  return found !== undefined && by !== undefined && mayPull(currentGrants(state, by), state, found, now)
}

const outlinesFor = (state: SharedState, rooms: readonly Room[], account: Id, now: Instant): RoomOutline[] =>
  rooms
    .filter((room) => seesRoom(state, room, account, now))
    .map(({ id, name, scope, chair, openedAt, members }) => ({
      id,
      name,
      scope,
      chair: state.access.accounts[chair]?.name ?? { zh: chair, en: chair },
      openedAt,
      present: Object.values(members).filter((member) => member.state === 'in').length,
      own: members[account]?.state ?? 'none',
    }))
