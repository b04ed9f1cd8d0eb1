/**
 * The engine contract: all that a renderer can do, over a MessagePort.
 * Text messages on the port are this contract; binary ones are position frames.
 */
import { initTRPC } from '@trpc/server'
import * as z from 'zod'
import { accountSchema, passwordSchema } from './accounts.ts'
import { type CallPage, type CallQuery, callPageSchema, callQuerySchema } from './call-history.ts'
import { type Command, commandSchema, receiptSchema } from './commands.ts'
import type { NumberLamps } from './favourites.ts'
import {
  type Credentials,
  credentialsSchema,
  type FrameSink,
  type StateMessage,
  type TrackQuery,
  trackQuerySchema,
  welcomeSchema,
} from './hub.ts'
import { positionDetailSchema, trackPointSchema } from './positions.ts'
import { type Id, idSchema, instantSchema } from './primitives.ts'
import { refusalCodes } from './refusal.ts'
import { shapeError } from './rpc.ts'
import {
  beginSupervisionSchema,
  dismissNoteSchema,
  pickUpThereSchema,
  releaseThereSchema,
  type SeatSupervisionPort,
  setModeSchema,
} from './seat-supervision.ts'
import { layoutSchema, type SeatSettings, type SettingsChange, settingsChangeSchema } from './settings.ts'
import {
  dtmfSchema,
  type Forwarding,
  forwardingSchema,
  groupCallKinds,
  MOST_PARTIES,
  numberSchema,
  type Telephone,
} from './telephony.ts'

/** Whether anybody is signed in at this seat. */
const sessionSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('signed-out'), because: z.enum(['nobody', 'signed-out', 'session-over']) }),
  z.object({ kind: z.literal('signed-in'), account: accountSchema, until: instantSchema }),
])
export type Session = z.infer<typeof sessionSchema>

/** Who the hub says it is, as soon as it answers. */
const hubGreetingSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('waiting') }),
  z.object({
    kind: z.literal('reached'),
    address: z.string(),
    embedded: z.boolean(),
    welcome: welcomeSchema,
  }),
  z.object({
    kind: z.literal('unreachable'),
    address: z.string(),
    why: z.string(),
    /** `failed`: the embedded hub could not start. */
    code: z.enum(['no-answer', 'certificate', 'contract', 'failed']),
  }),
])
export type HubGreeting = z.infer<typeof hubGreetingSchema>

const lampNames = ['exchange', 'radio', 'video', 'data', 'hub'] as const

/** One capability's health. `idle`: up, but nothing comes in. */
const lampSchema = z.object({
  name: z.enum(lampNames),
  state: z.enum(['up', 'idle', 'down']),
  since: instantSchema,
  /** When the last sign of life came. */
  heardAt: instantSchema.nullable(),
})
export type Lamp = z.infer<typeof lampSchema>

/** A command that waited in the outbox and that the hub then refused, or that grew too old. */
const lapseSchema = z.object({
  id: z.uuid(),
  command: commandSchema,
  at: instantSchema,
  code: z.enum([...refusalCodes, 'too-old']),
  particulars: z.record(z.string(), z.union([z.string(), z.number()])),
})
export type Lapse = z.infer<typeof lapseSchema>

const linkSchema = z.object({
  lamps: z.array(lampSchema),
  /** Commands kept for when the hub is back. */
  outbox: z.int().min(0),
  /** What the person still has to be told about. */
  lapses: z.array(lapseSchema),
})
export type Link = z.infer<typeof linkSchema>

/** A command that reached the journal, or one that waits in the outbox and will. */
const outcomeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('done'), receipt: receiptSchema }),
  z.object({ kind: z.literal('queued') }),
])
export type Outcome = z.infer<typeof outcomeSchema>

export const mapFilePickSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('added'), basemap: idSchema }),
  z.object({ kind: z.literal('cancelled') }),
])
export type MapFilePick = z.infer<typeof mapFilePickSchema>

