import { describe, expect, it } from 'vitest'
import type { Command } from '../../contract/commands.ts'
import { viewOf } from '../../contract/visibility.ts'
import { assign, close, grade, NOW, newCity, open, step } from '../../tests/support/incidents.ts'

/** In the north, given to the north patrol and the fire service's north engine. */
function dispatched() {
  const city = newCity()
  city.does('supervisor', open())
  city.does('supervisor', grade('II'))
  city.does('supervisor', assign('t1', 'north-patrol'))
  city.does('supervisor', assign('t2', 'north-engine'))
  return city
}

const note: Command = { kind: 'incident.note', incident: 'i1', text: '知悉', task: null }

describe('an incident is opened', () => {
  it('by whoever may task its area or their own agency, and by nobody else', () => {
    expect(newCity().refused('north-officer', open())).toBeUndefined()
    expect(newCity().refused('north-officer', open('i1', { area: 'south' }))?.code).toBe('forbidden')
    expect(newCity().refused('north-officer', open('i1', { area: null }))?.code).toBe('forbidden')
    expect(newCity().refused('supervisor', open('i1', { area: null }))).toBeUndefined()
    expect(newCity().refused('fire-officer', open())).toBeUndefined()
    for (const account of ['admin', 'guest', 'north-crew'])
      expect(newCity().refused(account, open())?.code, account).toBe('forbidden')
  })

  it('from an alarm that its opener sees, and from no other that goes on', () => {
    const city = newCity()
    city.does('south-crew', { kind: 'alarm.call', id: '5b3c2f0e-6a53-4d8e-9d2a-0d7f6c1f9a11', at: NOW })
    const [alarm = ''] = Object.keys(city.state.radio.alarms)
    const fromAlarm = (area: string): Command =>
      ({ ...open('i1', { area }), source: { kind: 'alarm', alarm } }) as Command
    expect(city.refused('north-officer', fromAlarm('north-gate'))?.code).toBe('not-found')
    expect(city.refused('supervisor', fromAlarm('south'))).toBeUndefined()
  })

  it('once under its id', () => {
    const city = newCity()
    city.does('north-officer', open())
    expect(city.refused('north-officer', open())?.code).toBe('conflict')
  })
})

describe('an incident is seen', () => {
  const sees = (account: string, state = dispatched().state) =>
    'i1' in viewOf(state, account, NOW).incidents.live

  it('by its area, and by the agency of a unit that has a task in it', () => {
    expect(['supervisor', 'north-officer', 'fire-officer', 'admin'].map((account) => sees(account))).toEqual([
      true,
      true,
      true,
      true,
    ])
    expect(sees('guest')).toBe(false)
  })

  it('by the agency of whoever opened it', () => {
    const city = newCity()
    city.does('fire-officer', open('i1', { area: 'south' }))
    expect(sees('fire-officer', city.state)).toBe(true)
    expect(sees('north-officer', city.state)).toBe(false)
  })

  it('by an agency no more once it has refused', () => {
    const city = dispatched()
    city.does('fire-officer', step('t2', 'refuse'))
    expect(sees('fire-officer', city.state)).toBe(false)
  })

  it('by a unit as far as it is told, while it has something to do', () => {
    const city = dispatched()
    city.does('supervisor', note)
    const told = viewOf(city.state, 'north-crew', NOW).incidents
    expect(Object.keys(told.tasks)).toEqual(['t1'])
    expect(told.live.i1).toMatchObject({ title: '北门街道冒烟', notes: [], officers: [] })
    for (const taken of ['arrive', 'finish', 'verify'] as const) city.does('supervisor', step('t1', taken))
    expect(viewOf(city.state, 'north-crew', NOW).incidents.live).toEqual({})
  })

  it('is refused in the same words as one that is not there', () => {
    const city = dispatched()
    const ghost = { ...note, incident: 'ghost' } as const
    expect(city.refused('guest', note)?.code).toBe('not-found')
    expect(city.refused('guest', ghost)?.code).toBe('not-found')
  })
})

