/** Messages that were: further back in a thread than the shared state keeps, and found by their words. */
import * as z from 'zod'
import type { Incident } from './incidents.ts'
import type { Id } from './primitives.ts'
import { type Message, threadSchema } from './threads.ts'

export const MESSAGES_A_PAGE = 50

export const messagesQuerySchema = z.strictObject({
  /** Null: every thread that one sees. */
  thread: threadSchema.nullable(),
  /** Part of what was said, of who said it or of what a file is called; '' for any. */
  text: z.string().trim().max(60),
  /** Older than this message only, one that was found before. */
  before: z.uuid().nullable(),
})
export type MessagesQuery = z.infer<typeof messagesQuerySchema>

/** The newest first. `next`: what to ask for those before; null if there are none. */
export interface MessagesPage {
  readonly messages: readonly Message[]
  /** Of those incidents that are filed, whose thread is not in the shared state any more. */
  readonly filed: Readonly<Record<Id, Pick<Incident, 'number' | 'title'>>>
  readonly next: string | null
}
