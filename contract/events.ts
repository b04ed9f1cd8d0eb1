/** The journal's events: what has happened, in the one order that everybody agrees on. */
import type * as z from 'zod'
import { accountEvents } from './accounts.ts'
import { directoryEvents } from './directory.ts'
import { fieldEvents } from './field.ts'
import { incidentEvents } from './incidents.ts'
import { patchEvents } from './patch-records.ts'
import type { Id, Instant } from './primitives.ts'
import { radioEvents } from './radio-journal.ts'
import { roomEvents } from './rooms.ts'
import { siteEvents } from './site-info.ts'
import { sourceEvents } from './sources.ts'
import { supervisionEvents } from './supervision.ts'
import { telephoneEvents } from './telephony.ts'
import { threadEvents } from './threads.ts'

/** Every kind of event and the shape of its data. A new event is one line in its capability's table. */
export const eventSchemas = {
  ...siteEvents,
  ...directoryEvents,
  ...accountEvents,
  ...telephoneEvents,
  ...supervisionEvents,
  ...fieldEvents,
  ...patchEvents,
  ...incidentEvents,
  ...threadEvents,
  ...sourceEvents,
  ...roomEvents,
  ...radioEvents,
} as const
type EventKind = keyof typeof eventSchemas
type EventData<K extends EventKind> = z.infer<(typeof eventSchemas)[K]>

/** Who did it: an account, or the hub and its operator themselves. */
export type Actor = { readonly kind: 'account'; readonly account: Id } | { readonly kind: 'hub' | 'operator' }

/** An event as a command decides it, before the journal gives it a place. */
export type Happening = {
  [K in EventKind]: {
    readonly kind: K
    /** The stream it belongs to, as `unit/gulou-07`. */
    readonly subject: string
    readonly area: Id | null
    readonly data: EventData<K>
  }
}[EventKind]

export type JournalEvent = Happening & {
  /** 1 for the first; no gaps. */
  readonly seq: number
  readonly at: Instant
  readonly actor: Actor
}
