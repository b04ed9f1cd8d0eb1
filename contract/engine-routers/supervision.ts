/** Acts between seats, as the page reaches them. */
import {
  beginSupervisionSchema,
  dismissNoteSchema,
  pickUpThereSchema,
  releaseThereSchema,
  setModeSchema,
} from '../seat-supervision.ts'
import { never, nothing, t } from './procedures.ts'

export const supervisionRouter = t.router({
  watch: t.procedure.subscription(async function* ({ ctx, signal }) {
    yield* ctx.engine.supervision.watch(signal ?? never)
  }),
  begin: t.procedure
    .input(beginSupervisionSchema)
    .output(nothing)
    .mutation(({ ctx, input }) => ctx.engine.supervision.begin(input)),
  setMode: t.procedure
    .input(setModeSchema)
    .output(nothing)
    .mutation(({ ctx, input }) => ctx.engine.supervision.setMode(input.mode)),
  end: t.procedure.output(nothing).mutation(({ ctx }) => ctx.engine.supervision.end()),
  release: t.procedure
    .input(releaseThereSchema)
    .output(nothing)
    .mutation(({ ctx, input }) => ctx.engine.supervision.release(input)),
  pickUp: t.procedure
    .input(pickUpThereSchema)
    .output(nothing)
    .mutation(({ ctx, input }) => ctx.engine.supervision.pickUp(input)),
  dismiss: t.procedure
    .input(dismissNoteSchema)
    .output(nothing)
    .mutation(({ ctx, input }) => ctx.engine.supervision.dismiss(input.id)),
})
