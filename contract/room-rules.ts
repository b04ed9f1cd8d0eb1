/** Who is let into a room, and who may do what in it. Pure. */
import { areaPath } from './directory.ts'
import { incidentTarget, seesIncident } from './incident-rules.ts'
import { type Grant, may, type Scope, type Target } from './permissions.ts'
import type { Instant } from './primitives.ts'
import type { SharedState } from './state.ts'

/**
 * `invited`: it rings there; `asking`: waits outside; `expected`: has accepted or was admitted and may come in;
 * `left` may come back; `removed` may not, unless invited anew.
 */
export const memberStates = ['invited', 'asking', 'expected', 'in', 'left', 'refused', 'removed'] as const
export type MemberState = (typeof memberStates)[number]

export const memberActs = [
  'invite',
  'accept',
  'refuse',
  'ask',
  'admit',
  'turn-away',
  'join',
  'leave',
  'remove',
] as const
export type MemberAct = (typeof memberActs)[number]

/** What each act makes of each state; where there is nothing, it can't be done. `none`: has no place in the room yet. */
export const memberMoves: Readonly<
  Record<MemberAct, Readonly<Partial<Record<MemberState | 'none', MemberState>>>>
> = {
  invite: {
    none: 'invited',
    invited: 'invited',
    asking: 'expected',
    left: 'invited',
    refused: 'invited',
    removed: 'invited',
  },
  accept: { invited: 'expected' },
  refuse: { invited: 'refused', expected: 'refused', asking: 'refused' },
  ask: { none: 'asking', refused: 'asking' },
  admit: { asking: 'expected' },
  'turn-away': { asking: 'refused' },
  // Whoever comes back may be there before it is known that they are gone.
  join: { invited: 'in', expected: 'in', left: 'in', in: 'in' },
  leave: { in: 'left' },
  remove: { invited: 'removed', asking: 'removed', expected: 'removed', in: 'removed', left: 'removed' },
}

/** Whose act it is: one's own, or the chair's about another. */
export const doneBy: Readonly<Record<MemberAct, 'self' | 'chair'>> = {
  invite: 'chair',
  accept: 'self',
  refuse: 'self',
  ask: 'self',
  admit: 'chair',
  'turn-away': 'chair',
  join: 'self',
  leave: 'self',
  remove: 'chair',
}

type Places = Pick<SharedState, 'directory' | 'incidents'>

/** What the right to chair a room is judged by. */
const roomTarget = (state: Places, scope: Scope): Target => {
  switch (scope.kind) {
    case 'centre':
      return { areas: [] }
    case 'area':
      return { areas: areaPath(state.directory.areas, scope.area) }
    case 'agency':
      return { areas: [], agency: scope.agency }
    case 'incident': {
      const incident = state.incidents.live[scope.incident]
      return incident === undefined
        ? { areas: [], incidents: [scope.incident] }
        : incidentTarget(state, incident)
    }
  }
}

export const mayChair = (grants: readonly Grant[], state: Places, scope: Scope, now: Instant): boolean =>
  may(grants, 'chair', roomTarget(state, scope), now)

/**
 * Whether an account with these grants may be in such a room at all: in that of an incident only who may see the
 * incident, so that a guest of joint duty is out when the grant ends.
 */
export function mayAttend(grants: readonly Grant[], state: Places, scope: Scope, now: Instant): boolean {
  if (scope.kind !== 'incident') return true
  const incident = state.incidents.live[scope.incident]
  return incident === undefined
    ? may(grants, 'view', roomTarget(state, scope), now)
    : seesIncident(state, grants, incident, now)
}
