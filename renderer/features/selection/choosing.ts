/** Which of the units that were found are meant, and what becomes of those selected before. Pure. */
import type {
  AgencyKind,
  Directory,
  Terminal,
  Unit,
  UnitKind,
  UnitState,
} from '../../../contract/directory.ts'
import { type Id, metresBetween, type Place } from '../../../contract/primitives.ts'

/** How what is found and what is selected already come together. */
export const combinings = ['replace', 'add', 'subtract', 'intersect'] as const
export type Combining = (typeof combinings)[number]

/** Those selected before keep their order, new ones come after them. */
export function combined(before: readonly Id[], found: readonly Id[], how: Combining): Id[] {
  const has = new Set(found)
  switch (how) {
    case 'replace':
      return [...has]
    case 'add':
      return [...new Set([...before, ...found])]
    case 'subtract':
      return before.filter((id) => !has.has(id))
    case 'intersect':
      return before.filter((id) => has.has(id))
  }
}

/** What a unit must be; nothing chosen of a kind: anything. */
export interface UnitFilter {
  readonly agencies: readonly AgencyKind[]
  readonly kinds: readonly UnitKind[]
  readonly states: readonly UnitState[]
  /** It has at least one of these. */
  readonly terminals: readonly Terminal['kind'][]
}

export const anyUnit: UnitFilter = { agencies: [], kinds: [], states: [], terminals: [] }

export function passes(filter: UnitFilter, unit: Unit, { agencies }: Pick<Directory, 'agencies'>): boolean {
  const agency = agencies[unit.agency]?.kind ?? 'other'
  return (
    fits(filter.agencies, [agency]) &&
    fits(filter.kinds, [unit.kind]) &&
    fits(filter.states, [unit.state]) &&
    fits(
      filter.terminals,
      unit.terminals.map(({ kind }) => kind),
    )
  )
}

const fits = <T>(wanted: readonly T[], has: readonly T[]): boolean =>
  wanted.length === 0 || has.some((one) => wanted.includes(one))

/** How far a unit has to come: metres as the crow flies here; seconds on the road for whoever knows roads. */
export type Remoteness = (from: Place, to: Place) => number

export interface Located {
  readonly id: Id
  readonly place: Place
}

/** The nearest first, at most `most`. */
export function nearest(
  units: readonly Located[],
  to: Place,
  most: number,
  remoteness: Remoteness = metresBetween,
): Id[] {
  return units
    .map(({ id, place }) => ({ id, far: remoteness(place, to) }))
    .toSorted((a, b) => a.far - b.far)
    .slice(0, most)
    .map(({ id }) => id)
}
