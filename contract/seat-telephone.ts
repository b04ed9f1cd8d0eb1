/** The telephone of a seat as its console uses it. */
import * as z from 'zod'
import type { NumberLamps } from './favourites.ts'
import { type Id, idSchema } from './primitives.ts'
import { type Forwarding, groupCallKinds, MOST_PARTIES, numberSchema, type Telephone } from './telephony.ts'
import { carriageShape } from './text-delivery.ts'
import { threadSchema } from './threads.ts'

/** What to dial: a number on one of the seat's lines (the first that is registered unless told), or a unit. */
export const dialSchema = z.union([
  z.strictObject({ number: numberSchema, line: idSchema.optional() }),
  z.strictObject({ unit: idSchema }),
])
export type Dial = z.infer<typeof dialSchema>

/** Whom a group call rings: a number, or a unit. */
const calleeSchema = z.union([z.strictObject({ number: numberSchema }), z.strictObject({ unit: idSchema })])
export type Callee = z.infer<typeof calleeSchema>

export const calleesSchema = z.array(calleeSchema).min(1).max(MOST_PARTIES)

export const groupCallOrderSchema = z.strictObject({
  kind: z.enum(groupCallKinds),
  callees: calleesSchema,
  /** Of a roll-call: whoever has answered stays in when the next is called. */
  stay: z.boolean().optional(),
})
export type GroupCallOrder = z.infer<typeof groupCallOrderSchema>

/** A message, and the unit to whose telephone it is carried. */
export const textCarriageSchema = z.strictObject({ thread: threadSchema, ...carriageShape })
export type TextCarriage = z.infer<typeof textCarriageSchema>

/** By call: how loud its far side has been lately, dBov (RFC 6464). */
export type CallLevels = Readonly<Record<string, number>>

/** The telephone behind the engine contract. Methods reject with a `Refusal` for what is expected to go wrong. */
export interface TelephonePort {
  watch(signal: AbortSignal): AsyncIterable<Telephone>
  /** Resolves with the call's id as soon as there is a call; how it fares is in the state. */
  dial(what: Dial): Promise<string>
  /** Holds whatever else is talking. Without a call: the one that has waited longest, urgent lines first. */
  answer(call: string | null): Promise<void>
  reject(call: string): Promise<void>
  hangUp(call: string): Promise<void>
  hold(call: string): Promise<void>
  resume(call: string): Promise<void>
  mute(call: string, muted: boolean): Promise<void>
  sendDtmf(call: string, digits: string): Promise<void>
  /** To a number, without asking there first (RFC 3515). */
  transfer(call: string, number: string): Promise<void>
  /** Joins the other sides of two calls, and leaves both (RFC 3891). */
  transferTo(call: string, other: string): Promise<void>
  /** All of them, held or talking, hear one another and the officer. Joins a conference that one is in already. */
  confer(calls: readonly string[]): Promise<void>
  /** Nothing rings but priority lines and hotlines. */
  setDoNotDisturb(on: boolean): Promise<void>
  /** Where calls go that nobody answers here; null: nowhere. */
  setForwarding(forwarding: Forwarding | null): Promise<void>
  /** Resolves with its id; how its parties fare is in the state. */
  startGroup(order: GroupCallOrder): Promise<string>
  addToGroup(group: string, callees: readonly Callee[]): Promise<void>
  /** Those of these numbers that neither ring nor are in; null: all that were rung and did not answer. */
  ringAgain(group: string, numbers: readonly string[] | null): Promise<void>
  /** Hangs a party up, or does not call it. */
  dropFromGroup(group: string, number: string): Promise<void>
  /** Whether the others hear this party. */
  setHeard(group: string, number: string, heard: boolean): Promise<void>
  /** Of a roll-call: the next one's turn. */
  nextInRollCall(group: string): Promise<void>
  /** A roll-call becomes a conference of all who have answered. */
  gatherRollCall(group: string): Promise<void>
  endGroup(group: string): Promise<void>
  /** Of one that is over: it is shown no longer. */
  dismissGroup(group: string): Promise<void>
  /** What the favourites of whoever sits here are doing. */
  watchLamps(signal: AbortSignal): AsyncIterable<NumberLamps>
  /** A few times a second. */
  watchLevels(signal: AbortSignal): AsyncIterable<CallLevels>
  setLinePassword(line: Id, password: string): Promise<void>
  /** Carries a message again that did not arrive. Resolves when it is this seat's to carry; what comes of it is in the thread. */
  carryMessage(what: TextCarriage): Promise<void>
}
