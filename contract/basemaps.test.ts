import { describe, expect, it } from 'vitest'
import { basemapSchema } from './basemaps.ts'

const name = { zh: '天地图', en: 'Tianditu' }

describe('a basemap', () => {
  it('of tiles takes what is usual where nothing is said', () => {
    const url = 'https://t{s}.tianditu.gov.cn/vec_w/wmts?x={x}&y={y}&z={z}&tk={key}'
    expect(
      basemapSchema.parse({ kind: 'tiles', id: 'tdt', name, key: 'tianditu', layers: [{ url }] }),
    ).toEqual({
      kind: 'tiles',
      id: 'tdt',
      name,
      datum: 'wgs84',
      key: 'tianditu',
      light: true,
      layers: [{ url, subdomains: [], minZoom: 3, maxZoom: 18 }],
    })
  })

  it('from a file names a map and no address: where the file is, is the seat’s own affair', () => {
    expect(basemapSchema.safeParse({ kind: 'pmtiles', id: 'city', name }).success).toBe(true)
    expect(
      basemapSchema.safeParse({ kind: 'pmtiles', id: 'city', name, url: 'file:///etc/passwd' }).success,
    ).toBe(false)
  })

  it('is never fetched over anything but HTTP, nor without saying which tile', () => {
    for (const url of [
      'file:///tiles/{z}/{x}/{y}.png',
      'javascript:alert({x}{y}{z})',
      'https://tiles.example/{z}/{x}.png',
      'https://tiles.example/ {z}/{x}/{y}.png',
    ])
      expect(basemapSchema.safeParse({ kind: 'tiles', id: 't', name, layers: [{ url }] }).success, url).toBe(
        false,
      )
  })
})
