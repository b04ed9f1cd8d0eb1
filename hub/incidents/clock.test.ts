import { describe, expect, it } from 'vitest'
import { fold } from '../../contract/state.ts'
import { assign, close, grade, NOW, newCity, open, step } from '../../tests/support/incidents.ts'
import { MOST_OVER, timely } from './clock.ts'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
const kinds = (events: readonly { kind: string }[]) => events.map(({ kind }) => kind)

describe('time', () => {
  it('tells the supervisors of an incident that nobody has graded, at its deadline and once', () => {
    const city = newCity()
    city.does('north-officer', open())
    expect(timely(city.state, NOW + 2 * MINUTE - 1)).toEqual([])
    const events = timely(city.state, NOW + 2 * MINUTE)
    expect(events).toMatchObject([
      {
        kind: 'incident.overdue',
        subject: 'incident/i1',
        data: { id: 'i1', supervisors: ['supervisor', 'second-supervisor'] },
      },
    ])
    city.takes(events)
    expect(city.incident()).toMatchObject({ overdue: true, supervisors: ['supervisor', 'second-supervisor'] })
    expect(timely(city.state, NOW + DAY)).toEqual([])
  })

  it('tells of each step of a task anew', () => {
    const city = newCity()
    city.does('north-officer', open())
    city.does('north-officer', grade('I'))
    city.does('north-officer', assign('t1', 'north-patrol'))
    city.takes(timely(city.state, NOW + MINUTE))
    expect(city.task('t1').overdue).toBe(true)
    city.does('north-crew', step('t1', 'accept'), NOW + 2 * MINUTE)
    expect(city.task('t1')).toMatchObject({ overdue: false, dueAt: NOW + 4 * MINUTE })
    expect(kinds(timely(city.state, NOW + 4 * MINUTE))).toEqual(['task.overdue'])
  })

  it('files what is over: a week after its review, a month after its closing', () => {
    const city = newCity()
    city.does('north-officer', open())
    city.does('north-officer', close())
    city.takes(timely(city.state, NOW + 20 * DAY))
    expect(city.incident().state).toBe('closed')
    expect(kinds(timely(city.state, NOW + 30 * DAY))).toEqual(['incident.filed'])
    city.does('supervisor', { kind: 'incident.review', incident: 'i1', words: '无误' }, NOW + 20 * DAY)
    const [filed, ...rest] = timely(city.state, NOW + 27 * DAY)
    expect([filed, rest]).toMatchObject([{ kind: 'incident.filed', data: { tasks: [] } }, []])
    if (filed !== undefined) city.takes([filed])
    expect(city.state.incidents).toMatchObject({ live: {}, tasks: {}, nextNumber: 2 })
  })

  it('files the oldest of too many that are over, and none that are not', () => {
    const city = newCity()
    city.does('north-officer', open('going'))
    for (let at = 0; at <= MOST_OVER; at++) {
      city.does('north-officer', open(`i${at}`), NOW + at)
      city.does('north-officer', close(`i${at}`), NOW + at)
    }
    const filed = timely(city.state, NOW + MINUTE)
    expect(filed).toMatchObject([{ kind: 'incident.filed', data: { id: 'i0' } }])
    expect(Object.keys(fold(city.state, filed).incidents.live)).toHaveLength(MOST_OVER + 1)
  })
})
