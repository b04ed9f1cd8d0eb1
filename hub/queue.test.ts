import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openQueue } from './queue.ts'

describe('a queue', () => {
  it('lets in so many at once, the others in their order, and sends the rest away', async () => {
    const queue = openQueue(2, 1)
    const begun: number[] = []
    const gates = [0, 1, 2, 3].map(() => Promise.withResolvers<void>())
    const runs = gates.map(({ promise }, number) =>
      queue(async () => {
        begun.push(number)
        await promise
        return number
      }),
    )
    await expect(runs[3]).rejects.toMatchObject({ code: 'too-many' })
    expect(begun).toEqual([0, 1])
    gates[1]?.resolve()
    expect(await runs[1]).toBe(1)
    gates[0]?.resolve()
    gates[2]?.resolve()
    expect(await Promise.all([runs[0], runs[2]])).toEqual([0, 2])
    expect(begun).toEqual([0, 1, 2])
  })

  it('gives a place back also after work that failed', async () => {
    const queue = openQueue(1, 0)
    await expect(queue(() => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(await queue(async () => 'next')).toBe('next')
  })

  it('never lets in more than it says, whenever they come and go', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        fc.scheduler(),
        fc.nat(20),
        async (atOnce, scheduler, many) => {
          const queue = openQueue(atOnce, 100)
          let inside = 0
          let most = 0
          const work = async () => {
            inside++
            most = Math.max(most, inside)
            await scheduler.schedule(Promise.resolve())
            inside--
          }
          const all = Promise.all(Array.from({ length: many }, () => queue(work)))
          await scheduler.waitFor(all)
          expect(most).toBeLessThanOrEqual(atOnce)
        },
      ),
      { numRuns: 50 },
    )
  })
})
