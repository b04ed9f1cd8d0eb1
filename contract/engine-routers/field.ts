/** The field, as the page reaches it. */
import * as z from 'zod'
import { fieldEntrySchema } from '../field.ts'
import { idSchema } from '../primitives.ts'
import { t } from './procedures.ts'

export const fieldRouter = t.router({
  invite: t.procedure
    .input(z.strictObject({ unit: idSchema }))
    .output(fieldEntrySchema)
    .mutation(({ ctx, input }) => ctx.engine.inviteToField(input.unit)),
})
