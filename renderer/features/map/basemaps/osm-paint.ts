/** Paint and names for map files: OpenStreetMap's tags are understood, anything else is drawn plainly. */
import type { FeatureCollection } from 'geojson'
import type { Colours } from '../colours.ts'
import { namesOf, type PlaceName } from './place-names.ts'
import type { PaintOf } from './vector-grid.ts'

const streets: Readonly<
  Record<string, { order: number; colour: string; metres: number; width: number; fromZoom: number }>
> = {
  motorway: { order: 9, colour: '--expressway', metres: 30, width: 2, fromZoom: 8 },
  trunk: { order: 8, colour: '--expressway', metres: 26, width: 2, fromZoom: 9 },
  primary: { order: 7, colour: '--avenue', metres: 24, width: 1.6, fromZoom: 10 },
  secondary: { order: 6, colour: '--avenue', metres: 20, width: 1.2, fromZoom: 11 },
  tertiary: { order: 5, colour: '--street', metres: 16, width: 1, fromZoom: 12 },
}
const greenLand = new Set([
  'grass',
  'forest',
  'meadow',
  'recreation_ground',
  'village_green',
  'cemetery',
  'orchard',
])
const anyStreet = { order: 4, colour: '--street', metres: 9, width: 0.8, fromZoom: 14 }

export const osmPaint =
  (colour: Colours): PaintOf =>
  (tags, type) => {
    const area = type.endsWith('Polygon')
    if (tags.natural === 'water' || tags.waterway !== undefined)
      return area
        ? { order: 1, fill: colour('--water') }
        : { order: 1, stroke: colour('--water'), metres: 12, width: 1 }
    if (area && (tags.leisure !== undefined || greenLand.has(String(tags.landuse))))
      return { order: 0.5, fill: colour('--green') }
    if (area && tags.landuse !== undefined) return { order: 0, fill: colour('--panel') }
    if (tags.building !== undefined)
      return { order: 3, fill: colour('--raised'), stroke: colour('--line'), width: 0.5, fromZoom: 14 }
    if (tags.highway !== undefined) {
      const key = String(tags.highway).replace(/_link$/, '')
      const { order, colour: name, metres, width, fromZoom } = streets[key] ?? anyStreet
      return { order, stroke: colour(name), metres, width, fromZoom }
    }
    if (tags.railway !== undefined)
      return { order: 10, stroke: colour('--faint'), width: 1.2, dash: [6, 4], fromZoom: 12 }
    if (type.endsWith('Point')) return { order: 12, fill: colour('--dim'), dot: 2.5, fromZoom: 12 }
    return area
      ? { order: 2, fill: 'transparent', stroke: colour('--faint'), width: 1 }
      : { order: 11, stroke: colour('--faint'), width: 1 }
  }

/** What is called something in a map file. */
export const osmNames = (collection: FeatureCollection): PlaceName[] =>
  namesOf(collection, (tags) => {
    const { name, 'name:en': english } = tags
    if (typeof name !== 'string') return undefined
    const kind = kindOf(tags)
    return { kind, name: { zh: name, en: typeof english === 'string' ? english : name } }
  })

function kindOf(tags: Readonly<Record<string, unknown>>): PlaceName['kind'] {
  if (tags.highway !== undefined) return 'street'
  if (tags.building !== undefined) return 'building'
  if (tags.natural === 'water' || tags.waterway !== undefined) return 'water'
  if (tags.leisure !== undefined || tags.landuse !== undefined) return 'green'
  return 'place'
}
