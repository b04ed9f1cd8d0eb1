/** Names on a map, and where each is written: once, in the middle of what it names. Pure. */
import type { FeatureCollection, Geometry, Position } from 'geojson'
import type { Name, Place } from '../../../../contract/primitives.ts'

export interface PlaceName {
  readonly name: Name
  readonly at: Place
  readonly kind: 'district' | 'place' | 'water' | 'island' | 'green' | 'street' | 'building'
}

type Named = Pick<PlaceName, 'name' | 'kind'>

/** `nameOf` says what a feature is called, or undefined if its name is not to be written. */
export function namesOf(
  { features }: FeatureCollection,
  nameOf: (properties: Readonly<Record<string, unknown>>) => Named | undefined,
): PlaceName[] {
  const longest = new Map<string, PlaceName & { readonly length: number }>()
  for (const { properties, geometry } of features) {
    const named = geometry && nameOf(properties ?? {})
    const line = named && lineOf(geometry)
    if (named === undefined || line === undefined || line.length === 0) continue
    const key = `${named.kind} ${named.name.zh}`
    const length = lengthOf(line)
    // A street comes in many pieces; its name stands on the longest.
    if (length >= (longest.get(key)?.length ?? -1))
      longest.set(key, { ...named, at: middleOf(line, geometry), length })
  }
  return [...longest.values()].map(({ length: _, ...place }) => place)
}

function lineOf(geometry: Geometry): readonly Position[] | undefined {
  switch (geometry.type) {
    case 'Point':
      return [geometry.coordinates]
    case 'LineString':
      return geometry.coordinates
    case 'Polygon':
    case 'MultiLineString':
      return geometry.coordinates[0]
    case 'MultiPolygon':
      return geometry.coordinates[0]?.[0]
    default:
      return undefined
  }
}

/** In degrees: good enough to compare pieces of one street. */
const lengthOf = (line: readonly Position[]): number =>
  line.reduce((sum, [x = 0, y = 0], at) => {
    const [fromX = x, fromY = y] = line[at - 1] ?? []
    return sum + Math.hypot(x - fromX, y - fromY)
  }, 0)

function middleOf(line: readonly Position[], { type }: Geometry): Place {
  if (type.endsWith('Polygon')) {
    const corners = line.length > 1 ? line.slice(1) : line
    const [lon, lat] = corners.reduce(([x = 0, y = 0], [dx = 0, dy = 0]) => [x + dx, y + dy], [0, 0])
    return { lon: (lon ?? 0) / corners.length, lat: (lat ?? 0) / corners.length }
  }
  const before = Math.floor((line.length - 1) / 2)
  const [x = 0, y = 0] = line[before] ?? []
  const [toX = x, toY = y] = line[before + 1] ?? []
  return line.length % 2 === 1 ? { lon: x, lat: y } : { lon: (x + toX) / 2, lat: (y + toY) / 2 }
}
