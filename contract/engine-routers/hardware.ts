/** Foot switches and keys, as the page reaches them. */
import { never, t } from './procedures.ts'

export const hardwareRouter = t.router({
  list: t.procedure.query(({ ctx }) => ctx.engine.hardware.list()),
  watch: t.procedure.subscription(async function* ({ ctx, signal }) {
    yield* ctx.engine.hardware.watch(signal ?? never)
  }),
  find: t.procedure.subscription(async function* ({ ctx, signal }) {
    yield* ctx.engine.hardware.find(signal ?? never)
  }),
})
