import { describe, expect, it } from 'vitest'
import {
  type Floor,
  type FloorEvent,
  type FloorNotice,
  type FloorPolicy,
  type FloorPriority,
  floorDeadline,
  holderOf,
  idleFloor,
  isQuiet,
  stepFloor,
} from './floor.ts'

const policy: FloorPolicy = { talkMs: 60_000, silenceMs: 3000, hangMs: 0, queue: 3 }
const hanging: FloorPolicy = { ...policy, hangMs: 5000 }

describe('the floor', () => {
  it('goes to the first who asks, and the second waits', () => {
    const { floor, told } = play([0, ask('north')], [10, ask('south')])
    expect(told).toEqual(['north granted', 'south queued 0'])
    expect(holderOf(floor)?.talker).toBe('north')
  })

  it('passes to the one who waits when the key comes up, and the others move up', () => {
    const { told } = play([0, ask('north')], [1, ask('south')], [2, ask('east')], [500, release('north')])
    expect(told.slice(3)).toEqual(['south granted', 'east queued 0'])
  })

  it('is refused to whoever finds no place in the queue', () => {
    const none = { ...policy, queue: 0 }
    expect(playWith(none, [0, ask('north')], [1, ask('south')]).told[1]).toBe('south denied busy')
    const full = ['north', 'south', 'east', 'west', 'last'].map((who, at) => [at, ask(who)] as const)
    expect(play(...full).told.at(-1)).toBe('last denied busy')
  })

  it('lets a supervisor wait in front, and whoever is pushed out is told', () => {
    const full = ['north', 'south', 'east', 'west'].map((who, at) => [at, ask(who)] as const)
    expect(play(...full, [9, ask('chief', 'supervisor')]).told.slice(4)).toEqual([
      'west denied busy',
      'chief queued 0',
      'south queued 1',
      'east queued 2',
    ])
  })

  it('is taken by an emergency from whoever talks, but from another emergency', () => {
    const { told } = play(
      [0, ask('chief', 'supervisor')],
      [10, ask('patrol 7', 'emergency')],
      [20, ask('patrol 8', 'emergency')],
    )
    expect(told).toEqual([
      'chief granted',
      'chief revoked pre-empted',
      'patrol 7 granted',
      'patrol 8 queued 0',
    ])
  })

  it('becomes an emergency’s when its talker calls it one, and stays so', () => {
    const { told } = play([0, ask('north')], [5, ask('north', 'emergency')], [10, ask('south', 'emergency')])
    expect(told).toEqual(['north granted', 'north granted', 'south queued 0'])
  })

  it('answers whoever asks again where it stands, once it waits', () => {
    const { told } = play([0, ask('north')], [1, ask('south')], [2, ask('east')], [3, ask('east')])
    expect(told.at(-1)).toBe('east queued 1')
  })

  it('is asked for anew by the next press, and the press before is over', () => {
    const { floor, told } = play([0, ask('north')], [1, ask('south')], [2, ask('north', 'routine', 'again')])
    expect(told.slice(2)).toEqual(['south granted', 'north queued 0'])
    expect(floor.queue).toEqual([{ id: 'again', talker: 'north', priority: 'routine' }])
  })

  it('is not given up by what is said of a press before, nor in another’s name', () => {
    const { floor } = play(
      [0, ask('north', 'routine', 'second')],
      [1, { kind: 'released', talker: 'north', turn: 'first' }],
      [1, { kind: 'released', talker: 'south', turn: 'second' }],
    )
    expect(holderOf(floor)?.talker).toBe('north')
  })

  it('is taken back from a key that is stuck, however alive, and from a talker who fell silent', () => {
    expect(play([0, ask('north')], ...alive('north', 1000, 59_000), [60_000, tick]).told.at(-1)).toBe(
      'north revoked time-out',
    )
    expect(play([0, ask('north')], [3000, tick]).told.at(-1)).toBe('north revoked silent')
  })

  it('is over in time even if nobody looked', () => {
    const { told } = play([0, ask('north')], [1, ask('south')], [30_000, ask('east')])
    expect(told.slice(2)).toEqual(['north revoked silent', 'south granted', 'east queued 0'])
  })

  it('is taken from whoever may talk no more, and never given to who left', () => {
    const { told } = play(
      [0, ask('north')],
      [1, ask('south')],
      [2, ask('east')],
      [3, { kind: 'left', talker: 'south' }],
      [4, { kind: 'barred', talker: 'north' }],
    )
    expect(told.slice(3)).toEqual(['east queued 0', 'north revoked revoked', 'east granted'])
  })
})

