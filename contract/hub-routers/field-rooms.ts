/** Rooms, as a page in the field reaches the hub for them: those that it is rung for. */
import * as z from 'zod'
import { keyCarriedSchema } from '../carried.ts'
import { attendRoomSchema, raiseHandSchema, requestedSchema } from '../rooms.ts'
import { bounded, never, nothing, seat, t } from './procedures.ts'

export const fieldRoomsRouter = t.router({
  watch: seat.subscription(async function* ({ ctx, signal }) {
    yield* bounded(ctx.load, ctx.hub.rooms.watch(ctx.session, signal ?? never))
  }),
  answer: seat
    .input(z.strictObject({ ...attendRoomSchema.shape, act: z.enum(['accept', 'refuse']) }))
    .output(requestedSchema)
    .mutation(({ ctx, input: { room, act } }) =>
      ctx.hub.rooms.request(ctx.session, { kind: 'move', room, account: ctx.session.account, act }),
    ),
  attend: seat.input(attendRoomSchema).subscription(async function* ({ ctx, input, signal }) {
    yield* bounded(ctx.load, ctx.hub.rooms.attend(ctx.session, input, signal ?? never))
  }),
  raiseHand: seat
    .input(raiseHandSchema)
    .output(nothing)
    .mutation(({ ctx, input }) => ctx.hub.rooms.raiseHand(ctx.session, input)),
  keyCarried: seat
    .input(keyCarriedSchema)
    .output(nothing)
    .mutation(({ ctx, input }) => ctx.hub.rooms.keyCarried(ctx.session, input)),
})
