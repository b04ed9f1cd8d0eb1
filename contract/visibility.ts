/** What a seat may see of the shared state, and how its view follows the journal. Pure. */
import { grantsOf } from './accounts.ts'
import { areaPath, type Unit } from './directory.ts'
import type { Happening } from './events.ts'
import { incidentsByUnit, isTerminalOf } from './incident-rules.ts'
import { incidentsInSight, incidentsThrough, judgeOfIncident } from './incident-visibility.ts'
import { centre, type Grant, may, nextExpiry, type Target } from './permissions.ts'
import type { Id, Instant } from './primitives.ts'
import { alarmOfUnit, radioThrough } from './radio-journal.ts'
import { mayOnChannel } from './radio-rules.ts'
import { mayPull } from './sources.ts'
import { emptyState, type SharedState } from './state.ts'
import {
  isInGroup,
  judgeOfRoom,
  judgeOfThread,
  threadsInSight,
  threadsThrough,
  wasInGroup,
} from './thread-rules.ts'
import { threadKey } from './threads.ts'

/** What a permission on a unit is judged by. */
export const unitTarget = (
  { directory, incidents }: Pick<SharedState, 'directory' | 'incidents'>,
  unit: Unit,
): Target => ({
  areas: areaPath(directory.areas, unit.area),
  agency: unit.agency,
  incidents: incidentsByUnit(incidents).get(unit.id) ?? [],
})

/** The grants an account has just now, or none if it is gone. */
export function currentGrants(state: SharedState, account: Id): Grant[] {
  const found = state.access.accounts[account]
  return found === undefined ? [] : grantsOf(state.access, found)
}

/** The unit, if there is one of this id and the account may see it. */
export function visibleUnit(state: SharedState, account: Id, id: Id, now: Instant): Unit | undefined {
  const unit = state.directory.units[id]
  if (unit === undefined) return undefined
  return may(currentGrants(state, account), 'view', unitTarget(state, unit), now) ? unit : undefined
}

/**
 * What an account sees, by id: cheap to keep for every seat. It may hold ids that the directory does not
 * have: of what was removed, or of an area that is only named as a parent.
 */
export interface Sight {
  readonly account: Id
  readonly areas: ReadonlySet<Id>
  readonly agencies: ReadonlySet<Id>
  readonly units: ReadonlySet<Id>
  readonly channels: ReadonlySet<Id>
  /** Incidents that it sees whole. */
  readonly incidents: ReadonlySet<Id>
  /** Tasks that are its own to do in the field: of their incidents it sees what a unit is told. */
  readonly errands: ReadonlySet<Id>
  /** Video sources that it may pull. */
  readonly sources: ReadonlySet<Id>
  /** Threads of messages, by key. */
  readonly threads: ReadonlySet<string>
  /** The grants it has, good or run out. */
  readonly grants: ReadonlySet<Id>
  /** It sees devices and feeds too, and every account and grant. */
  readonly administers: boolean
  /** A grant runs out then: the sight is good up to, not at, this instant. */
  readonly until: Instant | undefined
}

/** What of the directory a set of grants lets anybody see, by id. */
export type Reach = Pick<Sight, 'areas' | 'agencies' | 'units' | 'channels'>

export function reachOf(
  { directory, incidents }: Pick<SharedState, 'directory' | 'incidents'>,
  grants: readonly Grant[],
  now: Instant,
): Reach {
  const busy = incidentsByUnit(incidents)
  const paths = new Map<Id, Id[]>()
  const pathOf = (area: Id) => {
    const known = paths.get(area) ?? areaPath(directory.areas, area)
    paths.set(area, known)
    return known
  }
  const units = new Set<Id>()
  const areas = new Set<Id>()
  const agencies = new Set<Id>()
  for (const unit of Object.values(directory.units)) {
    const target = { areas: pathOf(unit.area), agency: unit.agency, incidents: busy.get(unit.id) ?? [] }
    if (!may(grants, 'view', target, now)) continue
    units.add(unit.id)
    for (const area of pathOf(unit.area)) areas.add(area)
    agencies.add(unit.agency)
  }
  for (const area of Object.keys(directory.areas))
    if (may(grants, 'view', { areas: pathOf(area) }, now)) for (const above of pathOf(area)) areas.add(above)
  for (const agency of Object.keys(directory.agencies))
    if (seesAgency(grants, agency, now)) agencies.add(agency)
  const channels = new Set<Id>()
  for (const channel of Object.values(directory.channels)) {
    if (!mayOnChannel(grants, 'view', directory, channel, now)) continue
    channels.add(channel.id)
    for (const area of areaPath(directory.areas, channel.area)) areas.add(area)
    if (channel.agency !== null) agencies.add(channel.agency)
  }
  return { areas, agencies, units, channels }
}

