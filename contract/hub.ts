/** The hub contract: what a seat may ask of the hub, over a WebSocket. Binary messages on it are position frames. */
import { tracked } from '@trpc/server'
import * as z from 'zod'
import { accountSchema, passwordSchema } from './accounts.ts'
import type { AttachmentsPort } from './attachments.ts'
import { type CallPage, type CallQuery, callPageSchema, callQuerySchema } from './call-history.ts'
import { type Receipt, receiptSchema, type Submission, submissionSchema } from './commands.ts'
import type { Happening } from './events.ts'
import type { FieldPort } from './field.ts'
import type { FloorPort } from './floor-service.ts'
import { attachmentsRouter } from './hub-routers/attachments.ts'
import { fieldAtSeatRouter } from './hub-routers/field-at-seat.ts'
import { floorRouter } from './hub-routers/floor.ts'
import { incidentsRouter } from './hub-routers/incidents.ts'
import { peersRouter } from './hub-routers/peers.ts'
import { bounded, never, nothing, open, seat, t } from './hub-routers/procedures.ts'
import { roomsRouter } from './hub-routers/rooms.ts'
import { sourcesRouter } from './hub-routers/sources.ts'
import { supervisionRouter } from './hub-routers/supervision.ts'
import type { IncidentsPort } from './incident-history.ts'
import { type MessagesPage, type MessagesQuery, messagesQuerySchema } from './message-archive.ts'
import type { PeersPort } from './peers.ts'
import { type PositionDetail, positionDetailSchema, type TrackPoint, trackPointSchema } from './positions.ts'
import { type Id, idSchema, instantSchema, nameSchema } from './primitives.ts'
import { Refusal } from './refusal.ts'
import type { RoomsPort } from './rooms.ts'
import type { SourcesPort } from './sources.ts'
import type { SharedState } from './state.ts'
import type {
  BoardSeat,
  changeModeSchema,
  OrderReply,
  pickUpSchema,
  releaseSchema,
  SeatOrder,
  superviseSchema,
  supervisingSchema,
  tellCallsSchema,
} from './supervision.ts'
import {
  type TransmissionPage,
  type TransmissionQuery,
  transmissionPageSchema,
  transmissionQuerySchema,
} from './transmissions.ts'

/** Raised when a seat and a hub of different versions could misunderstand each other. */
export const CONTRACT_VERSION = 1

/** The WebSocket's path on the hub. */
export const SEAT_PATH = '/seat'

export const credentialsSchema = z.strictObject({
  account: z.string().trim().min(1).max(63),
  password: z.string().min(1).max(200),
})
export type Credentials = z.infer<typeof credentialsSchema>

const demoAccountSchema = z.object({ account: accountSchema, password: passwordSchema })

export const welcomeSchema = z.object({
  site: nameSchema.nullable(),
  /** Offered by demonstration sites only. */
  demoAccounts: z.array(demoAccountSchema),
})
export type Welcome = z.infer<typeof welcomeSchema>

export const admissionSchema = z.object({
  /** Opaque; whoever has it is this account until it ends. */
  token: z.string().min(32).max(128),
  account: accountSchema,
  until: instantSchema,
})
export type Admission = z.infer<typeof admissionSchema>

/** A signed-in seat, as the hub knows it. */
export interface SeatSession {
  readonly account: Id
  /** Which session, without giving its token away. */
  readonly id: string
}

export type StateMessage =
  | { readonly kind: 'snapshot'; readonly state: SharedState }
  | { readonly kind: 'events'; readonly events: readonly Happening[] }

/** `no-worker`: this machine has no video worker; `starting`, `worker-fails`: it does not run yet, or any more. */
export const videoFaults = ['no-worker', 'starting', 'worker-fails'] as const
const videoStatusSchema = z.object({
  state: z.enum(['up', 'down']),
  since: instantSchema,
  fault: z.enum(videoFaults).nullable(),
})
export type VideoStatus = z.infer<typeof videoStatusSchema>

const hubStatusSchema = z.object({
  /** The link to the broker that positions come through. */
  positions: z.object({
    state: z.enum(['up', 'down']),
    since: instantSchema,
    /** When the last report came in, from anyone. */
    lastReportAt: instantSchema.nullable(),
  }),
  /** Rooms and sources. */
  video: videoStatusSchema,
})
export type HubStatus = z.infer<typeof hubStatusSchema>

export const trackQuerySchema = z
  .strictObject({ unit: idSchema, from: instantSchema, to: instantSchema })
  .refine(({ from, to }) => from < to && to - from <= 7 * 86_400_000, 'a span of at most seven days')
export type TrackQuery = z.infer<typeof trackQuerySchema>

/** Where position frames go. */
export interface FrameSink {
  send(frame: Uint8Array): void
  /** Bytes handed over that the network has not taken yet. */
  readonly waiting: number
  readonly closed: AbortSignal
}

