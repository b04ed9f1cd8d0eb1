import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { everyFrame } from './ticker.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A ticker whose clock can stall: timers then come late. */
function ticking() {
  let now = 0
  const ticks: number[] = []
  const end = everyFrame(
    (frames) => ticks.push(frames),
    () => now,
  )
  const pass = async (ms: number) => {
    for (let at = 0; at < ms; at++) {
      now++
      await vi.advanceTimersByTimeAsync(1)
    }
  }
  return { ticks, end, pass, stall: (ms: number) => (now += ms) }
}

it('a ticker ticks each 20 ms', async () => {
  const { ticks, end, pass } = ticking()
  await pass(1_000)
  expect(ticks).toEqual([...Array(51).keys()])
  end()
  await pass(100)
  expect(ticks).toHaveLength(51)
})

it('a ticker makes up for a short stall and leaves out a long one', async () => {
  const { ticks, pass, stall } = ticking()
  await pass(10)
  stall(70)
  await pass(20)
  expect(ticks).toEqual([0, 1, 2, 3, 4, 5])
  stall(1_000)
  await pass(20)
  expect(ticks.slice(0, 7)).toEqual([0, 1, 2, 3, 4, 5, 56])
})

it('a ticker that is ended from within ticks no more', async () => {
  let now = 0
  const ticks: number[] = []
  const end = everyFrame(
    (frames) => {
      ticks.push(frames)
      end()
    },
    () => now,
  )
  now = 90
  await vi.advanceTimersByTimeAsync(100)
  expect(ticks).toEqual([0])
})
