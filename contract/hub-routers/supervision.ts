/** Acts between seats, as a seat reaches the hub for them. */
import {
  changeModeSchema,
  endActSchema,
  orderReplySchema,
  pickUpSchema,
  releaseSchema,
  superviseSchema,
  supervisingSchema,
  tellCallsSchema,
} from '../supervision.ts'
import { bounded, never, nothing, seat, t } from './procedures.ts'

export const supervisionRouter = t.router({
  attend: seat.subscription(async function* ({ ctx, signal }) {
    yield* bounded(ctx.load, ctx.hub.supervision.attend(ctx.session, signal ?? never))
  }),
  tellCalls: seat
    .input(tellCallsSchema)
    .output(nothing)
    .mutation(({ ctx, input }) => ctx.hub.supervision.tellCalls(ctx.session, input)),
  watchBoard: seat.subscription(async function* ({ ctx, signal }) {
    yield* bounded(ctx.load, ctx.hub.supervision.watchBoard(ctx.session, signal ?? never))
  }),
  supervise: seat
    .input(superviseSchema)
    .output(supervisingSchema)
    .mutation(({ ctx, input }) => ctx.hub.supervision.supervise(ctx.session, input)),
  changeMode: seat
    .input(changeModeSchema)
    .output(nothing)
    .mutation(({ ctx, input }) => ctx.hub.supervision.changeMode(ctx.session, input)),
  endAct: seat
    .input(endActSchema)
    .output(nothing)
    .mutation(({ ctx, input }) => ctx.hub.supervision.endAct(ctx.session, input.id)),
  release: seat
    .input(releaseSchema)
    .output(nothing)
    .mutation(({ ctx, input }) => ctx.hub.supervision.release(ctx.session, input)),
  pickUp: seat
    .input(pickUpSchema)
    .output(nothing)
    .mutation(({ ctx, input }) => ctx.hub.supervision.pickUp(ctx.session, input)),
  reply: seat
    .input(orderReplySchema)
    .output(nothing)
    .mutation(({ ctx, input }) => ctx.hub.supervision.reply(ctx.session, input)),
})
