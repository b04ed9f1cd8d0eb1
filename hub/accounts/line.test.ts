import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openLine } from './line.ts'

describe('a line', () => {
  it('lets in so many at once, the others in their order, and sends the rest away', async () => {
    const line = openLine(2, 1)
    const begun: number[] = []
    const gates = [0, 1, 2, 3].map(() => Promise.withResolvers<void>())
    const runs = gates.map(({ promise }, number) =>
      line(async () => {
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
    const line = openLine(1, 0)
    await expect(line(() => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(await line(async () => 'next')).toBe('next')
  })

  it('never lets in more than it says, whenever they come and go', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        fc.scheduler(),
        fc.nat(20),
        async (atOnce, scheduler, many) => {
          const line = openLine(atOnce, 100)
          let inside = 0
          let most = 0
          const work = async () => {
            inside++
            most = Math.max(most, inside)
            await scheduler.schedule(Promise.resolve())
            inside--
          }
          const all = Promise.all(Array.from({ length: many }, () => line(work)))
          await scheduler.waitFor(all)
          expect(most).toBeLessThanOrEqual(atOnce)
        },
      ),
      { numRuns: 50 },
    )
  })
})
