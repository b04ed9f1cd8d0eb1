/** Rooms: meetings of seats, field accounts and sources. What the journal keeps of them, and what seats are told. */
import * as z from 'zod'
import {
  type Carriage,
  type CarryTelling,
  carriageSchema,
  carriedEnds,
  type carrySchema,
  type keyCarriedSchema,
  type onAirSchema,
  type SceneCarried,
} from './carried.ts'
import type { SeatSession } from './hub.ts'
import type { ConsumerTelling, PeerWelcome, Track } from './peers.ts'
import { type Scope, scopeSchema } from './permissions.ts'
import { type Id, type Instant, idSchema, instantSchema, lineSchema, type Name } from './primitives.ts'
import { type MemberAct, type MemberState, memberActs, memberMoves } from './room-rules.ts'

export const layouts = ['grid', 'speaker', 'spotlight'] as const
/** What of a member the chair may mute. Screens and their sound go with the picture and the voice. */
const mutables = ['sound', 'picture'] as const
export type Mutable = (typeof mutables)[number]

/** Somebody or something that everybody is shown large. */
const spotlitSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('member'), account: idSchema }),
  z.strictObject({ kind: z.literal('source'), source: idSchema }),
])
type Spotlit = z.infer<typeof spotlitSchema>

/** What the chair may do to everybody's meeting; who is let in and out is a member's move. */
const chairActSchema = z.discriminatedUnion('act', [
  z.strictObject({
    act: z.literal('mute'),
    account: idSchema,
    what: z.enum(mutables),
    muted: z.boolean(),
  }),
  /** A telephone, or a channel. */
  z.strictObject({ act: z.literal('mute-carried'), carried: z.uuid(), muted: z.boolean() }),
  /** Everybody but the chair, telephones and channels too, and those who come later. */
  z.strictObject({ act: z.literal('mute-all'), muted: z.boolean() }),
  z.strictObject({ act: z.literal('spotlight'), on: spotlitSchema.nullable() }),
  z.strictObject({ act: z.literal('layout'), layout: z.enum(layouts) }),
  z.strictObject({ act: z.literal('pass-chair'), to: idSchema }),
  z.strictObject({ act: z.literal('show-source'), source: idSchema }),
  z.strictObject({ act: z.literal('hide-source'), source: idSchema }),
])
export type ChairAct = z.infer<typeof chairActSchema>

const roomEnds = ['ended', 'empty'] as const
export type RoomEnd = (typeof roomEnds)[number]
/** `left`: of itself, or its connection is gone; `moved`: its worker has died, it comes in again elsewhere. */
const leaveReasons = ['left', 'moved', 'no-longer-allowed', 'hub-stopped'] as const
export type LeaveReason = (typeof leaveReasons)[number]

const roomId = z.uuid()

export const roomEvents = {
  /** `hub`: where it takes place. */
  'room.opened': z.strictObject({
    id: roomId,
    name: lineSchema,
    scope: scopeSchema,
    chair: idSchema,
    hub: z.string(),
    openedAt: instantSchema,
  }),
  /** `account` is whose place in the room changes; the actor is who did it. */
  'room.member-moved': z.strictObject({
    id: roomId,
    account: idSchema,
    act: z.enum(memberActs),
    /** Of leaving. */
    why: z.enum(leaveReasons).optional(),
  }),
  /** The seat of the account carries it. */
  'room.carried': z.strictObject({ id: roomId, carried: z.uuid(), by: idSchema, what: carriageSchema }),
  'room.uncarried': z.strictObject({ id: roomId, carried: z.uuid(), why: z.enum(carriedEnds) }),
  'room.chaired': z.strictObject({ id: roomId, chaired: chairActSchema }),
  'room.ended': z.strictObject({ id: roomId, how: z.enum(roomEnds) }),
} as const

interface Member {
  readonly state: MemberState
  readonly muted: Readonly<Record<Mutable, boolean>>
}

