/** The telephone, as the page reaches it. */
import * as z from 'zod'
import { idSchema } from '../primitives.ts'
import { calleesSchema, dialSchema, groupCallOrderSchema, textCarriageSchema } from '../seat-telephone.ts'
import { dtmfSchema, forwardingSchema, MOST_PARTIES, numberSchema } from '../telephony.ts'
import { never, nothing, t } from './procedures.ts'

const oneCall = z.strictObject({ call: z.uuid() })
const oneGroup = z.strictObject({ group: z.uuid() })
const oneParty = oneGroup.extend({ number: numberSchema })

export const telephoneRouter = t.router({
  watch: t.procedure.subscription(async function* ({ ctx, signal }) {
    yield* ctx.engine.telephone.watch(signal ?? never)
  }),
  dial: t.procedure
    .input(dialSchema)
    .output(z.uuid())
    .mutation(({ ctx, input }) => ctx.engine.telephone.dial(input)),
  answer: t.procedure
    .input(z.strictObject({ call: z.uuid().nullable() }))
    .output(nothing)
    .mutation(({ ctx, input }) => ctx.engine.telephone.answer(input.call)),
  reject: t.procedure
    .input(oneCall)
    .output(nothing)
    .mutation(({ ctx, input }) => ctx.engine.telephone.reject(input.call)),
  hangUp: t.procedure
    .input(oneCall)
    .output(nothing)
    .mutation(({ ctx, input }) => ctx.engine.telephone.hangUp(input.call)),
  hold: t.procedure
    .input(oneCall)
    .output(nothing)
    .mutation(({ ctx, input }) => ctx.engine.telephone.hold(input.call)),
  resume: t.procedure
    .input(oneCall)
    .output(nothing)
    .mutation(({ ctx, input }) => ctx.engine.telephone.resume(input.call)),
  mute: t.procedure
    .input(oneCall.extend({ muted: z.boolean() }))
    .output(nothing)
    .mutation(({ ctx, input }) => ctx.engine.telephone.mute(input.call, input.muted)),
  sendDtmf: t.procedure
    .input(oneCall.extend({ digits: dtmfSchema }))
    .output(nothing)
    .mutation(({ ctx, input }) => ctx.engine.telephone.sendDtmf(input.call, input.digits)),
  transfer: t.procedure
    .input(oneCall.extend({ number: numberSchema }))
    .output(nothing)
    .mutation(({ ctx, input }) => ctx.engine.telephone.transfer(input.call, input.number)),
  transferTo: t.procedure
    .input(oneCall.extend({ other: z.uuid() }))
    .output(nothing)
    .mutation(({ ctx, input }) => ctx.engine.telephone.transferTo(input.call, input.other)),
  confer: t.procedure
    .input(z.strictObject({ calls: z.array(z.uuid()).min(2).max(64) }))
    .output(nothing)
    .mutation(({ ctx, input }) => ctx.engine.telephone.confer(input.calls)),
  setDoNotDisturb: t.procedure
    .input(z.strictObject({ on: z.boolean() }))
    .output(nothing)
    .mutation(({ ctx, input }) => ctx.engine.telephone.setDoNotDisturb(input.on)),
  setForwarding: t.procedure
    .input(z.strictObject({ forwarding: forwardingSchema.nullable() }))
    .output(nothing)
    .mutation(({ ctx, input }) => ctx.engine.telephone.setForwarding(input.forwarding)),
  startGroup: t.procedure
    .input(groupCallOrderSchema)
    .output(z.uuid())
    .mutation(({ ctx, input }) => ctx.engine.telephone.startGroup(input)),
  addToGroup: t.procedure
    .input(oneGroup.extend({ callees: calleesSchema }))
    .output(nothing)
    .mutation(({ ctx, input }) => ctx.engine.telephone.addToGroup(input.group, input.callees)),
  ringAgain: t.procedure
    .input(oneGroup.extend({ numbers: z.array(numberSchema).max(MOST_PARTIES).nullable() }))
    .output(nothing)
    .mutation(({ ctx, input }) => ctx.engine.telephone.ringAgain(input.group, input.numbers)),
  dropFromGroup: t.procedure
    .input(oneParty)
    .output(nothing)
    .mutation(({ ctx, input }) => ctx.engine.telephone.dropFromGroup(input.group, input.number)),
  setHeard: t.procedure
    .input(oneParty.extend({ heard: z.boolean() }))
    .output(nothing)
    .mutation(({ ctx, input }) => ctx.engine.telephone.setHeard(input.group, input.number, input.heard)),
  nextInRollCall: t.procedure
    .input(oneGroup)
    .output(nothing)
    .mutation(({ ctx, input }) => ctx.engine.telephone.nextInRollCall(input.group)),
  gatherRollCall: t.procedure
    .input(oneGroup)
    .output(nothing)
    .mutation(({ ctx, input }) => ctx.engine.telephone.gatherRollCall(input.group)),
  endGroup: t.procedure
    .input(oneGroup)
    .output(nothing)
    .mutation(({ ctx, input }) => ctx.engine.telephone.endGroup(input.group)),
  dismissGroup: t.procedure
    .input(oneGroup)
    .output(nothing)
    .mutation(({ ctx, input }) => ctx.engine.telephone.dismissGroup(input.group)),
  lamps: t.procedure.subscription(async function* ({ ctx, signal }) {
    yield* ctx.engine.telephone.watchLamps(signal ?? never)
  }),
  levels: t.procedure.subscription(async function* ({ ctx, signal }) {
    yield* ctx.engine.telephone.watchLevels(signal ?? never)
  }),
  setLinePassword: t.procedure
    .input(z.strictObject({ line: idSchema, password: z.string().min(1).max(200) }))
    .output(nothing)
    .mutation(({ ctx, input }) => ctx.engine.telephone.setLinePassword(input.line, input.password)),
  carryMessage: t.procedure
    .input(textCarriageSchema)
    .output(nothing)
    .mutation(({ ctx, input }) => ctx.engine.telephone.carryMessage(input)),
})
