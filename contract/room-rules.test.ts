import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { capabilities, type Grant } from './permissions.ts'
import {
  doneBy,
  type MemberState,
  mayAttend,
  mayChair,
  memberActs,
  memberMoves,
  memberStates,
} from './room-rules.ts'
import { emptyState } from './state.ts'

const anyActs = fc.array(fc.constantFrom(...memberActs), { maxLength: 40 })

describe('a place in a room', () => {
  it('is taken only after the chair has let them in, and not since put them out', () => {
    fc.assert(
      fc.property(anyActs, (acts) => {
        let state: MemberState | 'none' = 'none'
        let letIn = false
        for (const act of acts) {
          const next: MemberState | undefined = memberMoves[act][state]
          if (next === undefined) continue
          state = next
          if (act === 'invite' || act === 'admit') letIn = true
          if (act === 'remove' || act === 'turn-away' || act === 'refuse') letIn = false
          if (state === 'in') expect(letIn).toBe(true)
        }
      }),
    )
  })

  it('can be had again from every state', () => {
    const reached = new Set<MemberState>(['in'])
    for (let more = true; more; ) {
      more = false
      for (const from of memberStates)
        for (const act of memberActs) {
          const to = memberMoves[act][from]
          if (to !== undefined && reached.has(to) && !reached.has(from)) {
            reached.add(from)
            more = true
          }
        }
    }
    expect([...reached].sort()).toEqual([...memberStates].sort())
  })

  it('is never given by oneself to oneself', () => {
    for (const act of memberActs)
      if (doneBy[act] === 'self') expect(['expected', 'in']).not.toContain(memberMoves[act].none)
  })
})

describe('a room of an incident', () => {
  const scope = { kind: 'incident', incident: 'fire-1' } as const
  const grant = (change: Partial<Grant>): Grant => ({
    id: 'g',
    subject: { kind: 'account', account: 'guest' },
    capabilities: ['view'],
    scope,
    until: 100,
    ...change,
  })

  it('is for whoever may see the incident, as long as they may', () => {
    expect(mayAttend([grant({})], emptyState, scope, 99)).toBe(true)
    expect(mayAttend([grant({})], emptyState, scope, 100)).toBe(false)
    expect(mayAttend([grant({ scope: { kind: 'agency', agency: 'fire' } })], emptyState, scope, 1)).toBe(
      false,
    )
  })

  it('is chaired by whoever may chair, and nothing else helps', () => {
    fc.assert(
      fc.property(fc.subarray([...capabilities], { minLength: 1 }), (own) => {
        expect(mayChair([grant({ capabilities: own })], emptyState, scope, 1)).toBe(own.includes('chair'))
      }),
    )
  })
})
