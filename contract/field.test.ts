import { describe, expect, it } from 'vitest'
import { assign, grade, newCity, open, step } from '../tests/support/incidents.ts'
import { fieldViewOf } from './field.ts'

const shown = (city: ReturnType<typeof newCity>, account: string) => fieldViewOf(city.state, account)

describe('an account in the field', () => {
  it('sees its unit, and nothing to do as long as there is nothing', () => {
    expect(shown(newCity(), 'north-crew')).toMatchObject({
      account: { zh: '北区巡逻组' },
      unit: { id: 'north-patrol', state: 'available' },
      errands: [],
    })
  })

  it('sees what its unit is asked to do and what happened there, and nothing that officers say among themselves', () => {
    const city = newCity()
    city.does('supervisor', open('i1'))
    city.does('supervisor', grade('II', 'i1'))
    city.does('supervisor', { kind: 'incident.note', incident: 'i1', text: '只给指挥看', task: null })
    city.does('supervisor', assign('t1', 'north-patrol'))
    const [errand] = shown(city, 'north-crew').errands
    expect(errand).toMatchObject({
      task: { id: 't1', state: 'assigned' },
      incident: { title: '北门街道冒烟' },
    })
    expect(JSON.stringify(errand)).not.toContain('只给指挥看')
    expect(shown(city, 'south-crew').errands).toEqual([])
  })

  it('is shown no more what is over', () => {
    const city = newCity()
    city.does('supervisor', open('i1'))
    city.does('supervisor', grade('II', 'i1'))
    city.does('supervisor', assign('t1', 'north-patrol'))
    city.does('north-crew', step('t1', 'refuse'))
    expect(shown(city, 'north-crew').errands).toEqual([])
  })

  it('that is no unit’s terminal has nothing to do', () => {
    expect(shown(newCity(), 'supervisor')).toMatchObject({ unit: null, errands: [] })
  })
})
