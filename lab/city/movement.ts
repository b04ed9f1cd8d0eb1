/** All units of a site on the move, and when each reports. Pure: time is passed in. */
import type { Area, UnitKind } from '../../contract/directory.ts'
import { type Id, metresBetween, type Place } from '../../contract/primitives.ts'
import { type Chance, chanceFrom } from './random.ts'
import type { Streets } from './streets.ts'
import { type Reported, Traveller } from './traveller.ts'

/** Seconds between reports by kind. */
const intervals: Record<UnitKind, number> = { person: 8, patrol: 4, vehicle: 3, drone: 2, post: 15 }
/** How likely a unit falls silent at a report, and for how long, seconds. */
const SILENCE = 0.002
const SILENT_FOR = [60, 240] as const
const LONGEST_HEAD_START = 600
/** After a pause longer than this (a machine that slept) nobody has gone further, seconds. */
const LONGEST_TRIP = 600

export interface MovingUnit {
  readonly id: Id
  readonly kind: UnitKind
  readonly area: Id
}

export interface Movement<Unit extends MovingUnit> {
  /** Moves everybody who is due at `now`, in seconds, and says where they are. */
  due(now: number): { unit: Unit; at: Reported }[]
}

interface Mover<Unit> {
  readonly unit: Unit
  readonly traveller: Traveller
  movedAt: number
  dueAt: number
  /** Until its second report, seconds: not everybody reports at once again. */
  firstPause: number | undefined
}

export function createMovement<Unit extends MovingUnit>(
  units: readonly Unit[],
  areas: readonly Area[],
  streets: Streets,
  { seed, speed }: { readonly seed: number; readonly speed: number },
): Movement<Unit> {
  const chance = chanceFrom(seed)
  const centres = new Map(
    areas.flatMap(({ id, centre }) => (centre === undefined ? [] : [[id, centre] as const])),
  )
  const parents = new Map(areas.map(({ id, parent }) => [id, parent]))
  const centreOf = (area: Id | null): Place | undefined =>
    area === null ? undefined : (centres.get(area) ?? centreOf(parents.get(area) ?? null))
  const movers = units.map((unit): Mover<Unit> => {
    const start = nodeNear(streets, centreOf(unit.area), chance)
    const traveller = new Traveller(streets, unit.kind, chance, start)
    // The shift began a while ago: nobody stands where they started.
    traveller.travel(chance.between(0, LONGEST_HEAD_START))
    return {
      unit,
      traveller,
      movedAt: 0,
      // A device tells where it is as soon as it is switched on.
      dueAt: 0,
      firstPause: chance.between(0, intervals[unit.kind]),
    }
  })
  return {
    due: (now) => {
      const reports: { unit: Unit; at: Reported }[] = []
      for (const mover of movers) {
        if (mover.dueAt > now) continue
        const at = mover.traveller.travel(Math.min(now - mover.movedAt, LONGEST_TRIP) * speed)
        mover.movedAt = now
        const silent = chance.next() < SILENCE ? chance.between(...SILENT_FOR) : 0
        mover.dueAt = now + (mover.firstPause ?? intervals[mover.unit.kind]) + silent
        mover.firstPause = undefined
        reports.push({ unit: mover.unit, at })
      }
      return reports
    },
  }
}

/** One of the crossings nearest to a place, or any at all. */
function nodeNear({ nodes }: Streets, place: Place | undefined, chance: Chance): number {
  if (place === undefined) return Math.floor(chance.next() * nodes.length)
  const nearest = nodes
    .map((node, index) => ({ index, metres: metresBetween(node, place) }))
    .toSorted((a, b) => a.metres - b.metres)
    .slice(0, 6)
  return nearest[Math.floor(chance.next() * nearest.length)]?.index ?? 0
}
