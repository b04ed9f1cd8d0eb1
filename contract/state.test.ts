import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Unit } from './directory.ts'
import { areaPath } from './directory.ts'
import type { Happening } from './events.ts'
import { emptyState, fold } from './state.ts'

describe('the shared state', () => {
  it('is the same however the events are batched', () => {
    fc.assert(
      fc.property(fc.array(fc.array(anyEvent, { maxLength: 8 })), (batches) => {
        const stepwise = batches.reduce((state, events) => fold(state, events), emptyState)
        expect(stepwise).toEqual(fold(emptyState, batches.flat()))
      }),
    )
  })

  it('leaves the events that made it as they were', () => {
    fc.assert(
      fc.property(fc.array(anyEvent), (events) => {
        const before = structuredClone(events)
        fold(emptyState, events)
        fold(emptyState, events)
        expect(events).toEqual(before)
      }),
    )
  })

  it('is not touched by folding on from it', () => {
    const state = fold(emptyState, [putUnit('u1', 0)])
    const before = structuredClone(state)
    fold(state, [
      setState('u1', 'busy'),
      { kind: 'unit.removed', subject: 'unit/u1', area: null, data: { id: 'u1' } },
    ])
    expect(state).toEqual(before)
  })

  it('never gives an index twice, not even that of a unit that is gone', () => {
    const state = fold(emptyState, [
      putUnit('u1', 0),
      putUnit('u2', 1),
      { kind: 'unit.removed', subject: 'unit/u2', area: null, data: { id: 'u2' } },
    ])
    expect(state.directory.nextUnitIndex).toBe(2)
  })

  it('ignores the state of a unit that is gone', () => {
    expect(fold(emptyState, [setState('u1', 'busy')])).toEqual(emptyState)
  })
})

describe('the way up from an area', () => {
  it('ends at the top, at a parent that is not there, and where it would go round', () => {
    const area = (id: string, parent: string | null) => ({
      id,
      parent,
      name: { zh: id, en: id },
      level: 'grid' as const,
    })
    const areas = {
      a: area('a', null),
      b: area('b', 'a'),
      lost: area('lost', 'nowhere'),
      x: area('x', 'y'),
      y: area('y', 'x'),
    }
    expect(areaPath(areas, 'b')).toEqual(['b', 'a'])
    expect(areaPath(areas, 'lost')).toEqual(['lost', 'nowhere'])
    expect(areaPath(areas, 'x')).toEqual(['x', 'y'])
    expect(areaPath(areas, null)).toEqual([])
  })
})

const unit = (id: string, index: number): Unit => ({
  id,
  index,
  name: { zh: id, en: id },
  kind: 'patrol',
  agency: 'police',
  area: 'north',
  state: 'available',
  terminals: [],
})

const putUnit = (id: string, index: number): Happening => ({
  kind: 'unit.put',
  subject: `unit/${id}`,
  area: 'north',
  data: unit(id, index),
})

const setState = (id: string, state: Unit['state']): Happening => ({
  kind: 'unit.state-set',
  subject: `unit/${id}`,
  area: 'north',
  data: { id, state },
})

const anyUnitId = fc.constantFrom('u1', 'u2', 'u3')
const anyEvent: fc.Arbitrary<Happening> = fc.oneof(
  fc.tuple(anyUnitId, fc.nat(9)).map(([id, index]) => putUnit(id, index)),
  fc
    .tuple(anyUnitId, fc.constantFrom<Unit['state']>('busy', 'available'))
    .map(([id, state]) => setState(id, state)),
  anyUnitId.map(
    (id): Happening => ({ kind: 'unit.removed', subject: `unit/${id}`, area: null, data: { id } }),
  ),
  anyUnitId.map(
    (id): Happening => ({
      kind: 'grant.given',
      subject: `grant/${id}`,
      area: null,
      data: {
        id,
        subject: { kind: 'account', account: 'officer' },
        capabilities: ['view'],
        scope: { kind: 'centre' },
        until: null,
      },
    }),
  ),
  anyUnitId.map(
    (id): Happening => ({
      kind: 'grant.ended',
      subject: `grant/${id}`,
      area: null,
      data: { id, reason: 'over' },
    }),
  ),
)
