import { describe, expect, it } from 'vitest'
import { assign, close, details, grade, NOW, newCity, open, step } from '../../tests/support/incidents.ts'

const OFFICER = 'north-officer'

/** Opened, graded, and given to the north patrol. */
function dispatched() {
  const city = newCity()
  city.does(OFFICER, open())
  city.does(OFFICER, grade('II'))
  city.does(OFFICER, assign('t1', 'north-patrol'))
  return city
}

describe('an incident', () => {
  it('goes its way from the first report to its review', () => {
    const city = newCity()
    city.does(OFFICER, open())
    expect(city.incident()).toMatchObject({ number: 1, state: 'opened', dueAt: NOW + 2 * 60_000 })
    city.does(OFFICER, grade('II'))
    expect(city.incident()).toMatchObject({ state: 'graded', grade: 'II', dueAt: NOW + 3 * 60_000 })
    city.does(OFFICER, assign('t1', 'north-patrol'))
    expect(city.incident().state).toBe('dispatched')
    for (const taken of ['receive', 'accept', 'set-out', 'arrive', 'finish'] as const)
      city.does('north-crew', step('t1', taken))
    expect(city.task('t1')).toMatchObject({ state: 'done', reached: { 'on-scene': NOW } })
    expect(city.incident().state).toBe('handled')
    city.does(OFFICER, step('t1', 'verify'))
    city.does(OFFICER, close())
    expect(city.incident()).toMatchObject({ state: 'closed', ending: { outcome: 'settled' } })
    city.does('supervisor', { kind: 'incident.review', incident: 'i1', words: '处置及时' })
    expect(city.incident()).toMatchObject({ state: 'reviewed', dueAt: null })
  })

  it('has the number after the last', () => {
    const city = newCity()
    city.does(OFFICER, open('i1'))
    city.does(OFFICER, open('i2'))
    expect([city.incident('i1').number, city.incident('i2').number]).toEqual([1, 2])
  })

  it('can be graded as it is opened', () => {
    const city = newCity()
    city.does(OFFICER, { ...open(), grade: 'I' } as ReturnType<typeof open>)
    expect(city.incident()).toMatchObject({ state: 'graded', grade: 'I' })
  })

  it('is not given out before it has a grade', () => {
    const city = newCity()
    city.does(OFFICER, open())
    expect(city.refused(OFFICER, assign('t1', 'north-patrol'))).toMatchObject({
      code: 'not-now',
      particulars: { step: 'dispatch', state: 'opened' },
    })
  })

  it('waits to be given out again when all have refused', () => {
    const city = dispatched()
    city.does('north-crew', step('t1', 'refuse'), NOW + 10_000)
    expect(city.incident()).toMatchObject({ state: 'graded', dueAt: NOW + 10_000 + 3 * 60_000 })
  })

  it('is not closed while a task is open, whether in the field or not verified', () => {
    const city = dispatched()
    expect(city.refused(OFFICER, close())?.code).toBe('tasks-open')
    city.does(OFFICER, step('t1', 'arrive'))
    city.does(OFFICER, step('t1', 'finish'))
    expect(city.refused(OFFICER, close())).toMatchObject({ code: 'tasks-open', particulars: { n: 1 } })
    city.does(OFFICER, step('t1', 'verify'))
    expect(city.refused(OFFICER, close())).toBeUndefined()
  })

  it('can be closed at once where nobody need go', () => {
    const city = newCity()
    city.does(OFFICER, open())
    city.does(OFFICER, { kind: 'incident.close', incident: 'i1', outcome: 'false-alarm', words: '误报' })
    expect(city.incident().state).toBe('closed')
  })

  it('is handled again when work is sent back, and dispatched until it is done', () => {
    const city = dispatched()
    for (const taken of ['arrive', 'finish'] as const) city.does('north-crew', step('t1', taken))
    city.does(OFFICER, step('t1', 'send-back'))
    expect([city.incident().state, city.task('t1').state]).toEqual(['dispatched', 'accepted'])
  })

  it('is reviewed by somebody else than who closed it', () => {
    const city = newCity()
    city.does('supervisor', open())
    city.does('supervisor', close())
    const review = { kind: 'incident.review', incident: 'i1', words: '无误' } as const
    expect(city.refused('supervisor', review)?.code).toBe('own-closing')
    expect(city.refused('second-supervisor', review)).toBeUndefined()
  })

  it('that is opened again is graded anew', () => {
    const city = newCity()
    city.does(OFFICER, open())
    city.does(OFFICER, grade('III'))
    city.does(OFFICER, close())
    city.does(OFFICER, { kind: 'incident.reopen', incident: 'i1', words: '复燃' })
    expect(city.incident()).toMatchObject({ state: 'opened', grade: null, ending: null })
  })

  it('has other deadlines by another grade, and so have its tasks', () => {
    const city = dispatched()
    city.does(OFFICER, { kind: 'incident.grade', incident: 'i1', saw: 'II', grade: 'IV' }, NOW + 5_000)
    expect(city.task('t1').dueAt).toBe(NOW + 5 * 60_000)
    expect(city.incident()).toMatchObject({ state: 'dispatched', since: NOW, dueAt: NOW + 1440 * 60_000 })
  })
})

