/** Which source stands where on a video wall, and how one act changes it. Pure. */
import type { Id } from '../../../contract/primitives.ts'
import { MOST_ON_WALL, type Wall } from '../../../contract/wall.ts'

/** At least one. */
export const pagesOf = ({ size, places }: Wall): number => Math.max(1, Math.ceil(places.length / size))

export interface WallTile {
  readonly place: number
  readonly source: Id | null
}

/** The tiles of a page, 0 the first; as many as the wall's size. */
export const tilesOf = ({ size, places }: Wall, page: number): readonly WallTile[] =>
  Array.from({ length: size }, (_, n) => {
    const place = page * size + n
    return { place, source: places[place] ?? null }
  })

/** In the first empty places. What has a place keeps it; what no place is left for is left out. */
export function withSources(wall: Wall, sources: readonly Id[]): Wall {
  const places = [...wall.places]
  for (const source of new Set(sources)) {
    if (places.includes(source)) continue
    const empty = places.indexOf(null)
    if (empty !== -1) places[empty] = source
    else if (places.length < MOST_ON_WALL) places.push(source)
  }
  return { ...wall, places }
}

/** At that place; whatever stood there takes the place it came from, or the first empty one if it is new to the wall. */
export function placedAt(wall: Wall, source: Id, place: number): Wall {
  if (place < 0 || place >= MOST_ON_WALL || wall.places[place] === source) return wall
  const isFull = wall.places.filter((each) => each !== null).length >= MOST_ON_WALL
  if (isFull && !wall.places.includes(source)) return wall
  const places = [...wall.places]
  while (places.length <= place) places.push(null)
  const from = places.indexOf(source)
  const before = places[place] ?? null
  places[place] = source
  if (from !== -1) places[from] = before
  const next = { ...wall, places: trimmed(places) }
  return from === -1 && before !== null ? withSources(next, [before]) : next
}

export const withoutSource = (wall: Wall, source: Id): Wall => ({
  ...wall,
  places: trimmed(wall.places.map((each) => (each === source ? null : each))),
})

/** Where a source is; undefined: not on the wall. */
export function pageOf({ size, places }: Wall, source: Id): number | undefined {
  const place = places.indexOf(source)
  return place === -1 ? undefined : Math.floor(place / size)
}

function trimmed(places: readonly (Id | null)[]): (Id | null)[] {
  return places.slice(0, places.findLastIndex((each) => each !== null) + 1)
}
