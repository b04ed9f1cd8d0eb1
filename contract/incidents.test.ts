import { describe, expect, it } from 'vitest'
import { awaitedOfIncident, type IncidentState, incidentStates, incidentTable } from './incidents.ts'
import { awaitedOfTask, type TaskState, taskStates, taskTable } from './tasks.ts'

type Table<S extends string> = Readonly<Record<S, Readonly<Partial<Record<string, S>>>>>

/** Every state that can be come to from this one. */
function reachable<S extends string>(table: Table<S>, from: S): Set<S> {
  const found = new Set<S>([from])
  for (const state of found) for (const next of Object.values(table[state])) if (next) found.add(next as S)
  return found
}

const endsOf = <S extends string>(table: Table<S>, states: readonly S[]): S[] =>
  states.filter((state) => Object.keys(table[state]).length === 0)

describe('the states of an incident', () => {
  it('can all be come to from its opening', () => {
    expect(reachable(incidentTable, 'opened')).toEqual(new Set(incidentStates))
  })

  it('end where it is reviewed or merged, and nowhere else', () => {
    expect(endsOf(incidentTable, incidentStates)).toEqual(['reviewed', 'merged'])
  })

  it('each lead to its review, but where it was merged into another', () => {
    for (const state of incidentStates.filter((one) => one !== 'merged'))
      expect(reachable(incidentTable, state), state).toContain<IncidentState>('reviewed')
  })

  it('wait for a step that the table has, unless it is over', () => {
    for (const state of incidentStates) {
      const awaited = awaitedOfIncident[state]
      if (awaited === null) expect(incidentTable[state]).toEqual({})
      else expect(incidentTable[state], state).toHaveProperty(awaited)
    }
  })
})

describe('the states of a task', () => {
  it('can all be come to from its assignment', () => {
    expect(reachable(taskTable, 'assigned')).toEqual(new Set(taskStates))
  })

  it('end where it is verified, refused or cancelled, and nowhere else', () => {
    expect(endsOf(taskTable, taskStates)).toEqual(['verified', 'refused', 'cancelled'])
  })

  it('each lead to its verification, unless it was refused or cancelled', () => {
    for (const state of taskStates.filter((one) => one !== 'refused' && one !== 'cancelled'))
      expect(reachable(taskTable, state), state).toContain<TaskState>('verified')
  })

  it('wait for a step that the table has, unless it is over', () => {
    for (const state of taskStates) {
      const awaited = awaitedOfTask[state]
      if (awaited === null) expect(taskTable[state]).toEqual({})
      else expect(taskTable[state], state).toHaveProperty(awaited)
    }
  })

  it('go forward only, but where work is sent back', () => {
    const order: readonly TaskState[] = ['assigned', 'received', 'accepted', 'en-route', 'on-scene', 'done']
    for (const state of order)
      for (const [step, next] of Object.entries(taskTable[state]))
        if (order.includes(next) && step !== 'send-back')
          expect(order.indexOf(next), `${state} ${step}`).toBeGreaterThan(order.indexOf(state))
  })
})
