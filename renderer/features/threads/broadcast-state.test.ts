import { describe, expect, it } from 'vitest'
import { CARRY_WITHIN_MS } from '../../../contract/text-delivery.ts'
import { NOW, newCity } from '../../../tests/support/incidents.ts'
import { reachedBy, type SentTo, stateOf } from './broadcast-state.ts'

const MESSAGE = '11111111-1111-4111-8111-111111111111'
const sent = (outcome: SentTo['outcome'] = 'done'): SentTo => ({
  unit: 'north-patrol',
  message: MESSAGE,
  outcome,
})

describe('a message to many, at one of them', () => {
  const city = newCity()
  const thread = { kind: 'unit', unit: 'north-patrol' } as const
  const look = (outcome?: SentTo['outcome']) =>
    stateOf(sent(outcome), city.state.directory.units['north-patrol'], city.state.threads, NOW)

  it('waits, or was refused, before the hub has it', () => {
    expect(look('waiting')).toBe('waiting')
    expect(look('refused')).toBe('refused')
  })

  it('is got and read by the crew, whatever other officers have read', () => {
    city.does('supervisor', { kind: 'message.send', id: MESSAGE, thread, text: '集合', place: null })
    expect(look('waiting')).toBe('sent')
    city.does('north-officer', { kind: 'message.mark', thread, delivered: 1, read: 1 })
    expect(look()).toBe('sent')
    city.does('north-crew', { kind: 'message.mark', thread, delivered: 1, read: 0 })
    expect(look()).toBe('delivered')
    city.does('north-crew', { kind: 'message.mark', thread, delivered: 1, read: 1 })
    expect(look()).toBe('read')
  })
})

describe('a message to many, at a unit that has a telephone and nothing else', () => {
  const city = newCity()
  const thread = { kind: 'unit', unit: 'south-patrol' } as const
  const look = (now = NOW) =>
    stateOf(
      { unit: 'south-patrol', message: MESSAGE, outcome: 'done' },
      city.state.directory.units['south-patrol'],
      city.state.threads,
      now,
    )
  const what = { thread, message: MESSAGE, unit: 'south-patrol' } as const
  const [first, second] = [
    '22222222-2222-4222-8222-222222222222',
    '33333333-3333-4333-8333-333333333333',
  ] as const

  it('is sent while a seat may carry it, and then carried or not, which nobody reads', () => {
    city.does('supervisor', { kind: 'message.send', id: MESSAGE, thread, text: '集合', place: null })
    expect(look()).toBe('sent')
    expect(look(NOW + CARRY_WITHIN_MS)).toBe('uncarried')
    city.does('supervisor', { kind: 'message.carry', ...what, attempt: first, again: false })
    expect(look()).toBe('sent')
    const refused = { state: 'refused', number: '82001', status: 404, said: 'Not Found' } as const
    city.does('supervisor', { kind: 'message.report', ...what, attempt: first, outcome: refused })
    city.does('supervisor', { kind: 'message.mark', thread, delivered: 1, read: 1 })
    expect(look()).toBe('uncarried')
    city.does('supervisor', { kind: 'message.carry', ...what, attempt: second, again: true })
    const carried = { state: 'carried', number: '82001', status: 200 } as const
    city.does('supervisor', { kind: 'message.report', ...what, attempt: second, outcome: carried })
    expect(look()).toBe('carried')
  })

  it('reaches who has an account in the field, or else a telephone', () => {
    const { units } = city.state.directory
    expect(['north-patrol', 'south-patrol', 'north-engine'].map((id) => reachedBy(units[id]))).toEqual([
      'field',
      'telephone',
      undefined,
    ])
  })
})
