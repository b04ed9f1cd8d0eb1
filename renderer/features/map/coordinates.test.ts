import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readPlace, writePlace } from './coordinates.ts'

describe('coordinates', () => {
  it.each([
    ['118.78, 32.04', 32.04, 118.78],
    ['32.04 118.78', 32.04, 118.78],
    ['32.04,118.78', 32.04, 118.78],
    ['118.78,32.04', 32.04, 118.78],
    ['N32.04 E118.78', 32.04, 118.78],
    ['32.04N, 118.78E', 32.04, 118.78],
    [`32°02'24"N 118°46'48"E`, 32.04, 118.78],
    ['北纬32°2.4′ 东经118°46.8′', 32.04, 118.78],
    ['东经118.78 北纬32.04', 32.04, 118.78],
    ['-33.9 18.4', 18.4, -33.9],
    ['33.9S 18.4E', -33.9, 18.4],
  ])('are read from "%s"', (text, lat, lon) => {
    const place = readPlace(text)
    expect(place?.lat).toBeCloseTo(lat, 6)
    expect(place?.lon).toBeCloseTo(lon, 6)
  })

  it.each(['', '鼓楼', '118.78', '118.78 32.04 5', '200 100', 'N32 N118', '12:30', '1 2 3', 'a1,2'])(
    'are not read from "%s"',
    (text) => expect(readPlace(text)).toBeUndefined(),
  )

  it('are read back as they were written', () => {
    fc.assert(
      fc.property(
        fc.record({
          lat: fc.double({ min: -90, max: 90, noNaN: true }),
          lon: fc.double({ min: -180, max: 180, noNaN: true }),
        }),
        (place) => {
          const read = readPlace(writePlace(place))
          expect(read?.lat).toBeCloseTo(place.lat, 4)
          expect(read?.lon).toBeCloseTo(place.lon, 4)
        },
      ),
    )
  })
})
