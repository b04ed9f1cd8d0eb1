/** The seat's screens, as the page reaches them. */
import * as z from 'zod'
import { chooseScreenSchema, screensSchema } from '../screens.ts'
import { t } from './procedures.ts'

export const screensRouter = t.router({
  list: t.procedure.output(screensSchema).query(async ({ ctx }) => [...(await ctx.engine.screens.list())]),
  choose: t.procedure
    .input(chooseScreenSchema)
    .output(z.void())
    .mutation(({ ctx, input }) => ctx.engine.screens.choose(input.id)),
})
