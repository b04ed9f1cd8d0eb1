import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Command } from '../../contract/commands.ts'
import { MESSAGES_KEPT, type ThreadName } from '../../contract/threads.ts'
import { viewOf } from '../../contract/visibility.ts'
import { assign, grade, NOW, newCity, open } from '../../tests/support/incidents.ts'

const incident: ThreadName = { kind: 'incident', incident: 'i1' }
const patrol: ThreadName = { kind: 'unit', unit: 'north-patrol' }
const say = (thread: ThreadName, text = '收到'): Command => ({
  kind: 'message.send',
  id: randomUUID(),
  thread,
  text,
  place: null,
})
const mark = (thread: ThreadName, delivered: number, read: number): Command => ({
  kind: 'message.mark',
  thread,
  delivered,
  read,
})

function working() {
  const city = newCity()
  city.does('supervisor', open())
  city.does('supervisor', grade('I'))
  return city
}
const texts = (city: ReturnType<typeof working>, account: string, key = 'incident/i1') =>
  viewOf(city.state, account, NOW).threads[key]?.messages.map(({ number, text }) => `${number} ${text}`)

describe('the thread of an incident', () => {
  it('is among those who see it, in the order of the hub', () => {
    const city = working()
    city.does('supervisor', say(incident, '请支援'))
    city.does('north-officer', say(incident, '已派出'))
    for (const account of ['supervisor', 'north-officer'])
      expect(texts(city, account)).toEqual(['1 请支援', '2 已派出'])
    for (const account of ['guest', 'fire-officer', 'north-crew']) {
      expect(texts(city, account)).toBeUndefined()
      expect(city.refused(account, say(incident))?.code).toBe('not-found')
    }
  })

  it('is a guest’s while he is invited', () => {
    const city = working()
    city.does('supervisor', say(incident, '请支援'))
    city.does('supervisor', { kind: 'incident.invite', incident: 'i1', account: 'guest', grant: 'g1' })
    city.does('guest', say(incident, '在路上'))
    expect(texts(city, 'guest')).toEqual(['1 请支援', '2 在路上'])
    city.does('guest', { kind: 'incident.decline', incident: 'i1', reason: '结束' })
    expect(texts(city, 'guest')).toBeUndefined()
  })

  it('keeps the last messages, and goes with the incident', () => {
    const city = working()
    for (let at = 0; at < MESSAGES_KEPT + 5; at++) city.does('supervisor', say(incident, `${at}`))
    expect(city.state.threads['incident/i1']).toMatchObject({ count: MESSAGES_KEPT + 5 })
    expect(texts(city, 'supervisor')).toHaveLength(MESSAGES_KEPT)
    const filed = { id: 'i1', incident: city.incident(), tasks: [] }
    city.takes([{ kind: 'incident.filed', subject: 'incident/i1', area: null, data: filed }])
    expect(city.state.threads).toEqual({})
  })
})

describe('the thread of a unit', () => {
  it('is between its crew and those who may call it', () => {
    const city = working()
    city.does('north-officer', say(patrol, '位置?'))
    city.does('north-crew', say(patrol, '北门街口'))
    for (const account of ['north-crew', 'north-officer', 'supervisor'])
      expect(texts(city, account, 'unit/north-patrol')).toEqual(['1 位置?', '2 北门街口'])
    expect(city.refused('south-crew', say(patrol))?.code).toBe('not-found')
    expect(city.refused('admin', say(patrol))?.code).toBe('forbidden')
  })

  it('is refused where nobody would get it', () => {
    expect(working().refused('supervisor', say({ kind: 'unit', unit: 'south-patrol' }))?.code).toBe(
      'no-field-account',
    )
  })

  it('belongs to what the unit is under way for', () => {
    const city = working()
    city.does('supervisor', assign('t1', 'north-patrol'))
    const [event] = city.does('supervisor', say(patrol))
    expect(event?.data).toMatchObject({ incidents: ['i1'] })
  })

  it('belongs to what its writer is at work on, too, if they see that', () => {
    const city = working()
    city.does('supervisor', open('i2'))
    city.does('supervisor', assign('t1', 'north-patrol'))
    const written = (account: string) => {
      const [event] = city.does(account, { ...say(patrol), incident: 'i2' } as Command)
      return event?.kind === 'message.sent' ? event.data.incidents : undefined
    }
    expect(written('supervisor')).toEqual(['i2', 'i1'])
    expect(written('north-crew')).toEqual(['i1'])
  })
})

describe('what has been got and read', () => {
  it('goes forward only, and not beyond what there is', () => {
    const city = working()
    city.does('north-officer', say(patrol))
    city.does('north-officer', say(patrol))
    city.does('north-crew', mark(patrol, 1, 0))
    city.does('north-crew', mark(patrol, 9, 1))
    expect(city.state.threads['unit/north-patrol']?.marks).toEqual({
      'north-crew': { delivered: 2, read: 1 },
    })
    expect(city.does('north-crew', mark(patrol, 1, 0))).toEqual([])
    city.does('north-crew', mark(patrol, 0, 2))
    expect(city.state.threads['unit/north-patrol']?.marks).toEqual({
      'north-crew': { delivered: 2, read: 2 },
    })
  })

  it('is nobody’s who does not see the thread', () => {
    const city = working()
    city.does('north-officer', say(patrol))
    expect(city.refused('south-crew', mark(patrol, 1, 1))?.code).toBe('not-found')
  })
})
