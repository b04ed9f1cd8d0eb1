/** The incidents that the map shows: those that are not over and have a place. Pure. */
import { type Incidents, isIncidentOver } from '../../../contract/incidents.ts'
import type { Id } from '../../../contract/primitives.ts'
import type { IncidentMark } from '../map/incident-layer.ts'
import { overdueIncidents } from './board.ts'

export function marksOf(incidents: Incidents, selected: Id | null): IncidentMark[] {
  const late = overdueIncidents(incidents)
  return Object.values(incidents.live).flatMap((incident) => {
    const { id, place, grade, number, title } = incident
    if (place === null || (isIncidentOver(incident) && id !== selected)) return []
    return [
      {
        id,
        place,
        grade,
        words: `#${number} ${title}`,
        overdue: late.has(id),
        selected: id === selected,
      },
    ]
  })
}
