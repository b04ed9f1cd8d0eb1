/** Commands that change shared state: checked, journalled, and only then acknowledged. */
import * as z from 'zod'
import { unitStates } from './directory.ts'
import { incidentCommands } from './incident-commands.ts'
import { patchMadeSchema, patchUndoneSchema } from './patch-records.ts'
import { grantSchema } from './permissions.ts'
import { idSchema, lineSchema } from './primitives.ts'
import { channelAccessSchema } from './radio.ts'
import { radioCommands } from './radio-commands.ts'
import { rtspUrlSchema } from './sources.ts'
import { callRecordSchema, exchangeSchema, groupCallRecordSchema } from './telephony.ts'
import { threadCommands } from './threads.ts'

export const commandSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('unit.set-state'), unit: idSchema, state: z.enum(unitStates) }),
  /** Whoever runs an exchange says where it is now. */
  z.strictObject({
    kind: z.literal('exchange.place'),
    exchange: idSchema,
    servers: exchangeSchema.shape.servers,
  }),
  /** Whoever runs a channel that is `placed` says where it is now. */
  z.strictObject({ kind: z.literal('channel.place'), channel: idSchema, access: channelAccessSchema }),
  /** Whoever runs an RTSP camera that is `placed` says where it is now. */
  z.strictObject({ kind: z.literal('source.place'), source: idSchema, url: rtspUrlSchema }),
  /** A call of the seat's own is over. */
  z.strictObject({ kind: z.literal('call.record'), call: callRecordSchema.omit({ account: true }) }),
  /** A group call of the seat's own is over. */
  z.strictObject({
    kind: z.literal('group-call.record'),
    groupCall: groupCallRecordSchema.omit({ account: true }),
  }),
  /** Channels or calls were joined at the seat. */
  z.strictObject({ kind: z.literal('patch.made'), patch: patchMadeSchema }),
  z.strictObject({ kind: z.literal('patch.undone'), undone: patchUndoneSchema }),
  z.strictObject({ kind: z.literal('grant.give'), grant: grantSchema }),
  z.strictObject({ kind: z.literal('grant.end'), grant: idSchema, reason: lineSchema }),
  ...incidentCommands,
  ...threadCommands,
  ...radioCommands,
])
export type Command = z.infer<typeof commandSchema>

/** A command with the key that makes sending it twice happen once. */
export const submissionSchema = z.strictObject({ key: z.uuid(), command: commandSchema })
export type Submission = z.infer<typeof submissionSchema>

/** `seq` of the last event the command led to; of the journal's head if it changed nothing. */
export const receiptSchema = z.strictObject({ seq: z.int().min(0) })
export type Receipt = z.infer<typeof receiptSchema>
