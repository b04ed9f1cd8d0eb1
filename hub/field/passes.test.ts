import { describe, expect, it } from 'vitest'
import { openPasses } from './passes.ts'

const begin = () => {
  let now = 1_800_000_000_000
  let given = 0
  const passes = openPasses(
    () => now,
    () => `code-${++given}`,
  )
  return {
    passes,
    wait: (ms: number) => {
      now += ms
    },
  }
}

describe('a pass', () => {
  it('lets in whoever shows it first, and nobody after', () => {
    const { passes } = begin()
    const { code } = passes.give('crew-1')
    expect(passes.take(code)).toBe('crew-1')
    expect(passes.take(code)).toBeUndefined()
  })

  it('is good for five minutes', () => {
    const { passes, wait } = begin()
    const { code } = passes.give('crew-1')
    wait(299_999)
    expect(passes.take(code)).toBe('crew-1')
    const other = passes.give('crew-1')
    wait(300_000)
    expect(passes.take(other.code)).toBeUndefined()
  })

  it('is good no more once there is another for the account, and others stay', () => {
    const { passes } = begin()
    const first = passes.give('crew-1')
    const other = passes.give('crew-2')
    const second = passes.give('crew-1')
    expect([first, second, other].map(({ code }) => passes.take(code))).toEqual([
      undefined,
      'crew-1',
      'crew-2',
    ])
  })

  it('that nobody gave lets nobody in', () => {
    expect(begin().passes.take('code-1')).toBeUndefined()
  })
})
