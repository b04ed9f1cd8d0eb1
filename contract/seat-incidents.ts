/** Incidents at a seat: which one everything belongs to now, and what the hub is asked about them. */
import type {
  ExportQuery,
  FiledPage,
  FiledQuery,
  IncidentReport,
  TimelinePage,
  TimelineQuery,
} from './incident-history.ts'
import type { Person } from './incidents.ts'
import type { Id } from './primitives.ts'

export interface SeatIncidentsPort {
  /** The incident that what is done at this seat belongs to; null: to none. */
  watchSelected(signal: AbortSignal): AsyncIterable<Id | null>
  select(incident: Id | null): void
  timeline(query: TimelineQuery): Promise<TimelinePage>
  /** As the hub's; it ends when the hub can't be reached any more. */
  watchTimeline(incident: Id, signal: AbortSignal): AsyncIterable<number>
  filed(query: FiledQuery): Promise<FiledPage>
  guests(incident: Id): Promise<readonly Person[]>
  export(query: ExportQuery): Promise<IncidentReport>
}