/** What stands behind the hub contract. Methods reject with a `Refusal` for what is expected to go wrong. */
export interface HubPort {
  welcome(): Promise<Welcome>
  signIn(credentials: Credentials, address: string): Promise<Admission>
  signOut(session: SeatSession): Promise<void>
  changePassword(
    session: SeatSession,
    change: { current: string; next: string },
    address: string,
  ): Promise<void>
  /** Yields [seq, message]; from `after` on if that is still possible, else from a snapshot. */
  watchState(
    session: SeatSession,
    after: number | null,
    signal: AbortSignal,
  ): AsyncIterable<[number, StateMessage]>
  watchStatus(session: SeatSession, signal: AbortSignal): AsyncIterable<HubStatus>
  submit(session: SeatSession, submission: Submission): Promise<Receipt>
  startPositions(session: SeatSession, sink: FrameSink): void
  positionOf(session: SeatSession, unit: Id): PositionDetail
  track(session: SeatSession, query: TrackQuery): Promise<TrackPoint[]>
  calls(session: SeatSession, query: CallQuery): Promise<CallPage>
  transmissions(session: SeatSession, query: TransmissionQuery): Promise<TransmissionPage>
  /** Messages that were, of the threads that the account sees now. */
  messages(session: SeatSession, query: MessagesQuery): Promise<MessagesPage>
  readonly supervision: SupervisionPort
  readonly field: FieldPort
  readonly floor: FloorPort
  readonly incidents: IncidentsPort
  readonly attachments: AttachmentsPort
  readonly rooms: RoomsPort
  readonly sources: SourcesPort
  readonly peers: PeersPort
}

/** Acts between seats, behind the hub contract. A seat asks and is asked only as long as it attends. */
export interface SupervisionPort {
  /** The seat is there, and does what it is asked, until the stream ends. One after it of the same session ends it. */
  attend(session: SeatSession, signal: AbortSignal): AsyncIterable<SeatOrder>
  /** The calls of the seat as they are now. */
  tellCalls(session: SeatSession, told: z.infer<typeof tellCallsSchema>): void
  /** The other seats that something may be done about, as they become. */
  watchBoard(session: SeatSession, signal: AbortSignal): AsyncIterable<readonly BoardSeat[]>
  supervise(
    session: SeatSession,
    asked: z.infer<typeof superviseSchema>,
  ): Promise<z.infer<typeof supervisingSchema>>
  /** Of a supervision that goes on; its reason stands. */
  changeMode(session: SeatSession, change: z.infer<typeof changeModeSchema>): Promise<void>
  /** By either side of a supervision. */
  endAct(session: SeatSession, id: string): void
  release(session: SeatSession, asked: z.infer<typeof releaseSchema>): Promise<void>
  /** Resolves when the caller is on the way; the call then comes in on a line of this seat. */
  pickUp(session: SeatSession, asked: z.infer<typeof pickUpSchema>): Promise<void>
  reply(session: SeatSession, reply: OrderReply): void
}

export const hubRouter = t.router({
  hello: open
    .input(z.object({ contract: z.int() }))
    .output(welcomeSchema)
    .query(({ ctx, input }) => {
      if (input.contract !== CONTRACT_VERSION)
        throw new Refusal('contract-mismatch', { seat: input.contract, hub: CONTRACT_VERSION })
      return ctx.hub.welcome()
    }),
  signIn: open
    .input(credentialsSchema)
    .output(admissionSchema)
    .mutation(({ ctx, input }) => ctx.hub.signIn(input, ctx.address)),
  signOut: seat.output(nothing).mutation(({ ctx }) => ctx.hub.signOut(ctx.session)),
  changePassword: seat
    .input(z.strictObject({ current: z.string().max(200), next: passwordSchema }))
    .output(nothing)
    .mutation(({ ctx, input }) => ctx.hub.changePassword(ctx.session, input, ctx.address)),
  watchState: seat
    .input(
      z.object({
        lastEventId: z
          .string()
          .regex(/^\d{1,15}$/)
          .nullish(),
      }),
    )
    .subscription(async function* ({ ctx, input, signal }) {
      const after = input.lastEventId == null ? null : Number(input.lastEventId)
      const messages = ctx.hub.watchState(ctx.session, after, signal ?? never)
      for await (const [seq, message] of bounded(ctx.load, messages)) yield tracked(String(seq), message)
    }),
  watchStatus: seat.subscription(async function* ({ ctx, signal }) {
    yield* bounded(ctx.load, ctx.hub.watchStatus(ctx.session, signal ?? never))
  }),
  submit: seat
    .input(submissionSchema)
    .output(receiptSchema)
    .mutation(({ ctx, input }) => ctx.hub.submit(ctx.session, input)),
  startPositions: seat.output(nothing).mutation(({ ctx }) => ctx.hub.startPositions(ctx.session, ctx.frames)),
  positionOf: seat
    .input(z.strictObject({ unit: idSchema }))
    .output(positionDetailSchema)
    .query(({ ctx, input }) => ctx.hub.positionOf(ctx.session, input.unit)),
  track: seat
    .input(trackQuerySchema)
    .output(z.array(trackPointSchema))
    .query(({ ctx, input }) => ctx.hub.track(ctx.session, input)),
  calls: seat
    .input(callQuerySchema)
    .output(callPageSchema)
    .query(({ ctx, input }) => ctx.hub.calls(ctx.session, input)),
  messages: seat.input(messagesQuerySchema).query(({ ctx, input }) => ctx.hub.messages(ctx.session, input)),
  transmissions: seat
    .input(transmissionQuerySchema)
    .output(transmissionPageSchema)
    .query(({ ctx, input }) => ctx.hub.transmissions(ctx.session, input)),
  supervision: supervisionRouter,
  field: fieldAtSeatRouter,
  floor: floorRouter,
  attachments: attachmentsRouter,
  incidents: incidentsRouter,
  rooms: roomsRouter,
  sources: sourcesRouter,
  peers: peersRouter,
})
export type HubRouter = typeof hubRouter