/** What this account may see at this instant. `reaching` may remember what it has worked out before. */
export function sightOf(
  state: SharedState,
  account: Id,
  now: Instant,
  reaching: typeof reachOf = reachOf,
): Sight {
  const { access, video } = state
  const self = access.accounts[account]
  const grants = self === undefined ? [] : grantsOf(access, self)
  const reach = reaching(state, grants, now)
  return {
    ...reach,
    account,
    agencies: self?.agency == null ? reach.agencies : new Set([...reach.agencies, self.agency]),
    ...incidentsInSight(state, account, grants, now),
    threads: threadsInSight(state, account, grants, now),
    sources: new Set(
      Object.values(video.sources)
        .filter((source) => mayPull(grants, state, source, now))
        .map(({ id }) => id),
    ),
    grants: new Set(grants.filter((grant) => access.grants[grant.id] === grant).map(({ id }) => id)),
    administers: may(grants, 'administer', centre, now),
    until: nextExpiry(grants, now),
  }
}

/** The part of the state that is in sight. */
export function viewThrough(state: SharedState, sight: Sight): SharedState {
  const { site, directory, access, video } = state
  const self = access.accounts[sight.account]
  if (self === undefined) return { ...emptyState, site }
  return {
    site,
    directory: {
      areas: pick(directory.areas, sight.areas),
      agencies: pick(directory.agencies, sight.agencies),
      units: pick(directory.units, sight.units),
      channels: pick(directory.channels, sight.channels),
      devices: sight.administers ? directory.devices : {},
      // Only the hub gives out indexes.
      nextUnitIndex: 0,
    },
    access: sight.administers
      ? access
      : { accounts: { [self.id]: self }, grants: pick(access.grants, sight.grants) },
    incidents: incidentsThrough(state.incidents, sight),
    video: {
      sources: pick(video.sources, sight.sources),
      feeds: sight.administers ? video.feeds : {},
    },
    rooms: {},
    threads: threadsThrough(state.threads, sight.threads),
    radio: radioThrough(state.radio, sight.channels, (unit) => sight.units.has(unit)),
  }
}

/** The part of the state that this account may see at this instant. */
export const viewOf = (state: SharedState, account: Id, now: Instant): SharedState =>
  viewThrough(state, sightOf(state, account, now))

/** More events than this at once are cheaper to send as a new view. */
const TAIL_LIMIT = 500

/** A stretch of the journal, and the states it begins and ends with. */
export interface Stretch {
  readonly events: readonly Happening[]
  readonly before: SharedState
  readonly after: SharedState
}

/** What brings a view up to date, and what is in sight then. */
export interface Seen {
  readonly events: readonly Happening[]
  readonly sight: Sight
}

/**
 * The events of a stretch that bring a view through `sight` up to date, or undefined where they can't:
 * then sight and view must be taken anew.
 */
export function seenOf(sight: Sight, stretch: Stretch, now: Instant): Seen | undefined {
  const { events, after } = stretch
  if (events.length > TAIL_LIMIT || (sight.until !== undefined && now >= sight.until)) return undefined
  const grants = currentGrants(after, sight.account)
  const come: Come = { units: new Set(), incidents: new Set(), threads: new Set() }
  const seen: Happening[] = []
  for (const event of events) {
    const verdict = judge(event, { ...stretch, sight, come, grants, now })
    if (verdict === 'anew') return undefined
    if (verdict === 'hidden') continue
    if (verdict === 'comes' && event.kind === 'unit.put') come.units.add(event.data.id)
    if (verdict === 'comes' && event.kind === 'incident.opened') come.incidents.add(event.data.id)
    if (verdict === 'comes' && (event.kind === 'message.sent' || event.kind === 'group.formed'))
      come.threads.add(threadKey(event.data.thread))
    seen.push(event)
  }
  return {
    events: seen,
    sight: {
      ...sight,
      units: come.units.size === 0 ? sight.units : new Set([...sight.units, ...come.units]),
      incidents:
        come.incidents.size === 0 ? sight.incidents : new Set([...sight.incidents, ...come.incidents]),
      threads: come.threads.size === 0 ? sight.threads : new Set([...sight.threads, ...come.threads]),
    },
  }
}

