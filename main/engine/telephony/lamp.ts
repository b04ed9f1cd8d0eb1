/** What the status lamp says of the exchanges. Pure. */
import type { Lamp } from '../../../contract/engine.ts'
import type { LineStatus } from '../../../contract/telephony.ts'

/** Up if every line is registered, down if one is not; undefined where the seat has no lines. */
export function exchangeLamp(lines: readonly LineStatus[]): Lamp | undefined {
  if (lines.length === 0) return undefined
  const missing = lines.filter(({ state }) => state !== 'registered')
  const since =
    missing.length === 0
      ? Math.max(...lines.map((line) => line.since))
      : Math.min(...missing.map((line) => line.since))
  return { name: 'exchange', state: missing.length === 0 ? 'up' : 'down', since, heardAt: null }
}