/** What stands behind the engine contract. Methods reject with a `Refusal` for what is expected to go wrong. */
export interface EnginePort {
  watchHub(signal: AbortSignal): AsyncIterable<HubGreeting>
  watchSession(signal: AbortSignal): AsyncIterable<Session>
  signIn(credentials: Credentials): Promise<void>
  signOut(): Promise<void>
  changePassword(change: { current: string; next: string }): Promise<void>
  watchLink(signal: AbortSignal): AsyncIterable<Link>
  /** Begins with a snapshot. */
  watchState(signal: AbortSignal): AsyncIterable<StateMessage>
  submit(command: Command): Promise<Outcome>
  /** The person has been told of a lapse. */
  dismissLapse(id: string): Promise<void>
  startPositions(sink: FrameSink): void
  positionOf(unit: Id): Promise<z.infer<typeof positionDetailSchema>>
  track(query: TrackQuery): Promise<z.infer<typeof trackPointSchema>[]>
  /** The calls that were, as far as the hub can be asked. */
  calls(query: CallQuery): Promise<CallPage>
  watchSettings(signal: AbortSignal): AsyncIterable<SeatSettings>
  changeSettings(change: SettingsChange): Promise<void>
  keepLayout(account: Id, layout: z.infer<typeof layoutSchema> | null): Promise<void>
  /** Shows a file dialogue and adds the chosen map file. */
  addMapFile(): Promise<MapFilePick>
  removeMapFile(basemap: Id): Promise<void>
  setTileKey(key: Id, secret: string): Promise<void>
  readonly telephone: TelephonePort
  readonly supervision: SeatSupervisionPort
}

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

/** The page's answer to an offer of sound (RFC 3264), under the offer's numbers. */
const soundAnswerSchema = z.strictObject({
  /** Goes up when the connection begins anew. */
  connection: z.int().min(0),
  /** Goes up with each offer. */
  round: z.int().min(0),
  sdp: z.string().max(500_000),
})
export type SoundAnswer = z.infer<typeof soundAnswerSchema>

/** The engine's offer for the sound between it and the page. */
export interface SoundOffer extends SoundAnswer {
  /** The `mid` (RFC 8843) that the page's microphone is to be sent on. */
  readonly microphone: string
  /** Which leg, named after its call, comes on which `mid`. */
  readonly downlinks: readonly { readonly mid: string; readonly leg: string }[]
}

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
  watchOffers(signal: AbortSignal): AsyncIterable<SoundOffer>
  takeAnswer(answer: SoundAnswer): Promise<void>
}

interface EngineContext {
  readonly engine: EnginePort
  readonly frames: FrameSink
}

const t = initTRPC.context<EngineContext>().create({ errorFormatter: shapeError, isDev: false })
const never = new AbortController().signal
const nothing = z.void()
const oneCall = z.strictObject({ call: z.uuid() })
const oneGroup = z.strictObject({ group: z.uuid() })
const oneParty = oneGroup.extend({ number: numberSchema })

