import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Fix } from '../../contract/positions.ts'
import { metresBetween } from '../../contract/primitives.ts'
import { isWorthKeeping } from './thinning.ts'

describe('a fix is worth a place in a track', () => {
  it('as the first, ten metres on, or after a minute', () => {
    expect(isWorthKeeping(undefined, at(0, 0))).toBe(true)
    expect(isWorthKeeping(at(0, 0), at(1, 11))).toBe(true)
    expect(isWorthKeeping(at(0, 0), at(60, 0))).toBe(true)
    expect(isWorthKeeping(at(0, 0), at(1, 9))).toBe(false)
    expect(isWorthKeeping(at(0, 0), at(59, 0))).toBe(false)
  })

  it('where it turns, also through north', () => {
    expect(isWorthKeeping(at(0, 0, 80), at(1, 4, 110))).toBe(true)
    expect(isWorthKeeping(at(0, 0, 350), at(1, 4, 12))).toBe(true)
    expect(isWorthKeeping(at(0, 0, 355), at(1, 4, 5))).toBe(false)
    expect(isWorthKeeping(at(0, 0, 80), at(1, 1, 260))).toBe(false)
  })

  it('so that no part of the way is further than ten metres from what was kept', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 5 }), fc.nat(8)), { minLength: 1 }),
        (steps) => {
          let time = 0
          let way = 0
          let kept: Fix | undefined
          for (const [seconds, metres] of steps) {
            time += seconds
            way += metres
            const fix = at(time, way)
            if (isWorthKeeping(kept, fix)) kept = fix
            expect(kept && metresBetween(kept, fix)).toBeLessThan(10)
          }
        },
      ),
    )
  })
})

/** So many seconds and so many metres north. */
const at = (seconds: number, metres: number, heading?: number): Fix => ({
  at: seconds * 1_000,
  lat: metres / 111_195,
  lon: 0,
  heading,
})
