import { describe, expect, it } from 'vitest'
import { assign, grade, NOW, newCity, open, step } from '../tests/support/incidents.ts'
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

  it('sees the messages with its unit, and how far it has read them', () => {
    const city = newCity()
    const thread = { kind: 'unit', unit: 'north-patrol' } as const
    const id = '00000000-0000-4000-8000-000000000001'
    expect(shown(city, 'north-crew').talk).toEqual({
      messages: [],
      count: 0,
      mark: { delivered: 0, read: 0 },
    })
    city.does('supervisor', { kind: 'message.send', id, thread, text: '位置?', place: null })
    city.does('north-crew', { kind: 'message.mark', thread, delivered: 1, read: 1 })
    expect(shown(city, 'north-crew').talk).toMatchObject({
      messages: [{ text: '位置?' }],
      count: 1,
      mark: { delivered: 1, read: 1 },
    })
    expect(shown(city, 'south-crew').talk?.messages).toEqual([])
  })

  it('sees the groups that its unit is in, the newest first, and how far it has read them', () => {
    const city = newCity()
    const groupOf = (digit: number) =>
      ({ kind: 'group', group: `00000000-0000-4000-8000-00000000000${digit}` }) as const
    const units = ['north-patrol', 'south-engine']
    city.does('supervisor', { kind: 'group.form', thread: groupOf(1), name: '夜巡组', units })
    city.does('supervisor', { kind: 'group.form', thread: groupOf(2), name: '机动组', units }, NOW + 1)
    const others = ['south-engine', 'south-patrol']
    city.does('supervisor', { kind: 'group.form', thread: groupOf(3), name: '南区组', units: others })
    const id = '00000000-0000-4000-8000-00000000000a'
    city.does('supervisor', { kind: 'message.send', id, thread: groupOf(1), text: '集合', place: null })
    city.does('north-crew', { kind: 'message.mark', thread: groupOf(1), delivered: 1, read: 1 })
    expect(shown(city, 'north-crew').groups).toMatchObject([
      { id: groupOf(2).group, name: '机动组', units: 2, talk: { messages: [] } },
      { name: '夜巡组', talk: { messages: [{ text: '集合' }], mark: { delivered: 1, read: 1 } } },
    ])
    city.does('supervisor', { kind: 'group.dissolve', thread: groupOf(1) })
    expect(shown(city, 'north-crew').groups.map(({ name }) => name)).toEqual(['机动组'])
  })

  it('that is no unit’s terminal has nothing to do', () => {
    expect(shown(newCity(), 'supervisor')).toMatchObject({ unit: null, errands: [] })
  })
})
