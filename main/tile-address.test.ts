import { describe, expect, it } from 'vitest'
import { type Basemap, basemapSchema } from '../contract/basemaps.ts'
import { findTile, tileUrl } from './tile-address.ts'

const streets: Basemap = basemapSchema.parse({
  kind: 'tiles',
  id: 'streets',
  name: { zh: '街道', en: 'Streets' },
  key: 'tianditu',
  layers: [
    {
      url: 'https://t{s}.map.test/{z}/{x}/{y}.png?tk={key}',
      subdomains: ['0', '1'],
      minZoom: 3,
      maxZoom: 18,
    },
    { url: 'https://map.test/labels?z={z}&x={x}&y={y}', minZoom: 10, maxZoom: 12 },
  ],
})
const file: Basemap = { kind: 'geojson', id: 'file-1', name: { zh: '图', en: 'Map' }, datum: 'wgs84' }
const site = [file, streets]
const find = (path: string) => findTile(site, path.split('/'))

describe('a tile', () => {
  it('is where its basemap and layer say', () => {
    expect(find('streets/1/11/1700/830')).toEqual({
      tiles: streets.kind === 'tiles' && streets.layers[1],
      at: { z: 11, x: 1700, y: 830 },
      key: 'tianditu',
    })
  })

  it.each([
    ['of a basemap the site does not have', 'satellite/0/11/1700/830'],
    ['of a basemap that is a file', 'file-1/0/11/1700/830'],
    ['of a layer that is not there', 'streets/2/11/1700/830'],
    ['above or below the layer’s zooms', 'streets/1/9/1/1'],
    ['outside the world', 'streets/0/3/8/0'],
    ['that is written otherwise', 'streets/0/11/1e3/830'],
    ['with a part too many', 'streets/0/11/1700/830/x'],
    ['with a part too few', 'streets/0/11/1700'],
    ['with an empty part', 'streets/0/11//830'],
    ['that goes elsewhere', 'streets/0/11/..%2f/830'],
    ['of nothing', ''],
  ])('can’t be had: one %s', (_what, path) => {
    expect(find(path)).toBe(undefined)
  })
})

describe('the address of a tile', () => {
  const address = (x: number, y: number, key?: string) =>
    streets.kind === 'tiles' &&
    streets.layers[0] !== undefined &&
    tileUrl(streets.layers[0], { z: 5, x, y }, key)

  it('has place, key and subdomain filled in, neighbours on different subdomains', () => {
    expect(address(26, 12, 'k')).toBe('https://t0.map.test/5/26/12.png?tk=k')
    expect(address(27, 12, 'k')).toBe('https://t1.map.test/5/27/12.png?tk=k')
  })

  it('takes the key for what it is, whatever is in it', () => {
    expect(address(1, 1, 'a&b={x}$1')).toBe('https://t0.map.test/5/1/1.png?tk=a%26b%3D%7Bx%7D%241')
  })
})