describe('two officers at one incident', () => {
  const amend = (saw: string, to: string) =>
    ({ kind: 'incident.amend', incident: 'i1', change: { field: 'title', saw, to } }) as const

  it('are told both values where one has not seen what the other wrote', () => {
    const city = newCity()
    city.does(OFFICER, open())
    city.does(OFFICER, amend(details.title, '北门街道起火'))
    expect(city.refused('supervisor', amend(details.title, '北门街道车辆起火'))).toMatchObject({
      code: 'changed-meanwhile',
      particulars: { field: 'title', theirs: '北门街道起火', yours: '北门街道车辆起火' },
    })
    expect(city.incident().title).toBe('北门街道起火')
  })

  it('may change different things, or the same in the same way', () => {
    const city = newCity()
    city.does(OFFICER, open())
    city.does(OFFICER, amend(details.title, '北门街道起火'))
    expect(city.does('supervisor', amend(details.title, '北门街道起火'))).toEqual([])
    city.does('supervisor', {
      kind: 'incident.amend',
      incident: 'i1',
      change: { field: 'place', saw: { lon: 118.78, lat: 32.06 }, to: null },
    })
    expect(city.incident()).toMatchObject({ title: '北门街道起火', place: null })
  })

  it('do not grade over one another', () => {
    const city = newCity()
    city.does(OFFICER, open())
    city.does(OFFICER, grade('II'))
    expect(city.refused('supervisor', grade('IV'))?.code).toBe('changed-meanwhile')
    expect(city.does('supervisor', grade('II'))).toEqual([])
  })

  it('both leave their notes, and both take part', () => {
    const city = newCity()
    city.does(OFFICER, open())
    for (const account of [OFFICER, 'supervisor']) {
      city.does(account, { kind: 'incident.note', incident: 'i1', text: account, task: null })
      city.does(account, { kind: 'incident.join', incident: 'i1' })
    }
    expect(city.incident().notes.map(({ text }) => text)).toEqual([OFFICER, 'supervisor'])
    expect(city.incident().officers.map(({ account }) => account)).toEqual([OFFICER, 'supervisor'])
  })
})

describe('merging', () => {
  it('takes tasks and guests along, and the other is dispatched then', () => {
    const city = dispatched()
    city.does(OFFICER, { kind: 'incident.invite', incident: 'i1', account: 'guest', grant: 'g1' })
    city.does(OFFICER, open('i2'))
    city.does(OFFICER, grade('I', 'i2'))
    city.does(OFFICER, { kind: 'incident.merge', incident: 'i1', into: 'i2' })
    expect(city.incident('i1')).toMatchObject({ state: 'merged', ending: { into: 'i2' }, invited: [] })
    expect(city.incident('i2')).toMatchObject({ state: 'dispatched', invited: [{ account: 'guest' }] })
    expect(city.task('t1').incident).toBe('i2')
    expect(Object.values(city.state.access.grants)).toMatchObject([
      { id: 'g1', scope: { kind: 'incident', incident: 'i2' } },
    ])
  })

  it('of one that is given out waits until the other has a grade', () => {
    const city = dispatched()
    city.does(OFFICER, open('i2'))
    const merge = { kind: 'incident.merge', incident: 'i1', into: 'i2' } as const
    expect(city.refused(OFFICER, merge)?.code).toBe('not-now')
    city.does(OFFICER, { ...merge, incident: 'i2', into: 'i1' })
    expect(city.incident('i2').state).toBe('merged')
  })

  it('is not possible into itself, nor into what is over', () => {
    const city = newCity()
    city.does(OFFICER, open('i1'))
    city.does(OFFICER, open('i2'))
    expect(city.refused(OFFICER, { kind: 'incident.merge', incident: 'i1', into: 'i1' })?.code).toBe(
      'conflict',
    )
    city.does(OFFICER, close('i2'))
    expect(city.refused(OFFICER, { kind: 'incident.merge', incident: 'i1', into: 'i2' })?.code).toBe(
      'not-now',
    )
  })
})
