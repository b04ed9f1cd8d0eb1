/** Shapes drawn on the ground, and which units are in them. Pure. City-sized: no shape crosses the 180th meridian. */
import { metresBetween, type Place } from '../../../contract/primitives.ts'

/** `ring`: its last point is joined to its first. `widthM`: the whole width, as of a road. */
export type Shape =
  | { readonly kind: 'circle'; readonly centre: Place; readonly radiusM: number }
  | { readonly kind: 'polygon'; readonly ring: readonly Place[] }
  | { readonly kind: 'corridor'; readonly line: readonly Place[]; readonly widthM: number }

/** Where the units are: columns by unit index, 1e-7 degrees; the first `size` count. */
export interface Places {
  readonly size: number
  readonly lat: Int32Array
  readonly lon: Int32Array
  has(index: number): boolean
}

/** Metres of a degree of latitude on the mean sphere (IUGG mean radius). */
const METRES_PER_DEGREE = (6_371_008.8 * Math.PI) / 180

/** The indexes of the units in the shape, rising. */
export function unitsIn(shape: Shape, places: Places): number[] {
  const box = boxOf(shape)
  if (box === undefined) return []
  const contains = testOf(shape)
  const [south, north, west, east] = [box.south * 1e7, box.north * 1e7, box.west * 1e7, box.east * 1e7]
  const found: number[] = []
  for (let index = 0; index < places.size; index++) {
    const lat = places.lat[index] ?? 0
    const lon = places.lon[index] ?? 0
    if (lat < south || lat > north || lon < west || lon > east || !places.has(index)) continue
    if (contains(lat / 1e7, lon / 1e7)) found.push(index)
  }
  return found
}

type Test = (lat: number, lon: number) => boolean

function testOf(shape: Shape): Test {
  switch (shape.kind) {
    case 'circle':
      return (lat, lon) => metresBetween(shape.centre, { lat, lon }) <= shape.radiusM
    case 'polygon':
      return inRing(shape.ring)
    case 'corridor':
      return nearLine(shape.line, shape.widthM / 2)
  }
}

/** Even-odd: what a freehand line encloses twice is outside. */
function inRing(ring: readonly Place[]): Test {
  return (lat, lon) => {
    let inside = false
    let before = ring.at(-1)
    for (const point of ring) {
      if (before !== undefined && point.lat > lat !== before.lat > lat) {
        const crossing = ((before.lon - point.lon) * (lat - point.lat)) / (before.lat - point.lat) + point.lon
        if (lon < crossing) inside = !inside
      }
      before = point
    }
    return inside
  }
}

/** On a plane that touches the earth at the line's middle: within 0.1 % of the sphere over a city. */
function nearLine(line: readonly Place[], withinM: number): Test {
  const middle = (Math.min(...line.map(({ lat }) => lat)) + Math.max(...line.map(({ lat }) => lat))) / 2
  const perLon = METRES_PER_DEGREE * Math.cos((middle * Math.PI) / 180)
  const points = line.map(({ lat, lon }) => ({ x: lon * perLon, y: lat * METRES_PER_DEGREE }))
  return (lat, lon) => {
    const x = lon * perLon
    const y = lat * METRES_PER_DEGREE
    return points.some((to, at) => squaredDistance(x, y, points[at - 1] ?? to, to) <= withinM * withinM)
  }
}

interface Point {
  readonly x: number
  readonly y: number
}

/** From (x, y) to the stretch between the two, m². */
function squaredDistance(x: number, y: number, from: Point, to: Point): number {
  const dx = to.x - from.x
  const dy = to.y - from.y
  const length = dx * dx + dy * dy
  const along = length === 0 ? 0 : ((x - from.x) * dx + (y - from.y) * dy) / length
  const nearest = Math.min(1, Math.max(0, along))
  return (from.x + nearest * dx - x) ** 2 + (from.y + nearest * dy - y) ** 2
}

interface Box {
  readonly south: number
  readonly north: number
  readonly west: number
  readonly east: number
}

/** What holds the shape, and little more; undefined for a shape without points. */
function boxOf(shape: Shape): Box | undefined {
  const points = shape.kind === 'circle' ? [shape.centre] : shape.kind === 'polygon' ? shape.ring : shape.line
  if (points.length === 0) return undefined
  const marginM = shape.kind === 'circle' ? shape.radiusM : shape.kind === 'corridor' ? shape.widthM / 2 : 0
  const lats = points.map(({ lat }) => lat)
  const lons = points.map(({ lon }) => lon)
  const south = Math.min(...lats) - (marginM * 1.01) / METRES_PER_DEGREE
  const north = Math.max(...lats) + (marginM * 1.01) / METRES_PER_DEGREE
  // Degrees of longitude are shortest where it is furthest from the equator.
  const shortest = Math.cos((Math.min(89, Math.max(Math.abs(south), Math.abs(north))) * Math.PI) / 180)
  const margin = (marginM * 1.01) / (METRES_PER_DEGREE * shortest)
  return { south, north, west: Math.min(...lons) - margin, east: Math.max(...lons) + margin }
}
