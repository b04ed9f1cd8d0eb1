/**
 * The engine contract: all that a renderer can do, over a MessagePort.
 * Text messages on the port are this contract; binary ones are position frames.
 */
import * as z from 'zod'
import { accountSchema, passwordSchema } from './accounts.ts'
import type { getPartSchema, partSentSchema, partTakenSchema, putPartSchema } from './attachments.ts'
import { type CallPage, type CallQuery, callPageSchema, callQuerySchema } from './call-history.ts'
import { type Command, commandSchema, receiptSchema } from './commands.ts'
import { attachmentsRouter } from './engine-routers/attachments.ts'
import { fieldRouter } from './engine-routers/field.ts'
import { hardwareRouter } from './engine-routers/hardware.ts'
import { incidentsRouter } from './engine-routers/incidents.ts'
import { never, nothing, t } from './engine-routers/procedures.ts'
import { radioRouter } from './engine-routers/radio.ts'
import { screensRouter } from './engine-routers/screens.ts'
import { soundRouter } from './engine-routers/sound.ts'
import { supervisionRouter } from './engine-routers/supervision.ts'
import { telephoneRouter } from './engine-routers/telephone.ts'
import { videoRouter } from './engine-routers/video.ts'
import type { FieldEntry } from './field.ts'
import type { HardwarePort } from './hardware.ts'
import {
  type Credentials,
  credentialsSchema,
  type FrameSink,
  type StateMessage,
  type TrackQuery,
  trackQuerySchema,
  videoFaults,
  welcomeSchema,
} from './hub.ts'
import { type MessagesPage, type MessagesQuery, messagesQuerySchema } from './message-archive.ts'
import { positionDetailSchema, trackPointSchema } from './positions.ts'
import { type Id, idSchema, instantSchema } from './primitives.ts'
import { refusalCodes } from './refusal.ts'
import type { ScreensPort } from './screens.ts'
import type { SeatIncidentsPort } from './seat-incidents.ts'
import type { RadioPort } from './seat-radio.ts'
import type { SoundPort } from './seat-sound.ts'
import type { SeatSupervisionPort } from './seat-supervision.ts'
import type { TelephonePort } from './seat-telephone.ts'
import type { VideoPort } from './seat-video.ts'
import { layoutSchema, type SeatSettings, type SettingsChange, settingsChangeSchema } from './settings.ts'
import {
  type TransmissionPage,
  type TransmissionQuery,
  transmissionPageSchema,
  transmissionQuerySchema,
} from './transmissions.ts'

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
  /** Of video that is down. */
  fault: z.enum(videoFaults).exactOptional(),
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
  /** Commands of whoever sits here, kept for when the hub is back; everybody's while nobody does. */
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
  /** The transmissions that were, the same. */
  transmissions(query: TransmissionQuery): Promise<TransmissionPage>
  /** Messages that were, the same. */
  messages(query: MessagesQuery): Promise<MessagesPage>
  watchSettings(signal: AbortSignal): AsyncIterable<SeatSettings>
  changeSettings(change: SettingsChange): Promise<void>
  keepLayout(account: Id, layout: z.infer<typeof layoutSchema> | null): Promise<void>
  /** Shows a file dialogue and adds the chosen map file. */
  addMapFile(): Promise<MapFilePick>
  removeMapFile(basemap: Id): Promise<void>
  setTileKey(key: Id, secret: string): Promise<void>
  /** An entry to the field's page for whoever is out there with the unit. */
  inviteToField(unit: Id): Promise<FieldEntry>
  readonly sound: SoundPort
  readonly radio: RadioPort
  readonly hardware: HardwarePort
  readonly telephone: TelephonePort
  readonly supervision: SeatSupervisionPort
  readonly incidents: SeatIncidentsPort
  readonly video: VideoPort
  readonly screens: ScreensPort
  readonly attachments: {
    put(part: z.infer<typeof putPartSchema>): Promise<z.infer<typeof partTakenSchema>>
    get(asked: z.infer<typeof getPartSchema>): Promise<z.infer<typeof partSentSchema>>
  }
}

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
    messages: t.procedure.input(messagesQuerySchema).query(({ ctx, input }) => ctx.engine.messages(input)),
    transmissions: t.procedure
      .input(transmissionQuerySchema)
      .output(transmissionPageSchema)
      .query(({ ctx, input }) => ctx.engine.transmissions(input)),
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
  field: fieldRouter,
  sound: soundRouter,
  radio: radioRouter,
  hardware: hardwareRouter,
  telephone: telephoneRouter,
  supervision: supervisionRouter,
  incidents: incidentsRouter,
  video: videoRouter,
  screens: screensRouter,
  attachments: attachmentsRouter,
})
export type EngineRouter = typeof engineRouter
