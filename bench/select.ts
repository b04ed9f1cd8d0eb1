/** Selecting by shapes: from a shape that was drawn to the units in it, with a filter, among ten thousand. */
import { type Directory, emptyDirectory, type Unit } from '../contract/directory.ts'
import { encodeFrame } from '../contract/position-frame.ts'
import type { Place } from '../contract/primitives.ts'
import { PositionStore } from '../renderer/features/map/position-store.ts'
import { combined } from '../renderer/features/selection/choosing.ts'
import { findUnits } from '../renderer/features/selection/finding.ts'
import type { Shape } from '../renderer/features/selection/shapes.ts'
import { type Bench, Collector } from './bench.ts'

const UNITS = 10_000
const REPEATS = 7
/** A repetition tells the slowest of so many: what an officer would remember. */
const TRIES = 20
const middle: Place = { lat: 32.05, lon: 118.8 }

/** As large as a district, and drawn with many points. */
const shapes: Readonly<Record<string, Shape>> = {
  circleMs: { kind: 'circle', centre: middle, radiusM: 3_000 },
  polygonMs: {
    kind: 'polygon',
    ring: Array.from({ length: 200 }, (_, at) => ({
      lat: middle.lat + 0.08 * Math.sin((at / 200) * 2 * Math.PI) * (1 + 0.2 * Math.sin(at)),
      lon: middle.lon + 0.1 * Math.cos((at / 200) * 2 * Math.PI),
    })),
  },
  corridorMs: {
    kind: 'corridor',
    widthM: 400,
    line: Array.from({ length: 40 }, (_, at) => ({
      lat: 32.05 + 0.05 * Math.sin(at / 4),
      lon: 118.65 + at * 0.008,
    })),
  },
}

export const select: Bench = {
  name: 'select',
  about:
    'from a shape to the selected units among 10,000, with a filter: circle, 200 corners, a road of 40 points',
  targets: { corridorMs: { max: 20 }, polygonMs: { max: 20 }, circleMs: { max: 20 } },
  run: async (say) => {
    const { directory, places } = city()
    const filter = { agencies: ['police', 'fire'], kinds: [], states: ['available'], terminals: [] } as const
    const collector = new Collector()
    for (let repeat = 0; repeat < REPEATS; repeat++) {
      const figures: Record<string, number> = {}
      for (const [name, shape] of Object.entries(shapes)) {
        let slowest = 0
        let selected: readonly string[] = []
        for (let attempt = 0; attempt < TRIES; attempt++) {
          const began = performance.now()
          selected = combined(
            ['unit-1', 'unit-2'],
            findUnits({ kind: 'shape', shape }, { directory, places, filter }),
            'add',
          )
          slowest = Math.max(slowest, performance.now() - began)
        }
        if (selected.length < UNITS / 200)
          throw new Error(`${name}: only ${selected.length} units were found`)
        figures[name] = slowest
      }
      collector.add(figures)
      say(JSON.stringify(figures))
    }
    return { figures: collector.samples }
  },
}

/** Ten thousand units spread evenly over 38 by 33 kilometres. */
function city(): { directory: Directory; places: PositionStore } {
  const names = { zh: '力量', en: 'unit' }
  const units = Array.from(
    { length: UNITS },
    (_, index): Unit => ({
      id: `unit-${index}`,
      index,
      name: names,
      kind: 'patrol',
      agency: index % 3 === 0 ? 'police' : index % 3 === 1 ? 'fire' : 'medical',
      area: 'city',
      state: index % 4 === 0 ? 'busy' : 'available',
      terminals: [{ kind: 'sip', number: String(60_000 + index) }],
    }),
  )
  const places = new PositionStore()
  const side = Math.ceil(Math.sqrt(UNITS))
  const frame = encodeFrame({ reset: true, tick: 0, hubTime: Date.now() }, UNITS, (index) => ({
    index,
    lat: Math.round((31.9 + (0.3 * Math.floor(index / side)) / side) * 1e7),
    lon: Math.round((118.6 + (0.4 * (index % side)) / side) * 1e7),
    heading: 0,
    speed: 0,
    age: 0,
    stale: false,
  }))
  places.take(new Uint8Array(frame).buffer)
  const agencies = Object.fromEntries(
    (['police', 'fire', 'medical'] as const).map((kind) => [kind, { id: kind, name: names, kind }]),
  )
  const directory = {
    ...emptyDirectory,
    agencies,
    units: Object.fromEntries(units.map((unit) => [unit.id, unit])),
  }
  return { directory, places }
}
