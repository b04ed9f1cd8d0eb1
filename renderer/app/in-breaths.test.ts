import { describe, expect, it } from 'vitest'
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
})
