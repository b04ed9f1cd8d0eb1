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

type Places = Pick<SharedState, 'directory' | 'incidents' | 'rooms' | 'threads'>

/** Whoever may come in, or may come back. */
const inRoom: readonly MemberState[] = ['invited', 'expected', 'in', 'left']

/**
 * Of an incident: whoever sees it whole. Of a unit: whoever may do this to it, and its own crew. Of a group: the crew of
 * each of its units, and whoever may do this to all of them. Of a room: whoever has a
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
  if (thread.kind === 'group') {
    const units = state.threads[threadKey(thread)]?.group?.units ?? []
    return (
      units.some((unit) => isTerminalOf(state.directory.units[unit], account)) ||
      mayOverAll(state, grants, units, capability, now)
    )
  }
  const unit = state.directory.units[thread.unit]
  return isTerminalOf(unit, account) || mayOverAll(state, grants, [thread.unit], capability, now)
}

/** Whether one may do this to each of these units; not where there is none, or one that is not there. */
export function mayOverAll(
  { directory, incidents }: Pick<SharedState, 'directory' | 'incidents'>,
  grants: readonly Grant[],
  units: readonly Id[],
  capability: Capability,
  now: Instant,
): boolean {
  const busy = incidentsByUnit(incidents)
  return (
    units.length > 0 &&
    units.every((id) => {
      const unit = directory.units[id]
      if (unit === undefined) return false
      const areas = areaPath(directory.areas, unit.area)
      return may(grants, capability, { areas, agency: unit.agency, incidents: busy.get(id) ?? [] }, now)
    })
  )
}

export const isInGroup = (threads: Threads, unit: Id): boolean =>
  Object.values(threads).some(({ group }) => group?.units.includes(unit) === true)

/** Whether the unit was in a group at any time of the stretch. */
export const wasInGroup = (unit: Id, { events, before }: Bench): boolean =>
  isInGroup(before.threads, unit) ||
  events.some((event) => event.kind === 'group.formed' && event.data.units.includes(unit))

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
  const begins = event.kind === 'message.sent' || event.kind === 'group.formed'
  return is && begins && before.threads[key] === undefined ? 'comes' : 'anew'
}
