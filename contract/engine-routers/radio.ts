/** The radio, as the page reaches it. */
import * as z from 'zod'
import { idSchema } from '../primitives.ts'
import { radioActSchema } from '../radio-journal.ts'
import { alertTones, patchEndSchema, talkSchema } from '../seat-radio.ts'
import { never, nothing, t } from './procedures.ts'

const oneChannel = z.strictObject({ channel: idSchema })

export const radioRouter = t.router({
  watch: t.procedure.subscription(async function* ({ ctx, signal }) {
    yield* ctx.engine.radio.watch(signal ?? never)
  }),
  talk: t.procedure.input(talkSchema).subscription(async function* ({ ctx, input, signal }) {
    yield* ctx.engine.radio.talk(input, signal ?? never)
  }),
  levels: t.procedure.subscription(async function* ({ ctx, signal }) {
    yield* ctx.engine.radio.watchLevels(signal ?? never)
  }),
  sendTone: t.procedure
    .input(oneChannel.extend({ tone: z.enum(alertTones) }))
    .output(nothing)
    .mutation(({ ctx, input }) => ctx.engine.radio.sendTone(input.channel, input.tone)),
  patch: t.procedure
    .input(z.strictObject({ ends: z.array(patchEndSchema).min(2).max(16) }))
    .output(z.uuid())
    .mutation(({ ctx, input }) => ctx.engine.radio.patch(input.ends)),
  unpatch: t.procedure
    .input(z.strictObject({ patch: z.uuid() }))
    .output(nothing)
    .mutation(({ ctx, input }) => ctx.engine.radio.unpatch(input.patch)),
  act: t.procedure
    .input(radioActSchema)
    .output(nothing)
    .mutation(({ ctx, input }) => ctx.engine.radio.act(input.channel, input.act, input.radio, input.reason)),
  setChannelPassword: t.procedure
    .input(oneChannel.extend({ password: z.string().min(1).max(200) }))
    .output(nothing)
    .mutation(({ ctx, input }) => ctx.engine.radio.setChannelPassword(input.channel, input.password)),
})
