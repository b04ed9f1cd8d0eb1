/**
 * The video wall of an officer: which sources stand on it, in which places. It has pages of as many tiles as its size
 * says; what does not fit on one page is on the next, and by rotation (轮巡) they are shown one after the other.
 */
import * as z from 'zod'
import { idSchema } from './primitives.ts'

/** Tiles of a page. */
export const wallSizes = [1, 4, 9, 16] as const
export type WallSize = (typeof wallSizes)[number]

export const MOST_ON_WALL = 144
/** How long a page is shown in rotation, s. */
const LEAST_DWELL_S = 5
const MOST_DWELL_S = 600

export const wallSchema = z.strictObject({
  size: z.literal(wallSizes),
  /** By place, page after page; null: an empty place. A source has one place. */
  places: z.array(idSchema.nullable()).max(MOST_ON_WALL),
  dwellS: z.int().min(LEAST_DWELL_S).max(MOST_DWELL_S),
})
export type Wall = z.infer<typeof wallSchema>

export const emptyWall: Wall = { size: 4, places: [], dwellS: 15 }

/** Whether the wall has a window of its own, which may fill its display. */
export const wallWindowSchema = z.enum(['none', 'window', 'full-screen'])
export type WallWindow = z.infer<typeof wallWindowSchema>
