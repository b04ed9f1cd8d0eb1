/** Sound, as the page reaches it. */
import { soundAnswerSchema } from '../seat-sound.ts'
import { never, nothing, t } from './procedures.ts'

export const soundRouter = t.router({
  offers: t.procedure.subscription(async function* ({ ctx, signal }) {
    yield* ctx.engine.sound.watchOffers(signal ?? never)
  }),
  takeAnswer: t.procedure
    .input(soundAnswerSchema)
    .output(nothing)
    .mutation(({ ctx, input }) => ctx.engine.sound.takeAnswer(input)),
})
