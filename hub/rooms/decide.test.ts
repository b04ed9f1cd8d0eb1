import { describe, expect, it } from 'vitest'
import type { Happening } from '../../contract/events.ts'
import { emptyState, fold, type SharedState } from '../../contract/state.ts'
import { documentOf, smallCityWith } from '../../tests/support/site.ts'
import { planImport } from '../directory/import.ts'
import { decideCarry, decideJoin, decideRequest, decideUncarry, seesRoom } from './decide.ts'

const ROOM = '5f1f0a52-3c0e-4c29-9d0a-0f6d3c0c9a11'
const centre = { kind: 'centre' } as const

const rtpAccess = { kind: 'rtp', address: '239.1.2.3', port: 30_000, codec: 'PCMA' } as const
const city = fold(
  emptyState,
  planImport(
    emptyState,
    documentOf(
      smallCityWith({
        sources: [
          { id: 'gate', name: '北门', kind: 'rtsp', url: 'rtsp://c/1', area: 'north-gate', agency: 'police' },
          { id: 'quay', name: '码头', kind: 'rtsp', url: 'rtsp://c/2', area: 'south', agency: 'fire' },
        ],
        channels: [{ id: 'fire-1', name: '消防', agency: 'fire', access: rtpAccess }],
      }),
    ),
  ),
)
const asker = (account: string, hub = 'hub') => ({ account, hub, now: 1 })
type Request = Parameters<typeof decideRequest>[1]

/** What happens when these ask for that, one after another. */
function having(state: SharedState, ...asked: readonly (readonly [string, Request | 'join'])[]): SharedState {
  return asked.reduce((before, [account, request]) => {
    const happenings: Happening[] =
      request === 'join'
        ? decideJoin(before, ROOM, asker(account))
        : decideRequest(before, request, asker(account), ROOM)
    return fold(before, happenings)
  }, state)
}
const refusal = (work: () => unknown): string => {
  try {
    work()
  } catch (error) {
    return String(error instanceof Error ? error.message.split(' ')[0] : error)
  }
  return 'done'
}
const open = (invite: string[] = []): Request => ({ kind: 'open', name: '会商', scope: centre, invite })
const move = (account: string, act: Extract<Request, { kind: 'move' }>['act']): Request => ({
  kind: 'move',
  room: ROOM,
  account,
  act,
})
const chair = (chaired: Extract<Request, { kind: 'chair' }>['chaired']): Request => ({
  kind: 'chair',
  room: ROOM,
  chaired,
})
const opened = having(city, ['supervisor', open(['north-officer'])])
const meeting = having(opened, ['supervisor', 'join'], ['north-officer', 'join'])

describe('a room', () => {
  it('is opened by whoever may chair over what it is for', () => {
    expect(refusal(() => having(city, ['admin', open()]))).toBe('forbidden')
    expect(refusal(() => having(city, ['north-officer', open()]))).toBe('forbidden')
    const north = { ...open(), scope: { kind: 'area', area: 'north' } } as Request
    expect(having(city, ['north-officer', north]).rooms[ROOM]?.chair).toBe('north-officer')
  })

  it('is entered by whoever was invited, and by nobody else', () => {
    expect(meeting.rooms[ROOM]?.members['north-officer']?.state).toBe('in')
    expect(refusal(() => having(opened, ['fire-officer', 'join']))).toBe('not-found')
    expect(refusal(() => having(opened, ['fire-officer', move('fire-officer', 'accept')]))).toBe('not-found')
  })

  it('is of one hub only', () => {
    expect(refusal(() => decideJoin(opened, ROOM, asker('north-officer', 'another')))).toBe('not-found')
  })

  it('is not seen any more by whoever was removed, until they are invited anew', () => {
    const removed = having(meeting, ['supervisor', move('north-officer', 'remove')])
    const sees = (state: SharedState) => {
      const room = state.rooms[ROOM]
      return room !== undefined && seesRoom(state, room, 'north-officer', 1)
    }
    expect(sees(meeting)).toBe(true)
    expect(sees(removed)).toBe(false)
    expect(sees(having(removed, ['supervisor', move('north-officer', 'invite')]))).toBe(true)
  })

  it('has one chair, who alone acts on others', () => {
    for (const request of [
      move('supervisor', 'remove'),
      move('fire-officer', 'invite'),
      chair({ act: 'mute-all', muted: true }),
      chair({ act: 'spotlight', on: null }),
      { kind: 'end', room: ROOM } as const,
    ])
      expect(refusal(() => having(meeting, ['north-officer', request]))).toBe('forbidden')
  })

  it('lets nobody answer for another', () => {
    expect(refusal(() => having(opened, ['supervisor', move('north-officer', 'accept')]))).toBe('forbidden')
  })

  it('keeps its chair: they are neither removed nor replaced while they are in it', () => {
    expect(refusal(() => having(meeting, ['supervisor', move('supervisor', 'remove')]))).toBe('conflict')
    expect(refusal(() => having(meeting, ['north-officer', { kind: 'take-chair', room: ROOM }]))).toBe(
      'forbidden',
    )
  })

  it('mutes whoever comes later too, but not the chair', () => {
    const quiet = having(
      opened,
      ['supervisor', 'join'],
      ['supervisor', chair({ act: 'mute-all', muted: true })],
      ['supervisor', move('fire-officer', 'invite')],
      ['fire-officer', 'join'],
    )
    const members = quiet.rooms[ROOM]?.members
    expect(members?.supervisor?.muted.sound).toBe(false)
    expect(members?.['north-officer']?.muted.sound).toBe(true)
    expect(members?.['fire-officer']?.muted.sound).toBe(true)
  })

  it('is shown sources that the chair may pull, and no others', () => {
    const north = { ...open(), scope: { kind: 'area', area: 'north' } } as Request
    const own = having(city, ['north-officer', north])
    const show = (source: string) => having(own, ['north-officer', chair({ act: 'show-source', source })])
    expect(show('gate').rooms[ROOM]?.sources).toEqual({ gate: { by: 'north-officer' } })
    expect(refusal(() => show('quay'))).toBe('not-found')
    expect(refusal(() => show('no-such-source'))).toBe('not-found')
  })

  it('of an incident is for whoever may see the incident', () => {
    const grant = (id: string, account: string, capabilities: ('view' | 'chair')[]): Happening => ({
      kind: 'grant.given',
      subject: `grant/${id}`,
      area: null,
      data: {
        id,
        subject: { kind: 'account', account },
        capabilities,
        scope: { kind: 'incident', incident: 'fire-1' },
        until: 100,
      },
    })
    const about = { ...open(['guest']), scope: { kind: 'incident', incident: 'fire-1' } } as Request
    expect(refusal(() => having(city, ['supervisor', about]))).toBe('forbidden')
    const granted = fold(city, [grant('g', 'guest', ['view'])])
    const invited = having(granted, ['supervisor', about])
    expect(invited.rooms[ROOM]?.members.guest?.state).toBe('invited')
    expect(refusal(() => decideJoin(invited, ROOM, { account: 'guest', hub: 'hub', now: 100 }))).toBe(
      'not-found',
    )
  })
})

