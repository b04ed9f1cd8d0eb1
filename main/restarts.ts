/** How long to wait before something that ended by itself is started again. */

const FIRST_WAIT_MS = 300
const LONGEST_WAIT_MS = 30_000
/** What stayed up this long begins again at the first wait. */
const STEADY_MS = 60_000

/** The wait after `ends` quick ends in a row, the last included. Pure. */
export const restartWait = (ends: number): number =>
  Math.min(FIRST_WAIT_MS * 2 ** Math.max(0, ends - 1), LONGEST_WAIT_MS)

/** Counts quick ends. The function it returns is told how long the thing was up, and says how long to wait. */
export function countRestarts(): (upForMs: number) => number {
  let ends = 0
  return (upForMs) => {
    ends = upForMs >= STEADY_MS ? 1 : ends + 1
    return restartWait(ends)
  }
}
