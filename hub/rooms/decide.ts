/** What is asked about rooms, judged: what happens by it, or a `Refusal`. Pure. */
import { type Carriage, type CarriedEnd, sameCarriage } from '../../contract/carried.ts'
import type { Happening } from '../../contract/events.ts'
import { may } from '../../contract/permissions.ts'
import type { Id, Instant } from '../../contract/primitives.ts'
import { mayOnChannel } from '../../contract/radio-rules.ts'
import { Refusal } from '../../contract/refusal.ts'
import { doneBy, type MemberAct, mayAttend, mayChair, memberMoves } from '../../contract/room-rules.ts'
import type { ChairAct, LeaveReason, Room, RoomEnd, RoomRequest } from '../../contract/rooms.ts'
import { mayPull } from '../../contract/sources.ts'
import type { SharedState } from '../../contract/state.ts'
import { seatTarget } from '../../contract/supervision-rules.ts'
import { currentGrants } from '../../contract/visibility.ts'

const MOST_MEMBERS = 200
const MOST_ROOMS = 500
const MOST_SOURCES = 16
const MOST_CARRIED = 16

/** Who asks, where and when. `hub`: the one that rooms are opened at. */
export interface Asker {
  readonly account: Id
  readonly hub: string
  readonly now: Instant
}

/** The room of this id, if the account may know of it. In the same words for one that there is not and one it may not. */
function visibleRoom(state: SharedState, id: string, { account, hub, now }: Asker): Room {
  const room = state.rooms[id]
  if (room === undefined || room.hub !== hub || !seesRoom(state, room, account, now))
    throw new Refusal('not-found', { what: 'room', id })
  return room
}

export function seesRoom(state: SharedState, room: Room, account: Id, now: Instant): boolean {
  const grants = currentGrants(state, account)
  const place = room.members[account]?.state
  const belongs = place !== undefined && place !== 'removed' && place !== 'refused'
  return (belongs && mayAttend(grants, state, room.scope, now)) || mayChair(grants, state, room.scope, now)
}

/** Whether it may invite the other: as it may call them. */
export const mayReach = (state: SharedState, account: Id, other: Id, now: Instant): boolean =>
  may(currentGrants(state, account), 'call', seatTarget(state, other), now)

/** `newId`: of a room that is opened by it. */
export function decideRequest(
  state: SharedState,
  request: RoomRequest,
  asker: Asker,
  newId: string,
): Happening[] {
  if (request.kind === 'open') return openRoom(state, request, asker, newId)
  const room = visibleRoom(state, request.room, asker)
  switch (request.kind) {
    case 'move':
      return [decideMove(state, room, request, asker)]
    case 'chair':
      needChair(state, room, asker)
      checkChaired(state, room, request.chaired, asker)
      return [chaired(state, room, request.chaired)]
    case 'uncarry': {
      const found = room.carried[request.carried]
      if (found === undefined) throw new Refusal('not-found', { what: 'carried', id: request.carried })
      if (found.by !== asker.account) needChair(state, room, asker)
      return [uncarried(state, room, request.carried, 'removed')]
    }
    case 'take-chair':
      if (!chairsHere(state, room, asker.account, asker.now))
        throw new Refusal('forbidden', { capability: 'chair' })
      if (room.members[room.chair]?.state === 'in')
        throw new Refusal('conflict', { what: 'chair', id: room.chair })
      return [chaired(state, room, { act: 'pass-chair', to: asker.account })]
    case 'end':
      needChair(state, room, asker)
      return [ended(state, room, 'ended')]
  }
}

export const decideJoin = (state: SharedState, room: string, asker: Asker): Happening[] => [
  decideMove(state, visibleRoom(state, room, asker), { account: asker.account, act: 'join' }, asker),
]

/** By whoever is in it, of a channel that they may patch. */
export function decideCarry(
  state: SharedState,
  id: string,
  { carried, what }: { readonly carried: string; readonly what: Carriage },
  asker: Asker,
): Happening[] {
  const room = visibleRoom(state, id, asker)
  if (room.members[asker.account]?.state !== 'in') throw new Refusal('not-now')
  if (!mayCarry(state, asker.account, what, asker.now))
    throw new Refusal('forbidden', { capability: 'patch' })
  const all = Object.values(room.carried)
  if (all.some((each) => sameCarriage(each.what, what)))
    throw new Refusal('conflict', { what: 'carried', id: what.kind === 'call' ? what.number : what.channel })
  if (all.length >= MOST_CARRIED) throw new Refusal('too-many')
  return [
    {
      kind: 'room.carried',
      subject: `room/${id}`,
      area: areaOf(state, room.scope),
      data: { id, carried, by: asker.account, what },
    },
  ]
}

/** A call is the seat's own, and the hub knows nothing of it. */
export function mayCarry(state: SharedState, account: Id, what: Carriage, now: Instant): boolean {
  if (what.kind === 'call') return true
  const channel = state.directory.channels[what.channel]
  return (
    channel !== undefined &&
    mayOnChannel(currentGrants(state, account), 'patch', state.directory, channel, now)
  )
}

/** Nothing if it is not carried any more. */
export const decideUncarry = (
  state: SharedState,
  id: string,
  carried: string,
  why: CarriedEnd,
): Happening[] => {
  const room = state.rooms[id]
  return room?.carried[carried] === undefined ? [] : [uncarried(state, room, carried, why)]
}

/** Whoever is in it leaves; nothing if they are not. */
export const decideLeave = (state: SharedState, id: string, account: Id, why: LeaveReason): Happening[] => {
  const room = state.rooms[id]
  return room?.members[account]?.state === 'in' ? [moved(state, room, account, 'leave', why)] : []
}

