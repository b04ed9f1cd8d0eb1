import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse as parseYaml, stringify } from 'yaml'
import { unitKinds } from '../../contract/directory.ts'
import { metresBetween, type Place } from '../../contract/primitives.ts'
import { siteDocumentSchema } from '../../contract/site.ts'
import { demoSite } from './demo-site.ts'
import { createMovement } from './movement.ts'
import { chanceFrom } from './random.ts'
import { type GeoJSON, streetsOf } from './streets.ts'
import { Traveller } from './traveller.ts'

const resources = join(import.meta.dirname, '../../resources')
const schematic: GeoJSON = JSON.parse(readFileSync(join(resources, 'maps/nanjing.geojson'), 'utf8'))
const streets = streetsOf(schematic)
const street = (...coordinates: number[][]) => ({
  properties: { kind: 'street' },
  geometry: { type: 'LineString', coordinates },
})

/** How far a place is from the middle of the nearest street, on a plane that is right near here. */
function metresFromStreets(place: Place): number {
  const flat = ({ lat, lon }: Place) => ({ x: (lon - place.lon) * 94_400, y: (lat - place.lat) * 111_132 })
  const distances = streets.stretches.flatMap((list, from) =>
    list.map(({ to }) => {
      const [a, b] = [flat(streets.nodes[from] as Place), flat(streets.nodes[to] as Place)]
      const [dx, dy] = [b.x - a.x, b.y - a.y]
      const along = Math.min(Math.max(-(a.x * dx + a.y * dy) / (dx * dx + dy * dy), 0), 1)
      return Math.hypot(a.x + dx * along, a.y + dy * along)
    }),
  )
  return Math.min(...distances)
}

describe('the streets', () => {
  it('are joined where they cross', () => {
    const cross = streetsOf({
      features: [street([118.7, 32.05], [118.8, 32.05]), street([118.75, 32.0], [118.75, 32.1])],
    })
    expect(cross.nodes).toHaveLength(5)
    const middle = cross.nodes.findIndex(({ lat, lon }) => lat === 32.05 && lon === 118.75)
    expect(cross.stretches[middle]).toHaveLength(4)
  })

  it('leave out what can’t be reached', () => {
    const islands = streetsOf({
      features: [
        street([118.7, 32.05], [118.8, 32.05], [118.9, 32.05]),
        street([118.7, 32.5], [118.8, 32.5]),
      ],
    })
    expect(islands.nodes.every(({ lat }) => lat === 32.05)).toBe(true)
  })

  it('of the schematic are one network, walkable both ways', () => {
    expect(streets.nodes.length).toBeGreaterThan(200)
    streets.stretches.forEach((list, from) => {
      expect(list.length).toBeGreaterThan(0)
      for (const { to } of list) expect(streets.stretches[to]?.some((back) => back.to === from)).toBe(true)
    })
  })
})

describe('a traveller', () => {
  const fastest = { person: 1.6, patrol: 9, vehicle: 16, drone: 14, post: 0 }

  it('goes no faster than its kind, whatever time passes between looks', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...unitKinds),
        fc.nat(),
        fc.nat({ max: streets.nodes.length - 1 }),
        fc.array(fc.double({ min: 0.1, max: 30, noNaN: true }), { minLength: 1, maxLength: 30 }),
        (kind, seed, start, pauses) => {
          const traveller = new Traveller(streets, kind, chanceFrom(seed), start)
          let before = traveller.travel(0)
          for (const seconds of pauses) {
            const after = traveller.travel(seconds)
            // Changing street it also changes its side of it.
            expect(metresBetween(before, after)).toBeLessThanOrEqual(fastest[kind] * seconds * 1.02 + 60)
            expect(after.speed).toBeLessThanOrEqual(fastest[kind])
            before = after
          }
        },
      ),
      { numRuns: 200 },
    )
  })

  it('keeps to the streets', () => {
    const traveller = new Traveller(streets, 'vehicle', chanceFrom(3), 0)
    for (let step = 0; step < 200; step++) {
      const at = traveller.travel(5)
      expect(metresFromStreets(at)).toBeLessThan(20)
      expect(at.heading === undefined || (at.heading >= 0 && at.heading < 360)).toBe(true)
    }
  })
})

describe('the city', () => {
  const site = siteDocumentSchema.parse(JSON.parse(JSON.stringify(demoSite(300))))

  it('is the demonstration site file, whole and up to date', () => {
    const file = readFileSync(join(resources, 'demo-site.yaml'), 'utf8')
    expect(siteDocumentSchema.parse(parseYaml(file))).toEqual(site)
    expect(site.site.demo).toBe(true)
  })

  it('has as many units as asked for, each with a name of its own', () => {
    for (const count of [1, 300, 2000]) {
      const { units } = siteDocumentSchema.parse(JSON.parse(JSON.stringify(demoSite(count))))
      expect(units).toHaveLength(count)
      expect(new Set(units.map(({ name }) => name.zh)).size).toBe(count)
    }
  })

  it('moves: everybody reports, at their own pace, and some fall silent', () => {
    const movement = createMovement(site.units, site.areas, streets, { seed: 7, speed: 1 })
    const reports = new Map<string, number>()
    const silences = new Set<string>()
    const last = new Map<string, number>()
    for (let now = 0; now <= 600; now += 1)
      for (const { unit } of movement.due(now)) {
        if (now - (last.get(unit.id) ?? now) > 45) silences.add(unit.id)
        last.set(unit.id, now)
        reports.set(unit.id, (reports.get(unit.id) ?? 0) + 1)
      }
    expect(reports.size).toBe(300)
    expect(silences.size).toBeGreaterThan(0)
    expect(silences.size).toBeLessThan(150)
  })

  it('is the same city every time', () => {
    const once = () => createMovement(site.units, site.areas, streets, { seed: 7, speed: 1 }).due(20)
    expect(once()).toEqual(once())
    expect(stringify(demoSite(50))).toBe(stringify(demoSite(50)))
  })
})
