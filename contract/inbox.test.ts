import { describe, expect, it } from 'vitest'
import { Inbox } from './inbox.ts'
import { Watched } from './watched.ts'

describe('an inbox', () => {
  it('gives what was pushed before and after somebody asked, in order', async () => {
    const inbox = new Inbox<number>()
    const taken = collect(inbox, 3)
    inbox.push(1)
    inbox.push(2)
    await Promise.resolve()
    inbox.push(3)
    expect(await taken).toEqual([1, 2, 3])
  })

  it('drops what nobody has taken when one value stands for all', async () => {
    const inbox = new Inbox<number>()
    inbox.push(1)
    inbox.push(2)
    inbox.replace(3)
    expect(inbox.length).toBe(1)
    expect(await collect(inbox, 1)).toEqual([3])
  })

  it('ends when its signal aborts, also while somebody waits, and takes nothing more', async () => {
    const abort = new AbortController()
    const inbox = new Inbox<number>(abort.signal)
    const taken = collect(inbox)
    abort.abort()
    inbox.push(1)
    expect(await taken).toEqual([])
    expect(inbox.length).toBe(0)
  })

  it('of a signal that has aborted already is over at once', async () => {
    expect(await collect(new Inbox<number>(AbortSignal.abort()))).toEqual([])
  })
})

describe('a watched value', () => {
  it('is told as it is, then as it becomes, and only the newest if nobody looked', async () => {
    const watched = new Watched('first')
    const abort = new AbortController()
    const values = watched.watch(abort.signal)[Symbol.asyncIterator]()
    expect(await values.next()).toEqual({ done: false, value: 'first' })
    watched.set('second')
    watched.set('third')
    expect(await values.next()).toEqual({ done: false, value: 'third' })
    abort.abort()
    expect((await values.next()).done).toBe(true)
  })

  it('set to what it is tells nobody', () => {
    const watched = new Watched(1)
    const told: number[] = []
    watched.onChange((value) => told.push(value))
    watched.set(1)
    watched.set(2)
    expect(told).toEqual([2])
  })

  it('tells nobody who has gone', async () => {
    const watched = new Watched(1)
    const told: number[] = []
    const stop = watched.onChange((value) => told.push(value))
    stop()
    watched.set(2)
    expect(told).toEqual([])
    expect(watched.value).toBe(2)
  })
})

async function collect<T>(inbox: Inbox<T>, count = Number.POSITIVE_INFINITY): Promise<T[]> {
  const taken: T[] = []
  for await (const value of inbox) {
    taken.push(value)
    if (taken.length >= count) break
  }
  return taken
}
