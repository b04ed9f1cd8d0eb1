import { describe, expect, it } from 'vitest'
import { startOfDay } from './day.ts'

describe('a day', () => {
  it('is from its first instant to the first of the next', () => {
    const day = startOfDay('2026-03-01')
    expect(day).toBe(new Date(2026, 2, 1).getTime())
    expect(startOfDay('2026-02-28', 1)).toBe(day)
    expect([startOfDay(''), startOfDay('yesterday')]).toEqual([null, null])
  })
})
