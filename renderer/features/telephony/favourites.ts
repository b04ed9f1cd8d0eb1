/** A list of favourites, and what an officer does with it. Pure. */
import { type Favourite, MOST_FAVOURITES } from '../../../contract/favourites.ts'

export const keyOf = (favourite: Favourite): string =>
  'unit' in favourite ? `unit/${favourite.unit}` : `number/${favourite.number}`

/** In, at the end, if it was not, and out if it was. A full list stays as it is. */
export function toggled(list: readonly Favourite[], favourite: Favourite): readonly Favourite[] {
  const others = list.filter((one) => keyOf(one) !== keyOf(favourite))
  if (others.length < list.length) return others
  return list.length < MOST_FAVOURITES ? [...list, favourite] : list
}

/** The one at `at`, `by` places further down (or up, if less than 0), as far as there are places. */
export function moved(list: readonly Favourite[], at: number, by: number): readonly Favourite[] {
  const one = list[at]
  if (one === undefined) return list
  const others = list.toSpliced(at, 1)
  return others.toSpliced(Math.min(Math.max(at + by, 0), others.length), 0, one)
}
