/** Where one can go by name. Pure. */
import type { Area, AreaLevel } from '../../../contract/directory.ts'
import type { Id, Name, Place } from '../../../contract/primitives.ts'
import type { PlaceName } from './basemaps/place-names.ts'

export interface Destination {
  readonly key: string
  readonly name: Name
  readonly at: Place
  readonly zoom: number
}

const areaZooms: Readonly<Record<AreaLevel, number>> = {
  city: 11,
  district: 13,
  street: 15,
  community: 16,
  grid: 17,
}
const PLACE_ZOOM = 15
const MOST_FOUND = 12

export function destinationsOf(
  areas: Readonly<Record<Id, Area>>,
  places: readonly PlaceName[],
): Destination[] {
  return [
    ...Object.values(areas).flatMap(({ id, name, level, centre }) =>
      centre === undefined ? [] : [{ key: `area/${id}`, name, at: centre, zoom: areaZooms[level] }],
    ),
    ...places.map(({ name, at, kind }) => ({
      key: `${kind}/${name.en}`,
      name,
      at,
      zoom: kind === 'district' ? 13 : PLACE_ZOOM,
    })),
  ]
}

/** Those whose name has the text in it, those that begin with it first. */
export function findDestinations(all: readonly Destination[], text: string): Destination[] {
  const wanted = text.trim().toLowerCase()
  if (wanted === '') return []
  const place = ({ name }: Destination) => {
    const at = [name.zh, name.en]
      .map((word) => word.toLowerCase().indexOf(wanted))
      .filter((found) => found >= 0)
    return at.length === 0 ? -1 : Math.min(...at)
  }
  return all
    .map((destination) => ({ destination, at: place(destination) }))
    .filter(({ at }) => at >= 0)
    .toSorted((a, b) => Number(a.at > 0) - Number(b.at > 0))
    .slice(0, MOST_FOUND)
    .map(({ destination }) => destination)
}
