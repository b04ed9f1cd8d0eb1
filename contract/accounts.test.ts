import { describe, expect, it } from 'vitest'
import { type Account, type Accounts, grantsOf } from './accounts.ts'
import { centre, type Grant, may, roleCapabilities } from './permissions.ts'

const officer: Account = {
  id: 'officer',
  name: { zh: '值班员', en: 'Officer' },
  role: 'duty-officer',
  agency: 'police',
  scope: { kind: 'area', area: 'north' },
  disabled: false,
}

describe('what an account may do', () => {
  it('is what its role brings, over its own scope', () => {
    expect(grantsOf(none, officer)).toEqual([
      expect.objectContaining({
        capabilities: roleCapabilities['duty-officer'],
        scope: officer.scope,
        until: null,
      }),
    ])
  })

  it('is more by grants to it and to its role, and not by those of others', () => {
    const accounts = withGrants(
      grant('mine', { kind: 'account', account: 'officer' }),
      grant('my-role', { kind: 'role', role: 'duty-officer' }),
      grant('hers', { kind: 'account', account: 'somebody' }),
      grant('other-role', { kind: 'role', role: 'administrator' }),
    )
    expect(grantsOf(accounts, officer).map(({ id }) => id)).toEqual(['role-duty-officer', 'mine', 'my-role'])
  })

  it('is nothing once it is disabled, whatever it was granted', () => {
    const accounts = withGrants(grant('mine', { kind: 'account', account: 'officer' }))
    expect(grantsOf(accounts, { ...officer, disabled: true })).toEqual([])
  })

  it('is for a guest only what was granted', () => {
    const guest = { ...officer, role: 'joint-duty-officer' as const }
    expect(grantsOf(none, guest)).toEqual([])
    const accounts = withGrants(grant('mine', { kind: 'account', account: 'officer' }))
    expect(may(grantsOf(accounts, guest), 'view', centre, 1)).toBe(true)
    expect(may(grantsOf(accounts, guest), 'task', centre, 1)).toBe(false)
  })
})

const none: Accounts = { accounts: {}, grants: {} }

const grant = (id: string, subject: Grant['subject']): Grant => ({
  id,
  subject,
  capabilities: ['view'],
  scope: { kind: 'centre' },
  until: null,
})

const withGrants = (...grants: Grant[]): Accounts => ({
  accounts: { officer },
  grants: Object.fromEntries(grants.map((given) => [given.id, given])),
})
