import { describe, expect, it } from 'vitest'
import { type Directory, emptyDirectory, type Unit } from '../../../contract/directory.ts'
import { anyUnit } from './choosing.ts'
import { findUnits, type Sought } from './finding.ts'

const unit = (index: number, id: string, area: string, agency: string): Unit => ({
  id,
  index,
  name: { zh: id, en: id },
  kind: 'patrol',
  agency,
  area,
  state: 'available',
  terminals: [],
})
const name = { zh: '名', en: 'name' }
const directory: Directory = {
  ...emptyDirectory,
  areas: {
    city: { id: 'city', name, level: 'city', parent: null },
    north: { id: 'north', name, level: 'district', parent: 'city' },
    south: { id: 'south', name, level: 'district', parent: 'city' },
  },
  agencies: {
    police: { id: 'police', name, kind: 'police' },
    fire: { id: 'fire', name, kind: 'fire' },
  },
  units: {
    a: unit(0, 'a', 'north', 'police'),
    b: unit(1, 'b', 'south', 'fire'),
    c: unit(2, 'c', 'north', 'fire'),
    lost: unit(3, 'lost', 'north', 'police'),
  },
}
/** `lost` is nowhere. */
const places = {
  size: 3,
  lat: Int32Array.of(320_500_000, 320_600_000, 320_510_000),
  lon: Int32Array.of(1_187_800_000, 1_187_800_000, 1_187_800_000),
  has: (index: number) => index < 3,
}
const found = (sought: Sought, filter = anyUnit) => findUnits(sought, { directory, places, filter })

describe('units are found', () => {
  it('in an area and all that is below it, wherever they are', () => {
    expect(found({ kind: 'area', area: 'north' })).toEqual(['a', 'c', 'lost'])
    expect(found({ kind: 'area', area: 'city' })).toEqual(['a', 'b', 'c', 'lost'])
  })

  it('of an agency', () => {
    expect(found({ kind: 'agency', agency: 'fire' })).toEqual(['b', 'c'])
  })

  it('in a shape, as the filter has it', () => {
    const centre = { lat: 32.05, lon: 118.78 }
    const sought: Sought = { kind: 'shape', shape: { kind: 'circle', centre, radiusM: 300 } }
    expect(found(sought)).toEqual(['a', 'c'])
    expect(found(sought, { ...anyUnit, agencies: ['fire'] })).toEqual(['c'])
  })

  it('by how near they are, those that are nowhere left out', () => {
    const to = { lat: 32.06, lon: 118.78 }
    expect(found({ kind: 'nearest', to, most: 5 })).toEqual(['b', 'c', 'a'])
    expect(found({ kind: 'nearest', to, most: 1 }, { ...anyUnit, agencies: ['police'] })).toEqual(['a'])
  })

  it('by name, those that are gone left out', () => {
    expect(found({ kind: 'named', units: ['c', 'gone', 'a'] })).toEqual(['a', 'c'])
  })
})