/** A room that has not ended, as the journal has it. */
export interface Room {
  readonly id: string
  readonly name: string
  /** Over what it is: whoever may chair over that sees it, and may take the chair. */
  readonly scope: Scope
  readonly chair: Id
  readonly hub: string
  readonly openedAt: Instant
  readonly members: Readonly<Record<Id, Member>>
  /** Whoever comes in is muted. */
  readonly quiet: boolean
  readonly spotlight: Spotlit | null
  readonly layout: (typeof layouts)[number]
  /** Sources that everybody in the room is shown, and who answers for that. */
  readonly sources: Readonly<Record<Id, { readonly by: Id }>>
  /** Telephones and channels, and at whose seat. */
  readonly carried: Readonly<
    Record<string, { readonly by: Id; readonly what: Carriage; readonly muted: boolean }>
  >
}

export type Rooms = Record<string, Room>

export type RoomEvent = {
  [K in keyof typeof roomEvents]: { readonly kind: K; readonly data: z.infer<(typeof roomEvents)[K]> }
}[keyof typeof roomEvents]

/** Changes `rooms` (an Immer draft, or a state nobody else holds) by one event. */
export function applyRoomEvent(rooms: Rooms, event: RoomEvent): void {
  const { id } = event.data
  if (event.kind === 'room.ended') {
    delete rooms[id]
    return
  }
  const next = event.kind === 'room.opened' ? openedRoom(event.data) : changed(rooms[id], event)
  if (next !== undefined) rooms[id] = next
}

const unmuted = { sound: false, picture: false }

const openedRoom = (data: z.infer<(typeof roomEvents)['room.opened']>): Room => ({
  ...data,
  members: { [data.chair]: { state: 'expected', muted: unmuted } },
  quiet: false,
  spotlight: null,
  layout: 'grid',
  sources: {},
  carried: {},
})

type Change = Exclude<RoomEvent, { kind: 'room.opened' | 'room.ended' }>

function changed(room: Room | undefined, event: Change): Room | undefined {
  if (room === undefined) return undefined
  switch (event.kind) {
    case 'room.chaired':
      return chairedRoom(room, event.data.chaired)
    case 'room.member-moved':
      return movedRoom(room, event.data)
    case 'room.carried': {
      const { carried, by, what } = event.data
      return { ...room, carried: { ...room.carried, [carried]: { by, what, muted: room.quiet } } }
    }
    case 'room.uncarried': {
      const { [event.data.carried]: _, ...carried } = room.carried
      return { ...room, carried }
    }
  }
}

function movedRoom(room: Room, { account, act }: { readonly account: Id; readonly act: MemberAct }): Room {
  const member = room.members[account]
  const state = memberMoves[act][member?.state ?? 'none']
  if (state === undefined) return room
  const muted = member?.muted ?? { sound: room.quiet, picture: false }
  return { ...room, members: { ...room.members, [account]: { state, muted } } }
}

function chairedRoom(room: Room, chaired: ChairAct): Room {
  switch (chaired.act) {
    case 'mute': {
      const member = room.members[chaired.account]
      if (member === undefined) return room
      const muted = { ...member.muted, [chaired.what]: chaired.muted }
      return { ...room, members: { ...room.members, [chaired.account]: { ...member, muted } } }
    }
    case 'mute-carried': {
      const found = room.carried[chaired.carried]
      if (found === undefined) return room
      const carried = { ...room.carried, [chaired.carried]: { ...found, muted: chaired.muted } }
      return { ...room, carried }
    }
    case 'mute-all': {
      const members = Object.entries(room.members).map(([account, member]) => {
        const sound = account === room.chair ? member.muted.sound : chaired.muted
        return [account, { ...member, muted: { ...member.muted, sound } }]
      })
      const carried = Object.entries(room.carried).map(([id, each]) => [
        id,
        { ...each, muted: chaired.muted },
      ])
      return {
        ...room,
        quiet: chaired.muted,
        members: Object.fromEntries(members),
        carried: Object.fromEntries(carried),
      }
    }
    case 'spotlight':
      return { ...room, spotlight: chaired.on }
    case 'layout':
      return { ...room, layout: chaired.layout }
    case 'pass-chair':
      return { ...room, chair: chaired.to }
    case 'show-source':
      return { ...room, sources: { ...room.sources, [chaired.source]: { by: room.chair } } }
    case 'hide-source': {
      const { [chaired.source]: _, ...sources } = room.sources
      return { ...room, sources }
    }
  }
}

