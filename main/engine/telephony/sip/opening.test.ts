import { describe, expect, it } from 'vitest'
import { Opening } from './opening.ts'

function held() {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  let opened = 0
  const opening = new Opening<string>((signal) => {
    opened += 1
    signal.addEventListener('abort', () => reject(new Error('given up')))
    return promise
  })
  return { opening, resolve, opened: () => opened }
}

describe('an opening', () => {
  it('is made once for all who ask', async () => {
    const { opening, resolve, opened } = held()
    const both = Promise.all([opening.open(), opening.open()])
    resolve('socket')
    await both
    await opening.open()
    expect(opened()).toBe(1)
    expect(opening.socket).toBe('socket')
  })

  it('that failed can be tried again', async () => {
    let fails = true
    const opening = new Opening(async () => {
      if (fails) throw new Error('no route')
      return 'socket'
    })
    await expect(opening.open()).rejects.toThrow('no route')
    fails = false
    await opening.open()
    expect(opening.socket).toBe('socket')
  })

  it('under way is given up when the socket is taken away', async () => {
    const { opening } = held()
    const opened = opening.open()
    expect(await opening.take()).toBeUndefined()
    await expect(opened).rejects.toThrow('given up')
  })

  it('that comes about all the same is handed to whoever took it away', async () => {
    const { promise, resolve } = Promise.withResolvers<string>()
    const opening = new Opening(() => promise)
    void opening.open()
    const taken = opening.take()
    resolve('socket')
    expect(await taken).toBe('socket')
    expect(opening.socket).toBeUndefined()
  })

  it('loses only the socket that is in use', async () => {
    const sockets = ['first', 'second']
    const opening = new Opening(async () => sockets.shift() ?? '')
    await opening.open()
    opening.drop()
    await opening.open()
    expect(opening.lost('first')).toBe(false)
    expect(opening.socket).toBe('second')
    expect(opening.lost('second')).toBe(true)
    expect(opening.socket).toBeUndefined()
  })
})