/** What has come into sight within a stretch. */
interface Come {
  readonly units: Set<Id>
  readonly incidents: Set<Id>
  readonly threads: Set<string>
}

/** `comes`: an incident or a thread is seen that was not before, or a unit, in an area and of an agency that are. */
export type Verdict = 'seen' | 'comes' | 'hidden' | 'anew'

export interface Bench extends Stretch {
  readonly sight: Sight
  readonly come: Come
  readonly grants: readonly Grant[]
  readonly now: Instant
}

function judge(event: Happening, bench: Bench): Verdict {
  const { sight, come, before, after, grants, now } = bench
  const inSight = (unit: Id) => sight.units.has(unit) || come.units.has(unit)
  switch (event.kind) {
    case 'site.put':
      return 'seen'
    case 'area.put': {
      const { id, parent } = event.data
      // A source may lie in an area that is not seen itself.
      if (sourcesMayTurn(event.data, before)) return 'anew'
      if (sight.areas.has(id)) return before.directory.areas[id]?.parent === parent ? 'seen' : 'anew'
      return seesArea(grants, after, id, now) ? 'anew' : 'hidden'
    }
    case 'area.removed':
      if (Object.keys(before.video.sources).length > 0) return 'anew'
      return sight.areas.has(event.data.id) ? 'anew' : 'hidden'
    case 'agency.put':
    case 'agency.removed': {
      const { id } = event.data
      return sight.agencies.has(id) || seesAgency(grants, id, now) ? 'seen' : 'hidden'
    }
    case 'unit.put': {
      if (isItsTerminal(event.data.id, bench)) return 'anew'
      const was = inSight(event.data.id)
      const is = may(grants, 'view', unitTarget(after, event.data), now)
      if (!was && !is) return 'hidden'
      const { area, agency } = event.data
      const complete = sight.areas.has(area) && sight.agencies.has(agency)
      if (!is || !complete || !leavesNothing(event.data, bench)) return 'anew'
      if (!was && threadKey({ kind: 'unit', unit: event.data.id }) in after.threads) return 'anew'
      if (!was && alarmOfUnit(after.radio, event.data.id) !== undefined) return 'anew'
      if (!was && isInGroup(after.threads, event.data.id)) return 'anew'
      return was ? 'seen' : 'comes'
    }
    case 'unit.removed':
      if (isItsTerminal(event.data.id, bench)) return 'anew'
      // Of a group that is seen by whoever sees all of it, less is left to see.
      if (wasInGroup(event.data.id, bench)) return 'anew'
      if (!inSight(event.data.id)) return 'hidden'
      return leavesNothing(event.data, bench) ? 'seen' : 'anew'
    case 'unit.state-set':
      return inSight(event.data.id) ? 'seen' : 'hidden'
    case 'channel.put': {
      const { id, area, agency } = event.data
      const was = sight.channels.has(id)
      const is = mayOnChannel(grants, 'view', after.directory, event.data, now)
      if (!was && !is) return 'hidden'
      const known = before.directory.channels[id]
      return was && is && known?.area === area && known.agency === agency ? 'seen' : 'anew'
    }
    case 'channel.removed':
      return sight.channels.has(event.data.id) ? 'anew' : 'hidden'
    case 'alarm.raised':
    case 'alarm.acknowledged': {
      const { channel, id } = event.data
      const unit = (event.kind === 'alarm.raised' ? event.data : before.radio.alarms[id])?.unit ?? null
      const seen = channel === null ? unit !== null && inSight(unit) : sight.channels.has(channel)
      return seen ? 'seen' : 'hidden'
    }
    case 'transmission.recorded':
      return sight.channels.has(event.data.channel) ? 'seen' : 'hidden'
    case 'account.put':
    case 'account.removed':
      return event.data.id === sight.account ? 'anew' : sight.administers ? 'seen' : 'hidden'
    case 'grant.given':
    case 'grant.ended': {
      const own =
        sight.grants.has(event.data.id) ||
        (event.kind === 'grant.given' && concerns(event.data, sight.account, after))
      return own ? 'anew' : sight.administers ? 'seen' : 'hidden'
    }
    case 'device.put':
    case 'device.removed':
      return sight.administers ? 'seen' : 'hidden'
    case 'source.put': {
      const { id } = event.data
      const is = mayPull(grants, after, event.data, now)
      // What it was for a moment may name a unit that is not theirs to see.
      if (after.video.sources[id]?.unit !== event.data.unit) return 'anew'
      if (sight.sources.has(id)) return is ? 'seen' : 'anew'
      return is ? 'anew' : 'hidden'
    }
    case 'source.removed':
      return sight.sources.has(event.data.id) || sight.administers ? 'seen' : 'hidden'
    case 'source.fed':
      return sight.administers ? 'seen' : 'hidden'
    case 'device.password-set':
    case 'account.password-set':
    case 'account.locked':
    case 'field.pass-given':
    case 'session.opened':
    case 'session.closed':
    case 'session.refused':
    case 'call.recorded':
    case 'group-call.recorded':
    case 'radio-roll-call.recorded':
    case 'radio-act.done':
    case 'alert-tone.sent':
    case 'supervision.begun':
    case 'supervision.changed':
    case 'supervision.ended':
    case 'patch.made':
    case 'patch.undone':
    case 'source.password-set':
    case 'source.watched':
    case 'source.left':
    case 'source.steered':
      return 'hidden'
    case 'room.opened':
    case 'room.member-moved':
    case 'room.chaired':
    case 'room.carried':
    case 'room.uncarried':
    case 'room.ended':
      return judgeOfRoom(event, bench)
    case 'message.sent':
    case 'message.marked':
    case 'message.carrying':
    case 'message.carried':
    case 'group.formed':
    case 'group.dissolved':
      return judgeOfThread(event, bench)
    default:
      return seesSourcesOfIncidents(bench) ? 'anew' : judgeOfIncident(event, bench)
  }
}

