/** Which incidents the board shows, and in which order. Pure. */
import { type Grade, grades } from '../../../contract/deadlines.ts'
import { type Incident, type Incidents, isIncidentOver } from '../../../contract/incidents.ts'
import type { Id } from '../../../contract/primitives.ts'

export interface BoardFilter {
  /** `filed`: those that the hub has filed, which the state does not have. */
  readonly which: 'going' | 'over' | 'filed'
  /** None chosen: all, also those without. */
  readonly grades: readonly Grade[]
  readonly mine: boolean
  readonly overdue: boolean
  readonly text: string
}

export const everything: BoardFilter = { which: 'going', grades: [], mine: false, overdue: false, text: '' }

/** Of its own, or of one of its tasks. */
export function overdueIncidents({ live, tasks }: Incidents): ReadonlySet<Id> {
  return new Set([
    ...Object.values(live).flatMap(({ id, overdue }) => (overdue ? [id] : [])),
    ...Object.values(tasks).flatMap(({ incident, overdue }) => (overdue ? [incident] : [])),
  ])
}

/** What an officer works on, was told of as a supervisor, or was invited to. */
export const isMine = ({ officers, supervisors, invited }: Incident, account: Id): boolean =>
  [...officers, ...invited].some((person) => person.account === account) || supervisors.includes(account)

/** The gravest first, those without a grade before all; of one grade the newest. */
export function onBoard(incidents: Incidents, filter: BoardFilter, account: Id): Incident[] {
  const late = overdueIncidents(incidents)
  const text = filter.text.trim().toLowerCase()
  return Object.values(incidents.live)
    .filter((incident) => {
      const { id, grade, title, address, number } = incident
      return (
        isIncidentOver(incident) === (filter.which === 'over') &&
        (filter.grades.length === 0 || (grade !== null && filter.grades.includes(grade))) &&
        (!filter.mine || isMine(incident, account)) &&
        (!filter.overdue || late.has(id)) &&
        [title, address ?? '', `#${number}`].some((words) => words.toLowerCase().includes(text))
      )
    })
    .toSorted((a, b) => gravity(a) - gravity(b) || b.number - a.number)
}

const gravity = ({ grade }: Incident): number => (grade === null ? -1 : grades.indexOf(grade))
