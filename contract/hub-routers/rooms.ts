/** Rooms, as a seat reaches the hub for them. */
import { carrySchema, keyCarriedSchema, onAirSchema } from '../carried.ts'
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
  carry: seat.input(carrySchema).subscription(async function* ({ ctx, input, signal }) {
    yield* bounded(ctx.load, ctx.hub.rooms.carry(ctx.session, input, signal ?? never))
  }),
  keyCarried: seat
    .input(keyCarriedSchema)
    .output(nothing)
    .mutation(({ ctx, input }) => ctx.hub.rooms.keyCarried(ctx.session, input)),
  onAir: seat
    .input(onAirSchema)
    .output(nothing)
    .mutation(({ ctx, input }) => ctx.hub.rooms.onAir(ctx.session, input)),
})
