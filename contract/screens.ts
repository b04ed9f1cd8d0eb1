/** The seat's screens and windows, as the officer chooses one of them to be shown in a room. */
import * as z from 'zod'

/** Most that are offered; a picture of each, as a data URL. */
const MOST = 60
const LONGEST_PICTURE = 400_000

const screenSchema = z.object({
  /** As the system calls it. */
  id: z.string().min(1).max(200),
  kind: z.enum(['screen', 'window']),
  name: z.string().max(300),
  /** What it looks like just now; null: the system gives none. */
  picture: z.string().startsWith('data:image/').max(LONGEST_PICTURE).nullable(),
})
export type ShownScreen = z.infer<typeof screenSchema>

export const screensSchema = z.array(screenSchema).max(MOST)
export const chooseScreenSchema = z.strictObject({ id: screenSchema.shape.id })

export interface ScreensPort {
  /** What can be shown, as it is now: empty where the system does not let it be seen. */
  list(): Promise<readonly ShownScreen[]>
  /** The next screen that the page asks for, soon, is this one. Rejects with `not-found` if it is not there any more. */
  choose(id: string): Promise<void>
}
