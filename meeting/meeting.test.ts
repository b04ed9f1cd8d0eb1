import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Refusal } from '../contract/refusal.ts'
import type { RoomTelling } from '../contract/rooms.ts'
import { type Meeting, type MeetingOptions, openMeeting } from './meeting.ts'

/** One attendance, as the hub has it. */
interface Attendance {
  onData(telling: RoomTelling): void
  onError(error: unknown): void
  onComplete(): void
}

const scene: RoomTelling = {
  kind: 'scene',
  scene: {
    id: 'room',
    name: '会商',
    scope: { kind: 'centre' },
    chair: 'chair',
    quiet: false,
    spotlight: null,
    layout: 'grid',
    members: [],
    sources: [],
    carried: [],
    speaker: null,
  },
}

describe('a page in a room', () => {
  let attendances: Attendance[]
  let left: number
  let told: string[]
  let meeting: Meeting

  beforeEach(() => {
    vi.useFakeTimers()
    attendances = []
    left = 0
    told = []
    // A fake of the engine line: attendances that the test answers.
    const subscribe = (_asked: object, attendance: Attendance) => {
      attendances.push(attendance)
      return { unsubscribe: () => left++ }
    }
    meeting = openMeeting({
      room: 'room',
      account: 'officer',
      video: { rooms: { attend: { subscribe } }, peers: {} } as unknown as MeetingOptions['video'],
      ears: { level: () => 0, hear: () => () => undefined, close: () => told.push('quiet') },
      openDevice: () => Promise.reject(new Error('no device')),
      onScene: () => told.push('scene'),
      onBroken: () => told.push('broken'),
      onScore: () => undefined,
      onUnsent: () => undefined,
      onOver: (how) => told.push(typeof how === 'string' ? how : how.code),
    })
  })
  afterEach(() => vi.useRealTimers())

  const hear = (telling: RoomTelling) => attendances.at(-1)?.onData(telling)
  const wait = () => vi.advanceTimersByTime(1_000)

  it('attends again at once when the room moves', () => {
    hear(scene)
    hear({ kind: 'over', how: 'moved' })
    expect(attendances.length).toBe(2)
    hear(scene)
    expect(told).toEqual(['scene', 'scene'])
  })

  it('attends again and again while its link is broken, and says so', () => {
    attendances[0]?.onError(new Error('the engine has gone'))
    wait()
    attendances[1]?.onError(new Refusal('hub-unreachable'))
    wait()
    attendances[2]?.onComplete()
    wait()
    hear(scene)
    expect(told).toEqual(['broken', 'broken', 'broken', 'scene'])
    expect(attendances.length).toBe(4)
  })

  it.each(['ended', 'removed', 'no-longer-allowed', 'replaced'] as const)('is out when it is %s', (how) => {
    hear({ kind: 'over', how })
    wait()
    expect(told).toEqual(['quiet', how])
    expect([attendances.length, left]).toEqual([1, 1])
  })

  it('is out when it may not come in', () => {
    attendances[0]?.onError(new Refusal('not-found', { what: 'room', id: 'room' }))
    wait()
    expect(told).toEqual(['quiet', 'not-found'])
    expect(attendances.length).toBe(1)
  })

  it('that leaves does not come back', () => {
    hear(scene)
    meeting.leave()
    wait()
    expect(told).toEqual(['scene', 'quiet'])
    expect([attendances.length, left]).toEqual([1, 1])
  })
})
