import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Command, commandSchema } from '../../contract/commands.ts'
import type { Happening } from '../../contract/events.ts'
import { Refusal } from '../../contract/refusal.ts'
import { fold, type SharedState } from '../../contract/state.ts'
import type { ThreadName } from '../../contract/threads.ts'
import { MOST_UNITS_OF_GROUP } from '../../contract/unit-groups.ts'
import { type Sight, seenOf, sightOf, viewOf, viewThrough } from '../../contract/visibility.ts'
import { assign, grade, NOW, newCity, open } from '../../tests/support/incidents.ts'

const GROUP = '7d0f9a1c-5b0e-4c29-9d0a-0f6d3c0c9a77'
const here = { kind: 'group', group: GROUP } as const
const key = `group/${GROUP}`
const form = (units = ['north-patrol', 'south-engine'], thread: { kind: 'group'; group: string } = here) =>
  ({ kind: 'group.form', thread, name: '夜巡组', units }) as const satisfies Command
const dissolve: Command = { kind: 'group.dissolve', thread: here }
const say = (text = '集合', thread: ThreadName = here): Command => ({
  kind: 'message.send',
  id: randomUUID(),
  thread,
  text,
  place: null,
})
const mark = (delivered: number, read: number): Command => ({
  kind: 'message.mark',
  thread: here,
  delivered,
  read,
})

function formed(units?: string[]) {
  const city = newCity()
  city.does('supervisor', form(units))
  return city
}
const texts = (city: ReturnType<typeof newCity>, account: string) =>
  viewOf(city.state, account, NOW).threads[key]?.messages.map(({ text }) => text)

describe('a group of units', () => {
  it('is written to together: each crew reads it and answers, and so does who may see all of them', () => {
    const city = formed()
    city.does('supervisor', say('北门集合'))
    city.does('north-crew', say('收到'))
    city.does('south-crew', say('五分钟到'))
    for (const account of ['supervisor', 'second-supervisor', 'north-crew', 'south-crew'])
      expect(texts(city, account)).toEqual(['北门集合', '收到', '五分钟到'])
    // Of each of these one of the units is not theirs to see.
    for (const account of ['north-officer', 'fire-officer', 'guest']) {
      expect(texts(city, account)).toBeUndefined()
      expect(city.refused(account, say())?.code).toBe('not-found')
    }
  })

  it('is looked at, and not written to, by who may see its units and not call them', () => {
    const city = formed()
    city.does('supervisor', say('北门集合'))
    expect(texts(city, 'admin')).toEqual(['北门集合'])
    expect(city.refused('admin', say())?.code).toBe('forbidden')
  })

  it('says of each crew what it has got and read', () => {
    const city = formed()
    city.does('supervisor', say())
    city.does('north-crew', mark(1, 1))
    city.does('south-crew', mark(1, 0))
    expect(city.state.threads[key]?.marks).toEqual({
      'north-crew': { delivered: 1, read: 1 },
      'south-crew': { delivered: 1, read: 0 },
    })
  })

  it('is formed by who may call all of its units, where each would get what is written', () => {
    const city = newCity()
    const refused = (account: string, units?: string[]) => city.refused(account, form(units))?.code
    expect(refused('admin')).toBe('forbidden')
    expect(refused('north-officer')).toBe('not-found')
    expect(refused('north-crew')).toBe('not-found')
    expect(refused('supervisor', ['north-patrol', 'nobody'])).toBe('not-found')
    expect(refused('supervisor', ['north-patrol', 'north-engine'])).toBe('no-field-account')
  })

  it('is formed once, and its name is of two to fifty units, each once', () => {
    const city = formed()
    expect(city.refused('supervisor', form())?.code).toBe('conflict')
    const fits = (units: string[]) => commandSchema.safeParse(form(units)).success
    const some = (n: number) => Array.from({ length: n }, (_, at) => `u${at}`)
    expect([1, 2, MOST_UNITS_OF_GROUP, MOST_UNITS_OF_GROUP + 1].map((n) => fits(some(n)))).toEqual([
      false,
      true,
      true,
      false,
    ])
    expect(fits(['u1', 'u1'])).toBe(false)
  })

  it('has what is written carried to the telephones of those that have nothing else', () => {
    const city = formed(['north-patrol', 'south-patrol'])
    const [event] = city.does('supervisor', say())
    expect(event?.data).toMatchObject({ telephones: ['south-patrol'] })
    const message = event?.kind === 'message.sent' ? event.data.id : ''
    const attempt = randomUUID()
    const what = { thread: here, message, unit: 'south-patrol', attempt } as const
    city.does('supervisor', { kind: 'message.carry', ...what, again: false })
    const outcome = { state: 'carried', number: '82001', status: 200 } as const
    city.does('supervisor', { kind: 'message.report', ...what, outcome })
    expect(viewOf(city.state, 'north-crew', NOW).threads[key]?.deliveries).toMatchObject({
      [message]: { 'south-patrol': { outcome } },
    })
  })

  it('is written to about what its units are under way for', () => {
    const city = formed()
    city.does('supervisor', open())
    city.does('supervisor', grade('I'))
    city.does('supervisor', assign('t1', 'south-engine'))
    const [event] = city.does('north-crew', say())
    expect(event?.data).toMatchObject({ incidents: ['i1'] })
  })

  it('goes with its thread when it is dissolved, by who may call all of its units', () => {
    const city = formed()
    city.does('supervisor', say())
    expect(city.refused('north-crew', dissolve)?.code).toBe('not-found')
    expect(city.refused('admin', dissolve)?.code).toBe('forbidden')
    city.does('second-supervisor', dissolve)
    expect(city.state.threads).toEqual({})
    expect(city.refused('supervisor', say())?.code).toBe('not-found')
    expect(city.refused('supervisor', dissolve)?.code).toBe('not-found')
  })

  it('loses the units that the directory loses, and is gone with the last', () => {
    const city = formed()
    const remove = (id: string) =>
      city.takes([{ kind: 'unit.removed', subject: `unit/${id}`, area: null, data: { id } }])
    city.does('supervisor', say('北门集合'))
    remove('south-engine')
    expect(texts(city, 'south-crew')).toBeUndefined()
    // All that is left of it is theirs to see.
    expect(texts(city, 'north-officer')).toEqual(['北门集合'])
    remove('north-patrol')
    expect(city.state.threads).toEqual({})
  })
})

