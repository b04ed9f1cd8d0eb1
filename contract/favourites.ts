/** Favourites of the telephone: whom an officer calls often, each with a lamp. */
import * as z from 'zod'
import type { Directory } from './directory.ts'
import { idSchema, lineSchema } from './primitives.ts'
import { numberSchema } from './telephony.ts'

/** A unit, by whatever number it has, or a number with a name of the officer's own. */
export const favouriteSchema = z.union([
  z.strictObject({ unit: idSchema }),
  z.strictObject({ number: numberSchema, name: lineSchema.nullable() }),
])
export type Favourite = z.infer<typeof favouriteSchema>

export const MOST_FAVOURITES = 64

/**
 * What a number is doing, from its dialogues (RFC 4235). `unknown`: the exchange has not said, or can't be asked;
 * `offline`: it says that there is nobody to be asked.
 */
export type NumberState = 'unknown' | 'idle' | 'ringing' | 'busy' | 'offline'

/** By number. */
export type NumberLamps = Readonly<Record<string, NumberState>>

/** What is dialled for it; undefined if its unit is gone or has no telephone. */
export function numberOfFavourite(favourite: Favourite, { units }: Directory): string | undefined {
  if ('number' in favourite) return favourite.number
  const terminal = units[favourite.unit]?.terminals.find(({ kind }) => kind === 'sip')
  return terminal?.kind === 'sip' ? terminal.number : undefined
}
