/** Which calls hear one another. Pure. */
import type { Call } from '../../../contract/telephony.ts'

/** The calls of each conference, a list each. */
export function conferencesOf(calls: readonly Pick<Call, 'id' | 'state' | 'conference'>[]): string[][] {
  const found = new Map<string, string[]>()
  for (const { id, state, conference } of calls)
    if (conference !== null && state !== 'ended')
      found.set(conference, [...(found.get(conference) ?? []), id])
  return [...found.values()]
}
