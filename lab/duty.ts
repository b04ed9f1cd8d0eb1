/** The city at work: units are sent, arrive, are busy and are free again, told to the hub as a seat would tell it. */
import type { UnitState } from '../contract/directory.ts'
import type { Id } from '../contract/primitives.ts'
import { type Chance, chanceFrom } from './city/random.ts'
import type { ExerciseSeat } from './exercise-seat.ts'

/** Milliseconds between two changes in the whole city, for 300 units. */
const PACE_MS = 4_000
const PACE_UNITS = 300
const SHORTEST_PACE_MS = 250

/** What a unit does next; now and then it goes straight back to being available. */
const next: Readonly<Record<UnitState, readonly [UnitState, ...UnitState[]]>> = {
  available: ['en-route'],
  'en-route': ['on-scene', 'on-scene', 'available'],
  'on-scene': ['busy', 'available'],
  busy: ['available'],
  'off-duty': ['off-duty'],
}

export interface DutyUnit {
  readonly id: Id
  readonly state: UnitState
}

/** Keeps the units at work, but for those that `isTasked`: they do what they were asked. Returns what ends it. */
export function keepOnDuty(
  seat: Pick<ExerciseSeat, 'submit'>,
  units: readonly DutyUnit[],
  seed: number,
  isTasked: (unit: Id) => boolean,
): () => void {
  const chance = chanceFrom(seed)
  const states = new Map(units.map(({ id, state }) => [id, state]))
  const pace = Math.max(SHORTEST_PACE_MS, (PACE_MS * PACE_UNITS) / Math.max(1, units.length))
  const timer = setInterval(() => {
    const unit = pickOne(units, chance)
    const state = unit && states.get(unit.id)
    if (unit === undefined || state === undefined || isTasked(unit.id)) return
    const then = chance.pick(next[state])
    seat.submit({ kind: 'unit.set-state', unit: unit.id, state: then }).then(
      () => states.set(unit.id, then),
      // The hub was away, or a person removed the unit: the city goes on with another.
      () => undefined,
    )
  }, pace)
  return () => clearInterval(timer)
}

const pickOne = (units: readonly DutyUnit[], chance: Chance): DutyUnit | undefined =>
  units[Math.floor(chance.next() * units.length)]
