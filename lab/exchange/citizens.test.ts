import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { chanceFrom } from '../city/random.ts'
import { type CitizenRate, keepCalling } from './citizens.ts'
import { realTime } from './time.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('citizens', () => {
  it('call as often as they are told, at random', async () => {
    const { calls } = begin({ perHour: 60, to: '110' }, Promise.resolve())
    await vi.advanceTimersByTimeAsync(10 * 3_600_000)
    expect(calls.length).toBeGreaterThan(500)
    expect(calls.length).toBeLessThan(700)
    expect(calls[0]).toMatchObject({ to: '110', from: expect.stringMatching(/^1390\d{7}$/) })
    expect(new Set(calls.map(({ clip }) => clip))).toEqual(new Set(['citizen-fire', 'citizen-crash']))
  })

  it('wait while three of them are calling', async () => {
    const { calls } = begin({ perHour: 60, to: '110' }, new Promise(() => undefined))
    await vi.advanceTimersByTimeAsync(3_600_000)
    expect(calls).toHaveLength(3)
  })

  it('call no more once they are told to stop', async () => {
    const { calls, stop } = begin({ perHour: 60, to: '110' }, Promise.resolve())
    stop()
    await vi.advanceTimersByTimeAsync(3_600_000)
    expect(calls).toEqual([])
  })
})

function begin(rate: CitizenRate, ended: Promise<unknown>) {
  const calls: { from: string; to: string; clip: string }[] = []
  const stop = keepCalling({
    rate,
    clips: ['citizen-fire', 'citizen-crash'],
    chance: chanceFrom(4),
    time: realTime,
    callIn: (call) => {
      calls.push(call)
      return { ended }
    },
  })
  onTestFinished(stop)
  return { calls, stop }
}