/** What a seat asks for about rooms. Who is let in, and what the chair may, is decided by the hub. */
export const roomRequestSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('open'),
    name: lineSchema,
    scope: scopeSchema,
    invite: z.array(idSchema).max(100),
  }),
  z.strictObject({
    kind: z.literal('move'),
    room: roomId,
    account: idSchema,
    act: z.enum(memberActs).exclude(['join', 'leave']),
  }),
  z.strictObject({ kind: z.literal('chair'), room: roomId, chaired: chairActSchema }),
  /** By the chair, or whoever carries it. */
  z.strictObject({ kind: z.literal('uncarry'), room: roomId, carried: z.uuid() }),
  /** By whoever is in it and may chair, when the chair is not in it. */
  z.strictObject({ kind: z.literal('take-chair'), room: roomId }),
  z.strictObject({ kind: z.literal('end'), room: roomId }),
])
export type RoomRequest = z.infer<typeof roomRequestSchema>

export const attendRoomSchema = z.strictObject({ room: roomId })
export const raiseHandSchema = z.strictObject({ peer: z.uuid(), raised: z.boolean() })

/** A room as the list of rooms shows it. */
export interface RoomOutline {
  readonly id: string
  readonly name: string
  readonly scope: Scope
  readonly chair: Name
  readonly openedAt: Instant
  /** How many are in it. */
  readonly present: number
  /** Of the officer who is shown it. It rings while they are `invited`. */
  readonly own: MemberState | 'none'
}

/** Who can be invited. `here`: a console of theirs is connected. `inField`: they have a phone instead. */
export interface Reachable {
  readonly account: Id
  readonly name: Name
  readonly here: boolean
  readonly inField: boolean
}

interface SceneMember {
  readonly account: Id
  readonly name: Name
  readonly state: MemberState
  /** By the chair. */
  readonly muted: Readonly<Record<Mutable, boolean>>
  /** Of whoever is in: what they send. */
  readonly tracks: readonly Track[]
  /** When they raised their hand; null: it is not raised. */
  readonly handAt: Instant | null
}

/** A room as those in it see it. */
export interface RoomScene
  extends Pick<Room, 'id' | 'name' | 'scope' | 'chair' | 'quiet' | 'spotlight' | 'layout'> {
  readonly members: readonly SceneMember[]
  readonly sources: readonly { readonly source: Id; readonly name: Name; readonly tracks: readonly Track[] }[]
  readonly carried: readonly SceneCarried[]
  /** Who talks, or did last: a member, or what is carried. */
  readonly speaker: Id | null
}

/** What a page in a room is told. */
export type RoomTelling =
  | PeerWelcome
  | { readonly kind: 'scene'; readonly scene: RoomScene }
  /** `moved`: attend again, it goes on elsewhere; `replaced`: the same officer came in from another page. */
  | { readonly kind: 'over'; readonly how: 'ended' | 'removed' | 'no-longer-allowed' | 'moved' | 'replaced' }
  | ConsumerTelling

export const requestedSchema = z.object({ room: roomId })

/** Rooms behind the hub contract: those that the account has a place in or may chair, and no others. */
export interface RoomsPort {
  watch(session: SeatSession, signal: AbortSignal): AsyncIterable<readonly RoomOutline[]>
  /** Whom the account may invite. */
  reachable(session: SeatSession): readonly Reachable[]
  /** Resolves with the room that it is about. */
  request(session: SeatSession, request: RoomRequest): Promise<z.infer<typeof requestedSchema>>
  /** The officer is in the room until the stream ends. One after it of the same officer, from anywhere, ends it. */
  attend(
    session: SeatSession,
    asked: z.infer<typeof attendRoomSchema>,
    signal: AbortSignal,
  ): AsyncIterable<RoomTelling>
  raiseHand(session: SeatSession, asked: z.infer<typeof raiseHandSchema>): void
  /** By an officer who is in the room: their seat carries it until the stream ends. Over if they leave the room. */
  carry(
    session: SeatSession,
    asked: z.infer<typeof carrySchema>,
    signal: AbortSignal,
  ): AsyncIterable<CarryTelling>
  keyCarried(session: SeatSession, asked: z.infer<typeof keyCarriedSchema>): void
  /** By the seat that carries it. */
  onAir(session: SeatSession, asked: z.infer<typeof onAirSchema>): void
}
