import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { incidentTable } from '../../contract/incidents.ts'
import { taskTable } from '../../contract/tasks.ts'
import { anyAccount, anyCommand, faultsIn } from '../../tests/support/incident-acts.ts'
import { assign, grade, NOW, newCity, open } from '../../tests/support/incidents.ts'
import { timely } from './clock.ts'

/** Who, what, and how many minutes after the last. */
const anyShift = fc
  .tuple(
    fc.boolean(),
    fc.array(fc.tuple(anyAccount, anyCommand, fc.nat(400)), { maxLength: 60, size: 'max' }),
  )
  .map(([isUnderWay, shift]) => (isUnderWay ? [...beginning, ...shift] : shift))

/** Two incidents that are given out, so that more is possible. */
const beginning = [
  open('i1'),
  open('i2'),
  grade('I', 'i1'),
  grade('II', 'i2'),
  assign('t1', 'north-patrol', 'i1'),
  assign('t2', 'north-engine', 'i2'),
].map((command) => ['supervisor', command, 0] as const)

describe('whatever officers do, in whatever order', () => {
  it('goes as the tables say, or is refused and changes nothing', () => {
    const met = new Set<string>()
    fc.assert(
      fc.property(anyShift, (shift) => {
        const city = newCity()
        let now = NOW
        for (const [account, command, minutes] of shift) {
          now += minutes * 60_000
          const before = city.state
          if (city.refused(account, command, now) !== undefined) expect(city.state).toBe(before)
          for (const [id, { state }] of Object.entries(city.state.incidents.live)) {
            met.add(state)
            const was = before.incidents.live[id]?.state ?? 'opened'
            const next = [was, ...Object.values(incidentTable[was])]
            // A merged incident's work may make the other one dispatched and handled at once.
            expect([...next, ...next.flatMap((one) => Object.values(incidentTable[one]))]).toContain(state)
          }
          for (const [id, { state }] of Object.entries(city.state.incidents.tasks)) {
            met.add(state)
            const was = before.incidents.tasks[id]?.state ?? 'assigned'
            expect([was, ...Object.values(taskTable[was])]).toContain(state)
          }
        }
      }),
      { numRuns: 300 },
    )
    // Not one corner of the tables only.
    expect(met.size).toBeGreaterThan(10)
  })

  it('leaves an incident in the state that its tasks make it', () => {
    fc.assert(
      fc.property(anyShift, (shift) => {
        const city = newCity()
        for (const [account, command] of shift) {
          city.refused(account, command)
          expect(faultsIn(city.state)).toEqual([])
        }
      }),
      { numRuns: 300 },
    )
  })

  it('is told the supervisors once for each step that is overdue', () => {
    fc.assert(
      fc.property(anyShift, (shift) => {
        const city = newCity()
        let now = NOW
        for (const [account, command, minutes] of shift) {
          now += minutes * 60_000
          city.refused(account, command, now)
          city.takes(timely(city.state, now))
          expect(timely(city.state, now)).toEqual([])
        }
      }),
      { numRuns: 200 },
    )
  })
})
