import { describe, expect, it } from 'vitest'
import { type Entry, type Filter, fits, merged } from './entries.ts'

const entry = (id: string, startedAt: number, rest: Partial<Entry> = {}): Entry => ({
  id,
  account: undefined,
  line: 'line-1',
  direction: 'out',
  number: '60001',
  name: null,
  unit: null,
  startedAt,
  answeredAt: startedAt + 1,
  endedAt: startedAt + 2,
  end: 'hung-up',
  ...rest,
})
const idsOf = (entries: readonly Entry[]) => entries.map(({ id }) => id).join('')
const any: Filter = { whose: 'own', text: '', which: 'any', from: null, to: null }

describe('the history', () => {
  it('has what the hub found and what the seat remembers, each once, the newest first', () => {
    const found = [entry('c', 30), entry('a', 10)]
    expect(idsOf(merged([entry('d', 40), entry('c', 30), entry('b', 20)], found, true))).toBe('dcba')
    expect(idsOf(merged([entry('b', 20), entry('0', 1)], found, false))).toBe('cba')
    expect(idsOf(merged([entry('b', 20)], [], true))).toBe('b')
  })

  it('keeps the caller’s name that only the seat has heard', () => {
    expect(merged([entry('a', 10, { name: 'Wang' })], [entry('a', 10)], true)[0]?.name).toBe('Wang')
  })

  it('looks through what the seat remembers as the hub does', () => {
    const missed = entry('a', 10, { direction: 'in', answeredAt: null, end: 'cancelled', name: 'Wang' })
    const shown = (filter: Partial<Filter>) =>
      fits(missed, { ...any, ...filter }, ['鼓楼巡逻', 'Gulou patrol'])
    expect([shown({}), shown({ which: 'missed' }), shown({ which: 'in' }), shown({ which: 'out' })]).toEqual([
      true,
      true,
      true,
      false,
    ])
    expect([shown({ text: ' 6000 ' }), shown({ text: 'wang' }), shown({ text: 'gulou' })]).toEqual([
      true,
      true,
      true,
    ])
    expect([
      shown({ text: '7' }),
      shown({ from: 11 }),
      shown({ to: 10 }),
      shown({ from: 10, to: 11 }),
    ]).toEqual([false, false, false, true])
  })
})
