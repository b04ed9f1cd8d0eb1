import { describe, expect, it } from 'vitest'
import type { Area } from '../../../contract/directory.ts'
import { timely } from '../../../hub/incidents/clock.ts'
import { assign, close, grade, NOW, newCity, open } from '../../../tests/support/incidents.ts'
import { areaNear } from './area-near.ts'
import { type BoardFilter, everything, onBoard } from './board.ts'

/** 1 without a grade, 2 and 3 of grade II, 4 of grade I, 5 closed. */
function busyCity() {
  const city = newCity()
  for (const id of ['i1', 'i2', 'i3', 'i4', 'i5']) city.does('supervisor', open(id))
  city.does('supervisor', grade('II', 'i2'))
  city.does('north-officer', grade('II', 'i3'))
  city.does('supervisor', grade('I', 'i4'))
  city.does('supervisor', close('i5'))
  return city
}

const shown = (change: Partial<BoardFilter>, city = busyCity(), account = 'supervisor') =>
  onBoard(city.state.incidents, { ...everything, ...change }, account).map(({ id }) => id)

describe('the board', () => {
  it('has what nobody has graded first, then the gravest, then the newest', () => {
    expect(shown({})).toEqual(['i1', 'i4', 'i3', 'i2'])
    expect(shown({ which: 'over' })).toEqual(['i5'])
  })

  it('shows certain grades, or what fits some words', () => {
    expect(shown({ grades: ['I', 'III'] })).toEqual(['i4'])
    expect(shown({ text: '#3' })).toEqual(['i3'])
    expect(shown({ text: '北门街 12' })).toHaveLength(4)
    expect(shown({ text: '南' })).toEqual([])
  })

  it('shows what one works on, or was told of as a supervisor', () => {
    const city = busyCity()
    expect(shown({ mine: true }, city, 'second-supervisor')).toEqual([])
    city.takes(timely(city.state, NOW + 2 * 60_000))
    expect(shown({ mine: true }, city, 'second-supervisor')).toEqual(['i1', 'i4'])
    expect(shown({ mine: true }, city, 'north-officer')).toEqual([])
  })

  it('shows what is overdue, also for a task of it', () => {
    const city = busyCity()
    city.does('supervisor', assign('t1', 'north-patrol', 'i2'))
    city.takes(timely(city.state, NOW + 60_000))
    expect(shown({ overdue: true }, city)).toEqual(['i2'])
  })
})

describe('the area of a place', () => {
  const area = (id: string, level: Area['level'], lat?: number): Area => ({
    id,
    name: { zh: id, en: id },
    level,
    parent: null,
    ...(lat !== undefined && { centre: { lat, lon: 118 } }),
  })

  it('is the nearest of the lowest level that has places', () => {
    const areas = {
      city: area('city', 'city', 32.001),
      north: area('north', 'street', 32.1),
      south: area('south', 'street', 31.9),
      grid: area('grid', 'grid'),
    }
    expect(areaNear(areas, { lat: 32, lon: 118 })).toBe('north')
    expect(areaNear(areas, { lat: 31.95, lon: 118 })).toBe('south')
    expect(areaNear({ grid: areas.grid }, { lat: 32, lon: 118 })).toBeNull()
  })
})
