/** Asking a camera for whole pictures, no more often than is of use. */

/** Many who begin to watch at once wait for the same. */
const APART_MS = 250
/** A camera that refuses is not asked again at once: some lock a user out after a few times. */
const AFTER_FAILURE_MS = 60_000

/** To be called whenever somebody waits for one. What fails is left: a whole picture comes by itself, a little later. */
export function askNowAndThen(ask: () => Promise<void>): () => void {
  let next = Number.NEGATIVE_INFINITY
  let waiting: NodeJS.Timeout | undefined
  const askNow = () => {
    waiting = undefined
    next = performance.now() + APART_MS
    ask().catch(() => {
      next = performance.now() + AFTER_FAILURE_MS
    })
  }
  return () => {
    const wait = Math.max(0, next - performance.now())
    if (waiting === undefined && wait <= APART_MS) waiting = setTimeout(askNow, wait)
  }
}
