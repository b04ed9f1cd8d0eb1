/** The schematic map's streets as a graph to travel on: they are joined where they cross. Pure. */
import { metresBetween, type Place } from '../../contract/primitives.ts'

export type StreetRank = 'expressway' | 'avenue' | 'street'

/** A stretch of street between two crossings, as one node sees it. */
export interface Stretch {
  readonly to: number
  /** Metres. */
  readonly length: number
  readonly rank: StreetRank
}

export interface Streets {
  readonly nodes: readonly Place[]
  /** By node: where one can go from it. */
  readonly stretches: readonly (readonly Stretch[])[]
}

interface Line {
  readonly rank: StreetRank
  readonly points: readonly Place[]
}

/** Two points nearer than this are one crossing, degrees (about 30 m). */
const SAME = 0.0003

/** `map` is the schematic's GeoJSON. The result is connected: what can't be reached from its largest part is left out. */
export function streetsOf(map: GeoJSON): Streets {
  const lines = map.features.flatMap((feature): Line[] =>
    feature.properties.kind === 'street' && feature.geometry.type === 'LineString'
      ? [
          {
            rank: feature.properties.rank ?? 'street',
            points: (feature.geometry.coordinates as number[][]).map(([lon = 0, lat = 0]) => ({ lat, lon })),
          },
        ]
      : [],
  )
  const nodes: Place[] = []
  const stretches: Stretch[][] = []
  const nodeAt = (place: Place): number => {
    const found = nodes.findIndex(
      ({ lat, lon }) => Math.abs(lat - place.lat) < SAME && Math.abs(lon - place.lon) < SAME,
    )
    if (found >= 0) return found
    nodes.push(place)
    stretches.push([])
    return nodes.length - 1
  }
  for (const line of lines) {
    const path = crossed(line, lines).map(nodeAt)
    for (let at = 1; at < path.length; at++) {
      const from = path[at - 1]
      const to = path[at]
      if (from === undefined || to === undefined || from === to) continue
      const length = metresBetween(nodes[from] as Place, nodes[to] as Place)
      stretches[from]?.push({ to, length, rank: line.rank })
      stretches[to]?.push({ to: from, length, rank: line.rank })
    }
  }
  return largestPart({ nodes, stretches })
}

/** What the lab uses of GeoJSON. */
export interface GeoJSON {
  readonly features: readonly {
    readonly properties: { readonly kind: string; readonly rank?: StreetRank }
    readonly geometry: { readonly type: string; readonly coordinates: unknown }
  }[]
}

/** The line's points with the crossings of all other lines put in where they lie. */
function crossed(line: Line, lines: readonly Line[]): Place[] {
  const path: Place[] = []
  for (let at = 1; at < line.points.length; at++) {
    const from = line.points[at - 1] as Place
    const to = line.points[at] as Place
    const cuts: { at: number; place: Place }[] = []
    for (const other of lines) {
      if (other === line) continue
      for (let next = 1; next < other.points.length; next++) {
        const cut = crossing(from, to, other.points[next - 1] as Place, other.points[next] as Place)
        if (cut !== undefined) cuts.push(cut)
      }
    }
    path.push(from, ...cuts.toSorted((a, b) => a.at - b.at).map(({ place }) => place))
  }
  const last = line.points.at(-1)
  return last === undefined ? path : [...path, last]
}

/** Where two segments cross, and how far along the first (0 to 1); ends that touch within `SAME` count. */
function crossing(a: Place, b: Place, c: Place, d: Place): { at: number; place: Place } | undefined {
  const abLon = b.lon - a.lon
  const abLat = b.lat - a.lat
  const cdLon = d.lon - c.lon
  const cdLat = d.lat - c.lat
  const across = abLon * cdLat - abLat * cdLon
  if (Math.abs(across) < 1e-12) return undefined
  const at = ((c.lon - a.lon) * cdLat - (c.lat - a.lat) * cdLon) / across
  const along = ((c.lon - a.lon) * abLat - (c.lat - a.lat) * abLon) / across
  const slack = (lon: number, lat: number) => SAME / Math.max(Math.hypot(lon, lat), SAME)
  if (at < -slack(abLon, abLat) || at > 1 + slack(abLon, abLat)) return undefined
  if (along < -slack(cdLon, cdLat) || along > 1 + slack(cdLon, cdLat)) return undefined
  const inside = Math.min(Math.max(at, 0), 1)
  return { at: inside, place: { lat: a.lat + abLat * inside, lon: a.lon + abLon * inside } }
}

function largestPart({ nodes, stretches }: Streets): Streets {
  const part = new Array<number>(nodes.length).fill(-1)
  const sizes: number[] = []
  nodes.forEach((_, start) => {
    if (part[start] !== -1) return
    const number = sizes.length
    const open = [start]
    part[start] = number
    let size = 0
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      size++
      for (const { to } of stretches[node] ?? []) {
        if (part[to] !== -1) continue
        part[to] = number
        open.push(to)
      }
    }
    sizes.push(size)
  })
  const largest = sizes.indexOf(Math.max(...sizes))
  const renumbered = new Map<number, number>()
  part.forEach((number, node) => {
    if (number === largest) renumbered.set(node, renumbered.size)
  })
  const kept = [...renumbered.keys()]
  return {
    nodes: kept.map((node) => nodes[node] as Place),
    stretches: kept.map((node) =>
      (stretches[node] ?? []).map((stretch) => ({ ...stretch, to: renumbered.get(stretch.to) as number })),
    ),
  }
}
