/** Scanning: of many channels one is heard at a time, and the one with priority breaks in. Pure. */
import type { Id, Instant } from '../../../contract/primitives.ts'
import type { OfficersRadio } from '../../../contract/radio-settings.ts'

/** So long the scan stays where somebody talked, for the answer comes on the same channel. */
const LINGER_MS = 2_000

/** Where the scan rests; `quietSince`: since nobody is heard there any more. */
export interface Scan {
  readonly restingOn: Id | null
  readonly quietSince: Instant | null
}

export const scanningOn: Scan = { restingOn: null, quietSince: null }

/** The channels that are heard only when the scan rests on them: what the officer has selected is always heard. */
export function scannedChannels({ scan, selected }: Pick<OfficersRadio, 'scan' | 'selected'>): Set<Id> {
  if (!scan.on) return new Set()
  const scanned = scan.priority === null ? scan.channels : [scan.priority, ...scan.channels]
  return new Set(scanned.filter((channel) => !selected.includes(channel)))
}

/** `open`: the scanned channels on which somebody is heard, whoever began first before the others. */
export function stepScan(
  scan: Scan,
  {
    open,
    priority,
    now,
  }: { readonly open: readonly Id[]; readonly priority: Id | null; readonly now: Instant },
): Scan {
  if (priority !== null && open.includes(priority)) return restOn(scan, priority)
  const { restingOn } = scan
  if (restingOn !== null && open.includes(restingOn)) return restOn(scan, restingOn)
  if (restingOn !== null) {
    const quietSince = scan.quietSince ?? now
    if (now < quietSince + LINGER_MS) return { restingOn, quietSince }
  }
  const [first] = open
  return first === undefined ? scanningOn : restOn(scan, first)
}

/** When `stepScan` is next worth calling, though nothing has happened. */
export const scanDeadline = ({ quietSince }: Scan): Instant | undefined =>
  quietSince === null ? undefined : quietSince + LINGER_MS

const restOn = (scan: Scan, channel: Id): Scan =>
  scan.restingOn === channel && scan.quietSince === null ? scan : { restingOn: channel, quietSince: null }
