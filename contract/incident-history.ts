/** What was: the timeline of an incident, incidents that were filed, and all of one to be taken out. */
import * as z from 'zod'
import type { Happening } from './events.ts'
import type { SeatSession } from './hub.ts'
import type { Incident, Person } from './incidents.ts'
import type { TrackPoint } from './positions.ts'
import { type Id, type Instant, idSchema, lineSchema, type Name } from './primitives.ts'
import type { Task } from './tasks.ts'

export const ENTRIES_A_PAGE = 50
export const FILED_A_PAGE = 30

const seqSchema = z.int().min(1)

export const timelineQuerySchema = z.strictObject({
  incident: idSchema,
  /** Older than this one only. */
  before: seqSchema.nullable(),
})
export type TimelineQuery = z.infer<typeof timelineQuerySchema>

/** Something that happened while it was tied to the incident. */
export interface TimelineEntry {
  readonly seq: number
  readonly at: Instant
  /** Null: the hub itself, or its operator. */
  readonly by: Name | null
  readonly happening: Pick<Happening, 'kind' | 'data'>
}

/** The newest first. `next`: null if there are no older ones. */
export interface TimelinePage {
  readonly entries: readonly TimelineEntry[]
  readonly next: number | null
}

export const filedQuerySchema = z.strictObject({
  /** Part of its title, its address or its number; '' for any. */
  text: z.string().trim().max(60),
  before: seqSchema.nullable(),
})
export type FiledQuery = z.infer<typeof filedQuerySchema>

/** As it was when it was filed. */
export interface FiledIncident {
  readonly seq: number
  readonly incident: Incident
  readonly tasks: readonly Task[]
}

export interface FiledPage {
  readonly incidents: readonly FiledIncident[]
  readonly next: number | null
}

export const exportQuerySchema = z.strictObject({ incident: idSchema, reason: lineSchema })
export type ExportQuery = z.infer<typeof exportQuerySchema>

/** Everything about one incident. */
export interface IncidentReport {
  readonly incident: Incident
  readonly tasks: readonly Task[]
  /** In the order in which it happened. */
  readonly entries: readonly TimelineEntry[]
  /** Where the units of its tasks were while they had them. */
  readonly movements: readonly {
    readonly task: Id
    readonly unit: Id
    readonly points: readonly TrackPoint[]
  }[]
  readonly exportedAt: Instant
}

/** Incidents, behind the hub contract, beyond what the shared state says of them. */
export interface IncidentsPort {
  timeline(session: SeatSession, query: TimelineQuery): Promise<TimelinePage>
  /** The `seq` of the newest entry of its timeline, 0 while there is none, and whenever it is another. */
  watchTimeline(session: SeatSession, incident: Id, signal: AbortSignal): AsyncIterable<number>
  filed(session: SeatSession, query: FiledQuery): Promise<FiledPage>
  /** Officers that may be invited to it. */
  guests(session: SeatSession, incident: Id): readonly Person[]
  export(session: SeatSession, query: ExportQuery): Promise<IncidentReport>
}
