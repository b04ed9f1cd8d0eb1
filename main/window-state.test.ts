import { describe, expect, it } from 'vitest'
import { isOnScreen } from './window-state.ts'

const left = { x: 0, y: 0, width: 1920, height: 1040 }
const right = { x: 1920, y: 0, width: 1366, height: 728 }
const at = (x: number, y: number) => ({ x, y, width: 1440, height: 900 })

describe('a window that was kept', () => {
  it.each([
    ['inside a screen', at(100, 50)],
    ['across two screens', at(1500, 50)],
    ['on the second screen', at(2000, 0)],
    ['hanging out to the left, with enough left to take hold of', at(-1380, 20)],
  ])('comes back where it was: %s', (_where, bounds) => {
    expect(isOnScreen(bounds, [left, right])).toBe(true)
  })

  it.each([
    ['on a screen that is gone', at(2000, 0)],
    ['above the screen', at(100, -200)],
    ['below it', at(100, 1040)],
    ['out to the left, all but a sliver', at(-1400, 20)],
    ['out to the right', at(1880, 20)],
  ])('does not come back where nobody can reach it: %s', (_where, bounds) => {
    expect(isOnScreen(bounds, [left])).toBe(false)
  })
})
