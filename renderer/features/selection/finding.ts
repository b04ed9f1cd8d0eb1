/** What is sought, and which units it is. Pure. */
import { areaPath, type Directory, type Unit } from '../../../contract/directory.ts'
import type { Id, Place } from '../../../contract/primitives.ts'
import { nearest, passes, type UnitFilter } from './choosing.ts'
import { type Places, type Shape, unitsIn } from './shapes.ts'

/** What the units are to have in common. */
export type Sought =
  | { readonly kind: 'shape'; readonly shape: Shape }
  /** With all areas below it. */
  | { readonly kind: 'area'; readonly area: Id }
  | { readonly kind: 'agency'; readonly agency: Id }
  | { readonly kind: 'nearest'; readonly to: Place; readonly most: number }
  | { readonly kind: 'named'; readonly units: readonly Id[] }

export interface Among {
  readonly directory: Directory
  readonly places: Places
  readonly filter: UnitFilter
}

/** In the directory's order; the nearest first. */
export function findUnits(sought: Sought, { directory, places, filter }: Among): Id[] {
  const wanted = wantedBy(sought, directory, places)
  const found = Object.values(directory.units).filter(
    (unit) => wanted(unit) && passes(filter, unit, directory),
  )
  if (sought.kind !== 'nearest') return found.map(({ id }) => id)
  const located = found.flatMap(({ id, index }) => {
    const place = placeOf(places, index)
    return place === undefined ? [] : [{ id, place }]
  })
  return nearest(located, sought.to, sought.most)
}

function wantedBy(sought: Sought, { areas }: Directory, places: Places): (unit: Unit) => boolean {
  switch (sought.kind) {
    case 'shape': {
      const inside = new Set(unitsIn(sought.shape, places))
      return ({ index }) => inside.has(index)
    }
    case 'area':
      return ({ area }) => areaPath(areas, area).includes(sought.area)
    case 'agency':
      return ({ agency }) => agency === sought.agency
    case 'nearest':
      return ({ index }) => places.has(index)
    case 'named': {
      const names = new Set(sought.units)
      return ({ id }) => names.has(id)
    }
  }
}

/** Where a unit is, undefined if nobody knows. */
export const placeOf = (places: Places, index: number): Place | undefined =>
  places.has(index) ? { lat: (places.lat[index] ?? 0) / 1e7, lon: (places.lon[index] ?? 0) / 1e7 } : undefined
