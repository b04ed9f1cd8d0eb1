/** What a seat may ask to be noted of the radio. */
import * as z from 'zod'
import { idSchema, instantSchema } from './primitives.ts'
import { transmissionRecordSchema } from './radio.ts'
import { radioActSchema, radioEvents, radioRollCallSchema } from './radio-journal.ts'

const LONGEST_TRANSMISSION_MS = 3_600_000

export const radioCommands = [
  /** A transmission that the seat heard or made is over. */
  z.strictObject({
    kind: z.literal('transmission.record'),
    transmission: transmissionRecordSchema.refine(
      ({ startedAt, endedAt }) => startedAt <= endedAt && endedAt - startedAt <= LONGEST_TRANSMISSION_MS,
      'an end after the beginning, within the hour',
    ),
  }),
  z.strictObject({
    kind: z.literal('alarm.raise'),
    alarm: radioEvents['alarm.raised'].omit({ unit: true }).extend({ channel: idSchema }),
  }),
  /** By the crew of a unit: they call for help. */
  z.strictObject({ kind: z.literal('alarm.call'), id: z.uuid(), at: instantSchema }),
  z.strictObject({ kind: z.literal('alarm.acknowledge'), alarm: z.uuid() }),
  z.strictObject({
    kind: z.literal('radio-roll-call.record'),
    rollCall: radioRollCallSchema.refine(
      ({ startedAt, endedAt }) => startedAt <= endedAt,
      'an end after the beginning',
    ),
  }),
  /** Asked before it is done: what may not be done is not done. */
  z.strictObject({ kind: z.literal('radio-act.do'), ...radioActSchema.shape }),
  z.strictObject({ kind: z.literal('alert-tone.send'), ...radioEvents['alert-tone.sent'].shape }),
] as const
export type RadioCommand = z.infer<(typeof radioCommands)[number]>
