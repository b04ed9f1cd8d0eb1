import { describe, expect, it } from 'vitest'
import { metresBetween } from '../../../contract/primitives.ts'
import { metresPerPixel, toWorld } from './world.ts'

const place = { lat: 32.0584, lon: 118.7965 }
const fromWorld = ({ x, y }: { x: number; y: number }) => ({
  lon: (x - 0.5) * 360,
  lat: (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI,
})

describe('the map’s projection', () => {
  it('is Web Mercator for WGS-84', () => {
    expect(toWorld('wgs84', 0, 0)).toEqual({ x: 0.5, y: 0.5 })
    const { lat, lon } = fromWorld(toWorld('wgs84', place.lat, place.lon))
    expect(lat).toBeCloseTo(place.lat, 9)
    expect(lon).toBeCloseTo(place.lon, 9)
  })

  it('moves WGS-84 onto a GCJ-02 basemap: about half a kilometre in Nanjing', () => {
    const shifted = fromWorld(toWorld('gcj02', place.lat, place.lon))
    expect(metresBetween(place, shifted)).toBeGreaterThan(400)
    expect(metresBetween(place, shifted)).toBeLessThan(600)
  })

  it('knows how large a pixel is on the ground', () => {
    const a = toWorld('wgs84', place.lat, place.lon)
    const pixel = 1 / (256 * 2 ** 15)
    const b = fromWorld({ x: a.x + 100 * pixel, y: a.y })
    expect(metresBetween(place, b) / 100).toBeCloseTo(metresPerPixel(place.lat, 15), 1)
  })
})
