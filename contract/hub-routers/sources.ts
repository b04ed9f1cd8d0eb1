/** Video sources, as a seat reaches the hub for them. */
import { attendSourcesSchema, watchSourceSchema } from '../sources.ts'
import { presetsQuerySchema, steerSourceSchema } from '../steering.ts'
import { bounded, never, nothing, seat, t } from './procedures.ts'

export const sourcesRouter = t.router({
  watchStatus: seat.subscription(async function* ({ ctx, signal }) {
    yield* bounded(ctx.load, ctx.hub.sources.watchStatus(ctx.session, signal ?? never))
  }),
  attend: seat.input(attendSourcesSchema).subscription(async function* ({ ctx, input, signal }) {
    yield* bounded(ctx.load, ctx.hub.sources.attend(ctx.session, input, signal ?? never))
  }),
  watch: seat
    .input(watchSourceSchema)
    .output(nothing)
    .mutation(({ ctx, input }) => ctx.hub.sources.watch(ctx.session, input)),
  unwatch: seat
    .input(watchSourceSchema)
    .output(nothing)
    .mutation(({ ctx, input }) => ctx.hub.sources.unwatch(ctx.session, input)),
  steer: seat
    .input(steerSourceSchema)
    .output(nothing)
    .mutation(({ ctx, input }) => ctx.hub.sources.steer(ctx.session, input)),
  presets: seat
    .input(presetsQuerySchema)
    .query(({ ctx, input }) => ctx.hub.sources.presets(ctx.session, input)),
})