/** Whether the account is, or was, what this unit is told its tasks by. */
const isItsTerminal = (unit: Id, { sight, before, after }: Bench): boolean =>
  [before, after].some(({ directory }) => isTerminalOf(directory.units[unit], sight.account))

/**
 * Whether a unit that goes from where it was leaves no area or agency behind that was in sight only for
 * its sake.
 */
function leavesNothing(
  now: { readonly id: Id; readonly area?: Id; readonly agency?: Id },
  { sight, before, after, grants, now: instant }: Bench,
): boolean {
  const was = before.directory.units[now.id]
  if (was === undefined) return true
  const area = was.area === now.area || seesArea(grants, after, was.area, instant)
  const agency =
    was.agency === now.agency ||
    seesAgency(grants, was.agency, instant) ||
    after.access.accounts[sight.account]?.agency === was.agency
  return area && agency
}

/** For whoever may pull what units carry, for the sake of an incident: which those are changes with its tasks. */
const seesSourcesOfIncidents = ({ grants, after }: Bench): boolean =>
  grants.some(
    ({ scope, capabilities }) => scope.kind === 'incident' && capabilities.includes('video-pull'),
  ) && Object.values(after.video.sources).some(({ unit }) => unit !== null)

/** Whether an area hangs elsewhere than before, or nowhere yet, and with it what lies in it. */
const sourcesMayTurn = (
  { id, parent }: { readonly id: Id; readonly parent: Id | null },
  { directory, video }: SharedState,
): boolean => directory.areas[id]?.parent !== parent && Object.keys(video.sources).length > 0

/** Whether it sees the area for its own sake, not for that of a unit in it. */
const seesArea = (grants: readonly Grant[], { directory }: SharedState, area: Id, now: Instant): boolean =>
  may(grants, 'view', { areas: areaPath(directory.areas, area) }, now)

/** Whether it sees the agency for its own sake, not for that of a unit of it. */
const seesAgency = (grants: readonly Grant[], agency: Id, now: Instant): boolean =>
  may(grants, 'view', { areas: [], agency }, now)

const concerns = (grant: Grant, account: Id, state: SharedState): boolean =>
  grant.subject.kind === 'account'
    ? grant.subject.account === account
    : grant.subject.role === state.access.accounts[account]?.role

function pick<T>(record: Readonly<Record<Id, T>>, ids: ReadonlySet<Id>): Record<Id, T> {
  return Object.fromEntries(Object.entries(record).filter(([id]) => ids.has(id)))
}
