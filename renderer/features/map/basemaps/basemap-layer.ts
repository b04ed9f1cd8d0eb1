/** Makes the layers of a basemap. Rejects with an error whose message says why, for a person. */
import type { FeatureCollection } from 'geojson'
import L from 'leaflet'
import type { Basemap } from '../../../../contract/basemaps.ts'
import type { Theme } from '../../../../contract/settings.ts'
import type { Colours } from '../colours.ts'
import { osmPaint } from './osm-paint.ts'
import { loadSchematic, schematicPaint } from './schematic.ts'
import { VectorGrid } from './vector-grid.ts'

export interface BasemapLook {
  readonly theme: Theme
  readonly language: 'zh' | 'en'
  readonly colours: Colours
}

/** The key that a basemap's tiles want is not kept at this seat, or is wrong. */
export class KeyWanted extends Error {}

export async function basemapLayers(basemap: Basemap | 'schematic', look: BasemapLook): Promise<L.Layer[]> {
  if (basemap === 'schematic')
    return [new VectorGrid(await loadSchematic(), schematicPaint(look.colours), look.colours('--land'))]
  switch (basemap.kind) {
    case 'tiles':
      return tileLayers(basemap, look)
    case 'geojson':
      return [await geojsonLayer(basemap, look)]
    case 'pmtiles':
      return [await pmtilesLayer(basemap, look)]
  }
}

async function tileLayers(
  basemap: Extract<Basemap, { kind: 'tiles' }>,
  { theme }: BasemapLook,
): Promise<L.Layer[]> {
  const first = basemap.layers[0]
  const zoom = first?.minZoom ?? 3
  const probe = await fetch(`/tiles/${basemap.id}/0/${zoom}/0/0`)
  if (probe.status === 401) throw new KeyWanted(basemap.key)
  if (probe.status === 504) throw new Error('the tile server does not answer')
  return basemap.layers.map(({ minZoom, maxZoom }, nth) =>
    L.tileLayer(`/tiles/${basemap.id}/${nth}/{z}/{x}/{y}`, {
      minNativeZoom: minZoom,
      maxNativeZoom: maxZoom,
      maxZoom: 20,
      className: theme === 'dark' && basemap.light ? 'map-dimmed' : '',
    }),
  )
}

async function geojsonLayer(basemap: Basemap, { colours }: BasemapLook): Promise<L.Layer> {
  const answer = await fetch(`/map-files/${basemap.id}`)
  if (!answer.ok) throw new Error('the file is not there any more')
  const collection: FeatureCollection = await answer.json()
  return new VectorGrid(collection, osmPaint(colours), colours('--land'))
}

async function pmtilesLayer(basemap: Basemap, { theme, language }: BasemapLook): Promise<L.Layer> {
  // Both libraries take Leaflet from the page's global.
  Object.assign(window, { L })
  const [{ PMTiles, TileType, leafletRasterLayer }, { leafletLayer }] = await Promise.all([
    import('pmtiles'),
    import('protomaps-leaflet'),
  ])
  const archive = new PMTiles(`/map-files/${basemap.id}`)
  const { tileType, maxZoom } = await archive.getHeader()
  if (tileType !== TileType.Mvt)
    return leafletRasterLayer(archive, { maxNativeZoom: maxZoom, maxZoom: 20 }) as unknown as L.Layer
  return leafletLayer({
    url: `/map-files/${basemap.id}?.pmtiles`,
    flavor: theme,
    lang: language,
    maxDataZoom: maxZoom,
    maxZoom: 20,
  }) as unknown as L.Layer
}
