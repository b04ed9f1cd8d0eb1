/** Incidents, as the page reaches them beyond the shared state. */
import * as z from 'zod'
import { exportQuerySchema, filedQuerySchema, timelineQuerySchema } from '../incident-history.ts'
import { idSchema } from '../primitives.ts'
import { never, nothing, t } from './procedures.ts'

export const incidentsRouter = t.router({
  selected: t.procedure.subscription(async function* ({ ctx, signal }) {
    yield* ctx.engine.incidents.watchSelected(signal ?? never)
  }),
  select: t.procedure
    .input(z.strictObject({ incident: idSchema.nullable() }))
    .output(nothing)
    .mutation(({ ctx, input }) => ctx.engine.incidents.select(input.incident)),
  timeline: t.procedure
    .input(timelineQuerySchema)
    .query(({ ctx, input }) => ctx.engine.incidents.timeline(input)),
  watchTimeline: t.procedure.input(z.strictObject({ incident: idSchema })).subscription(async function* ({
    ctx,
    input,
    signal,
  }) {
    yield* ctx.engine.incidents.watchTimeline(input.incident, signal ?? never)
  }),
  filed: t.procedure.input(filedQuerySchema).query(({ ctx, input }) => ctx.engine.incidents.filed(input)),
  guests: t.procedure
    .input(z.strictObject({ incident: idSchema }))
    .query(({ ctx, input }) => ctx.engine.incidents.guests(input.incident)),
  export: t.procedure
    .input(exportQuerySchema)
    .mutation(({ ctx, input }) => ctx.engine.incidents.export(input)),
})