describe('while a radio is heard', () => {
  const on = (by: string, radio: string | null = '3107'): FloorEvent => ({ kind: 'radio-heard', by, radio })
  const off = (by: string): FloorEvent => ({ kind: 'radio-over', by })

  it('seats wait until the last of those who hear it hear it no more', () => {
    const { told } = play(
      [0, on('east')],
      [1, on('west')],
      [2, ask('north')],
      [3, off('east')],
      [4, off('west')],
    )
    expect(told).toEqual(['north queued 0', 'north granted'])
  })

  it('an emergency talks all the same, and a talker goes on', () => {
    expect(play([0, on('east')], [1, ask('north', 'emergency')]).told).toEqual(['north granted'])
    expect(play([0, ask('north')], [1, on('east')]).told).toEqual(['north granted'])
  })

  it('a squelch that is stuck, or whose seat left, holds nobody up', () => {
    expect(play([0, on('east')], [1, ask('north')], [60_000, tick]).told.at(-1)).toBe('north granted')
    expect(play([0, on('east')], [1, ask('north')], [2, { kind: 'left', talker: 'east' }]).told.at(-1)).toBe(
      'north granted',
    )
  })

  it('what does not say who it is takes no part in a conversation, for it may be the talker himself', () => {
    const events = [
      [0, ask('north')],
      [1, on('west', null)],
      [2, release('north')],
      [3, off('west')],
    ] as const
    expect(playWith(hanging, ...events, [4, ask('west')]).told.at(-1)).toBe('west granted')
    const other = [
      [0, ask('north')],
      [1, on('west')],
      [2, release('north')],
      [3, off('west')],
    ] as const
    expect(playWith(hanging, ...other, [4, ask('west')]).told.at(-1)).toBe('west queued 0')
  })

  it('and afterwards, the first who answers has the floor', () => {
    const events = [
      [0, on('east')],
      [1, off('east')],
      [2, ask('north')],
      [3, release('north')],
    ] as const
    expect(playWith(hanging, ...events, [4, ask('west')]).told).toEqual(['north granted', 'west queued 0'])
  })
})

describe('in the hang time of a conversation', () => {
  const conversation = [
    [0, ask('north')],
    [1000, release('north')],
    [1100, ask('south', 'routine', 'answer')],
    [2000, { kind: 'released', talker: 'south', turn: 'answer' }],
  ] as const

  it('its talkers have the floor at once, and others wait until it is over', () => {
    const { told } = playWith(hanging, ...conversation, [2500, ask('east')], [6999, tick], [7000, tick])
    expect(told.slice(2)).toEqual(['east queued 0', 'east granted'])
    const goesOn = playWith(hanging, ...conversation, [2500, ask('east')], [3000, ask('north')])
    expect(goesOn.told.slice(2)).toEqual(['east queued 0', 'north granted'])
  })

  it('supervisors and emergencies do not wait', () => {
    for (const priority of ['supervisor', 'emergency'] as const)
      expect(playWith(hanging, ...conversation, [2500, ask('east', priority)]).told.at(-1)).toBe(
        'east granted',
      )
  })

  it('nothing is over before its time, and then all is quiet', () => {
    const { floor } = playWith(hanging, ...conversation)
    expect(floorDeadline(floor, hanging)).toBe(7000)
    const over = stepFloor(floor, tick, 7000, hanging).floor
    expect(isQuiet(over)).toBe(true)
    expect(floorDeadline(over, hanging)).toBeUndefined()
  })
})

const tick: FloorEvent = { kind: 'ticked' }
const ask = (talker: string, priority: FloorPriority = 'routine', id = 'press'): FloorEvent => ({
  kind: 'requested',
  turn: { id, talker, priority },
})
const release = (talker: string): FloorEvent => ({ kind: 'released', talker, turn: 'press' })
const alive = (talker: string, from: number, to: number) =>
  Array.from({ length: (to - from) / 1000 + 1 }, (_, at) => {
    const event: FloorEvent = { kind: 'alive', talker, turn: 'press' }
    return [from + at * 1000, event] as const
  })

type Played = readonly (readonly [number, FloorEvent])[]
const play = (...events: Played) => playWith(policy, ...events)

/** Plays events at their instants from an idle floor. */
function playWith(rules: FloorPolicy, ...events: Played) {
  let floor: Floor = idleFloor
  const told: string[] = []
  for (const [now, event] of events) {
    const step = stepFloor(floor, event, now, rules)
    floor = step.floor
    told.push(...step.notices.map(inWords))
  }
  return { floor, told }
}

const inWords = (notice: FloorNotice): string =>
  [
    notice.talker,
    notice.kind,
    ...('place' in notice ? [notice.place] : []),
    ...('why' in notice ? [notice.why] : []),
  ].join(' ')