export const engineRouter = t.router({
  hub: t.router({
    watch: t.procedure.subscription(async function* ({ ctx, signal }) {
      yield* ctx.engine.watchHub(signal ?? never)
    }),
    link: t.procedure.subscription(async function* ({ ctx, signal }) {
      yield* ctx.engine.watchLink(signal ?? never)
    }),
  }),
  session: t.router({
    watch: t.procedure.subscription(async function* ({ ctx, signal }) {
      yield* ctx.engine.watchSession(signal ?? never)
    }),
    signIn: t.procedure
      .input(credentialsSchema)
      .output(nothing)
      .mutation(({ ctx, input }) => ctx.engine.signIn(input)),
    signOut: t.procedure.output(nothing).mutation(({ ctx }) => ctx.engine.signOut()),
    changePassword: t.procedure
      .input(z.strictObject({ current: z.string().min(1).max(200), next: passwordSchema }))
      .output(nothing)
      .mutation(({ ctx, input }) => ctx.engine.changePassword(input)),
  }),
  state: t.router({
    watch: t.procedure.subscription(async function* ({ ctx, signal }) {
      yield* ctx.engine.watchState(signal ?? never)
    }),
    submit: t.procedure
      .input(commandSchema)
      .output(outcomeSchema)
      .mutation(({ ctx, input }) => ctx.engine.submit(input)),
    dismissLapse: t.procedure
      .input(z.strictObject({ id: z.uuid() }))
      .output(nothing)
      .mutation(({ ctx, input }) => ctx.engine.dismissLapse(input.id)),
  }),
  positions: t.router({
    start: t.procedure.output(nothing).mutation(({ ctx }) => ctx.engine.startPositions(ctx.frames)),
    of: t.procedure
      .input(z.strictObject({ unit: idSchema }))
      .output(positionDetailSchema)
      .query(({ ctx, input }) => ctx.engine.positionOf(input.unit)),
    track: t.procedure
      .input(trackQuerySchema)
      .output(z.array(trackPointSchema))
      .query(({ ctx, input }) => ctx.engine.track(input)),
  }),
  history: t.router({
    calls: t.procedure
      .input(callQuerySchema)
      .output(callPageSchema)
      .query(({ ctx, input }) => ctx.engine.calls(input)),
  }),
  settings: t.router({
    watch: t.procedure.subscription(async function* ({ ctx, signal }) {
      yield* ctx.engine.watchSettings(signal ?? never)
    }),
    change: t.procedure
      .input(settingsChangeSchema)
      .output(nothing)
      .mutation(({ ctx, input }) => ctx.engine.changeSettings(input)),
    keepLayout: t.procedure
      .input(z.strictObject({ account: idSchema, layout: layoutSchema.nullable() }))
      .output(nothing)
      .mutation(({ ctx, input }) => ctx.engine.keepLayout(input.account, input.layout)),
    addMapFile: t.procedure.output(mapFilePickSchema).mutation(({ ctx }) => ctx.engine.addMapFile()),
    removeMapFile: t.procedure
      .input(z.strictObject({ basemap: idSchema }))
      .output(nothing)
      .mutation(({ ctx, input }) => ctx.engine.removeMapFile(input.basemap)),
    setTileKey: t.procedure
      .input(z.strictObject({ key: idSchema, secret: z.string().min(1).max(200) }))
      .output(nothing)
      .mutation(({ ctx, input }) => ctx.engine.setTileKey(input.key, input.secret)),
  }),
  telephone: t.router({
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
    offers: t.procedure.subscription(async function* ({ ctx, signal }) {
      yield* ctx.engine.telephone.watchOffers(signal ?? never)
    }),
    takeAnswer: t.procedure
      .input(soundAnswerSchema)
      .output(nothing)
      .mutation(({ ctx, input }) => ctx.engine.telephone.takeAnswer(input)),
  }),
  supervision: t.router({
    watch: t.procedure.subscription(async function* ({ ctx, signal }) {
      yield* ctx.engine.supervision.watch(signal ?? never)
    }),
    begin: t.procedure
      .input(beginSupervisionSchema)
      .output(nothing)
      .mutation(({ ctx, input }) => ctx.engine.supervision.begin(input)),
    setMode: t.procedure
      .input(setModeSchema)
      .output(nothing)
      .mutation(({ ctx, input }) => ctx.engine.supervision.setMode(input.mode)),
    end: t.procedure.output(nothing).mutation(({ ctx }) => ctx.engine.supervision.end()),
    release: t.procedure
      .input(releaseThereSchema)
      .output(nothing)
      .mutation(({ ctx, input }) => ctx.engine.supervision.release(input)),
    pickUp: t.procedure
      .input(pickUpThereSchema)
      .output(nothing)
      .mutation(({ ctx, input }) => ctx.engine.supervision.pickUp(input)),
    dismiss: t.procedure
      .input(dismissNoteSchema)
      .output(nothing)
      .mutation(({ ctx, input }) => ctx.engine.supervision.dismiss(input.id)),
  }),
})
export type EngineRouter = typeof engineRouter
