import { describe, expect, it } from 'vitest'
import { countRestarts, restartWait } from './restarts.ts'

const A_MOMENT_MS = 100
const AN_HOUR_MS = 3_600_000

describe('the wait before a restart', () => {
  it('doubles with every quick end, up to half a minute', () => {
    expect([1, 2, 3, 4].map(restartWait)).toEqual([300, 600, 1200, 2400])
    expect([8, 9, 1000].map(restartWait)).toEqual([30_000, 30_000, 30_000])
  })

  it('grows while the ends come quickly and begins again after a steady time', () => {
    const waitAfter = countRestarts()
    expect([waitAfter(A_MOMENT_MS), waitAfter(A_MOMENT_MS), waitAfter(A_MOMENT_MS)]).toEqual([300, 600, 1200])
    expect(waitAfter(AN_HOUR_MS)).toBe(300)
    expect(waitAfter(A_MOMENT_MS)).toBe(600)
  })
})
