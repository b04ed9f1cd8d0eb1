/** Whatever officers and crews may try to do about incidents, and what must hold whatever they do. */
import fc from 'fast-check'
import type { Command } from '../../contract/commands.ts'
import { grades } from '../../contract/deadlines.ts'
import { awaitedOfIncident, isIncidentOver, tasksOf } from '../../contract/incidents.ts'
import type { SharedState } from '../../contract/state.ts'
import { isTaskOver, isTaskUnderWay, isTaskVoid, taskStepSchema } from '../../contract/tasks.ts'
import { assign, close, open, step } from './incidents.ts'

export const anyAccount = fc.constantFrom(
  'supervisor',
  'second-supervisor',
  'north-officer',
  'fire-officer',
  'guest',
  'north-crew',
)
const anyGrade = fc.constantFrom(...grades)

/** What may be tried about these incidents and tasks, which are given to these units. */
export function anyCommandAbout(
  incidents: readonly string[],
  tasks: readonly string[],
  units: readonly string[] = ['north-patrol', 'north-engine'],
): fc.Arbitrary<Command> {
  const anyIncident = fc.constantFrom(...incidents)
  const anyTask = fc.constantFrom(...tasks)
  return fc.oneof(
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
        .tuple(anyTask, fc.constantFrom(...units), anyIncident)
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
      arbitrary: anyIncident.map(
        (incident): Command => ({ kind: 'incident.reopen', incident, words: '复发' }),
      ),
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
        .map(
          ([incident, grant]): Command => ({ kind: 'incident.invite', incident, account: 'guest', grant }),
        ),
    },
  )
}

export const anyCommand = anyCommandAbout(['i1', 'i2'], ['t1', 't2', 't3'])

/** What is not as it must be between incidents, their tasks and their guests; nothing, if all is well. */
export function faultsIn(state: SharedState): string[] {
  const { live } = state.incidents
  const ofIncidents = Object.values(live).flatMap((incident) => {
    const { id, state: is, invited, dueAt } = incident
    const tasks = tasksOf(state.incidents, id)
    const wrong = (is: boolean, what: string) => (is ? [`${id}: ${what}`] : [])
    return [
      ...wrong(tasks.some(isTaskUnderWay) !== (is === 'dispatched'), `${is}, and its tasks say otherwise`),
      ...wrong(is === 'handled' && tasks.every(isTaskVoid), 'handled, and nobody did anything'),
      ...wrong(isIncidentOver(incident) && !tasks.every(isTaskOver), 'over, and a task of it is not'),
      ...wrong(isIncidentOver(incident) && invited.length > 0, 'over, and somebody is invited'),
      ...wrong((dueAt === null) !== (awaitedOfIncident[is] === null), `${is}, due at ${dueAt}`),
    ]
  })
  const ofGrants = Object.values(state.access.grants).flatMap(({ id, scope }) =>
    scope.kind === 'incident' && live[scope.incident]?.invited.length !== 1
      ? [`${id}: a grant over an incident that nobody is invited to`]
      : [],
  )
  return [...ofIncidents, ...ofGrants]
}
