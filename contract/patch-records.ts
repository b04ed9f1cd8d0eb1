/** What the journal keeps of patches. They live and die at a seat; nobody else's state knows of them. */
import * as z from 'zod'
import { idSchema, instantSchema } from './primitives.ts'
import { patchEndings, patchEndSchema } from './seat-radio.ts'

export const patchMadeSchema = z.strictObject({
  id: z.uuid(),
  /** A call by the id that its record has. */
  ends: z.array(patchEndSchema).min(2).max(16),
  at: instantSchema,
})

export const patchUndoneSchema = z.strictObject({
  id: z.uuid(),
  at: instantSchema,
  why: z.enum(patchEndings),
})

export const patchEvents = {
  'patch.made': patchMadeSchema.extend({ account: idSchema }),
  'patch.undone': patchUndoneSchema.extend({ account: idSchema }),
} as const
