/** The pages of a seat's console: each in a window of its own, with a port of its own to the engine. */
import * as z from 'zod'

const seatPages = ['console', 'wall'] as const
export const seatPageSchema = z.enum(seatPages)
export type SeatPage = z.infer<typeof seatPageSchema>
