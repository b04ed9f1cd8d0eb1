/** The telephone of a seat as its console uses it. */
import * as z from 'zod'
import { never, nothing, t } from './engine-procedures.ts'
import type { NumberLamps } from './favourites.ts'
import { type Id, idSchema } from './primitives.ts'
import {
  dtmfSchema,
  type Forwarding,
  forwardingSchema,
  groupCallKinds,
  MOST_PARTIES,
  numberSchema,
  type Telephone,
} from './telephony.ts'

/** What to dial: a number on one of the seat's lines (the first that is registered unless told), or a unit. */
const dialSchema = z.union([
  z.strictObject({ number: numberSchema, line: idSchema.optional() }),
  z.strictObject({ unit: idSchema }),
])
export type Dial = z.infer<typeof dialSchema>

/** Whom a group call rings: a number, or a unit. */
const calleeSchema = z.union([z.strictObject({ number: numberSchema }), z.strictObject({ unit: idSchema })])
export type Callee = z.infer<typeof calleeSchema>

const calleesSchema = z.array(calleeSchema).min(1).max(MOST_PARTIES)

const groupCallOrderSchema = z.strictObject({
  kind: z.enum(groupCallKinds),
  callees: calleesSchema,
  /** Of a roll-call: whoever has answered stays in when the next is called. */
  stay: z.boolean().optional(),
})
export type GroupCallOrder = z.infer<typeof groupCallOrderSchema>

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
}

const oneCall = z.strictObject({ call: z.uuid() })
const oneGroup = z.strictObject({ group: z.uuid() })
const oneParty = oneGroup.extend({ number: numberSchema })

export const telephoneRouter = t.router({
  watch: t.procedure.subscription(async function* ({ ctx, signal }) {
    yield* ctx.engine.telephone.watch(signal ?? never)
  }),
  dial: t.procedure
    .input(dialSchema)
    .output(z.uuid())
    .mutation(({ ctx, input }) => ctx.engine.telephone.dial(input)),
  answer: t.procedure
    .input(z.strictObject({ call: z.uuid().nullable() }))
    .output(nothing)
    .mutation(({ ctx, input }) => ctx.engine.telephone.answer(input.call)),
  reject: t.procedure
    .input(oneCall)
    .output(nothing)
    .mutation(({ ctx, input }) => ctx.engine.telephone.reject(input.call)),
  hangUp: t.procedure
    .input(oneCall)
    .output(nothing)
    .mutation(({ ctx, input }) => ctx.engine.telephone.hangUp(input.call)),
  hold: t.procedure
    .input(oneCall)
    .output(nothing)
    .mutation(({ ctx, input }) => ctx.engine.telephone.hold(input.call)),
  resume: t.procedure
    .input(oneCall)
    .output(nothing)
    .mutation(({ ctx, input }) => ctx.engine.telephone.resume(input.call)),
  mute: t.procedure
    .input(oneCall.extend({ muted: z.boolean() }))
    .output(nothing)
    .mutation(({ ctx, input }) => ctx.engine.telephone.mute(input.call, input.muted)),
  sendDtmf: t.procedure
    .input(oneCall.extend({ digits: dtmfSchema }))
    .output(nothing)
    .mutation(({ ctx, input }) => ctx.engine.telephone.sendDtmf(input.call, input.digits)),
  transfer: t.procedure
    .input(oneCall.extend({ number: numberSchema }))
    .output(nothing)
    .mutation(({ ctx, input }) => ctx.engine.telephone.transfer(input.call, input.number)),
  transferTo: t.procedure
    .input(oneCall.extend({ other: z.uuid() }))
    .output(nothing)
    .mutation(({ ctx, input }) => ctx.engine.telephone.transferTo(input.call, input.other)),
  confer: t.procedure
    .input(z.strictObject({ calls: z.array(z.uuid()).min(2).max(64) }))
    .output(nothing)
    .mutation(({ ctx, input }) => ctx.engine.telephone.confer(input.calls)),
  setDoNotDisturb: t.procedure
    .input(z.strictObject({ on: z.boolean() }))
    .output(nothing)
    .mutation(({ ctx, input }) => ctx.engine.telephone.setDoNotDisturb(input.on)),
  setForwarding: t.procedure
    .input(z.strictObject({ forwarding: forwardingSchema.nullable() }))
    .output(nothing)
    .mutation(({ ctx, input }) => ctx.engine.telephone.setForwarding(input.forwarding)),
  startGroup: t.procedure
    .input(groupCallOrderSchema)
    .output(z.uuid())
    .mutation(({ ctx, input }) => ctx.engine.telephone.startGroup(input)),
  addToGroup: t.procedure
    .input(oneGroup.extend({ callees: calleesSchema }))
    .output(nothing)
    .mutation(({ ctx, input }) => ctx.engine.telephone.addToGroup(input.group, input.callees)),
  ringAgain: t.procedure
    .input(oneGroup.extend({ numbers: z.array(numberSchema).max(MOST_PARTIES).nullable() }))
    .output(nothing)
    .mutation(({ ctx, input }) => ctx.engine.telephone.ringAgain(input.group, input.numbers)),
  dropFromGroup: t.procedure
    .input(oneParty)
    .output(nothing)
    .mutation(({ ctx, input }) => ctx.engine.telephone.dropFromGroup(input.group, input.number)),
  setHeard: t.procedure
    .input(oneParty.extend({ heard: z.boolean() }))
    .output(nothing)
    .mutation(({ ctx, input }) => ctx.engine.telephone.setHeard(input.group, input.number, input.heard)),
  nextInRollCall: t.procedure
    .input(oneGroup)
    .output(nothing)
    .mutation(({ ctx, input }) => ctx.engine.telephone.nextInRollCall(input.group)),
  gatherRollCall: t.procedure
    .input(oneGroup)
    .output(nothing)
    .mutation(({ ctx, input }) => ctx.engine.telephone.gatherRollCall(input.group)),
  endGroup: t.procedure
    .input(oneGroup)
    .output(nothing)
    .mutation(({ ctx, input }) => ctx.engine.telephone.endGroup(input.group)),
  dismissGroup: t.procedure
    .input(oneGroup)
    .output(nothing)
    .mutation(({ ctx, input }) => ctx.engine.telephone.dismissGroup(input.group)),
  lamps: t.procedure.subscription(async function* ({ ctx, signal }) {
    yield* ctx.engine.telephone.watchLamps(signal ?? never)
  }),
  levels: t.procedure.subscription(async function* ({ ctx, signal }) {
    yield* ctx.engine.telephone.watchLevels(signal ?? never)
  }),
  setLinePassword: t.procedure
    .input(z.strictObject({ line: idSchema, password: z.string().min(1).max(200) }))
    .output(nothing)
    .mutation(({ ctx, input }) => ctx.engine.telephone.setLinePassword(input.line, input.password)),
})
