import { describe, expect, it } from 'vitest'
import { deadlinesSchema, dueAt } from './deadlines.ts'

describe('a deadline', () => {
  it('is as usual for the grade', () => {
    expect(dueAt(undefined, 'I', 'dispatch', 1_000)).toBe(1_000 + 2 * 60_000)
    expect(dueAt(undefined, 'IV', 'dispatch', 1_000)).toBe(1_000 + 10 * 60_000)
  })

  it('is what the site says, for the steps that it says it of', () => {
    const set = deadlinesSchema.parse({ grade: 0.5, I: { dispatch: 1.5 } })
    expect(dueAt(set, 'I', 'dispatch', 0)).toBe(90_000)
    expect(dueAt(set, 'I', 'arrive', 0)).toBe(8 * 60_000)
    expect(dueAt(set, null, 'dispatch', 0)).toBe(30_000)
  })

  it('can’t be set for a step or a grade that is not there', () => {
    expect(deadlinesSchema.safeParse({ V: {} }).success).toBe(false)
    expect(deadlinesSchema.safeParse({ I: { sleep: 1 } }).success).toBe(false)
    expect(deadlinesSchema.safeParse({ I: { arrive: -1 } }).success).toBe(false)
  })
})
