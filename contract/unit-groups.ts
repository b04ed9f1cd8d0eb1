/** Groups of units that are written to together: formed by an officer, and as long as they last a thread of messages. */
import * as z from 'zod'
import { personSchema } from './incidents.ts'
import { type Id, idSchema, instantSchema, lineSchema } from './primitives.ts'

export const MOST_UNITS_OF_GROUP = 50

export const unitGroupSchema = z.strictObject({
  name: lineSchema,
  units: z
    .array(idSchema)
    .min(2)
    .max(MOST_UNITS_OF_GROUP)
    .refine((units) => new Set(units).size === units.length, 'each unit once'),
  by: personSchema,
  at: instantSchema,
})
/** In its thread: it loses the units that the directory loses. */
export type UnitGroup = z.infer<typeof unitGroupSchema>

export const groupThreadSchema = z.strictObject({ kind: z.literal('group'), group: z.uuid() })
export type GroupThread = z.infer<typeof groupThreadSchema>

export const groupEvents = {
  'group.formed': z.strictObject({ thread: groupThreadSchema, ...unitGroupSchema.shape }),
  /** Its thread goes with it; what was said is in the journal. */
  'group.dissolved': z.strictObject({ thread: groupThreadSchema }),
} as const

export const groupCommands = [
  z.strictObject({
    kind: z.literal('group.form'),
    thread: groupThreadSchema,
    name: unitGroupSchema.shape.name,
    units: unitGroupSchema.shape.units,
  }),
  z.strictObject({ kind: z.literal('group.dissolve'), thread: groupThreadSchema }),
] as const
export type GroupCommand = z.infer<(typeof groupCommands)[number]>

/** Without this unit. */
export const withoutUnit = (group: UnitGroup, unit: Id): UnitGroup => ({
  ...group,
  units: group.units.filter((id) => id !== unit),
})
