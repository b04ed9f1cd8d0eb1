/** What the history shows: what the hub found, and what this seat remembers besides. Pure. */

import type * as z from 'zod'
import { type CallQuery, isMissed } from '../../../../contract/call-history.ts'
import type { Id, Instant } from '../../../../contract/primitives.ts'
import type { Call, CallEnd, callRecordSchema } from '../../../../contract/telephony.ts'

export type Filter = Pick<CallQuery, 'whose' | 'text' | 'which' | 'from' | 'to'>

/** A call that was. */
export interface Entry {
  readonly id: string
  /** Whose it was; undefined: one that this seat remembers. */
  readonly account: Id | undefined
  readonly line: Id
  readonly direction: 'in' | 'out'
  readonly number: string
  readonly name: string | null
  readonly unit: Id | null
  readonly startedAt: Instant
  readonly answeredAt: Instant | null
  readonly endedAt: Instant
  readonly end: CallEnd
}

export const ofRecord = (record: z.infer<typeof callRecordSchema>): Entry => ({ ...record, name: null })

export const ofCall = (call: Call): Entry => ({
  id: call.id,
  account: undefined,
  line: call.line,
  direction: call.direction,
  number: call.number,
  name: call.name,
  unit: call.unit,
  startedAt: call.startedAt,
  answeredAt: call.answeredAt,
  endedAt: call.since,
  end: call.end?.why ?? 'failed',
})

/** Whether the hub would have found it, too. `unitNames`: of its unit, in both languages. */
export function fits(entry: Entry, filter: Filter, unitNames: readonly string[]): boolean {
  const { which, from, to } = filter
  const words = filter.text.trim().toLowerCase()
  return (
    (which === 'any' || (which === 'missed' ? isMissed(entry) : entry.direction === which)) &&
    (from === null || entry.startedAt >= from) &&
    (to === null || entry.startedAt < to) &&
    [entry.number, entry.name ?? '', ...unitNames].some((word) => word.toLowerCase().includes(words))
  )
}

/**
 * All of both, each once, the newest first. Where the hub has older ones still to be asked for, what the seat
 * remembers from then waits until they are there.
 */
export function merged(
  remembered: readonly Entry[],
  found: readonly Entry[],
  isComplete: boolean,
): readonly Entry[] {
  const oldest = isComplete ? Number.NEGATIVE_INFINITY : (found.at(-1)?.startedAt ?? 0)
  const own = new Map(remembered.map((entry) => [entry.id, entry]))
  // The seat heard the caller's name, which the journal does not keep.
  const known = found.map((entry) => ({ ...entry, name: own.get(entry.id)?.name ?? entry.name }))
  const ids = new Set(found.map(({ id }) => id))
  const others = remembered.filter(({ id, startedAt }) => !ids.has(id) && startedAt >= oldest)
  return [...known, ...others].toSorted((a, b) => b.startedAt - a.startedAt)
}
