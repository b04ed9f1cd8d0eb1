import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  afterFailure,
  type Guesses,
  isLocked,
  type LockoutPolicy,
  lockoutPolicies,
  noGuesses,
} from './lockout.ts'

describe('lock-out', () => {
  it('costs nothing but the answer for the first few, then doubles', () => {
    const policy = lockoutPolicies['account-at-address']
    const locks = guess(8, policy, 1_000).map(
      ({ lockedUntil, lastAt }) => Math.max(0, lockedUntil - lastAt) / 1000,
    )
    expect(locks).toEqual([0, 0, 0, 0, 30, 60, 120, 240])
  })

  it('never lasts longer than its longest, however often somebody guesses', () => {
    fc.assert(
      fc.property(anyPolicy, fc.array(fc.nat(100_000), { maxLength: 200 }), (policy, pauses) => {
        let guesses = noGuesses
        let now = 1
        for (const pause of pauses) {
          now += pause
          guesses = afterFailure(guesses, now, policy)
          expect(guesses.lockedUntil - now).toBeLessThanOrEqual(policy.longestLock)
          expect(isLocked(guesses, now + policy.longestLock)).toBe(false)
        }
      }),
    )
  })

  it('never locks anybody before the free guesses are used up', () => {
    fc.assert(
      fc.property(anyPolicy, fc.array(fc.nat(100_000), { maxLength: 50 }), (policy, pauses) => {
        let guesses = noGuesses
        let now = 1
        for (const pause of pauses.slice(0, policy.free - 1)) {
          now += pause
          guesses = afterFailure(guesses, now, policy)
          expect(isLocked(guesses, now)).toBe(false)
        }
      }),
    )
  })

  it('forgets after its memory, and only then', () => {
    fc.assert(
      fc.property(anyPolicy, fc.integer({ min: 1, max: 60 }), (policy, failures) => {
        const last = guess(failures, policy, 1).at(-1) ?? noGuesses
        expect(afterFailure(last, last.lastAt + policy.memory, policy).failures).toBe(failures + 1)
        expect(afterFailure(last, last.lastAt + policy.memory + 1, policy).failures).toBe(1)
      }),
    )
  })

  it('slows one address down long before it touches the account everywhere', () => {
    const { address, account, 'account-at-address': own } = lockoutPolicies
    expect(own.free).toBeLessThan(address.free)
    expect(address.free).toBeLessThan(account.free)
    expect(account.longestLock).toBeLessThanOrEqual(60_000)
  })
})

const anyPolicy: fc.Arbitrary<LockoutPolicy> = fc.constantFrom(...Object.values(lockoutPolicies))

/** So many wrong passwords, one a millisecond. */
function guess(times: number, policy: LockoutPolicy, from: number): Guesses[] {
  const history: Guesses[] = []
  for (let at = 0; at < times; at++)
    history.push(afterFailure(history.at(-1) ?? noGuesses, from + at, policy))
  return history
}
