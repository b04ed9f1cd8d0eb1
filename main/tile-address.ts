/** Which address on the network holds a tile. Only the site's own basemaps have any. */
import type { Basemap, Tiles } from '../contract/basemaps.ts'

export interface TileAddress {
  readonly tiles: Tiles
  readonly at: { readonly z: number; readonly x: number; readonly y: number }
  /** The name under which the seat keeps the key that the address wants. */
  readonly key: string | undefined
}

/** The tile that `path` names (basemap, layer, z, x, y), if one of `site` has it. Pure. */
export function findTile(site: readonly Basemap[], path: readonly string[]): TileAddress | undefined {
  const [id, ...numbers] = path
  const basemap = site.find((other) => other.id === id)
  if (basemap?.kind !== 'tiles' || !numbers.every((part) => /^\d{1,9}$/.test(part))) return undefined
  const [layer = 0, z = 0, x = 0, y = 0] = numbers.map(Number)
  const tiles = basemap.layers[layer]
  if (tiles === undefined || numbers.length !== 4) return undefined
  const isThere = z >= tiles.minZoom && z <= tiles.maxZoom && x < 2 ** z && y < 2 ** z
  return isThere ? { tiles, at: { z, x, y }, key: basemap.key } : undefined
}

/** Fills in the address of one tile. Pure. */
export function tileUrl(tiles: Tiles, { z, x, y }: TileAddress['at'], key: string | undefined): string {
  const subdomain = tiles.subdomains[(x + y) % Math.max(1, tiles.subdomains.length)] ?? ''
  const parts: Readonly<Record<string, string>> = {
    '{z}': String(z),
    '{x}': String(x),
    '{y}': String(y),
    '{s}': subdomain,
    '{key}': encodeURIComponent(key ?? ''),
  }
  return tiles.url.replace(/\{(?:[xyzs]|key)\}/g, (part) => parts[part] ?? part)
}
