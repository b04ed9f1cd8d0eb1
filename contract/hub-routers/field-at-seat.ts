/** The field, as a seat reaches the hub for it. */
import * as z from 'zod'
import { fieldPassSchema } from '../field.ts'
import { idSchema } from '../primitives.ts'
import { seat, t } from './procedures.ts'

export const fieldAtSeatRouter = t.router({
  givePass: seat
    .input(z.strictObject({ unit: idSchema }))
    .output(fieldPassSchema)
    .mutation(({ ctx, input }) => ctx.hub.field.givePass(ctx.session, input.unit)),
})
