/** Rooms, as a seat reaches the hub for them. */
import { attendRoomSchema, raiseHandSchema, requestedSchema, roomRequestSchema } from '../rooms.ts'
import { bounded, never, nothing, seat, t } from './procedures.ts'

export const roomsRouter = t.router({
  watch: seat.subscription(async function* ({ ctx, signal }) {
    yield* bounded(ctx.load, ctx.hub.rooms.watch(ctx.session, signal ?? never))
  }),
  reachable: seat.query(({ ctx }) => ctx.hub.rooms.reachable(ctx.session)),
  request: seat
    .input(roomRequestSchema)
    .output(requestedSchema)
    .mutation(({ ctx, input }) => ctx.hub.rooms.request(ctx.session, input)),
  attend: seat.input(attendRoomSchema).subscription(async function* ({ ctx, input, signal }) {
    yield* bounded(ctx.load, ctx.hub.rooms.attend(ctx.session, input, signal ?? never))
  }),
  raiseHand: seat
    .input(raiseHandSchema)
    .output(nothing)
    .mutation(({ ctx, input }) => ctx.hub.rooms.raiseHand(ctx.session, input)),
})
