/** Video sources: cameras, drones, body cameras. Which there are, who may watch them, and how they do. */
import * as z from 'zod'
import { areaPath } from './directory.ts'
import type { SeatSession } from './hub.ts'
import { incidentsByUnit } from './incident-rules.ts'
import type { Person } from './incidents.ts'
import type { ConsumerTelling, PeerWelcome, Track } from './peers.ts'
import { type Grant, may } from './permissions.ts'
import { type Id, type Instant, idSchema, nameSchema, placeSchema } from './primitives.ts'
import { seatPageSchema } from './seat-pages.ts'
import type { SharedState } from './state.ts'
import type { Preset, presetsQuerySchema, steerSourceSchema } from './steering.ts'

/** What a seat knows of a source. `unit`: whoever carries it; its place is then the unit's. */
const sourceSchema = z.strictObject({
  id: idSchema,
  name: nameSchema,
  area: idSchema,
  agency: idSchema,
  unit: idSchema.nullable(),
  place: placeSchema.nullable(),
})
export type Source = z.infer<typeof sourceSchema>

/** RFC 7826, 4.2, without a user and a password: those are secrets of the hub. */
export const rtspUrlSchema = z
  .string()
  .max(500)
  .refine((text) => {
    const url = URL.parse(text)
    return (
      url !== null &&
      /^rtsps?:$/.test(url.protocol) &&
      url.hostname !== '' &&
      url.username === '' &&
      url.password === ''
    )
  }, 'rtsp://host/path, without a user and a password: the hub is given those apart')
  // It is handed to another program in a line of text.
  .refine((text) => /^[\x21-\x26\x28-\x7e]+$/.test(text), 'no spaces, quotes or control characters')

/** Of a camera's device service (ONVIF Core), without a user and a password, too. */
const onvifUrlSchema = z
  .string()
  .max(500)
  .refine((text) => {
    const url = URL.parse(text)
    return url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === ''
  }, 'http://host/onvif/device_service, without a user and a password: the hub is given those apart')

/** How the hub gets it: it asks the camera, or whoever sends comes to the hub (RFC 9725). */
export const feedSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('rtsp'),
    url: rtspUrlSchema,
    onvif: onvifUrlSchema.exactOptional(),
    /** Whoever runs it may say where it is now (source.place). */
    placed: z.literal(true).exactOptional(),
  }),
  z.strictObject({ kind: z.literal('whip') }),
])
export type Feed = z.infer<typeof feedSchema>

const watchEnds = ['ended', 'seat-gone', 'no-longer-allowed', 'source-gone', 'hub-stopped'] as const
export type WatchEnd = (typeof watchEnds)[number]

export const sourceEvents = {
  'source.put': sourceSchema,
  'source.removed': z.strictObject({ id: idSchema }),
  'source.fed': z.strictObject({ id: idSchema, feed: feedSchema }),
  'source.password-set': z.strictObject({ id: idSchema }),
  /** The actor begins to watch it. */
  'source.watched': z.strictObject({ id: z.uuid(), source: idSchema }),
  'source.left': z.strictObject({ id: z.uuid(), source: idSchema, how: z.enum(watchEnds) }),
  /** The actor begins to turn it, or has it go to a stored view. */
  'source.steered': z.strictObject({ id: idSchema, preset: z.string().max(64).nullable() }),
} as const

export interface Sources {
  sources: Record<Id, Source>
  /** Addresses inside the site: for the hub and whoever administers it. */
  feeds: Record<Id, Feed>
}

export const noSources: Sources = { sources: {}, feeds: {} }

type SourceEvent = {
  [K in keyof typeof sourceEvents]: { readonly kind: K; readonly data: z.infer<(typeof sourceEvents)[K]> }
}[keyof typeof sourceEvents]

/** Changes `sources` (an Immer draft, or a state nobody else holds) by one event. */
export function applySourceEvent(sources: Sources, event: SourceEvent): void {
  switch (event.kind) {
    case 'source.put':
      sources.sources[event.data.id] = event.data
      break
    case 'source.fed':
      sources.feeds[event.data.id] = event.data.feed
      break
    case 'source.removed':
      delete sources.sources[event.data.id]
      delete sources.feeds[event.data.id]
      break
    case 'source.password-set':
    case 'source.watched':
    case 'source.left':
    case 'source.steered':
      break
  }
}

