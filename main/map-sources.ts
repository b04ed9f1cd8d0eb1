/** Where the map's tiles and files come from: only the addresses and files that the site and the seat name. */
import { net } from 'electron'
import type { Basemap } from '../contract/basemaps.ts'
import type { Id } from '../contract/primitives.ts'
import type { Secrets } from './secrets.ts'
import type { Settings } from './settings.ts'
import { findTile, tileUrl } from './tile-address.ts'

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
    tile: async (path) => {
      const tile = findTile(site, path)
      if (tile === undefined) return new Response(null, { status: 404 })
      const key = tile.key === undefined ? undefined : secrets.read(`tile-key.${tile.key}`)
      if (tile.key !== undefined && key === undefined) return new Response(null, { status: 401 })
      return fetchTile(tileUrl(tile.tiles, tile.at, key))
    },
  }
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
