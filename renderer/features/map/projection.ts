/**
 * The map's projections. Everything in the console is WGS-84; where a basemap was drawn in GCJ-02, the
 * projection moves WGS-84 onto it, so that units, tracks and measures stay right on the ground.
 */
import gcoord from 'gcoord'
import L from 'leaflet'
import type { Basemap } from '../../../contract/basemaps.ts'
import type { Place } from '../../../contract/primitives.ts'

export type Datum = Basemap['datum']

const { SphericalMercator } = L.Projection

const onGcj = {
  ...SphericalMercator,
  project: (at: L.LatLng): L.Point => {
    const [lon, lat] = gcoord.transform([at.lng, at.lat], gcoord.WGS84, gcoord.GCJ02)
    return SphericalMercator.project(L.latLng(lat, lon))
  },
  unproject: (point: L.Point): L.LatLng => {
    const { lng, lat } = SphericalMercator.unproject(point)
    const [lon, north] = gcoord.transform([lng, lat], gcoord.GCJ02, gcoord.WGS84)
    return L.latLng(north, lon)
  },
}

export const projections: Readonly<Record<Datum, L.CRS>> = {
  wgs84: L.CRS.EPSG3857,
  gcj02: L.Util.extend({}, L.CRS.EPSG3857, { code: 'GCJ02', projection: onGcj }) as L.CRS,
}

/** A place on the projected world, 0 to 1 from the north-west corner: multiply by 256 * 2^zoom for pixels. */
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

/** How many metres a pixel is at this latitude and zoom. */
export const metresPerPixel = (lat: number, zoom: number): number =>
  (40_075_016.686 * Math.cos((lat * Math.PI) / 180)) / (256 * 2 ** zoom)

export const placeOf = ({ lat, lng }: L.LatLng): Place => ({ lat, lon: lng })
export const latLngOf = ({ lat, lon }: Place): L.LatLng => L.latLng(lat, lon)
