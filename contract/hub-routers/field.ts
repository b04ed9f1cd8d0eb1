/** All that a page in the field may ask of the hub: much less than a seat may. */
import { fieldFixSchema, fieldPassSchema, fieldSubmissionSchema } from '../field.ts'
import { admissionSchema, credentialsSchema } from '../hub.ts'
import { attachmentsRouter } from './attachments.ts'
import { fieldRoomsRouter } from './field-rooms.ts'
import { peersRouter } from './peers.ts'
import { bounded, never, nothing, open, seat, t } from './procedures.ts'

export const fieldRouter = t.router({
  signIn: open
    .input(credentialsSchema)
    .output(admissionSchema)
    .mutation(({ ctx, input }) => ctx.hub.signIn(input, ctx.address)),
  signInWithPass: open
    .input(fieldPassSchema.pick({ code: true }))
    .output(admissionSchema)
    .mutation(({ ctx, input }) => ctx.hub.field.signInWithPass(input.code, ctx.address)),
  signOut: seat.output(nothing).mutation(({ ctx }) => ctx.hub.signOut(ctx.session)),
  watch: seat.subscription(async function* ({ ctx, signal }) {
    yield* bounded(ctx.load, ctx.hub.field.watch(ctx.session, signal ?? never))
  }),
  submit: seat
    .input(fieldSubmissionSchema)
    .output(nothing)
    .mutation(({ ctx, input }) => ctx.hub.field.submit(ctx.session, input)),
  attachments: attachmentsRouter,
  rooms: fieldRoomsRouter,
  peers: peersRouter,
  report: seat
    .input(fieldFixSchema)
    .output(nothing)
    .mutation(({ ctx, input }) => ctx.hub.field.report(ctx.session, input)),
})
export type FieldRouter = typeof fieldRouter
