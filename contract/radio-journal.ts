/** What the journal keeps of the radio, and what of it is still going on: alarms, and who talked lately. */
import * as z from 'zod'
import { personSchema } from './incidents.ts'
import { type Id, idSchema, instantSchema, lineSchema } from './primitives.ts'
import { type TransmissionRecord, talkerSchema, transmissionRecordSchema } from './radio.ts'
import { alertTones, radioActs } from './seat-radio.ts'
import { mergedTransmission } from './transmissions.ts'

/** A radio whose emergency button was pressed, or a phone in the field; it stands until somebody has taken note of it. */
const alarmSchema = z.strictObject({
  id: z.uuid(),
  /** Null: a phone in the field, whose unit is known. */
  channel: idSchema.nullable(),
  /** As the channel names the radio; null: it does not. */
  radio: talkerSchema.shape.radio,
  unit: idSchema.nullable(),
  at: instantSchema,
})
export type RadioAlarm = z.infer<typeof alarmSchema>

/** Somebody who was called on a channel, and whether he was heard, as the officer noted it. */
const calledSchema = z
  .strictObject({
    radio: talkerSchema.shape.radio,
    unit: idSchema.nullable(),
    answered: z.boolean(),
    note: lineSchema.nullable(),
  })
  .refine(({ radio, unit }) => radio !== null || unit !== null, 'a radio or a unit')

export const radioRollCallSchema = z.strictObject({
  id: z.uuid(),
  channel: idSchema,
  startedAt: instantSchema,
  endedAt: instantSchema,
  called: z.array(calledSchema).min(1).max(256),
})

export const radioActSchema = z.strictObject({
  channel: idSchema,
  act: z.enum(radioActs),
  radio: z.string().min(1).max(64),
  /** To silence a radio, or to let it talk again, needs one. */
  reason: lineSchema.nullable(),
})

export const radioEvents = {
  /** A later one of the same id has more to tell. */
  'transmission.recorded': transmissionRecordSchema,
  'alarm.raised': alarmSchema,
  'alarm.acknowledged': z.strictObject({
    ...alarmSchema.pick({ id: true, channel: true }).shape,
    by: personSchema,
  }),
  'radio-roll-call.recorded': radioRollCallSchema,
  'radio-act.done': radioActSchema,
  'alert-tone.sent': z.strictObject({ channel: idSchema, tone: z.enum(alertTones) }),
} as const

export interface RadioFacts {
  /** Of which nobody has taken note. */
  alarms: Record<string, RadioAlarm>
  /** By channel, the newest last. */
  lately: Record<Id, readonly TransmissionRecord[]>
}

export const noRadioFacts: RadioFacts = { alarms: {}, lately: {} }

/** Enough to see that several seats tell of the same transmission. */
const REMEMBERED = 16

export type RadioEvent = {
  [K in keyof typeof radioEvents]: { readonly kind: K; readonly data: z.infer<(typeof radioEvents)[K]> }
}[keyof typeof radioEvents]

/** Changes `radio` (an Immer draft, or a state nobody else holds) by one event. */
export function applyRadioEvent(radio: RadioFacts, event: RadioEvent): void {
  switch (event.kind) {
    case 'alarm.raised':
      radio.alarms[event.data.id] = event.data
      break
    case 'alarm.acknowledged':
      delete radio.alarms[event.data.id]
      break
    case 'transmission.recorded': {
      const { id, channel } = event.data
      const others = (radio.lately[channel] ?? []).filter((other) => other.id !== id)
      radio.lately[channel] = [...others, event.data].slice(-REMEMBERED)
      break
    }
    case 'radio-roll-call.recorded':
    case 'radio-act.done':
    case 'alert-tone.sent':
      break
  }
}

/** A channel is gone, and all that went on there. */
export function forgetChannel(radio: RadioFacts, channel: Id): void {
  for (const [id, alarm] of Object.entries(radio.alarms))
    if (alarm.channel === channel) delete radio.alarms[id]
  delete radio.lately[channel]
}

/** A unit is gone, and what its phone has called for. */
export function forgetUnit(radio: RadioFacts, unit: Id): void {
  const alarm = alarmOfUnit(radio, unit)
  if (alarm !== undefined) delete radio.alarms[alarm.id]
}

/** That its crew called for help by phone, and nobody has acknowledged it. */
export const alarmOfUnit = ({ alarms }: RadioFacts, unit: Id): RadioAlarm | undefined =>
  Object.values(alarms).find((alarm) => alarm.channel === null && alarm.unit === unit)

/** What goes on at these channels, and the alarms of units that are seen. */
export function radioThrough(
  radio: RadioFacts,
  channels: ReadonlySet<Id>,
  seesUnit: (unit: Id) => boolean,
): RadioFacts {
  const there = ([, { channel, unit }]: readonly [string, RadioAlarm]) =>
    channel === null ? unit !== null && seesUnit(unit) : channels.has(channel)
  return {
    alarms: Object.fromEntries(Object.entries(radio.alarms).filter(there)),
    lately: Object.fromEntries(Object.entries(radio.lately).filter(([channel]) => channels.has(channel))),
  }
}

/**
 * What is to be recorded where a seat tells of a transmission: under the id of the same one that others told of
 * before, where there is more to tell now; undefined: nothing.
 */
export function transmissionToRecord(
  { lately }: Pick<RadioFacts, 'lately'>,
  told: TransmissionRecord,
): TransmissionRecord | undefined {
  for (const known of lately[told.channel] ?? []) {
    const merged = mergedTransmission(known, told)
    if (merged !== undefined) return merged === known ? undefined : merged
  }
  return told
}
