import { describe, expect, it } from 'vitest'
import { withoutGaps } from './without-gaps.ts'

const numbered = (...numbers: number[]) => numbers.map((number) => ({ number }))

describe('messages without gaps', () => {
  it.each([
    ['nothing', [], []],
    ['all of them where none is missing', [3, 4, 5], [3, 4, 5]],
    ['the newest where some before are missing', [1, 2, 61, 62], [61, 62]],
    ['those after the last gap of several', [1, 3, 5, 6, 7], [5, 6, 7]],
    ['the last alone', [1, 2, 9], [9]],
  ])('are %s', (_, known, shown) => {
    expect(withoutGaps(numbered(...known))).toEqual(numbered(...shown))
  })
})
