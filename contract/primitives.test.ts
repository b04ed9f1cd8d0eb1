import { describe, expect, it } from 'vitest'
import { idSchema, lineSchema, metresBetween } from './primitives.ts'

describe('a distance', () => {
  it('is that of the great circle', () => {
    // One minute of latitude is a nautical mile, but for the shape of the earth.
    expect(metresBetween({ lat: 32, lon: 118 }, { lat: 32 + 1 / 60, lon: 118 })).toBeCloseTo(1853.2, 0)
    expect(metresBetween({ lat: 0, lon: 179.9 }, { lat: 0, lon: -179.9 })).toBeCloseTo(22_239, 0)
  })
})

describe('names', () => {
  it('for machines are plain', () => {
    expect(idSchema.safeParse('gulou-07').success).toBe(true)
    for (const id of ['', '-a', 'Gulou', 'a b', '鼓楼', 'a'.repeat(64)])
      expect(idSchema.safeParse(id).success).toBe(false)
  })

  it('for people are one line without control characters', () => {
    expect(lineSchema.parse('  鼓楼巡逻 07 ')).toBe('鼓楼巡逻 07')
    for (const text of ['', ' ', 'a\nb', 'a\u0007b', 'x'.repeat(121)])
      expect(lineSchema.safeParse(text).success).toBe(false)
  })
})
