/** Pictures and files, as a seat or a page in the field reaches the hub for them. */
import { getPartSchema, partSentSchema, partTakenSchema, putPartSchema } from '../attachments.ts'
import { seat, t } from './procedures.ts'

export const attachmentsRouter = t.router({
  put: seat
    .input(putPartSchema)
    .output(partTakenSchema)
    .mutation(({ ctx, input }) => ctx.hub.attachments.put(ctx.session, input)),
  get: seat
    .input(getPartSchema)
    .output(partSentSchema)
    .query(({ ctx, input }) => ctx.hub.attachments.get(ctx.session, input)),
})
