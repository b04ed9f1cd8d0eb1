/** Calls every 20 ms, on average exactly: a late tick doesn't make the next ones late. */
import { FRAME_MS } from './codec.ts'

/** What a stall ate is left out, beyond this many ticks. */
const MOST_BEHIND = 5

/** `frames`: how many have passed since the first tick, with those left out. Returns its own end. */
export function everyFrame(
  tick: (frames: number) => void,
  clock: () => number = () => performance.now(),
): () => void {
  const began = clock()
  let frames = 0
  let timer: NodeJS.Timeout | undefined
  let ended = false
  const next = () => {
    timer = setTimeout(run, Math.max(0, began + frames * FRAME_MS - clock()))
  }
  const run = () => {
    const due = Math.floor((clock() - began) / FRAME_MS) + 1
    if (due - frames > MOST_BEHIND) frames = due - 1
    // A timer may fire a little early; then this one tick is due all the same.
    do tick(frames++)
    while (frames < due && !ended)
    if (!ended) next()
  }
  next()
  return () => {
    ended = true
    clearTimeout(timer)
  }
}
