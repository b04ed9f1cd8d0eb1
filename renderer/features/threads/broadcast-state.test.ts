import { describe, expect, it } from 'vitest'
import { newCity } from '../../../tests/support/incidents.ts'
import { type SentTo, stateOf } from './broadcast-state.ts'

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
    stateOf(sent(outcome), city.state.directory.units['north-patrol'], city.state.threads)

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
