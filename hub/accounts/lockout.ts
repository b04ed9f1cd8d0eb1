/** When guessing is stopped, and for how long. Pure. */
import type { Instant } from '../../contract/primitives.ts'

export interface Guesses {
  readonly failures: number
  readonly lastAt: Instant
  readonly lockedUntil: Instant
}

export interface LockoutPolicy {
  /** Failures that cost nothing but the answer. */
  readonly free: number
  /** The first lock in ms; each further failure doubles it. */
  readonly firstLock: number
  readonly longestLock: number
  /** After so long without a failure all is forgotten. */
  readonly memory: number
}

/**
 * Who is stopped after how many wrong passwords. An account is locked towards the address that
 * guesses, so that guessing does not lock its officer out elsewhere; the wider limits catch guessing
 * from many addresses and at many accounts.
 */
export const lockoutPolicies = {
  'account-at-address': { free: 5, firstLock: 30_000, longestLock: 15 * 60_000, memory: 60 * 60_000 },
  address: { free: 30, firstLock: 30_000, longestLock: 15 * 60_000, memory: 60 * 60_000 },
  account: { free: 100, firstLock: 10_000, longestLock: 60_000, memory: 60 * 60_000 },
} as const satisfies Record<string, LockoutPolicy>
export type LockoutSubject = keyof typeof lockoutPolicies

export const noGuesses: Guesses = { failures: 0, lastAt: 0, lockedUntil: 0 }

export const isLocked = (guesses: Guesses, now: Instant): boolean => now < guesses.lockedUntil

/** The record after one more wrong password at `now`. */
export function afterFailure(guesses: Guesses, now: Instant, policy: LockoutPolicy): Guesses {
  const failures = now - guesses.lastAt > policy.memory ? 1 : guesses.failures + 1
  const over = failures - policy.free
  const lock = over < 0 ? 0 : Math.min(policy.firstLock * 2 ** Math.min(over, 20), policy.longestLock)
  return { failures, lastAt: now, lockedUntil: lock === 0 ? guesses.lockedUntil : now + lock }
}
