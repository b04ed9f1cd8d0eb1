import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { metresBetween, type Place } from '../../../contract/primitives.ts'
import { type Places, type Shape, unitsIn } from './shapes.ts'

const square: Place[] = [
  { lat: 32.0, lon: 118.7 },
  { lat: 32.0, lon: 118.8 },
  { lat: 32.1, lon: 118.8 },
  { lat: 32.1, lon: 118.7 },
]

/** Where these places are, and that the units without one are nowhere. */
function placesOf(list: readonly (Place | undefined)[]): Places {
  return {
    size: list.length,
    lat: Int32Array.from(list, (place) => Math.round((place?.lat ?? 0) * 1e7)),
    lon: Int32Array.from(list, (place) => Math.round((place?.lon ?? 0) * 1e7)),
    has: (index) => list[index] !== undefined,
  }
}

const found = (shape: Shape, ...list: readonly (Place | undefined)[]) => unitsIn(shape, placesOf(list))

describe('a circle', () => {
  const circle: Shape = { kind: 'circle', centre: { lat: 32.05, lon: 118.78 }, radiusM: 1000 }

  it('holds what is no further from its centre than its radius', () => {
    expect(found(circle, { lat: 32.0589, lon: 118.78 }, { lat: 32.0591, lon: 118.78 })).toEqual([0])
    expect(found(circle, { lat: 32.05, lon: 118.7905 }, { lat: 32.05, lon: 118.7907 })).toEqual([0])
  })

  it('holds the very units that the great circle says', () => {
    fc.assert(
      fc.property(
        fc.array(placeNearby(), { maxLength: 40 }),
        fc.double({ min: 1, max: 9000, noNaN: true }),
        (list, radiusM) => {
          const centre = { lat: 32.05, lon: 118.78 }
          const places = placesOf(list)
          const near = list.flatMap((_, index) => {
            const place = { lat: (places.lat[index] ?? 0) / 1e7, lon: (places.lon[index] ?? 0) / 1e7 }
            return metresBetween(centre, place) <= radiusM ? [index] : []
          })
          expect(unitsIn({ kind: 'circle', centre, radiusM }, places)).toEqual(near)
        },
      ),
    )
  })
})

describe('a polygon', () => {
  it('holds what is inside, whichever way round it was drawn', () => {
    const inside = { lat: 32.05, lon: 118.75 }
    const outside = { lat: 32.05, lon: 118.81 }
    for (const ring of [square, square.toReversed(), [...square, { lat: 32.0, lon: 118.7 }]])
      expect(found({ kind: 'polygon', ring }, inside, outside)).toEqual([0])
  })

  it('leaves out the bay of a ring that bends inwards', () => {
    const bay: Place[] = [...square.slice(0, 3), { lat: 32.02, lon: 118.75 }, ...square.slice(3)]
    expect(
      found({ kind: 'polygon', ring: bay }, { lat: 32.08, lon: 118.75 }, { lat: 32.01, lon: 118.75 }),
    ).toEqual([1])
  })

  it('without points holds nothing', () => {
    expect(found({ kind: 'polygon', ring: [] }, { lat: 0, lon: 0 })).toEqual([])
  })
})

describe('a corridor', () => {
  const road: Place[] = [
    { lat: 32.05, lon: 118.7 },
    { lat: 32.05, lon: 118.8 },
    { lat: 32.1, lon: 118.8 },
  ]
  const corridor: Shape = { kind: 'corridor', line: road, widthM: 400 }

  it('reaches half its width to either side of the line, around its bends and ends', () => {
    const beside = { lat: 32.0517, lon: 118.75 }
    const beyond = { lat: 32.0519, lon: 118.75 }
    const corner = { lat: 32.049, lon: 118.8011 }
    const end = { lat: 32.1017, lon: 118.8 }
    expect(found(corridor, beside, beyond, corner, end)).toEqual([0, 2, 3])
  })

  it('along a single point is a circle', () => {
    fc.assert(
      fc.property(placeNearby(), fc.integer({ min: 10, max: 4000 }), (place, radiusM) => {
        const centre = { lat: 32.05, lon: 118.78 }
        // What lies on the very edge may be either: the plane is not the sphere.
        fc.pre(Math.abs(metresBetween(centre, place) - radiusM) > radiusM * 0.01)
        expect(found({ kind: 'corridor', line: [centre], widthM: radiusM * 2 }, place)).toEqual(
          found({ kind: 'circle', centre, radiusM }, place),
        )
      }),
    )
  })
})

it('a unit without a position is in no shape', () => {
  const everywhere: Shape = { kind: 'circle', centre: { lat: 0, lon: 0 }, radiusM: 1000 }
  expect(found(everywhere, undefined, { lat: 0, lon: 0 })).toEqual([1])
})

function placeNearby(): fc.Arbitrary<Place> {
  return fc.record({
    lat: fc.double({ min: 31.95, max: 32.15, noNaN: true }),
    lon: fc.double({ min: 118.65, max: 118.9, noNaN: true }),
  })
}
