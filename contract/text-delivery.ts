/**
 * Messages that are carried to the telephones of units that have nothing else, and come back from there: as MESSAGE
 * requests of SIP (RFC 3428), by the seat of an officer with a line. The hub has each message first.
 */
import * as z from 'zod'
import { terminalNumberSchema } from './directory.ts'
import { personSchema } from './incidents.ts'
import { type Id, idSchema, instantSchema, nameSchema } from './primitives.ts'
import { wordsSchema } from './tasks.ts'
import type { Message } from './threads.ts'

/** How long a seat has for carrying a message, ms: nobody else carries it then. A request alone may take 32 s (RFC 3261, 17.1.2.2). */
export const CARRY_WITHIN_MS = 90_000

/** What came of it. `said`: words of the exchange's. */
const textOutcomeSchema = z.discriminatedUnion('state', [
  /** 2xx: the terminal has it, or a server keeps it for the terminal (RFC 3428, 7). Nobody knows whether it was read. */
  z.strictObject({
    state: z.literal('carried'),
    number: terminalNumberSchema,
    status: z.int().min(200).max(299),
  }),
  z.strictObject({
    state: z.literal('refused'),
    number: terminalNumberSchema,
    status: z.int().min(300).max(699),
    said: z.string().max(120),
  }),
  /** No final answer: it may be there, or not. */
  z.strictObject({ state: z.literal('unanswered'), number: terminalNumberSchema, said: z.string().max(120) }),
  /** As a datagram it would have more bytes than a request may (RFC 3428, 8). It was not sent. */
  z.strictObject({
    state: z.literal('too-long'),
    bytes: z.int().min(1).max(100_000),
    most: z.int().min(1).max(100_000),
  }),
  /** There was no line, or no number, when its turn came. It was not sent. */
  z.strictObject({ state: z.literal('not-sent') }),
])
export type TextOutcome = z.infer<typeof textOutcomeSchema>

/** The last try at a message for one unit. */
const textDeliverySchema = z.strictObject({
  attempt: z.uuid(),
  /** Whose seat carries it. */
  by: personSchema,
  at: instantSchema,
  /** What is not told of it by then is told by nobody any more: it may be there, or not. */
  until: instantSchema,
  /** Null: it is on its way. */
  outcome: textOutcomeSchema.nullable(),
})
export type TextDelivery = z.infer<typeof textDeliverySchema>

/** By message, then by unit. */
export type TextDeliveries = Readonly<Record<string, Readonly<Record<Id, TextDelivery>>>>

/** A message, and one of the units that it is carried to. */
export const carriageShape = { message: z.uuid(), unit: idSchema } as const

/** A seat has taken a message on, and what came of that; without the thread that it is about. */
export const carryingShape = {
  ...carriageShape,
  ...textDeliverySchema.omit({ outcome: true }).shape,
} as const
export const carriedShape = {
  ...carriageShape,
  attempt: z.uuid(),
  outcome: textOutcomeSchema,
} as const

/** This seat is to carry it. `again`: though it was tried before, or has waited for long. */
export const carryShape = { ...carriageShape, attempt: z.uuid(), again: z.boolean() } as const

/** Whose telephone a message came from. */
export const textSourceSchema = z.strictObject({ number: terminalNumberSchema, name: nameSchema })

/** A text came from a telephone of the unit's to a line of the seat's own. The same `id` for the same text, whichever seat got it. */
export const takeInSchema = z.strictObject({
  kind: z.literal('message.take-in'),
  id: z.uuid(),
  unit: idSchema,
  number: terminalNumberSchema,
  text: wordsSchema,
})

/** `waiting` for a seat to take it on, or `carrying`. `lost`: the seat that took it on has told nothing, so that it may be there or not. */
export type TextState = 'waiting' | 'carrying' | 'lost' | TextOutcome['state']

/** How it stands at this instant. What no seat has taken on in time is not sent. */
export function textStateOf(
  { at }: Pick<Message, 'at'>,
  delivery: TextDelivery | undefined,
  now: number,
): TextState {
  if (delivery === undefined) return now < at + CARRY_WITHIN_MS ? 'waiting' : 'not-sent'
  return delivery.outcome?.state ?? (now < delivery.until ? 'carrying' : 'lost')
}

/** What a telephone shows of a message: a place is written as an address that phones open (RFC 5870), and files are only named. */
export function textOf({ text, place, attachments = [] }: Message): string {
  return [
    text,
    ...(place === null ? [] : [`geo:${place.lat},${place.lon}`]),
    ...(attachments.length === 0
      ? []
      : [`[附件未随短信发送 / files not carried: ${attachments.map(({ name }) => name).join(', ')}]`]),
  ].join('\n')
}