describe('what a seat sees of groups', () => {
  const accounts = [
    'supervisor',
    'north-officer',
    'fire-officer',
    'guest',
    'north-crew',
    'south-crew',
    'admin',
  ]
  const units = ['north-patrol', 'south-engine', 'south-patrol']
  const groups = [GROUP, '7d0f9a1c-5b0e-4c29-9d0a-0f6d3c0c9a78'].map(
    (group) => ({ kind: 'group', group }) as const,
  )

  type Act = (state: SharedState) => { account: string; command: Command } | readonly Happening[]
  const anyUnit = fc.constantFrom(...units)
  const anyGroup = fc.constantFrom(...groups)
  const anyAccount = fc.constantFrom(...accounts)
  const moved: fc.Arbitrary<Act> = fc
    .record({ id: anyUnit, area: fc.constantFrom('north', 'north-gate', 'south') })
    .map(({ id, area }) => ({ directory }) => {
      const unit = directory.units[id]
      return unit === undefined
        ? []
        : [{ kind: 'unit.put', subject: `unit/${id}`, area, data: { ...unit, area } }]
    })
  const removed: fc.Arbitrary<Act> = anyUnit.map(
    (id) =>
      ({ directory }) =>
        id in directory.units
          ? [{ kind: 'unit.removed', subject: `unit/${id}`, area: null, data: { id } }]
          : [],
  )
  const anyAct: fc.Arbitrary<Act> = fc.oneof(
    fc
      .record({ thread: anyGroup, some: fc.uniqueArray(anyUnit, { minLength: 2, maxLength: 3 }) })
      .map(({ thread, some }) => () => ({ account: 'supervisor', command: form(some, thread) })),
    fc.record({ account: anyAccount, thread: anyGroup }).map(({ account, thread }) => () => ({
      account,
      command: say('集合', thread),
    })),
    fc.record({ account: anyAccount, thread: anyGroup }).map(
      ({ account, thread }): Act =>
        () => ({
          account,
          command: { kind: 'group.dissolve', thread },
        }),
    ),
    moved,
    removed,
  )

  const happens = (city: ReturnType<typeof newCity>, act: ReturnType<Act>): readonly Happening[] => {
    if (!('command' in act)) {
      city.takes(act)
      return act
    }
    try {
      return city.does(act.account, act.command)
    } catch (error) {
      if (error instanceof Refusal) return []
      throw error
    }
  }

  it('is the same whether it follows what happens or comes anew, whatever happens', () => {
    fc.assert(
      fc.property(fc.array(anyAct, { maxLength: 25 }), (acts) => {
        const city = newCity()
        const seats = new Map<string, { sight: Sight; view: SharedState }>()
        for (const account of accounts) {
          const sight = sightOf(city.state, account, NOW)
          seats.set(account, { sight, view: viewThrough(city.state, sight) })
        }
        for (const act of acts) {
          const before = city.state
          const happened = happens(city, act(before))
          for (const [account, { sight, view }] of seats) {
            const seen = seenOf(sight, { events: happened, before, after: city.state }, NOW)
            const next = seen === undefined ? sightOf(city.state, account, NOW) : seen.sight
            const followed = seen === undefined ? viewThrough(city.state, next) : fold(view, seen.events)
            seats.set(account, { sight: next, view: followed })
            expect(followed.threads).toEqual(viewOf(city.state, account, NOW).threads)
          }
        }
      }),
      { numRuns: 400 },
    )
  })
})
