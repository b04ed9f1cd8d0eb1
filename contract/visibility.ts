/** What a seat may see of the shared state, and how its view follows the journal. Pure. */
import { grantsOf } from './accounts.ts'
import { type Area, areaPath, type Directory, type Unit } from './directory.ts'
import type { Happening } from './events.ts'
import { type Grant, may, type Target } from './permissions.ts'
import type { Id, Instant } from './primitives.ts'
import { emptyState, fold, type SharedState } from './state.ts'

/** What a permission on a unit is judged by. */
export const unitTarget = (directory: Directory, unit: Unit): Target => ({
  areas: areaPath(directory.areas, unit.area),
  agency: unit.agency,
})

/** The grants an account has just now, or none if it is gone. */
export function currentGrants(state: SharedState, account: Id): Grant[] {
  const found = state.access.accounts[account]
  return found === undefined ? [] : grantsOf(state.access, found)
}

/** The part of the state that this account may see at this instant. */
export function viewOf(state: SharedState, account: Id, now: Instant): SharedState {
  const self = state.access.accounts[account]
  if (self === undefined) return { ...emptyState, site: state.site }
  const grants = grantsOf(state.access, self)
  const { directory } = state
  const paths = new Map<Id, Id[]>()
  const pathOf = (area: Id) => {
    const known = paths.get(area) ?? areaPath(directory.areas, area)
    paths.set(area, known)
    return known
  }
  const units = filterRecord(directory.units, (unit) =>
    may(grants, 'view', { areas: pathOf(unit.area), agency: unit.agency }, now),
  )
  const seenAreas = new Set<Id>()
  const seenAgencies = new Set<Id>(self.agency === null ? [] : [self.agency])
  for (const unit of Object.values(units)) {
    for (const area of pathOf(unit.area)) seenAreas.add(area)
    seenAgencies.add(unit.agency)
  }
  for (const area of Object.keys(directory.areas))
    if (may(grants, 'view', { areas: pathOf(area) }, now))
      for (const above of pathOf(area)) seenAreas.add(above)
  const everything = may(grants, 'administer', { areas: [] }, now)
  return {
    site: state.site,
    directory: {
      areas: filterRecord(directory.areas, (area) => seenAreas.has(area.id)),
      agencies: filterRecord(
        directory.agencies,
        (agency) => seenAgencies.has(agency.id) || may(grants, 'view', { areas: [], agency: agency.id }, now),
      ),
      units,
      devices: everything ? directory.devices : {},
      nextUnitIndex: 0,
    },
    access: everything
      ? state.access
      : {
          accounts: { [self.id]: self },
          grants: filterRecord(state.access.grants, (grant) => grants.includes(grant)),
        },
  }
}

/** How a view goes on: by these events, or, where what may be seen has itself changed, taken anew. */
export type Following =
  | { readonly kind: 'events'; readonly view: SharedState; readonly events: readonly Happening[] }
  | { readonly kind: 'anew'; readonly view: SharedState }

/** More events than this at once are cheaper to send as a new view. */
const TAIL_LIMIT = 500

/** Follows `view` over `events`, which led the whole state to `after`. */
export function followView(
  view: SharedState,
  after: SharedState,
  events: readonly Happening[],
  account: Id,
  now: Instant,
): Following {
  const anew = (): Following => ({ kind: 'anew', view: viewOf(after, account, now) })
  if (events.length > TAIL_LIMIT) return anew()
  const grants = currentGrants(after, account)
  const administers = may(grants, 'administer', { areas: [] }, now)
  const seen: Happening[] = []
  for (const event of events) {
    const verdict = judge(event, view, after, account, grants, administers, now)
    if (verdict === 'anew') return anew()
    if (verdict === 'seen') seen.push(event)
  }
  return { kind: 'events', view: seen.length === 0 ? view : fold(view, seen), events: seen }
}

type Verdict = 'seen' | 'hidden' | 'anew'

function judge(
  event: Happening,
  view: SharedState,
  after: SharedState,
  account: Id,
  grants: readonly Grant[],
  administers: boolean,
  now: Instant,
): Verdict {
  const { directory } = view
  switch (event.kind) {
    case 'site.put':
      return 'seen'
    case 'area.put':
      return judgeArea(directory.areas[event.data.id], event.data, after, grants, now)
    case 'area.removed':
      return event.data.id in directory.areas ? 'seen' : 'hidden'
    case 'agency.put':
      if (event.data.id in directory.agencies) return 'seen'
      return may(grants, 'view', { areas: [], agency: event.data.id }, now) ? 'seen' : 'hidden'
    case 'agency.removed':
      return event.data.id in directory.agencies ? 'seen' : 'hidden'
    case 'unit.put': {
      const was = event.data.id in directory.units
      const is = may(grants, 'view', unitTarget(after.directory, event.data), now)
      if (!was && !is) return 'hidden'
      const complete = event.data.area in directory.areas && event.data.agency in directory.agencies
      return was === is && complete ? 'seen' : 'anew'
    }
    case 'unit.removed':
    case 'unit.state-set':
      return event.data.id in directory.units ? 'seen' : 'hidden'
    case 'account.put':
    case 'account.removed':
      return event.data.id === account ? 'anew' : administers ? 'seen' : 'hidden'
    case 'grant.given':
    case 'grant.ended': {
      const own =
        event.kind === 'grant.ended'
          ? event.data.id in view.access.grants
          : concerns(event.data, account, after)
      return own ? 'anew' : administers ? 'seen' : 'hidden'
    }
    case 'device.put':
    case 'device.removed':
      return administers ? 'seen' : 'hidden'
    case 'device.password-set':
    case 'account.password-set':
    case 'account.locked':
    case 'session.opened':
    case 'session.closed':
    case 'session.refused':
      return 'hidden'
  }
}

function judgeArea(
  before: Area | undefined,
  area: Area,
  after: SharedState,
  grants: readonly Grant[],
  now: Instant,
): Verdict {
  if (before !== undefined) return before.parent === area.parent ? 'seen' : 'anew'
  return may(grants, 'view', { areas: areaPath(after.directory.areas, area.id) }, now) ? 'anew' : 'hidden'
}

const concerns = (grant: Grant, account: Id, state: SharedState): boolean =>
  grant.subject.kind === 'account'
    ? grant.subject.account === account
    : grant.subject.role === state.access.accounts[account]?.role

function filterRecord<T>(record: Readonly<Record<Id, T>>, keep: (value: T) => boolean): Record<Id, T> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => keep(value)))
}