describe('a task', () => {
  it('is given by who may task both the incident and the unit', () => {
    const city = dispatched()
    expect(city.refused('north-officer', assign('t3', 'south-patrol'))?.code).toBe('not-found')
    expect(city.refused('fire-officer', assign('t3', 'south-engine'))?.code).toBe('forbidden')
    expect(city.refused('admin', assign('t3', 'south-engine'))?.code).toBe('forbidden')
    expect(city.refused('supervisor', assign('t3', 'south-patrol'))).toBeUndefined()
  })

  it('is taken on by its own unit, and by nobody else’s', () => {
    const city = dispatched()
    expect(city.refused('south-crew', step('t1', 'accept'))?.code).toBe('not-found')
    expect(city.refused('north-crew', step('t2', 'accept'))?.code).toBe('not-found')
    expect(city.refused('north-crew', step('t1', 'accept'))).toBeUndefined()
  })

  it('is neither cancelled nor verified by those who do it', () => {
    const city = dispatched()
    expect(city.refused('north-crew', step('t1', 'cancel'))?.code).toBe('forbidden')
    for (const taken of ['arrive', 'finish'] as const) city.does('north-crew', step('t1', taken))
    expect(city.refused('north-crew', step('t1', 'verify'))?.code).toBe('forbidden')
    expect(city.refused('fire-officer', step('t2', 'cancel'))?.code).toBe('forbidden')
    expect(city.refused('north-officer', step('t1', 'verify'))).toBeUndefined()
  })

  it('of an agency is moved on by its officers', () => {
    const city = dispatched()
    city.does('supervisor', {
      kind: 'task.assign',
      incident: 'i1',
      id: 't3',
      assignee: { kind: 'agency', agency: 'fire' },
      instruction: '派两台水罐车',
    })
    expect(city.refused('fire-officer', step('t3', 'accept'))).toBeUndefined()
    expect(city.refused('north-crew', step('t3', 'set-out'))?.code).toBe('not-found')
  })

  it('makes its unit en route, on scene and available again, but not one that is off duty', () => {
    const city = dispatched()
    const unit = () => city.state.directory.units['north-patrol']?.state
    const states = (['set-out', 'arrive', 'finish'] as const).map((taken) => {
      city.does('north-crew', step('t1', taken))
      return unit()
    })
    expect(states).toEqual(['en-route', 'on-scene', 'available'])
    city.does('supervisor', { kind: 'unit.set-state', unit: 'north-engine', state: 'off-duty' })
    city.does('supervisor', step('t2', 'set-out'))
    expect(city.state.directory.units['north-engine']?.state).toBe('off-duty')
  })
})

describe('joint duty', () => {
  const invite: Command = { kind: 'incident.invite', incident: 'i1', account: 'guest', grant: 'g1' }
  const seen = (state: ReturnType<typeof newCity>['state']) => {
    const { directory, incidents } = viewOf(state, 'guest', NOW)
    return [Object.keys(incidents.live), Object.keys(directory.units).toSorted()]
  }

  it('shows a guest one incident with its units and tasks, and nothing else', () => {
    const city = dispatched()
    city.does('supervisor', open('i2', { area: 'south' }))
    expect(seen(city.state)).toEqual([[], []])
    city.does('supervisor', invite)
    expect(seen(city.state)).toEqual([['i1'], ['north-engine', 'north-patrol']])
    expect(Object.keys(viewOf(city.state, 'guest', NOW).incidents.tasks)).toEqual(['t1', 't2'])
    expect(city.refused('guest', note)).toBeUndefined()
    expect(city.refused('guest', assign('t3', 'north-patrol'))?.code).toBe('forbidden')
    expect(city.refused('guest', close())?.code).toBe('forbidden')
  })

  it('ends at once when it is revoked or declined, and with the incident', () => {
    const ways: ((city: ReturnType<typeof dispatched>) => void)[] = [
      (city) =>
        city.does('supervisor', {
          kind: 'incident.revoke',
          incident: 'i1',
          account: 'guest',
          reason: '结束',
        }),
      (city) => city.does('guest', { kind: 'incident.decline', incident: 'i1', reason: '无人' }),
      (city) => {
        for (const task of ['t1', 't2']) city.does('supervisor', step(task, 'cancel'))
        city.does('supervisor', close())
      },
    ]
    for (const end of ways) {
      const city = dispatched()
      city.does('supervisor', invite)
      end(city)
      expect(seen(city.state)).toEqual([[], []])
      expect(city.state.access.grants).toEqual({})
      expect(city.incident().invited).toEqual([])
    }
  })

  it('is offered by those who work on the incident, to officers, once', () => {
    const city = dispatched()
    expect(city.refused('fire-officer', invite)?.code).toBe('forbidden')
    expect(city.refused('supervisor', { ...invite, account: 'north-crew' } as Command)?.code).toBe(
      'not-found',
    )
    city.does('supervisor', invite)
    expect(city.does('supervisor', { ...invite, grant: 'g2' } as Command)).toEqual([])
  })
})
