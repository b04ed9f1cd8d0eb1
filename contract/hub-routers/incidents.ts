/** Incidents that were, as a seat asks the hub for them. */
import * as z from 'zod'
import { exportQuerySchema, filedQuerySchema, timelineQuerySchema } from '../incident-history.ts'
import { idSchema } from '../primitives.ts'
import { bounded, never, seat, t } from './procedures.ts'

export const incidentsRouter = t.router({
  timeline: seat
    .input(timelineQuerySchema)
    .query(({ ctx, input }) => ctx.hub.incidents.timeline(ctx.session, input)),
  watchTimeline: seat.input(z.strictObject({ incident: idSchema })).subscription(async function* ({
    ctx,
    input,
    signal,
  }) {
    yield* bounded(ctx.load, ctx.hub.incidents.watchTimeline(ctx.session, input.incident, signal ?? never))
  }),
  filed: seat.input(filedQuerySchema).query(({ ctx, input }) => ctx.hub.incidents.filed(ctx.session, input)),
  guests: seat
    .input(z.strictObject({ incident: idSchema }))
    .query(({ ctx, input }) => ctx.hub.incidents.guests(ctx.session, input.incident)),
  /** It is journalled that it was taken out, and why. */
  export: seat
    .input(exportQuerySchema)
    .mutation(({ ctx, input }) => ctx.hub.incidents.export(ctx.session, input)),
})