/**
 * Whether it may be seen that there is such a source, and watched. One that a unit carries goes with it into its
 * incidents. Pure.
 */
export function mayPull(
  grants: readonly Grant[],
  { directory, incidents }: Pick<SharedState, 'directory' | 'incidents'>,
  { area, agency, unit }: Source,
  now: Instant,
): boolean {
  // Which incidents a unit is in takes a look at every task: for those only to whom it matters.
  const matters = unit !== null && grants.some(({ scope }) => scope.kind === 'incident')
  const own = matters ? (incidentsByUnit(incidents).get(unit) ?? []) : []
  return may(grants, 'video-pull', { areas: areaPath(directory.areas, area), agency, incidents: own }, now)
}

/**
 * `idle`: nobody watches it; `starting`: asked, and nothing has come; `up`: pictures come; `down`: they do not, and it is
 * tried again; `absent`: whoever sends it is not there.
 */
const sourceStates = ['idle', 'starting', 'up', 'down', 'absent'] as const
export type SourceState = (typeof sourceStates)[number]

/**
 * Why a source is down. `unreachable`: no camera answers; `refused`: it wants another password; `busy`: it
 * takes no more connections; `silent`: it sends no
 * pictures; `format`: pictures that are not H.264; `no-ffmpeg`: the hub's machine lacks the program.
 */
const sourceFaults = [
  'unreachable',
  'refused',
  'busy',
  'silent',
  'format',
  'no-ffmpeg',
  'video-down',
] as const
export type SourceFault = (typeof sourceFaults)[number]

/** How a source does just now. */
export interface SourceStatus {
  readonly source: Id
  readonly state: SourceState
  /** Of the present state. */
  readonly since: Instant
  /** Of `down`. */
  readonly fault: SourceFault | null
  /** Seats that watch it now. */
  readonly viewers: number
  /** Of the picture, bit/s. */
  readonly bitrate: number | null
  /** When the last whole picture came, that one can begin with. */
  readonly keyFrameAt: Instant | null
  /** Null: it can't be turned. `by`: whoever turns it now; nobody else may meanwhile. */
  readonly steering: { readonly by: Person | null } | null
}

/** A source that the page watches, and what can be received of it now: nothing while it is not up. */
export interface WatchedSource {
  readonly source: Id
  readonly tracks: readonly Track[]
}

/** What a page that attends the sources is told. */
export type SourcesTelling =
  | PeerWelcome
  | { readonly kind: 'watched'; readonly sources: readonly WatchedSource[] }
  | { readonly kind: 'watch-ended'; readonly source: Id; readonly how: WatchEnd }
  /** `moved`: attend again, it goes on elsewhere; `replaced`: the same page of the session has attended anew. */
  | { readonly kind: 'over'; readonly how: 'moved' | 'replaced' }
  | ConsumerTelling

export const attendSourcesSchema = z.strictObject({ page: seatPageSchema })
export const watchSourceSchema = z.strictObject({ peer: z.uuid(), source: idSchema })

/** The sources behind the hub contract: those that the account may pull, and no others. */
export interface SourcesPort {
  /** How they do, as it becomes. */
  watchStatus(session: SeatSession, signal: AbortSignal): AsyncIterable<readonly SourceStatus[]>
  /** The page is at the sources until the stream ends. One after it of the same page ends it. */
  attend(
    session: SeatSession,
    asked: z.infer<typeof attendSourcesSchema>,
    signal: AbortSignal,
  ): AsyncIterable<SourcesTelling>
  /** The source comes to the page as soon as it is up, and again each time it is. */
  watch(session: SeatSession, asked: z.infer<typeof watchSourceSchema>): Promise<void>
  unwatch(session: SeatSession, asked: z.infer<typeof watchSourceSchema>): void
  /** Resolves once the camera has taken it. */
  steer(session: SeatSession, asked: z.infer<typeof steerSourceSchema>): Promise<void>
  /** The views that the camera has stored. */
  presets(session: SeatSession, asked: z.infer<typeof presetsQuerySchema>): Promise<readonly Preset[]>
}
