import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Command } from '../../contract/commands.ts'
import { grades } from '../../contract/deadlines.ts'
import { awaitedOfIncident, incidentTable, isIncidentOver, tasksOf } from '../../contract/incidents.ts'
import { isTaskOver, isTaskUnderWay, isTaskVoid, taskStepSchema, taskTable } from '../../contract/tasks.ts'
import { assign, close, grade, NOW, newCity, open, step } from '../../tests/support/incidents.ts'
import { timely } from './clock.ts'

const anyIncident = fc.constantFrom('i1', 'i2')
const anyTask = fc.constantFrom('t1', 't2', 't3')
const anyAccount = fc.constantFrom(
  'supervisor',
  'second-supervisor',
  'north-officer',
  'fire-officer',
  'guest',
  'north-crew',
)
const anyGrade = fc.constantFrom(...grades)

const anyCommand: fc.Arbitrary<Command> = fc.oneof(
  { weight: 2, arbitrary: anyIncident.map((id) => open(id)) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(anyIncident, fc.option(anyGrade), anyGrade)
      .map(([incident, saw, next]): Command => ({ kind: 'incident.grade', incident, saw, grade: next })),
  },
  {
    weight: 4,
    arbitrary: fc
      .tuple(anyTask, fc.constantFrom('north-patrol', 'north-engine'), anyIncident)
      .map(([id, unit, incident]) => assign(id, unit, incident)),
  },
  {
    weight: 10,
    arbitrary: fc
      .tuple(anyTask, fc.constantFrom(...taskStepSchema.options))
      .map(([task, taken]) => step(task, taken)),
  },
  { weight: 3, arbitrary: anyIncident.map(close) },
  {
    weight: 2,
    arbitrary: anyIncident.map((incident): Command => ({ kind: 'incident.review', incident, words: '好' })),
  },
  {
    weight: 2,
    arbitrary: anyIncident.map((incident): Command => ({ kind: 'incident.reopen', incident, words: '复发' })),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(anyIncident, anyIncident)
      .map(([incident, into]): Command => ({ kind: 'incident.merge', incident, into })),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(anyIncident, fc.constantFrom('g1', 'g2'))
      .map(([incident, grant]): Command => ({ kind: 'incident.invite', incident, account: 'guest', grant })),
  },
)

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
          for (const incident of Object.values(city.state.incidents.live)) {
            const tasks = tasksOf(city.state.incidents, incident.id)
            expect(tasks.some(isTaskUnderWay)).toBe(incident.state === 'dispatched')
            if (incident.state === 'handled') expect(tasks.every(isTaskVoid)).toBe(false)
            if (isIncidentOver(incident)) {
              expect(tasks.every(isTaskOver)).toBe(true)
              expect(incident.invited).toEqual([])
            }
            expect(incident.dueAt === null).toBe(awaitedOfIncident[incident.state] === null)
          }
          for (const { scope } of Object.values(city.state.access.grants))
            expect(scope.kind === 'incident' && city.incident(scope.incident).invited.length).toBe(1)
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
