import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Command, commandSchema } from '../../contract/commands.ts'
import { CARRY_WITHIN_MS, type TextOutcome, textOf, textStateOf } from '../../contract/text-delivery.ts'
import { authorOf, isBy, MESSAGES_KEPT, type ThreadName } from '../../contract/threads.ts'
import { viewOf } from '../../contract/visibility.ts'
import { assign, grade, NOW, newCity, open } from '../../tests/support/incidents.ts'

const UNIT = 'south-patrol'
const NUMBER = '82001'
const thread: ThreadName = { kind: 'unit', unit: UNIT }
const key = `unit/${UNIT}`
const carried: TextOutcome = { state: 'carried', number: NUMBER, status: 200 }
const refused: TextOutcome = { state: 'refused', number: NUMBER, status: 404, said: 'Not Found' }

const say = (id: string, text = '请回话'): Command => ({
  kind: 'message.send',
  id,
  thread,
  text,
  place: null,
})
const carry = (message: string, attempt: string, again = false): Command => ({
  kind: 'message.carry',
  thread,
  message,
  unit: UNIT,
  attempt,
  again,
})
const report = (message: string, attempt: string, outcome: TextOutcome): Command => ({
  kind: 'message.report',
  thread,
  message,
  unit: UNIT,
  attempt,
  outcome,
})
const takeIn = (id = randomUUID(), change: Partial<Extract<Command, { kind: 'message.take-in' }>> = {}) =>
  ({ kind: 'message.take-in', id, unit: UNIT, number: NUMBER, text: '收到', ...change }) as const

/** A message to a unit that has a telephone and nothing else. */
function written() {
  const city = newCity()
  const id = randomUUID()
  city.does('supervisor', say(id))
  const delivery = () => city.state.threads[key]?.deliveries?.[id]?.[UNIT]
  const stateAt = (now: number) => {
    const message = city.state.threads[key]?.messages.find((each) => each.id === id)
    return message && textStateOf(message, delivery(), now)
  }
  return { city, id, delivery, stateAt }
}

describe('a message to a unit that has a telephone and nothing else', () => {
  it('is recorded first, and says where it is to be carried', () => {
    const { city, stateAt } = written()
    expect(city.state.threads[key]?.messages).toMatchObject([{ text: '请回话', telephones: [UNIT] }])
    expect(stateAt(NOW)).toBe('waiting')
    expect(stateAt(NOW + CARRY_WITHIN_MS)).toBe('not-sent')
  })

  it('is none where the crew has an account in the field', () => {
    const city = newCity()
    city.does('supervisor', {
      ...say(randomUUID()),
      thread: { kind: 'unit', unit: 'north-patrol' },
    } as Command)
    expect(city.state.threads['unit/north-patrol']?.messages[0]).not.toHaveProperty('telephones')
  })
})

describe('carrying a message', () => {
  it('is done by one seat, which tells what came of it, for all who see the thread', () => {
    const { city, id, stateAt } = written()
    const [first, second] = [randomUUID(), randomUUID()]
    city.does('supervisor', carry(id, first))
    expect(stateAt(NOW)).toBe('carrying')
    for (const again of [false, true])
      expect(city.refused('supervisor', carry(id, second, again))?.code).toBe('already-carried')
    city.does('supervisor', report(id, first, carried))
    expect(city.refused('supervisor', carry(id, second, true))?.code).toBe('already-carried')
    const seen = viewOf(city.state, 'supervisor', NOW).threads[key]?.deliveries?.[id]?.[UNIT]
    expect(seen).toMatchObject({ by: { account: 'supervisor' }, outcome: carried })
    expect(viewOf(city.state, 'fire-officer', NOW).threads).toEqual({})
  })

  it('is taken on by nobody who may not write there, or has no line', () => {
    const { city, id } = written()
    const refusedWith = (account: string) => city.refused(account, carry(id, randomUUID()))?.code
    expect(refusedWith('second-supervisor')).toBe('no-line')
    expect(refusedWith('admin')).toBe('forbidden')
    expect(refusedWith('north-officer')).toBe('not-found')
  })

  it('is of a message that there is, and of a unit that it is carried to', () => {
    const { city, id } = written()
    expect(city.refused('supervisor', carry(randomUUID(), randomUUID()))?.code).toBe('not-found')
    const elsewhere = { ...carry(id, randomUUID()), unit: 'north-patrol' } as Command
    expect(city.refused('supervisor', elsewhere)?.code).toBe('not-found')
  })

  it('is told of by who has taken it on, once', () => {
    const { city, id, delivery } = written()
    const attempt = randomUUID()
    expect(city.refused('supervisor', report(id, attempt, carried))?.code).toBe('not-found')
    city.does('supervisor', carry(id, attempt))
    for (const [account, named] of [
      ['second-supervisor', attempt],
      ['supervisor', randomUUID()],
    ] as const)
      expect(city.refused(account, report(id, named, carried))?.code).toBe('not-found')
    city.does('supervisor', report(id, attempt, refused))
    expect(city.does('supervisor', report(id, attempt, carried))).toEqual([])
    expect(delivery()?.outcome).toEqual(refused)
  })

  it('is tried again when somebody asks for it: after a refusal, and after a seat that told nothing', () => {
    const { city, id, stateAt } = written()
    const attempts = [randomUUID(), randomUUID(), randomUUID()] as const
    city.does('supervisor', carry(id, attempts[0]))
    city.does('supervisor', report(id, attempts[0], refused))
    expect(city.refused('supervisor', carry(id, attempts[1]))?.code).toBe('already-carried')
    city.does('supervisor', carry(id, attempts[1], true))
    const later = NOW + CARRY_WITHIN_MS
    expect(stateAt(later)).toBe('lost')
    city.does('supervisor', carry(id, attempts[2], true), later)
    expect(city.refused('supervisor', report(id, attempts[1], carried), later)?.code).toBe('not-found')
    city.does('supervisor', report(id, attempts[2], carried), later)
    expect(stateAt(later)).toBe('carried')
  })

  it('of what has waited for long is done only if somebody asks for it', () => {
    const { city, id } = written()
    const later = NOW + CARRY_WITHIN_MS
    expect(city.refused('supervisor', carry(id, randomUUID()), later)?.code).toBe('already-carried')
    city.does('supervisor', carry(id, randomUUID(), true), later)
  })

  it('never has two seats at it, nor one after it was carried, whatever is asked and told', () => {
    const attempts = Array.from({ length: 4 }, () => randomUUID())
    const step = fc.record({
      attempt: fc.constantFrom(...attempts),
      act: fc.constantFrom('carry', 'again', 'carried', 'refused'),
      later: fc.constantFrom(0, CARRY_WITHIN_MS / 2, CARRY_WITHIN_MS),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        const { city, id, stateAt, delivery } = written()
        let now = NOW
        for (const { attempt, act, later } of steps) {
          now += later
          const [before, was] = [stateAt(now), delivery()?.attempt]
          const isAsked = act === 'carry' || act === 'again'
          city.refused(
            'supervisor',
            isAsked
              ? carry(id, attempt, act === 'again')
              : report(id, attempt, act === 'carried' ? carried : refused),
            now,
          )
          if (before === 'carrying' || before === 'carried') expect(delivery()?.attempt).toBe(was)
          if (before === 'carried') expect(stateAt(now)).toBe('carried')
        }
      }),
      { numRuns: 200 },
    )
  })

  it('is forgotten with the message', () => {
    const { city, id, delivery } = written()
    city.does('supervisor', carry(id, randomUUID()))
    for (let at = 0; at < MESSAGES_KEPT; at++) city.does('supervisor', say(randomUUID()))
    expect(delivery()).toBeUndefined()
    expect(city.state.threads[key]).not.toHaveProperty('deliveries')
  })
})

