/** MessageChannelMain and MessagePortMain (electronjs.org/docs/latest/api/message-port-main) within one process. */
import { once } from 'node:events'
import { setImmediate } from 'node:timers/promises'
import { beforeEach, describe, expect, it } from 'vitest'
import { MessageChannelMain, MessagePortMain } from './ports.ts'

let port1: MessagePortMain
let port2: MessagePortMain
beforeEach(() => {
  ;({ port1, port2 } = new MessageChannelMain())
})

/** Everything a port hears, in order. */
function hearing(port: MessagePortMain): unknown[] {
  const heard: unknown[] = []
  port.on('message', ({ data }) => heard.push(data))
  port.on('close', () => heard.push('closed'))
  return heard
}

describe('a message', () => {
  it('waits until its port is started, and keeps its place', async () => {
    for (const value of [1, 2, 3]) port1.postMessage(value)
    const heard = hearing(port2)
    await setImmediate()
    expect(heard).toEqual([])
    port2.start()
    port1.postMessage(4)
    await expect.poll(() => heard).toEqual([1, 2, 3, 4])
  })

  it('arrives later, never while it is being sent', async () => {
    const heard = hearing(port2)
    port2.start()
    port1.postMessage('now')
    expect(heard).toEqual([])
    await expect.poll(() => heard).toEqual(['now'])
  })

  it('is a copy, taken when it was sent', async () => {
    const state = { units: [1] }
    port1.postMessage(state)
    state.units.push(2)
    port2.start()
    const [{ data }] = await once(port2, 'message')
    expect(data).toEqual({ units: [1] })
  })

  it('that can’t be cloned is refused, and nothing is sent', async () => {
    const heard = hearing(port2)
    port2.start()
    const given = new MessageChannelMain()
    expect(() => port1.postMessage(() => undefined, [given.port1])).toThrow('An object could not be cloned.')
    port1.postMessage('after', [given.port1])
    await expect.poll(() => heard).toEqual(['after'])
  })

  it('is lost without an error at a port that was closed or given away, or whose other end was', async () => {
    const heard = hearing(port2)
    port2.start()
    port1.close()
    port1.postMessage('lost')
    await expect.poll(() => heard).toEqual(['closed'])
    port2.postMessage('lost')
    const given = new MessageChannelMain()
    const carrier = new MessageChannelMain()
    carrier.port1.postMessage(null, [given.port1])
    expect(() => given.port1.postMessage(() => 'not even looked at')).not.toThrow()
  })

  it('does not stop those after it when its listener throws', async () => {
    const thrown: unknown[] = []
    const before = process.listeners('uncaughtException')
    process.removeAllListeners('uncaughtException')
    process.once('uncaughtException', (error) => thrown.push(error))
    try {
      const heard: unknown[] = []
      port2.on('message', ({ data }) => {
        heard.push(data)
        if (data === 1) throw new Error('listener')
      })
      port2.start()
      for (const value of [1, 2]) port1.postMessage(value)
      await expect.poll(() => heard).toEqual([1, 2])
      expect(thrown).toEqual([new Error('listener')])
    } finally {
      for (const listener of before) process.on('uncaughtException', listener)
    }
  })
})

describe('closing', () => {
  it('is heard at once on one’s own side and after everything sent on the other', async () => {
    const near = hearing(port1)
    const far = hearing(port2)
    port1.postMessage('last words')
    port1.close()
    expect(near).toEqual(['closed'])
    port2.start()
    await expect.poll(() => far).toEqual(['last words', 'closed'])
  })

  it('is heard only once', async () => {
    const near = hearing(port1)
    const far = hearing(port2)
    port2.start()
    port1.start()
    port1.close()
    port2.close()
    port1.close()
    await setImmediate()
    expect([near, far]).toEqual([['closed'], ['closed']])
  })

  it('closes ports on their way to it', async () => {
    const given = new MessageChannelMain()
    const heard = hearing(given.port2)
    given.port2.start()
    port1.postMessage(null, [given.port1])
    port2.close()
    await expect.poll(() => heard).toEqual(['closed'])
  })
})

describe('a port given away', () => {
  it('works where it arrives, with what waited for it first', async () => {
    const given = new MessageChannelMain()
    given.port1.postMessage('before')
    port1.postMessage('take', [given.port2])
    given.port1.postMessage('on the way')
    port2.start()
    const [{ data, ports }] = await once(port2, 'message')
    expect(data).toBe('take')
    const heard = hearing(ports[0])
    ports[0].start()
    given.port1.postMessage('after')
    await expect.poll(() => heard).toEqual(['before', 'on the way', 'after'])
  })

  it('takes along what it had heard of but not yet told', async () => {
    const given = new MessageChannelMain()
    const nobody = hearing(given.port2)
    given.port2.start()
    given.port1.postMessage('meant for the next holder')
    port1.postMessage('take', [given.port2])
    port2.start()
    const [{ ports }] = await once(port2, 'message')
    const heard = hearing(ports[0])
    ports[0].start()
    await expect.poll(() => heard).toEqual(['meant for the next holder'])
    expect(nobody).toEqual([])
  })

  it('can’t be given away twice, nor twice at once, nor over itself, nor be something else', () => {
    const given = new MessageChannelMain().port1
    expect(() => port1.postMessage(null, [port1])).toThrow('Port at index 0 contains the source port.')
    expect(() => port1.postMessage(null, [given, given])).toThrow('Port at index 1 is a duplicate.')
    expect(() => port1.postMessage(null, [new ArrayBuffer(1) as never])).toThrow(
      'Port at index 0 is not a valid port',
    )
    port1.postMessage(null, [given])
    expect(() => port1.postMessage(null, [given])).toThrow('Port at index 0 is already neutered.')
  })

  it('stays with its holder if another of the message can’t be given', async () => {
    const [kept, gone] = [new MessageChannelMain(), new MessageChannelMain()]
    port1.postMessage(null, [gone.port1])
    expect(() => port1.postMessage(null, [kept.port1, gone.port1])).toThrow('already neutered')
    const heard = hearing(kept.port2)
    kept.port2.start()
    kept.port1.postMessage('still mine')
    await expect.poll(() => heard).toEqual(['still mine'])
  })
})

describe('what the stand-in has not', () => {
  it('says its name', () => {
    expect(() => (port1 as unknown as { onmessage: unknown }).onmessage).toThrow(
      'the stand-in for Electron has no MessagePortMain.onmessage',
    )
    expect(port1).toBeInstanceOf(MessagePortMain)
  })
})
