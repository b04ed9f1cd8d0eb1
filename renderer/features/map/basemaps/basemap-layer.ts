/** Makes the layers of a basemap. Rejects with an error whose message says why, for a person. */
import type { FeatureCollection } from 'geojson'
import L from 'leaflet'
import type { Basemap } from '../../../../contract/basemaps.ts'
import type { Theme } from '../../../../contract/settings.ts'
import type { Colours } from '../colours.ts'
import { osmNames, osmPaint } from './osm-paint.ts'
import type { PlaceName } from './place-names.ts'
import { loadSchematic, schematicNames, schematicPaint } from './schematic.ts'
import { VectorGrid } from './vector-grid.ts'

export interface BasemapLook {
  readonly theme: Theme
  readonly language: 'zh' | 'en'
  readonly colours: Colours
}

type LayerOptions = NonNullable<Parameters<typeof import('protomaps-leaflet')['leafletLayer']>[0]>

/** The key that a basemap's tiles want is not kept at this seat, or is wrong. */
export class KeyWanted extends Error {}

/** A basemap ready to be shown. Tiles and archives have their names drawn in. */
export interface LaidBasemap {
  readonly layers: readonly L.Layer[]
  readonly names: readonly PlaceName[]
}

export async function layBasemap(basemap: Basemap | 'schematic', look: BasemapLook): Promise<LaidBasemap> {
  const land = look.colours('--land')
  if (basemap === 'schematic') {
    const schematic = await loadSchematic()
    return {
      layers: [new VectorGrid(schematic, schematicPaint(look.colours), land)],
      names: schematicNames(schematic),
    }
  }
  switch (basemap.kind) {
    case 'tiles':
      return { layers: await tileLayers(basemap, look), names: [] }
    case 'geojson': {
      const collection = await readCollection(basemap)
      return {
        layers: [new VectorGrid(collection, osmPaint(look.colours), land)],
        names: osmNames(collection),
      }
    }
    case 'pmtiles':
      return { layers: [await pmtilesLayer(basemap, look)], names: [] }
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

async function readCollection(basemap: Basemap): Promise<FeatureCollection> {
  const answer = await fetch(`/map-files/${basemap.id}`)
  if (!answer.ok) throw new Error('the file is not there any more')
  return answer.json()
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
    // It was typed after an older PMTiles, but asks of the archive only what this one has too.
    url: archive as unknown as NonNullable<LayerOptions['url']>,
    flavor: theme,
    lang: language,
    maxDataZoom: maxZoom,
    maxZoom: 20,
  }) as unknown as L.Layer
}
