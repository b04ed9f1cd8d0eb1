import { describe, expect, it, vi } from 'vitest'
import { type Carrier, socketOver } from './carrier.ts'

describe('a socket over a carrier', () => {
  it('opens only after whoever made it could listen, then carries text both ways', async () => {
    const { near, far } = pair()
    const socket = new (socketOver(async () => near, ignore))()
    const told = tellings(socket)
    expect(socket.readyState).toBe(socket.CONNECTING)
    await vi.waitFor(() => expect(told).toEqual(['open']))
    socket.send('question')
    far.say('answer')
    expect(far.heard).toEqual(['question'])
    expect(told).toEqual(['open', 'message answer'])
  })

  it('hands binary messages on, apart from the text', async () => {
    const { near, far } = pair()
    const taken: ArrayBuffer[] = []
    const socket = new (socketOver(
      async () => near,
      (bytes) => taken.push(bytes),
    ))()
    const told = tellings(socket)
    await vi.waitFor(() => expect(told).toEqual(['open']))
    far.sayBinary(new Uint8Array([1, 2, 3]).buffer)
    expect(taken.map((bytes) => [...new Uint8Array(bytes)])).toEqual([[1, 2, 3]])
    expect(told).toEqual(['open'])
  })

  it('that can not be opened closes, so that it is tried again', async () => {
    const socket = new (socketOver(() => Promise.reject(new Error('no hub')), ignore))()
    const told = tellings(socket)
    await vi.waitFor(() => expect(told).toEqual(['error', 'close']))
    expect(socket.readyState).toBe(socket.CLOSED)
  })

  it('tells once that it is closed, whoever closed it', async () => {
    const { near, far } = pair()
    const socket = new (socketOver(async () => near, ignore))()
    const told = tellings(socket)
    await vi.waitFor(() => expect(told).toEqual(['open']))
    far.close()
    socket.close()
    expect(told).toEqual(['open', 'close'])
    socket.send('too late')
    expect(far.heard).toEqual([])
  })

  it('closed before its time never opens a carrier', async () => {
    vi.useFakeTimers()
    try {
      const open = vi.fn(async () => pair().near)
      const socket = new (socketOver(open, ignore))()
      const told = tellings(socket)
      socket.close()
      await vi.runAllTimersAsync()
      expect(open).not.toHaveBeenCalled()
      expect(told).toEqual(['close'])
    } finally {
      vi.useRealTimers()
    }
  })

  it('closed while the carrier is being opened lets it go again', async () => {
    const { near, far } = pair()
    const { promise, resolve } = Promise.withResolvers<Carrier>()
    let asked = false
    const socket = new (socketOver(() => {
      asked = true
      return promise
    }, ignore))()
    const told = tellings(socket)
    await vi.waitFor(() => expect(asked).toBe(true))
    socket.close()
    resolve(near)
    await vi.waitFor(() => expect(far.closed()).toBe(true))
    expect(told).toEqual(['close'])
  })
})

const ignore = () => undefined

/** Writes down what the socket tells. */
function tellings(socket: EventTarget): string[] {
  const told: string[] = []
  for (const type of ['open', 'close', 'message', 'error'])
    socket.addEventListener(type, (event) => {
      const said = 'data' in event ? ` ${event.data}` : ''
      told.push(`${type}${said}`)
    })
  return told
}

/** A carrier and whoever is at its other end. */
function pair() {
  type Ears = Parameters<Carrier['listen']>[0]
  let ears: Ears | undefined
  let closed = false
  const heard: (string | Uint8Array)[] = []
  const close = () => {
    if (closed) return
    closed = true
    ears?.closed()
  }
  const near: Carrier = {
    send: (message) => heard.push(message),
    close,
    listen: (given) => {
      ears = given
    },
  }
  const far = {
    heard,
    close,
    closed: () => closed,
    say: (message: string) => ears?.text(message),
    sayBinary: (message: ArrayBuffer) => ears?.binary(message),
  }
  return { near, far }
}
