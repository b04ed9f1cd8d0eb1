import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nextPhase, type PullPhase, pullEvents, pullPhases, waitAfter } from './pull-rules.ts'

describe('the pull of a camera', () => {
  it('begins only when somebody wants it, and ends from everywhere when nobody does', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pullEvents), { maxLength: 30 }), (events) => {
        let phase: PullPhase = 'idle'
        let wanted = false
        for (const event of events) {
          phase = nextPhase(phase, event)
          if (event === 'wanted') wanted = true
          if (event === 'stopped') wanted = false
          if (!wanted) expect(phase).toBe('idle')
        }
      }),
    )
    for (const phase of pullPhases) expect(nextPhase(phase, 'stopped')).toBe('idle')
  })

  it('is tried again after it has failed, whether it had come or not', () => {
    for (const phase of ['starting', 'up'] as const)
      expect(nextPhase(nextPhase(phase, 'failed'), 'again')).toBe('starting')
  })

  it('waits ever longer, and never longer than 37.5 s', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (failures, chance) => {
          const wait = waitAfter(failures, chance)
          expect(wait).toBeGreaterThanOrEqual(750)
          expect(wait).toBeLessThanOrEqual(37_500)
          expect(waitAfter(failures + 1, chance)).toBeGreaterThanOrEqual(wait)
        },
      ),
    )
  })
})
