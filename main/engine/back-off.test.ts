import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { backOff } from './back-off.ts'

describe('the back-off', () => {
  it('doubles up to the longest wait', () => {
    const waits = [0, 1, 2, 3, 10].map((attempt) => backOff(attempt, 500, 10_000, () => 1))
    expect(waits).toEqual([500, 1000, 2000, 4000, 10_000])
  })

  it('leaves half of the wait to chance, whatever the attempt', () => {
    fc.assert(
      fc.property(fc.nat(), fc.double({ min: 0, max: 1, noNaN: true }), (attempt, chance) => {
        const wait = backOff(attempt, 500, 10_000, () => chance)
        const full = backOff(attempt, 500, 10_000, () => 1)
        expect(wait).toBeGreaterThanOrEqual(full / 2)
        expect(wait).toBeLessThanOrEqual(full)
      }),
    )
  })
})
