/** The offline schematic of Nanjing: always there, drawn in the theme's colours, and marked for what it is. */
import type { FeatureCollection } from 'geojson'
import type { Name, Place } from '../../../../contract/primitives.ts'
import schematicUrl from '../../../../resources/maps/nanjing.geojson?url'
import type { Colours } from '../colours.ts'
import type { PaintOf } from './vector-grid.ts'

/** A name on the schematic, and whether it shows from afar. */
export interface PlaceName {
  readonly name: Name
  readonly at: Place
  readonly kind: 'district' | 'place' | 'water' | 'island' | 'green' | 'street'
}

export async function loadSchematic(): Promise<FeatureCollection> {
  const answer = await fetch(schematicUrl)
  if (!answer.ok) throw new Error(`the schematic could not be read: ${answer.status}`)
  return answer.json()
}

export const schematicPaint =
  (colour: Colours): PaintOf =>
  ({ kind, rank, width }, type) => {
    switch (kind) {
      case 'green':
        return { order: 0, fill: colour('--green') }
      case 'water':
        return type === 'Polygon'
          ? { order: 1, fill: colour('--water'), stroke: colour('--water-line'), width: 1 }
          : { order: 1, stroke: colour('--water'), metres: Number(width), width: 1.5 }
      case 'island':
        return { order: 2, fill: colour('--land') }
      case 'wall':
        return { order: 3, stroke: colour('--wall'), width: 2, dash: [6, 4], fromZoom: 11 }
      case 'street':
        return streetPaint(String(rank), colour)
      default:
        return undefined
    }
  }

function streetPaint(rank: string, colour: Colours) {
  switch (rank) {
    case 'expressway':
      return { order: 6, stroke: colour('--expressway'), metres: 40, width: 3 }
    case 'avenue':
      return { order: 5, stroke: colour('--avenue'), metres: 38, width: 2.2 }
    default:
      return { order: 4, stroke: colour('--street'), metres: 24, width: 1.2, fromZoom: 11 }
  }
}

/** Everything on the schematic that has a name, and where it is written. */
export function schematicNames({ features }: FeatureCollection): PlaceName[] {
  return features.flatMap(({ properties, geometry }): PlaceName[] => {
    const { kind, zh, en } = properties ?? {}
    if (typeof zh !== 'string' || typeof en !== 'string') return []
    const name: Name = { zh, en }
    const point = (at: readonly number[] | undefined): Place => ({ lon: at?.[0] ?? 0, lat: at?.[1] ?? 0 })
    if (geometry.type === 'Point' && (kind === 'district' || kind === 'place'))
      return [{ name, kind, at: point(geometry.coordinates) }]
    if (geometry.type === 'Polygon' && (kind === 'water' || kind === 'green' || kind === 'island')) {
      const [ring = []] = geometry.coordinates
      const sum = ring.slice(1).reduce(([lon = 0, lat = 0], [x = 0, y = 0]) => [lon + x, lat + y], [0, 0])
      return [{ name, kind, at: point(sum.map((part) => part / (ring.length - 1))) }]
    }
    if (geometry.type !== 'LineString' || (kind !== 'street' && kind !== 'water')) return []
    const { coordinates } = geometry
    const middle = Math.floor((coordinates.length - 1) / 2)
    const [from, to] = [point(coordinates[middle]), point(coordinates[middle + 1])]
    return [{ name, kind, at: { lat: (from.lat + to.lat) / 2, lon: (from.lon + to.lon) / 2 } }]
  })
}
