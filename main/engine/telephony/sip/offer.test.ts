import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { glareWait } from './offer.ts'

describe('after a glare', () => {
  it('whoever began the call waits 2.1 to 4 s, the other at most 2 s, in steps of 10 ms', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (chance) => {
        const [longer, shorter] = [glareWait(true, () => chance), glareWait(false, () => chance)]
        expect(longer).toBeGreaterThanOrEqual(2_100)
        expect(longer).toBeLessThanOrEqual(4_000)
        expect(shorter).toBeGreaterThanOrEqual(0)
        expect(shorter).toBeLessThanOrEqual(2_000)
        expect([longer % 10, shorter % 10]).toEqual([0, 0])
      }),
    )
  })
})
