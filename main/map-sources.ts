/** Where the map's tiles and files come from: only the addresses and files that the site and the seat name. */
import { net } from 'electron'
import type { Basemap, Tiles } from '../contract/basemaps.ts'
import type { Id } from '../contract/primitives.ts'
import type { Secrets } from './secrets.ts'
import type { Settings } from './settings.ts'

export interface MapSources {
  /** The site's basemaps, from now on. */
  use(basemaps: readonly Basemap[]): void
  /** The tile named by [basemap, layer, z, x, y]. */
  tile(path: readonly string[]): Promise<Response>
  fileOf(basemap: Id): string | undefined
}

const TILE_TIMEOUT_MS = 10_000
const LARGEST_TILE = 4 * 1024 * 1024

export function createMapSources(settings: Settings, secrets: Secrets): MapSources {
  let site: readonly Basemap[] = []
  return {
    use: (basemaps) => {
      site = basemaps
    },
    fileOf: (basemap) => settings.pathOf(basemap),
    tile: async ([id, layer, ...place]) => {
      const basemap = site.find((other) => other.id === id)
      const [z, x, y] = place.map(Number)
      if (basemap?.kind !== 'tiles' || z === undefined || x === undefined || y === undefined)
        return notFound()
      const tiles = basemap.layers[Number(layer)]
      if (tiles === undefined || ![z, x, y].every((part) => Number.isInteger(part) && part >= 0))
        return notFound()
      const key = basemap.key === undefined ? undefined : secrets.read(`tile-key.${basemap.key}`)
      if (basemap.key !== undefined && key === undefined) return new Response(null, { status: 401 })
      return fetchTile(tileUrl(tiles, { z, x, y }, key))
    },
  }
}

/** Fills in the address of one tile. Pure. */
export function tileUrl(
  tiles: Tiles,
  at: { z: number; x: number; y: number },
  key: string | undefined,
): string {
  const subdomain = tiles.subdomains[(at.x + at.y) % Math.max(1, tiles.subdomains.length)] ?? ''
  return tiles.url
    .replaceAll('{z}', String(at.z))
    .replaceAll('{x}', String(at.x))
    .replaceAll('{y}', String(at.y))
    .replaceAll('{s}', subdomain)
    .replaceAll('{key}', encodeURIComponent(key ?? ''))
}

async function fetchTile(url: string): Promise<Response> {
  try {
    const answer = await net.fetch(url, { signal: AbortSignal.timeout(TILE_TIMEOUT_MS), redirect: 'error' })
    const type = answer.headers.get('content-type') ?? ''
    if (!answer.ok || !type.startsWith('image/')) return new Response(null, { status: 502 })
    const bytes = await answer.arrayBuffer()
    if (bytes.byteLength > LARGEST_TILE) return new Response(null, { status: 502 })
    return new Response(bytes, { headers: { 'content-type': type, 'cache-control': 'max-age=86400' } })
  } catch {
    // No network, no tile; the map shows the gap.
    return new Response(null, { status: 504 })
  }
}

const notFound = () => new Response(null, { status: 404 })
