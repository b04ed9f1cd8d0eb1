/** Which fixes of a track are worth keeping. Pure. */
import type { Fix } from '../../contract/positions.ts'
import { metresBetween } from '../../contract/primitives.ts'

const FAR_M = 10
const TURN_DEGREES = 20
const LONG_MS = 60_000

/** Whether a fix tells more than the one kept before it: it is further on, has turned, or a minute went by. */
export function isWorthKeeping(kept: Fix | undefined, fix: Fix): boolean {
  if (kept === undefined || Math.abs(fix.at - kept.at) >= LONG_MS) return true
  const moved = metresBetween(kept, fix)
  return moved >= FAR_M || (moved >= FAR_M / 4 && turned(kept.heading, fix.heading) >= TURN_DEGREES)
}

function turned(from: number | undefined, to: number | undefined): number {
  if (from === undefined || to === undefined) return 0
  const apart = Math.abs(from - to) % 360
  return Math.min(apart, 360 - apart)
}
