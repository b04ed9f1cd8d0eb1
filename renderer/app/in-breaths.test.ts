import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { inBreaths } from './in-breaths.ts'

describe('what comes in breaths', () => {
  it('is taken as it comes, unless there is much of it: then together, and in order', async () => {
    const turns: number[][] = []
    let turn: number[] | undefined
    const tell = inBreaths((one: number) => {
      if (turn === undefined) {
        turn = []
        turns.push(turn)
        queueMicrotask(() => {
          turn = undefined
        })
      }
      turn.push(one)
    })
    const all = Array.from({ length: 60 }, (_, at) => at)
    for (const one of all) {
      tell(one)
      await Promise.resolve()
    }
    expect(turns.length).toBeLessThan(20)
    await expect.poll(() => turns.flat()).toEqual(all)
    expect(turns.at(-1)).toHaveLength(all.length - turns.length + 1)
    tell(60)
    expect(turns.flat()).toEqual([...all, 60])
  })

  it('is taken to its end, though one of it can’t be, which is told of', async () => {
    const reported = vi.fn()
    vi.stubGlobal('reportError', reported)
    onTestFinished(() => void vi.unstubAllGlobals())
    const taken: number[] = []
    const tell = inBreaths((one: number) => {
      if (one === 15) throw new Error('fifteen')
      taken.push(one)
    })
    for (let at = 0; at < 20; at++) tell(at)
    await expect.poll(() => taken.at(-1)).toBe(19)
    expect(taken).toHaveLength(19)
    expect(reported.mock.calls).toEqual([[new Error('fifteen')]])
  })
})
