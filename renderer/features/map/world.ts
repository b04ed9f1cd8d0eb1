/** Where places lie on the projected world, apart from any map. Pure. */
import gcoord from 'gcoord'
import type { Basemap } from '../../../contract/basemaps.ts'

/** The coordinates a basemap was drawn in; units stay WGS-84. */
export type Datum = Basemap['datum']

/** A place on the projected world, 0 to 1 from the north-west corner: multiply by `worldPixels` for pixels. */
export interface World {
  x: number
  y: number
}

/** Web Mercator (EPSG:3857) without the earth's radius. Writes into `out` and returns it. */
export function toWorld(datum: Datum, lat: number, lon: number, out: World = { x: 0, y: 0 }): World {
  let north = lat
  let east = lon
  if (datum === 'gcj02')
    [east, north] = gcoord.transform([lon, lat], gcoord.WGS84, gcoord.GCJ02) as [number, number]
  const sin = Math.sin((north * Math.PI) / 180)
  out.x = east / 360 + 0.5
  out.y = 0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI)
  return out
}

/** How wide and high the projected world is at this zoom, pixels. */
export const worldPixels = (zoom: number): number => 256 * 2 ** zoom

/** How many metres a pixel is at this latitude and zoom. */
export const metresPerPixel = (lat: number, zoom: number): number =>
  (40_075_016.686 * Math.cos((lat * Math.PI) / 180)) / worldPixels(zoom)
