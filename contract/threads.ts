/**
 * Threads of messages: one for each incident, among those who see it, one for each unit, with its crew, one for each
 * group of units, with their crews, one for each room that is not about an incident, among those who may be in it, and
 * those that officers begin among themselves. The state keeps the last of each; all are in the journal.
 */
import * as z from 'zod'
import { attachmentsSchema } from './attachments.ts'
import { type Person, personSchema } from './incidents.ts'
import type { Scope } from './permissions.ts'
import { type Id, idSchema, instantSchema, type Name, placeSchema } from './primitives.ts'
import { wordsSchema } from './tasks.ts'
import {
  carriedShape,
  carryingShape,
  carryShape,
  type TextDeliveries,
  takeInSchema,
  textSourceSchema,
} from './text-delivery.ts'
import { groupCommands, groupEvents, groupThreadSchema, type UnitGroup, withoutUnit } from './unit-groups.ts'

/** Of officers who write to one another. */
const MOST_OFFICERS = 20

export const threadSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('incident'), incident: idSchema }),
  z.strictObject({ kind: z.literal('unit'), unit: idSchema }),
  groupThreadSchema,
  z.strictObject({ kind: z.literal('room'), room: z.uuid() }),
  z.strictObject({
    kind: z.literal('officers'),
    /** By account, in the order of the letters, each once; the names are the hub's. */
    officers: z
      .array(personSchema)
      .min(2)
      .max(MOST_OFFICERS)
      .refine(
        (all) => all.every(({ account }, at) => at === 0 || (all[at - 1]?.account ?? '') < account),
        'officers in the order of their accounts, each once',
      ),
  }),
])
export type ThreadName = z.infer<typeof threadSchema>

export function threadKey(thread: ThreadName): string {
  switch (thread.kind) {
    case 'incident':
      return `incident/${thread.incident}`
    case 'unit':
      return `unit/${thread.unit}`
    case 'group':
      return `group/${thread.group}`
    case 'room':
      return `room/${thread.room}`
    case 'officers':
      return `officers/${thread.officers.map(({ account }) => account).join('+')}`
  }
}

/** The thread of these officers, whichever of them begins it. */
export const threadOfOfficers = (officers: readonly Person[]): ThreadName => ({
  kind: 'officers',
  officers: officers.toSorted((a, b) => (a.account < b.account ? -1 : 1)),
})

/** Where those in a room write: what they say about an incident belongs to it. */
export const threadOfRoom = ({ id, scope }: { readonly id: string; readonly scope: Scope }): ThreadName =>
  scope.kind === 'incident' ? { kind: 'incident', incident: scope.incident } : { kind: 'room', room: id }

export const messageSchema = z.strictObject({
  id: z.uuid(),
  thread: threadSchema,
  /** In its thread: 1 for the first, no gaps. */
  number: z.int().min(1),
  at: instantSchema,
  by: personSchema,
  text: wordsSchema,
  place: placeSchema.nullable(),
  attachments: attachmentsSchema.exactOptional(),
  /** That it belongs to: the thread's own, or what the unit was under way for and the sender at work on. */
  incidents: z.array(idSchema).max(8),
  /** Units in the thread that have a telephone and nothing else: it is carried there. */
  telephones: z.array(idSchema).min(1).exactOptional(),
  /** It is the words of a unit's telephone; `by` is the officer at whose seat it came in. */
  from: textSourceSchema.exactOptional(),
})
export type Message = z.infer<typeof messageSchema>

/** Whose words it is. */
export const authorOf = ({ by, from }: Pick<Message, 'by' | 'from'>): Name => from?.name ?? by.name

export const isBy = ({ by, from }: Pick<Message, 'by' | 'from'>, account: Id): boolean =>
  from === undefined && by.account === account

/** Up to which message of a thread an account has got it, and has read it. */
export const markSchema = z.strictObject({ delivered: z.int().min(0), read: z.int().min(0) })
export type Mark = z.infer<typeof markSchema>

export const threadEvents = {
  ...groupEvents,
  'message.sent': messageSchema,
  'message.marked': z.strictObject({ thread: threadSchema, account: idSchema, ...markSchema.shape }),
  'message.carrying': z.strictObject({ thread: threadSchema, ...carryingShape }),
  'message.carried': z.strictObject({ thread: threadSchema, ...carriedShape }),
} as const

