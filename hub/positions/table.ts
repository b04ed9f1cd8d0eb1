/**
 * Where every unit is: the latest believable fix of each, in columns by unit index.
 * Sorts out late, repeated and impossible fixes by the device's own time. Pure but for its columns.
 */
import type { UnitKind } from '../../contract/directory.ts'
import { packHeading, packSpeed } from '../../contract/position-frame.ts'
import type { Doubt, Fix } from '../../contract/positions.ts'
import { type Instant, metresBetween } from '../../contract/primitives.ts'

/** How fast anything of a kind could possibly go, m/s. */
const fastest: Record<UnitKind, number> = { person: 15, patrol: 60, vehicle: 80, drone: 90, post: 15 }

/** A device clock may be so far ahead, ms; such a fix counts as measured now. */
const CLOCK_SLACK = 5_000
/** What positions may be off by without being told, m. */
const UNTOLD_ACCURACY = 50
/** So many doubted fixes in a row that agree with each other move the unit after all. */
const CONVINCED_BY = 3
const FIRST_INTERVAL = 10_000
const SHORTEST_INTERVAL = 1_000
const LONGEST_INTERVAL = 300_000
/** A unit is stale after this many intervals without a fix, and a moment's grace for the network. */
const MISSED_INTERVALS = 3
const GRACE = 1_000

export type Verdict = 'drawn' | 'late' | 'repeated' | Doubt

/** What the table must know of a unit. */
export interface Tracked {
  readonly index: number
  readonly kind: UnitKind
  /** Seconds, if it keeps to a fixed interval. */
  readonly reportEvery?: number | undefined
}

export interface Latest {
  readonly fix: Fix
  readonly receivedAt: Instant
}

interface Doubted {
  readonly doubt: Doubt
  readonly fix: Fix
  readonly agreeing: number
}

export class PositionTable {
  /** One more than the highest index that has a fix. */
  size = 0
  /** 1e-7 degrees; 0.01 degrees; cm/s; as position frames have them. */
  lat = new Int32Array(1024)
  lon = new Int32Array(1024)
  heading = new Uint16Array(1024)
  speed = new Uint16Array(1024)
  /** When the fix was measured; 0 for none. */
  at = new Float64Array(1024)
  stale = new Uint8Array(1024)
  /** The tick in which the row last changed. */
  changed = new Uint32Array(1024)
  #interval = new Float64Array(1024)
  readonly #latest = new Map<number, Latest>()
  readonly #doubted = new Map<number, Doubted>()

  /** Takes a fix in, or says why it is not drawn. `tick` marks the row as changed. */
  admit(unit: Tracked, reported: Fix, now: Instant, tick: number): Verdict {
    const { index } = unit
    this.#grow(index)
    if (reported.at > now + CLOCK_SLACK) {
      this.#doubted.set(index, { doubt: 'from-the-future', fix: reported, agreeing: 1 })
      return 'from-the-future'
    }
    const fix = reported.at > now ? { ...reported, at: now } : reported
    const before = this.#latest.get(index)
    if (before !== undefined) {
      if (fix.at === before.fix.at) return 'repeated'
      if (fix.at < before.fix.at) return 'late'
      if (!isReachable(unit.kind, before.fix, fix) && !this.#convinced(unit, fix)) return 'implausible'
      this.#learnInterval(unit, fix.at - before.fix.at)
    } else {
      this.#interval[index] = unit.reportEvery === undefined ? FIRST_INTERVAL : unit.reportEvery * 1000
    }
    this.#doubted.delete(index)
    this.#latest.set(index, { fix, receivedAt: now })
    this.lat[index] = Math.round(fix.lat * 1e7)
    this.lon[index] = Math.round(fix.lon * 1e7)
    this.heading[index] = packHeading(fix.heading)
    this.speed[index] = packSpeed(fix.speed)
    this.at[index] = fix.at
    this.stale[index] = this.#isOverdue(index, now) ? 1 : 0
    this.changed[index] = tick
    return 'drawn'
  }

  /** Marks units that have missed their reports; each that goes stale counts as changed in `tick`. */
  age(now: Instant, tick: number): void {
    for (let index = 0; index < this.size; index++) {
      if (this.at[index] === 0 || this.stale[index] === 1 || !this.#isOverdue(index, now)) continue
      this.stale[index] = 1
      this.changed[index] = tick
    }
  }

  latest(index: number): Latest | undefined {
    return this.#latest.get(index)
  }

  doubted(index: number): { readonly doubt: Doubt; readonly fix: Fix } | undefined {
    return this.#doubted.get(index)
  }

  forget(index: number): void {
    this.#latest.delete(index)
    this.#doubted.delete(index)
    if (index < this.size) this.at[index] = 0
  }

  #isOverdue(index: number, now: Instant): boolean {
    const interval = this.#interval[index] ?? FIRST_INTERVAL
    return now - (this.at[index] ?? 0) > MISSED_INTERVALS * interval + GRACE
  }

  /** Units keep their own rhythm: a slow average of the gaps between fixes. */
  #learnInterval({ index, reportEvery }: Tracked, gap: number): void {
    if (reportEvery !== undefined) {
      this.#interval[index] = reportEvery * 1000
      return
    }
    const known = this.#interval[index] ?? FIRST_INTERVAL
    const bounded = Math.min(Math.max(gap, SHORTEST_INTERVAL), LONGEST_INTERVAL)
    this.#interval[index] = known * 0.75 + bounded * 0.25
  }

  #convinced({ index, kind }: Tracked, fix: Fix): boolean {
    const before = this.#doubted.get(index)
    const agrees =
      before?.doubt === 'implausible' && before.fix.at < fix.at && isReachable(kind, before.fix, fix)
    const agreeing = agrees ? before.agreeing + 1 : 1
    this.#doubted.set(index, { doubt: 'implausible', fix, agreeing })
    return agreeing >= CONVINCED_BY
  }

  #grow(index: number): void {
    if (index >= this.size) this.size = index + 1
    if (index < this.lat.length) return
    const length = 2 ** Math.ceil(Math.log2(index + 1))
    this.lat = grown(new Int32Array(length), this.lat)
    this.lon = grown(new Int32Array(length), this.lon)
    this.heading = grown(new Uint16Array(length), this.heading)
    this.speed = grown(new Uint16Array(length), this.speed)
    this.at = grown(new Float64Array(length), this.at)
    this.stale = grown(new Uint8Array(length), this.stale)
    this.changed = grown(new Uint32Array(length), this.changed)
    this.#interval = grown(new Float64Array(length), this.#interval)
  }
}

/** Whether a unit of this kind could have gone from one fix to the other in the time between them. */
export function isReachable(kind: UnitKind, from: Fix, to: Fix): boolean {
  const doubt = (from.accuracy ?? UNTOLD_ACCURACY) + (to.accuracy ?? UNTOLD_ACCURACY)
  return metresBetween(from, to) - doubt <= (fastest[kind] * (to.at - from.at)) / 1000
}

function grown<T extends { set(from: T): void }>(larger: T, smaller: T): T {
  larger.set(smaller)
  return larger
}
