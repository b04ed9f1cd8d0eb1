/** Where the console's window was, and whether it can be there again. */
import * as z from 'zod'

const boundsSchema = z.object({
  x: z.int(),
  y: z.int(),
  width: z.int().min(200),
  height: z.int().min(150),
})

export const windowStateSchema = z.object({
  /** Of the window when it is neither maximised nor fills the screen. */
  bounds: boundsSchema,
  maximised: z.boolean(),
  fullScreen: z.boolean(),
})
export type WindowState = z.infer<typeof windowStateSchema>

interface Area {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Pixels of a window's upper edge that must show for a hand to take hold of it. */
const GRIP = { side: 50, top: 10 }

/** Whether enough of a window would show on one of the screens there are now. Pure. */
export const isOnScreen = ({ x, y, width }: Area, workAreas: readonly Area[]): boolean =>
  workAreas.some(
    (area) =>
      x + width - GRIP.side > area.x &&
      x + GRIP.side < area.x + area.width &&
      y + GRIP.top >= area.y &&
      y + GRIP.top < area.y + area.height,
  )
