/** From MQTT messages to fixes of known units: who says so, whether it may be, and where it goes. */
import type { Directory, Unit } from '../../contract/directory.ts'
import { type Fix, LONGEST_REPORT, type Reporter, readReport, reporterOf } from '../../contract/positions.ts'
import type { Instant } from '../../contract/primitives.ts'
import { owntracksTopic } from '../../contract/site.ts'
import type { PositionTable, Verdict } from './table.ts'
import type { Tracks } from './tracks.ts'

export type IngestOutcome = Verdict | 'malformed' | 'unknown-unit' | 'not-a-position'

export interface Ingest {
  /** Takes in one message. Never throws. */
  take(topic: string, payload: Uint8Array): IngestOutcome
  /** Takes in what a unit says by other means than a broker. */
  takeFix(unit: Unit, fix: Fix): Verdict
  /** Must be called when units have been put or removed; their states do not matter here. */
  follow(directory: Directory): void
  readonly lastReportAt: Instant | null
  readonly counts: ReadonlyMap<IngestOutcome, number>
}

export interface IngestOptions {
  readonly table: PositionTable
  readonly tracks: Tracks
  readonly clock: () => Instant
  readonly tick: () => number
  /** Told of messages that can't be read, for the operator's log; at most once a minute of one topic. */
  readonly onMalformed: (topic: string, why: string) => void
}

/** Late fixes older than this are not worth a place in a track, ms. */
const TOO_LATE = 24 * 60 * 60_000
const TELL_AGAIN_AFTER = 60_000
const decoder = new TextDecoder()

export function createIngest({ table, tracks, clock, tick, onMalformed }: IngestOptions): Ingest {
  let directory: Directory | undefined
  let phones = new Map<string, Unit>()
  let lastReportAt: Instant | null = null
  const counts = new Map<IngestOutcome, number>()
  /** When a topic was last told of. Only topics of known units come here, so it stays small. */
  const toldAt = new Map<string, Instant>()

  const tell = (topic: string, why: string) => {
    const now = clock()
    if (now - (toldAt.get(topic) ?? Number.NEGATIVE_INFINITY) < TELL_AGAIN_AFTER) return
    toldAt.set(topic, now)
    onMalformed(topic, why)
  }

  const unitOf = (reporter: Reporter): Unit | undefined => {
    if (reporter.kind === 'phone') return phones.get(reporter.topic)
    const unit = directory?.units[reporter.unit]
    return unit?.agency === reporter.agency ? unit : undefined
  }

  const takeFix = (unit: Unit, fix: Fix): Verdict => {
    const now = clock()
    lastReportAt = now
    const verdict = table.admit(unit, fix, now, tick())
    if (verdict === 'drawn' || (verdict === 'late' && now - fix.at < TOO_LATE)) tracks.keep(unit.index, fix)
    return verdict
  }

  const judge = (topic: string, payload: Uint8Array): IngestOutcome => {
    const reporter = reporterOf(topic)
    if (reporter === undefined) return 'not-a-position'
    const unit = unitOf(reporter)
    if (unit === undefined) return 'unknown-unit'
    const reading = readReport(reporter, decoder.decode(payload.subarray(0, LONGEST_REPORT + 1)))
    switch (reading.kind) {
      case 'fix':
        return takeFix(unit, reading.fix)
      case 'other':
        return 'not-a-position'
      case 'malformed':
        tell(topic, reading.why)
        return 'malformed'
    }
  }

  const counted = <T extends IngestOutcome>(outcome: T): T => {
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1)
    return outcome
  }

  return {
    take: (topic, payload) => counted(judge(topic, payload)),
    takeFix: (unit, fix) => counted(takeFix(unit, fix)),
    follow: (next) => {
      if (next === directory) return
      for (const [id, unit] of Object.entries(directory?.units ?? {}))
        if (!(id in next.units)) table.forget(unit.index)
      directory = next
      phones = new Map(
        Object.values(next.units).flatMap((unit) =>
          unit.terminals.flatMap((terminal) => {
            const topic = owntracksTopic(terminal)
            return topic === undefined ? [] : [[topic, unit] as const]
          }),
        ),
      )
    },
    get lastReportAt() {
      return lastReportAt
    },
    counts,
  }
}
