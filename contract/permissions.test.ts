import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { areaPath } from './directory.ts'
import {
  type Capability,
  capabilities,
  centre,
  type Grant,
  may,
  nextExpiry,
  roleCapabilities,
  roles,
  type Scope,
  type Target,
} from './permissions.ts'

const NOW = 1_000

describe('a grant', () => {
  it('over an area reaches everything below it, and nothing beside or above it', () => {
    const areas = tree({ city: null, north: 'city', gate: 'north', south: 'city' })
    const grants = [grant({ scope: { kind: 'area', area: 'north' } })]
    const reached = Object.keys(areas).filter((id) =>
      may(grants, 'view', { areas: areaPath(areas, id) }, NOW),
    )
    expect(reached).toEqual(['north', 'gate'])
  })

  it('is good up to its end, and not at it', () => {
    const grants = [grant({ scope: { kind: 'centre' }, until: NOW })]
    expect(may(grants, 'view', centre, NOW - 1)).toBe(true)
    expect(may(grants, 'view', centre, NOW)).toBe(false)
  })

  it('over an incident reaches that incident and no other', () => {
    const grants = [grant({ scope: { kind: 'incident', incident: 'fire-7' } })]
    expect(may(grants, 'view', { areas: [], incidents: ['fire-7'] }, NOW)).toBe(true)
    expect(may(grants, 'view', { areas: [], incidents: ['fire-8'] }, NOW)).toBe(false)
    expect(may(grants, 'view', { areas: [] }, NOW)).toBe(false)
  })

  it('over less than the centre never reaches the centre', () => {
    fc.assert(
      fc.property(fc.array(anyGrant), anyCapability, (grants, capability) => {
        const limited = grants.filter(({ scope }) => scope.kind !== 'centre')
        expect(may(limited, capability, centre, NOW)).toBe(false)
      }),
    )
  })

  it('more never takes anything away', () => {
    fc.assert(
      fc.property(
        fc.array(anyGrant),
        fc.array(anyGrant),
        anyCapability,
        anyTarget,
        (some, more, act, target) => {
          if (may(some, act, target, NOW)) expect(may([...some, ...more], act, target, NOW)).toBe(true)
        },
      ),
    )
  })

  it('is the only way: whatever is allowed, one good grant of that capability over that target allows', () => {
    fc.assert(
      fc.property(
        fc.array(anyGrant),
        anyCapability,
        anyTarget,
        fc.nat(2 * NOW),
        (grants, act, target, now) => {
          const reasons = grants.filter(
            ({ capabilities: brought, until, scope }) =>
              brought.includes(act) && (until === null || until > now) && isOver(scope, target),
          )
          expect(may(grants, act, target, now)).toBe(reasons.length > 0)
        },
      ),
    )
  })
})

describe('the next end of a grant', () => {
  it('is after now, and nothing changes before it', () => {
    fc.assert(
      fc.property(fc.array(anyGrant), anyTarget, fc.nat(2 * NOW), (grants, target, now) => {
        const end = nextExpiry(grants, now)
        if (end !== undefined) expect(end).toBeGreaterThan(now)
        const last = end === undefined ? Number.MAX_SAFE_INTEGER : end - 1
        for (const act of capabilities)
          expect(may(grants, act, target, last)).toBe(may(grants, act, target, now))
      }),
    )
  })
})

describe('roles', () => {
  it('of officers bring no administration, and those of guests bring nothing', () => {
    for (const role of roles.filter((name) => name !== 'administrator'))
      expect(roleCapabilities[role]).not.toContain('administer')
    expect(roleCapabilities['joint-duty-officer']).toEqual([])
    expect(roleCapabilities['field-account']).toEqual([])
  })

  it('listen, barge and release by force only as a supervisor', () => {
    for (const act of ['listen', 'barge', 'force-release'] as const)
      expect(roles.filter((role) => roleCapabilities[role].includes(act))).toEqual(['shift-supervisor'])
  })
})

const ids = ['a', 'b', 'c'] as const
const anyId = fc.constantFrom(...ids)
const anyCapability = fc.constantFrom<Capability>(...capabilities)
const anyScope: fc.Arbitrary<Scope> = fc.oneof(
  fc.constant({ kind: 'centre' as const }),
  fc.record({ kind: fc.constant('area' as const), area: anyId }),
  fc.record({ kind: fc.constant('agency' as const), agency: anyId }),
  fc.record({ kind: fc.constant('incident' as const), incident: anyId }),
)
const anyGrant: fc.Arbitrary<Grant> = fc.record({
  id: anyId,
  subject: fc.constant({ kind: 'account' as const, account: 'officer' }),
  capabilities: fc.subarray([...capabilities], { minLength: 1 }),
  scope: anyScope,
  until: fc.option(fc.nat(2 * NOW)),
})
const anyTarget: fc.Arbitrary<Target> = fc.record(
  { areas: fc.subarray([...ids]), agency: anyId, incidents: fc.subarray([...ids]) },
  { requiredKeys: ['areas'] },
)

function isOver(scope: Scope, target: Target): boolean {
  if (scope.kind === 'centre') return true
  if (scope.kind === 'area') return target.areas.includes(scope.area)
  if (scope.kind === 'agency') return target.agency === scope.agency
  return (target.incidents ?? []).includes(scope.incident)
}

const grant = (change: Pick<Grant, 'scope'> & Partial<Grant>): Grant => ({
  id: 'g',
  subject: { kind: 'account', account: 'officer' },
  capabilities: ['view'],
  until: null,
  ...change,
})

const tree = (parents: Record<string, string | null>) =>
  Object.fromEntries(
    Object.entries(parents).map(([id, parent]) => [
      id,
      { id, parent, name: { zh: id, en: id }, level: 'city' as const },
    ]),
  )