export const ended = (state: SharedState, { id, scope }: Room, how: RoomEnd): Happening => ({
  kind: 'room.ended',
  subject: `room/${id}`,
  area: areaOf(state, scope),
  data: { id, how },
})

/** A source is not shown any more; nothing if it is not. */
export const hidden = (state: SharedState, id: string, source: Id): Happening[] => {
  const room = state.rooms[id]
  return room !== undefined && source in room.sources
    ? [chaired(state, room, { act: 'hide-source', source })]
    : []
}

function openRoom(
  state: SharedState,
  { name, scope, invite }: Extract<RoomRequest, { kind: 'open' }>,
  asker: Asker,
  id: string,
): Happening[] {
  const { account: chair, hub, now } = asker
  if (!mayChair(currentGrants(state, chair), state, scope, now))
    throw new Refusal('forbidden', { capability: 'chair' })
  if (Object.keys(state.rooms).length >= MOST_ROOMS) throw new Refusal('too-many')
  const invited = [...new Set(invite)].filter((account) => account !== chair)
  for (const account of invited) needInvitable(state, { scope, members: {} }, account, asker)
  return [
    {
      kind: 'room.opened',
      subject: `room/${id}`,
      area: areaOf(state, scope),
      data: { id, name, scope, chair, hub, openedAt: now },
    },
    ...invited.map((account) => moved(state, { id, scope }, account, 'invite')),
  ]
}

function decideMove(
  state: SharedState,
  room: Room,
  { account, act }: { readonly account: Id; readonly act: MemberAct },
  asker: Asker,
): Happening {
  if (doneBy[act] === 'chair') needChair(state, room, asker)
  else if (account !== asker.account) throw new Refusal('forbidden', { capability: 'chair' })
  if (act === 'invite') needInvitable(state, room, account, asker)
  if (act === 'remove' && account === room.chair)
    throw new Refusal('conflict', { what: 'chair', id: account })
  if (act === 'join' && !mayAttend(currentGrants(state, account), state, room.scope, asker.now))
    throw new Refusal('forbidden', { capability: 'view' })
  const from = room.members[account]?.state ?? 'none'
  if (memberMoves[act][from] === undefined) throw new Refusal('conflict', { what: 'member', id: account })
  return moved(state, room, account, act)
}

function needInvitable(
  state: SharedState,
  room: Pick<Room, 'scope' | 'members'>,
  account: Id,
  { account: by, now }: Asker,
): void {
  const other = state.access.accounts[account]
  const known = other !== undefined && !other.disabled
  if (!known || !(account in room.members || mayReach(state, by, account, now)))
    throw new Refusal('not-found', { what: 'account', id: account })
  if (!mayAttend(currentGrants(state, account), state, room.scope, now))
    throw new Refusal('forbidden', { capability: 'view' })
  if (Object.keys(room.members).length >= MOST_MEMBERS) throw new Refusal('too-many')
}

function needChair(state: SharedState, room: Room, { account, now }: Asker): void {
  if (room.chair !== account || !mayChair(currentGrants(state, account), state, room.scope, now))
    throw new Refusal('forbidden', { capability: 'chair' })
}

const chairsHere = (state: SharedState, room: Room, account: Id, now: Instant): boolean =>
  room.members[account]?.state === 'in' && mayChair(currentGrants(state, account), state, room.scope, now)

function checkChaired(state: SharedState, room: Room, act: ChairAct, { account, now }: Asker): void {
  const needMember = (id: Id) => {
    if (room.members[id] === undefined) throw new Refusal('not-found', { what: 'account', id })
  }
  const needSource = (id: Id) => {
    if (room.sources[id] === undefined) throw new Refusal('not-found', { what: 'source', id })
  }
  switch (act.act) {
    case 'mute':
      needMember(act.account)
      return
    case 'mute-carried':
      if (room.carried[act.carried] === undefined)
        throw new Refusal('not-found', { what: 'carried', id: act.carried })
      return
    case 'spotlight':
      if (act.on?.kind === 'member') needMember(act.on.account)
      if (act.on?.kind === 'source') needSource(act.on.source)
      return
    case 'pass-chair':
      needMember(act.to)
      if (!chairsHere(state, room, act.to, now)) throw new Refusal('conflict', { what: 'chair', id: act.to })
      return
    case 'show-source': {
      const source = state.video.sources[act.source]
      if (source === undefined || !mayPull(currentGrants(state, account), state, source, now))
        throw new Refusal('not-found', { what: 'source', id: act.source })
      if (Object.keys(room.sources).length >= MOST_SOURCES) throw new Refusal('too-many')
      return
    }
    case 'hide-source':
      needSource(act.source)
      return
    case 'mute-all':
    case 'layout':
      return
  }
}

const moved = (
  state: SharedState,
  { id, scope }: Pick<Room, 'id' | 'scope'>,
  account: Id,
  act: MemberAct,
  why?: LeaveReason,
): Happening => ({
  kind: 'room.member-moved',
  subject: `room/${id}`,
  area: areaOf(state, scope),
  data: { id, account, act, ...(why !== undefined && { why }) },
})

const uncarried = (state: SharedState, { id, scope }: Room, carried: string, why: CarriedEnd): Happening => ({
  kind: 'room.uncarried',
  subject: `room/${id}`,
  area: areaOf(state, scope),
  data: { id, carried, why },
})

const chaired = (state: SharedState, { id, scope }: Room, act: ChairAct): Happening => ({
  kind: 'room.chaired',
  subject: `room/${id}`,
  area: areaOf(state, scope),
  data: { id, chaired: act },
})

function areaOf({ directory, incidents }: SharedState, scope: Room['scope']): Id | null {
  if (scope.kind === 'incident') return incidents.live[scope.incident]?.area ?? null
  return scope.kind === 'area' && scope.area in directory.areas ? scope.area : null
}