export interface Thread {
  readonly name: ThreadName
  /** The number of the last message. */
  readonly count: number
  /** The last of them, the newest last. */
  readonly messages: readonly Message[]
  readonly marks: Readonly<Record<Id, Mark>>
  /** Of a thread of one. */
  readonly group?: UnitGroup
  /** Of the messages that are carried to telephones, as far as they are kept here. */
  readonly deliveries?: TextDeliveries
}

/** By `threadKey`. */
export type Threads = Record<string, Thread>

export const MESSAGES_KEPT = 50

export const unmarked: Mark = { delivered: 0, read: 0 }

export type ThreadEvent = {
  [K in keyof typeof threadEvents]: { readonly kind: K; readonly data: z.infer<(typeof threadEvents)[K]> }
}[keyof typeof threadEvents]

/** Changes `threads` (an Immer draft, or a record nobody else holds) by one event. */
export function applyThreadEvent(threads: Threads, event: ThreadEvent): void {
  const name = event.data.thread
  const key = threadKey(name)
  const thread = threads[key]
  if (event.kind === 'group.formed') {
    const { thread: _, ...group } = event.data
    threads[key] = { name, count: 0, messages: [], marks: {}, group }
  } else if (event.kind === 'group.dissolved') delete threads[key]
  else if (event.kind === 'message.sent') {
    const { messages: before = [], marks = {}, deliveries = {}, group } = thread ?? {}
    const messages = [...before, event.data].slice(-MESSAGES_KEPT)
    threads[key] = {
      name,
      count: event.data.number,
      messages,
      marks,
      ...keptOf(deliveries, messages),
      ...(group !== undefined && { group }),
    }
  } else if (thread === undefined) return
  else if (event.kind === 'message.marked') {
    const { account, delivered, read } = event.data
    threads[key] = { ...thread, marks: { ...thread.marks, [account]: { delivered, read } } }
  } else threads[key] = { ...thread, ...keptOf(carriedBy(thread.deliveries ?? {}, event), thread.messages) }
}

/** The unit is gone: its own thread goes, and it is in no group; a group of nobody goes, too. */
export function forgetUnitInThreads(threads: Threads, unit: Id): void {
  delete threads[threadKey({ kind: 'unit', unit })]
  for (const [key, thread] of Object.entries(threads)) {
    if (thread.group?.units.includes(unit) !== true) continue
    const group = withoutUnit(thread.group, unit)
    if (group.units.length === 0) delete threads[key]
    else threads[key] = { ...thread, group }
  }
}

function carriedBy(
  all: TextDeliveries,
  event: Extract<ThreadEvent, { kind: 'message.carrying' | 'message.carried' }>,
): TextDeliveries {
  const { message, unit } = event.data
  const units = all[message] ?? {}
  if (event.kind === 'message.carrying') {
    const { attempt, by, at, until } = event.data
    return { ...all, [message]: { ...units, [unit]: { attempt, by, at, until, outcome: null } } }
  }
  const before = units[unit]
  return before?.attempt === event.data.attempt
    ? { ...all, [message]: { ...units, [unit]: { ...before, outcome: event.data.outcome } } }
    : all
}

/** They go with their messages. */
function keptOf(
  all: TextDeliveries,
  messages: readonly Pick<Message, 'id'>[],
): { deliveries?: TextDeliveries } {
  const kept = Object.entries(all).filter(([message]) => messages.some(({ id }) => id === message))
  return kept.length === 0 ? {} : { deliveries: Object.fromEntries(kept) }
}

/** What a seat may ask for about messages. */
export const threadCommands = [
  z.strictObject({
    kind: z.literal('message.send'),
    id: z.uuid(),
    thread: threadSchema,
    text: wordsSchema,
    place: placeSchema.nullable(),
    attachments: attachmentsSchema.exactOptional(),
    /** What whoever writes is at work on: the message belongs to it, too. */
    incident: idSchema.exactOptional(),
  }),
  /** That one has got them, or read them, up to there; never back. */
  z.strictObject({ kind: z.literal('message.mark'), thread: threadSchema, ...markSchema.shape }),
  z.strictObject({ kind: z.literal('message.carry'), thread: threadSchema, ...carryShape }),
  /** What came of it: by whoever has taken it on. */
  z.strictObject({ kind: z.literal('message.report'), thread: threadSchema, ...carriedShape }),
  takeInSchema,
  ...groupCommands,
] as const
export type ThreadCommand = z.infer<(typeof threadCommands)[number]>
