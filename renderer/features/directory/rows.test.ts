import { describe, expect, it } from 'vitest'
import type { Directory, Unit } from '../../../contract/directory.ts'
import { branch, parentOf, rowsOf } from './rows.ts'

const name = (text: string) => ({ zh: text, en: text })
const unit = (id: string, index: number, area: string, agency = 'police'): Unit => ({
  id,
  index,
  name: name(id),
  kind: 'patrol',
  agency,
  area,
  state: 'available',
  terminals: [],
})
const directory: Directory = {
  areas: {
    city: { id: 'city', name: name('city'), level: 'city', parent: null },
    north: { id: 'north', name: name('north'), level: 'district', parent: 'city' },
    south: { id: 'south', name: name('south'), level: 'district', parent: 'city' },
    empty: { id: 'empty', name: name('empty'), level: 'district', parent: 'city' },
  },
  agencies: {
    police: { id: 'police', name: name('police'), kind: 'police' },
    fire: { id: 'fire', name: name('fire'), kind: 'fire' },
  },
  units: {
    second: unit('second', 2, 'north'),
    first: unit('first', 1, 'north'),
    engine: unit('engine', 3, 'south', 'fire'),
  },
  channels: {},
  devices: {},
  nextUnitIndex: 4,
}
const keys = (rows: readonly { key: string }[]) => rows.map(({ key }) => key)
const open =
  (...opened: string[]) =>
  (key: string) =>
    opened.includes(key)

describe('the directory as rows', () => {
  it('shows what is open, counts what is below, and leaves empty branches out', () => {
    const rows = rowsOf(branch(directory, 'area'), open('area/city', 'area/north'))
    expect(keys(rows)).toEqual(['area/city', 'area/north', 'unit/first', 'unit/second', 'area/south'])
    expect(rows.map((row) => (row.kind === 'unit' ? row.unit.id : row.units))).toEqual([
      3,
      2,
      'first',
      'second',
      1,
    ])
  })

  it('groups by agency', () => {
    const rows = rowsOf(branch(directory, 'agency'), open('agency/fire'))
    expect(keys(rows)).toEqual(['agency/police', 'agency/fire', 'unit/engine'])
  })

  it('keeps to what matches: single units, or everything in a matching area', () => {
    const single = branch(directory, 'area', { units: new Set(['second']), groups: new Set() })
    expect(keys(rowsOf(single, () => true))).toEqual(['area/city', 'area/north', 'unit/second'])
    const area = branch(directory, 'area', { units: new Set(), groups: new Set(['north']) })
    expect(keys(rowsOf(area, () => true))).toEqual(['area/city', 'area/north', 'unit/first', 'unit/second'])
    const agency = branch(directory, 'agency', { units: new Set(), groups: new Set(['fire']) })
    expect(keys(rowsOf(agency, () => true))).toEqual(['agency/fire', 'unit/engine'])
  })

  it('finds the row above that holds a row', () => {
    const rows = rowsOf(branch(directory, 'area'), () => true)
    expect(keys(rows)).toEqual([
      'area/city',
      'area/north',
      'unit/first',
      'unit/second',
      'area/south',
      'unit/engine',
    ])
    expect(parentOf(rows, 3)).toBe(1)
    expect(parentOf(rows, 4)).toBe(0)
    expect(parentOf(rows, 0)).toBeUndefined()
  })
})
