/**
 * The map's projections. Everything in the console is WGS-84; where a basemap was drawn in GCJ-02, the
 * projection moves WGS-84 onto it, so that units, tracks and measures stay right on the ground.
 */
import gcoord from 'gcoord'
import L from 'leaflet'
import type { Place } from '../../../contract/primitives.ts'
import type { Datum } from './world.ts'

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

export const placeOf = ({ lat, lng }: L.LatLng): Place => ({ lat, lon: lng })
export const latLngOf = ({ lat, lon }: Place): L.LatLng => L.latLng(lat, lon)
