import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Command } from '../../contract/commands.ts'
import type { Happening } from '../../contract/events.ts'
import { MESSAGES_KEPT, type ThreadName, threadOfOfficers, threadSchema } from '../../contract/threads.ts'
import { seenOf, sightOf, viewOf } from '../../contract/visibility.ts'
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
    expect(working().refused('supervisor', say({ kind: 'unit', unit: 'north-engine' }))?.code).toBe(
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
    expect(written('supervisor')).toEqual(['i1', 'i2'])
    expect(written('north-crew')).toEqual(['i1'])
  })
})

describe('the thread of a room', () => {
  const room = '5f1f0a52-3c0e-4c29-9d0a-0f6d3c0c9a11'
  const here: ThreadName = { kind: 'room', room }
  const key = `room/${room}`
  const happens = (kind: string, data: object) =>
    ({ kind, subject: `room/${room}`, area: null, data: { id: room, ...data } }) as Happening
  const moved = (account: string, act: string) => happens('room.member-moved', { account, act })
  const meeting = (scope: object = { kind: 'centre' }) => {
    const city = working()
    const facts = { name: '会商', scope, chair: 'supervisor', hub: 'hub', openedAt: NOW }
    city.takes([happens('room.opened', facts), moved('north-officer', 'invite')])
    return city
  }
  /** What this brings to a seat that is up to date; undefined: its view is taken anew. */
  const told = (city: ReturnType<typeof working>, account: string, event: Happening) => {
    const before = city.state
    city.takes([event])
    return seenOf(sightOf(before, account, NOW), { events: [event], before, after: city.state }, NOW)?.events
  }

  it('is of whoever has a place in it, and of nobody else', () => {
    const city = meeting()
    city.does('supervisor', say(here, '三分钟后开始'))
    city.does('north-officer', say(here, '收到'))
    for (const account of ['supervisor', 'north-officer'])
      expect(texts(city, account, key)).toEqual(['1 三分钟后开始', '2 收到'])
    for (const account of ['fire-officer', 'admin', 'guest']) {
      expect(texts(city, account, key)).toBeUndefined()
      expect(city.refused(account, say(here))?.code).toBe('not-found')
    }
  })

  it('comes to whoever is invited later, and goes from whoever is removed, and for all when the room is over', () => {
    const city = meeting()
    city.does('supervisor', say(here, '三分钟后开始'))
    expect(told(city, 'guest', moved('guest', 'invite'))).toBeUndefined()
    expect(texts(city, 'guest', key)).toEqual(['1 三分钟后开始'])
    expect(told(city, 'north-officer', moved('guest', 'accept'))).toEqual([])
    expect(told(city, 'guest', moved('guest', 'remove'))).toBeUndefined()
    expect(texts(city, 'guest', key)).toBeUndefined()
    expect(told(city, 'supervisor', happens('room.ended', { how: 'ended' }))).toBeUndefined()
    expect(city.state.threads).toEqual({})
    expect(city.refused('supervisor', say(here))?.code).toBe('not-found')
  })

  it('is that of the incident where the room is about one', () => {
    const city = meeting({ kind: 'incident', incident: 'i1' })
    expect(city.refused('supervisor', say(here))?.code).toBe('not-found')
  })
})

describe('the thread of officers', () => {
  const person = (account: string) => ({ account, name: { zh: '冒名', en: 'made up' } })
  const among = (...accounts: string[]) => threadOfOfficers(accounts.map(person))
  const here = among('supervisor', 'north-officer')
  const key = 'officers/north-officer+supervisor'

  it('is theirs alone, under the names that the hub knows', () => {
    const city = working()
    city.does('supervisor', say(here, '今晚注意北门'))
    city.does('north-officer', say(here, '收到'))
    for (const account of ['supervisor', 'north-officer'])
      expect(texts(city, account, key)).toEqual(['1 今晚注意北门', '2 收到'])
    expect(viewOf(city.state, 'supervisor', NOW).threads[key]?.name).toEqual({
      kind: 'officers',
      officers: [
        { account: 'north-officer', name: { zh: '北区值班员', en: '北区值班员' } },
        { account: 'supervisor', name: { zh: '带班长', en: '带班长' } },
      ],
    })
    for (const account of ['admin', 'fire-officer', 'north-crew']) {
      expect(texts(city, account, key)).toBeUndefined()
      expect(city.refused(account, say(here))?.code).toBe('not-found')
      expect(city.refused(account, mark(here, 1, 1))?.code).toBe('not-found')
    }
    expect(city.state.threads[key]?.messages[0]?.incidents).toEqual([])
  })

  it('is begun only by who may reach the others, and answered by any of them', () => {
    const city = working()
    expect(city.refused('supervisor', say(among('supervisor', 'nobody')))).toMatchObject({
      code: 'not-found',
      particulars: { what: 'account', id: 'nobody' },
    })
    expect(city.refused('guest', say(among('guest', 'supervisor')))?.code).toBe('not-found')
    // It would not be seen on a phone.
    expect(city.refused('supervisor', say(among('north-crew', 'supervisor')))?.code).toBe('not-found')
    city.does('supervisor', say(among('guest', 'supervisor'), '请到会'))
    city.does('guest', say(among('guest', 'supervisor'), '好'))
    expect(texts(city, 'guest', 'officers/guest+supervisor')).toEqual(['1 请到会', '2 好'])
  })

  it('is named in one way only', () => {
    const officers = [person('supervisor'), person('north-officer')]
    expect(threadSchema.safeParse({ kind: 'officers', officers }).success).toBe(false)
    expect(threadSchema.safeParse(here).success).toBe(true)
    expect(threadSchema.safeParse(among('supervisor', 'supervisor')).success).toBe(false)
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
