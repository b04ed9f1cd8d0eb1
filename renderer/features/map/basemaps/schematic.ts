/** The offline schematic of Nanjing: always there, drawn in the theme's colours, and marked for what it is. */
import type { FeatureCollection } from 'geojson'
import schematicUrl from '../../../../resources/maps/nanjing.geojson?url'
import type { Colours } from '../colours.ts'
import { namesOf, type PlaceName } from './place-names.ts'
import type { PaintOf } from './vector-grid.ts'

let loading: Promise<FeatureCollection> | undefined

/** Read once; a failure is tried again by whoever asks next. */
export function loadSchematic(): Promise<FeatureCollection> {
  loading ??= read().catch((error: unknown) => {
    loading = undefined
    throw error
  })
  return loading
}

async function read(): Promise<FeatureCollection> {
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

/** Everything on the schematic that has a name. */
export const schematicNames = (collection: FeatureCollection): PlaceName[] =>
  namesOf(collection, ({ kind, zh, en }) =>
    isNamedKind(kind) && typeof zh === 'string' && typeof en === 'string'
      ? { kind, name: { zh, en } }
      : undefined,
  )

const named: readonly unknown[] = ['district', 'place', 'water', 'island', 'green', 'street']
const isNamedKind = (kind: unknown): kind is PlaceName['kind'] => named.includes(kind)
