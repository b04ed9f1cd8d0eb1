/** Who sees a thread of messages, who may write there, and how a view follows it. Pure. */
import { areaPath } from './directory.ts'
import { incidentsByUnit, isTerminalOf, seesIncident } from './incident-rules.ts'
import { type Capability, type Grant, may } from './permissions.ts'
import type { Id, Instant } from './primitives.ts'
import type { MemberState } from './room-rules.ts'
import type { RoomEvent } from './rooms.ts'
import type { SharedState } from './state.ts'
import { type ThreadEvent, type ThreadName, type Threads, threadKey } from './threads.ts'
import type { Bench, Verdict } from './visibility.ts'

type Places = Pick<SharedState, 'directory' | 'incidents' | 'rooms'>

/** Whoever may come in, or may come back. */
const inRoom: readonly MemberState[] = ['invited', 'expected', 'in', 'left']

/**
 * Of an incident: whoever sees it whole. Of a unit: whoever may do this to it, and its own crew. Of a room: whoever has a
 * place in it, as long as they may be in such a room at all. Of officers: they themselves.
 */
export function isInThread(
  state: Places,
  account: Id,
  grants: readonly Grant[],
  thread: ThreadName,
  now: Instant,
  capability: Capability = 'view',
): boolean {
  if (thread.kind === 'incident') {
    const incident = state.incidents.live[thread.incident]
    return incident !== undefined && seesIncident(state, grants, incident, now)
  }
  if (thread.kind === 'room') {
    const room = state.rooms[thread.room]
    const member = room?.members[account]
    return (
      room !== undefined &&
      room.scope.kind !== 'incident' &&
      member !== undefined &&
      inRoom.includes(member.state)
    )
  }
  if (thread.kind === 'officers') return thread.officers.some((officer) => officer.account === account)
  const unit = state.directory.units[thread.unit]
  if (unit === undefined) return false
  const target = {
    areas: areaPath(state.directory.areas, unit.area),
    agency: unit.agency,
    incidents: incidentsByUnit(state.incidents).get(unit.id) ?? [],
  }
  return isTerminalOf(unit, account) || may(grants, capability, target, now)
}

/** The threads that this account sees at this instant, by key. */
export const threadsInSight = (
  state: SharedState,
  account: Id,
  grants: readonly Grant[],
  now: Instant,
): ReadonlySet<string> =>
  state.access.accounts[account]?.disabled === false
    ? new Set(
        Object.entries(state.threads).flatMap(([key, { name }]) =>
          isInThread(state, account, grants, name, now) ? [key] : [],
        ),
      )
    : new Set()

/** The threads that are in sight. */
export const threadsThrough = (threads: Threads, sight: ReadonlySet<string>): Threads =>
  Object.fromEntries(Object.entries(threads).filter(([key]) => sight.has(key)))

/** What it is to a seat that somebody's place in a room is another, or that the room is over. */
export function judgeOfRoom(
  { data }: RoomEvent,
  { sight, come, before, after, grants, now }: Bench,
): Verdict {
  const thread: ThreadName = { kind: 'room', room: data.id }
  const key = threadKey(thread)
  if (before.threads[key] === undefined && after.threads[key] === undefined) return 'hidden'
  const was = sight.threads.has(key) || come.threads.has(key)
  const here = after.access.accounts[sight.account]?.disabled === false
  const is = here && after.threads[key] !== undefined && isInThread(after, sight.account, grants, thread, now)
  return is === was ? 'hidden' : 'anew'
}

/** What an event about a thread is to a seat. */
export function judgeOfThread(event: ThreadEvent, bench: Bench): Verdict {
  const { sight, come, before, after, grants, now } = bench
  const { thread } = event.data
  const key = threadKey(thread)
  const here = after.access.accounts[sight.account]?.disabled === false
  const was = sight.threads.has(key) || come.threads.has(key)
  const is = here && after.threads[key] !== undefined && isInThread(after, sight.account, grants, thread, now)
  if (was === is) return is ? 'seen' : 'hidden'
  return is && event.kind === 'message.sent' && before.threads[key] === undefined ? 'comes' : 'anew'
}
