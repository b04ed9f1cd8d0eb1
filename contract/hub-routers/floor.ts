/** The floor, as a seat reaches the hub for it. */
import { floorRequestSchema, floorTurnSchema, radioHeardSchema, tellPatchesSchema } from '../floor-service.ts'
import { bounded, never, nothing, seat, t } from './procedures.ts'

export const floorRouter = t.router({
  attend: seat.subscription(async function* ({ ctx, signal }) {
    yield* bounded(ctx.load, ctx.hub.floor.attend(ctx.session, signal ?? never))
  }),
  request: seat
    .input(floorRequestSchema)
    .output(nothing)
    .mutation(({ ctx, input }) => ctx.hub.floor.request(ctx.session, input)),
  release: seat
    .input(floorTurnSchema)
    .output(nothing)
    .mutation(({ ctx, input }) => ctx.hub.floor.release(ctx.session, input)),
  alive: seat
    .input(floorTurnSchema)
    .output(nothing)
    .mutation(({ ctx, input }) => ctx.hub.floor.alive(ctx.session, input)),
  heard: seat
    .input(radioHeardSchema)
    .output(nothing)
    .mutation(({ ctx, input }) => ctx.hub.floor.heard(ctx.session, input)),
  tellPatches: seat
    .input(tellPatchesSchema)
    .output(nothing)
    .mutation(({ ctx, input }) => ctx.hub.floor.tellPatches(ctx.session, input.patches)),
})
