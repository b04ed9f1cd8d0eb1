import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Watched } from './watched.ts'

describe('a watched value', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  /** What somebody who watches it is told. */
  function watching(value: Watched<string>, restMs?: number) {
    const gone = new AbortController()
    const told: string[] = []
    const over = (async () => {
      for await (const each of value.watch(gone.signal, restMs)) told.push(each)
    })()
    return { told, leave: () => gone.abort(), over }
  }
  const settle = () => vi.advanceTimersByTimeAsync(0)

  it('is told as it is, and each time it is another', async () => {
    const value = new Watched('a')
    const { told, leave, over } = watching(value)
    await settle()
    value.set('a')
    value.set('b')
    await settle()
    value.set('c')
    await settle()
    expect(told).toEqual(['a', 'b', 'c'])
    leave()
    await over
  })

  it('is told at once after a while, and while there is a rest what it has become by its end', async () => {
    const value = new Watched('a')
    const { told, leave, over } = watching(value, 50)
    await settle()
    value.set('b')
    await settle()
    expect(told).toEqual(['a', 'b'])
    for (const next of ['c', 'd', 'e']) value.set(next)
    await vi.advanceTimersByTimeAsync(49)
    expect(told).toEqual(['a', 'b'])
    await vi.advanceTimersByTimeAsync(1)
    expect(told).toEqual(['a', 'b', 'e'])
    leave()
    await over
  })

  it('is told no more to whoever has left, though there was a rest', async () => {
    const value = new Watched('a')
    const { told, leave, over } = watching(value, 50)
    await settle()
    value.set('b')
    await settle()
    value.set('c')
    leave()
    await over
    expect(told).toEqual(['a', 'b'])
  })
})
