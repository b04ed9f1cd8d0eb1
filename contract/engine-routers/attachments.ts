/** Pictures and files, as the page reaches the hub for them. */
import { getPartSchema, partSentSchema, partTakenSchema, putPartSchema } from '../attachments.ts'
import { t } from './procedures.ts'

export const attachmentsRouter = t.router({
  put: t.procedure
    .input(putPartSchema)
    .output(partTakenSchema)
    .mutation(({ ctx, input }) => ctx.engine.attachments.put(input)),
  get: t.procedure
    .input(getPartSchema)
    .output(partSentSchema)
    .query(({ ctx, input }) => ctx.engine.attachments.get(input)),
})