describe('what is carried into a room', () => {
  const CARRIED = '0a4d2c1e-7a57-4b8e-9d5c-0f6d3c0c9a12'
  const call = {
    kind: 'call',
    call: '1a4d2c1e-7a57-4b8e-9d5c-0f6d3c0c9a13',
    number: '60001',
    unit: null,
  } as const
  const channel = { kind: 'channel', channel: 'fire-1' } as const
  const carry = (state: SharedState, account: string, what: Parameters<typeof decideCarry>[2]['what']) =>
    decideCarry(state, ROOM, { carried: CARRIED, what }, asker(account))

  it('is brought by whoever is in it, once, and a channel by whoever may patch it', () => {
    expect(refusal(() => carry(opened, 'north-officer', call))).toBe('not-now')
    expect(refusal(() => carry(meeting, 'north-officer', channel))).toBe('forbidden')
    expect(refusal(() => carry(meeting, 'supervisor', channel))).toBe('done')
    const carried = fold(meeting, carry(meeting, 'north-officer', call))
    expect(carried.rooms[ROOM]?.carried[CARRIED]).toEqual({ by: 'north-officer', what: call, muted: false })
    expect(refusal(() => carry(carried, 'supervisor', call))).toBe('conflict')
  })

  it('is muted with all others, and comes muted where all are', () => {
    const carried = fold(meeting, carry(meeting, 'north-officer', call))
    const quiet = having(carried, ['supervisor', chair({ act: 'mute-all', muted: true })])
    expect(quiet.rooms[ROOM]?.carried[CARRIED]?.muted).toBe(true)
    const heard = having(quiet, [
      'supervisor',
      chair({ act: 'mute-carried', carried: CARRIED, muted: false }),
    ])
    expect(heard.rooms[ROOM]?.carried[CARRIED]?.muted).toBe(false)
    const late = having(meeting, ['supervisor', chair({ act: 'mute-all', muted: true })])
    expect(fold(late, carry(late, 'north-officer', call)).rooms[ROOM]?.carried[CARRIED]?.muted).toBe(true)
  })

  it('is taken out by its officer or the chair, and over once', () => {
    const carried = fold(meeting, carry(meeting, 'supervisor', call))
    const uncarry = { kind: 'uncarry', room: ROOM, carried: CARRIED } as const
    expect(refusal(() => decideRequest(carried, uncarry, asker('north-officer'), ROOM))).toBe('forbidden')
    const without = having(carried, ['supervisor', uncarry])
    expect(without.rooms[ROOM]?.carried).toEqual({})
    expect(decideUncarry(without, ROOM, CARRIED, 'left')).toEqual([])
    expect(fold(carried, decideUncarry(carried, ROOM, CARRIED, 'left')).rooms[ROOM]?.carried).toEqual({})
  })
})