describe('what comes from a unit’s telephone', () => {
  it('is in the unit’s thread in the unit’s name, and no officer’s own words', () => {
    const city = newCity()
    city.does('supervisor', takeIn())
    const [message] = city.state.threads[key]?.messages ?? []
    if (message === undefined) throw new Error('it is there')
    expect(message).toMatchObject({ text: '收到', from: { number: NUMBER }, by: { account: 'supervisor' } })
    expect(authorOf(message).zh).toBe('南区巡逻')
    expect(isBy(message, 'supervisor')).toBe(false)
  })

  it('comes in once, however many seats have got it', () => {
    const city = newCity()
    const id = randomUUID()
    city.does('supervisor', takeIn(id))
    expect(city.does('supervisor', takeIn(id))).toEqual([])
    expect(city.state.threads[key]?.count).toBe(1)
  })

  it('belongs to what the unit is under way for', () => {
    const city = newCity()
    city.does('supervisor', open())
    city.does('supervisor', grade('I'))
    city.does('supervisor', assign('t1', UNIT))
    const [event] = city.does('supervisor', takeIn())
    expect(event?.data).toMatchObject({ incidents: ['i1'] })
  })

  it('is of a number that the unit has, at a line of somebody who sees the unit', () => {
    const city = newCity()
    expect(city.refused('supervisor', takeIn(randomUUID(), { number: '81001' }))).toMatchObject({
      code: 'not-found',
      particulars: { what: 'number' },
    })
    expect(city.refused('second-supervisor', takeIn())?.code).toBe('no-line')
    expect(city.refused('north-officer', takeIn())?.code).toBe('not-found')
    expect(city.refused('supervisor', takeIn(randomUUID(), { unit: 'nobody' }))?.code).toBe('not-found')
  })

  it('is bounded, and nothing but text', () => {
    const fits = (command: object) => commandSchema.safeParse(command).success
    expect(fits(takeIn())).toBe(true)
    expect(fits(takeIn(undefined, { text: 'x'.repeat(1_001) }))).toBe(false)
    expect(fits(takeIn(undefined, { text: '\u0007' }))).toBe(false)
    expect(fits(report(randomUUID(), randomUUID(), { ...refused, said: 'x'.repeat(121) }))).toBe(false)
  })
})

describe('the text on a telephone', () => {
  it('has the place as an address that phones open, and the names of files that it can’t bring', () => {
    const { city } = written()
    const [message] = city.state.threads[key]?.messages ?? []
    if (message === undefined) throw new Error('it is there')
    expect(textOf(message)).toBe('请回话')
    const attachments = [{ hash: 'a'.repeat(64), name: 'gate.jpg', type: 'image/jpeg' as const, size: 10 }]
    const full = { ...message, place: { lat: 32.06, lon: 118.78 }, attachments }
    expect(textOf(full).split('\n')).toEqual([
      '请回话',
      'geo:32.06,118.78',
      '[附件未随短信发送 / files not carried: gate.jpg]',
    ])
  })
})
