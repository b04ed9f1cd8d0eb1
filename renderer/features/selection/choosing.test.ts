import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Agency, Unit } from '../../../contract/directory.ts'
import { anyUnit, combined, combinings, nearest, passes } from './choosing.ts'

const unit: Unit = {
  id: 'patrol-7',
  index: 7,
  name: { zh: '巡逻 07', en: 'Patrol 07' },
  kind: 'patrol',
  agency: 'police',
  area: 'north',
  state: 'available',
  terminals: [
    { kind: 'sip', number: '6207' },
    { kind: 'camera', source: 'body-camera-7' },
  ],
}
const police: Agency = { id: 'police', name: { zh: '公安', en: 'Police' }, kind: 'police' }
const directory = { agencies: { police } }

describe('what is found and what was selected', () => {
  it('come together as asked', () => {
    const before = ['a', 'b', 'c']
    const found = ['c', 'd']
    expect(combinings.map((how) => combined(before, found, how))).toEqual([
      ['c', 'd'],
      ['a', 'b', 'c', 'd'],
      ['a', 'b'],
      ['c'],
    ])
  })

  it('never name a unit twice, and what is subtracted and kept make up what was', () => {
    const ids = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'))
    fc.assert(
      fc.property(fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e')), ids, (before, found) => {
        for (const how of combinings) {
          const after = combined(before, found, how)
          expect(new Set(after).size).toBe(after.length)
        }
        const parts = [...combined(before, found, 'subtract'), ...combined(before, found, 'intersect')]
        expect(parts.toSorted()).toEqual(before.toSorted())
      }),
    )
  })
})

describe('a filter', () => {
  it('lets everything through as long as nothing is chosen', () => {
    expect(passes(anyUnit, unit, directory)).toBe(true)
  })

  it('wants one of what is chosen, in each of its parts', () => {
    expect(passes({ ...anyUnit, agencies: ['police', 'fire'], states: ['available'] }, unit, directory)).toBe(
      true,
    )
    expect(passes({ ...anyUnit, agencies: ['police'], states: ['busy'] }, unit, directory)).toBe(false)
    expect(passes({ ...anyUnit, kinds: ['drone'] }, unit, directory)).toBe(false)
    expect(passes({ ...anyUnit, terminals: ['radio', 'camera'] }, unit, directory)).toBe(true)
    expect(passes({ ...anyUnit, terminals: ['radio'] }, unit, directory)).toBe(false)
  })

  it('takes a unit whose agency is gone for one of another kind', () => {
    expect(passes({ ...anyUnit, agencies: ['other'] }, unit, { agencies: {} })).toBe(true)
  })
})

describe('the nearest', () => {
  const here = { lat: 32.05, lon: 118.78 }
  const units = [
    { id: 'far', place: { lat: 32.2, lon: 118.78 } },
    { id: 'near', place: { lat: 32.051, lon: 118.78 } },
    { id: 'between', place: { lat: 32.1, lon: 118.78 } },
  ]

  it('come first, and no more than asked for', () => {
    expect(nearest(units, here, 2)).toEqual(['near', 'between'])
    expect(nearest(units, here, 9)).toEqual(['near', 'between', 'far'])
  })

  it('are those that are there first where the way is not the straight line', () => {
    const roads = new Map([
      [32.2, 60],
      [32.051, 600],
      [32.1, 300],
    ])
    expect(nearest(units, here, 1, ({ lat }) => roads.get(lat) ?? 0)).toEqual(['far'])
  })
})
