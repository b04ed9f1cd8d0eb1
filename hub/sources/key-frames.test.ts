import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { askNowAndThen } from './key-frames.ts'

describe('a camera that is asked for key frames', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('is asked once for all who wait, and again for whoever came just after', async () => {
    let asked = 0
    const want = askNowAndThen(async () => void asked++)
    for (let time = 0; time < 5; time++) want()
    await vi.advanceTimersByTimeAsync(10)
    expect(asked).toBe(1)
    for (let time = 0; time < 5; time++) want()
    await vi.advanceTimersByTimeAsync(250)
    expect(asked).toBe(2)
    await vi.advanceTimersByTimeAsync(10_000)
    expect(asked).toBe(2)
  })

  it('is left alone for a minute where it refuses', async () => {
    let asked = 0
    const want = askNowAndThen(async () => {
      asked++
      throw new Error('it refuses')
    })
    for (let second = 0; second < 59; second++) {
      want()
      await vi.advanceTimersByTimeAsync(1_000)
    }
    expect(asked).toBe(1)
    await vi.advanceTimersByTimeAsync(2_000)
    want()
    await vi.advanceTimersByTimeAsync(0)
    expect(asked).toBe(2)
  })
})
