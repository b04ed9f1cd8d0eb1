/** MessagePorts between main, pages and utility processes, in every direction. */

import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openFixtureWindow } from '../fixture.ts'
import type { Shell } from '../shell.ts'

declare global {
  /** In the fixture's page. */
  var arrived: unknown[]
  var ports: MessagePort[]
}

let shell: Shell
let page: Page

beforeAll(async () => {
  shell = await openFixtureWindow()
  page = await shell.page()
})
afterAll(() => shell?.[Symbol.asyncDispose]())

beforeEach(async () => {
  await shell.inMain(() => {
    // What an earlier test left behind goes on telling the earlier list.
    fixture.happened = []
  })
  await page.evaluate(() => {
    arrived.length = 0
    ports.length = 0
  })
})

const happened = () => shell.inMain(() => fixture.happened)

describe('a port from main in a page', () => {
  /** Gives the page one end of a channel; main remembers what it hears at the other. */
  const join = async () => {
    await shell.inMain(({ MessageChannelMain }) => {
      const { happened } = fixture
      const { port1, port2 } = new MessageChannelMain()
      port1.on('message', ({ data }) => happened.push(data))
      port1.on('close', () => happened.push('closed'))
      port1.start()
      port1.postMessage('sent before the page had it')
      fixture.window.webContents.postMessage('to-page', 'a port', [port2])
      port1.postMessage('sent after')
    })
    await page.waitForFunction(() => ports.length === 1)
  }

  it('brings everything that was sent to it, in order, when the page listens', async () => {
    await join()
    const heard = await page.evaluate(
      () =>
        new Promise((resolve) => {
          const [port] = ports
          const messages: unknown[] = []
          if (port === undefined) return
          port.onmessage = ({ data }) => {
            messages.push(data)
            if (messages.length === 2) resolve(messages)
          }
        }),
    )
    expect(heard).toEqual(['sent before the page had it', 'sent after'])
  })

  it('carries many messages each way in order', async () => {
    await join()
    await page.evaluate(() => {
      const [port] = ports
      if (port === undefined) return
      port.onmessage = ({ data }) => port.postMessage(data)
      for (let number = 0; number < 500; number++) port.postMessage(number)
    })
    await expect
      .poll(happened)
      .toEqual([
        ...Array.from({ length: 500 }, (_, number) => number),
        'sent before the page had it',
        'sent after',
      ])
  })

  it('is closed for main when the page closes it, after what it said last', async () => {
    await join()
    await page.evaluate(() => {
      ports[0]?.postMessage('last words')
      ports[0]?.close()
    })
    await expect.poll(happened).toEqual(['last words', 'closed'])
  })

  it('is closed for the page when main closes it', async () => {
    await shell.inMain(({ MessageChannelMain }) => {
      const { port1, port2 } = new MessageChannelMain()
      fixture.window.webContents.postMessage('to-page', 'a port', [port2])
      port1.postMessage('last words')
      port1.close()
    })
    await page.waitForFunction(() => ports.length === 1)
    const heard = await page.evaluate(
      () =>
        new Promise((resolve) => {
          const [port] = ports
          const messages: unknown[] = []
          if (port === undefined) return
          port.onmessage = ({ data }) => messages.push(data)
          port.addEventListener('close', () => resolve(messages))
        }),
    )
    expect(heard).toEqual(['last words'])
  })

  it('is closed for main when the page is reloaded, and the next page gets another', async () => {
    await join()
    await page.reload()
    await expect.poll(happened).toEqual(['closed'])
    await join()
    await page.evaluate(() => ports[0]?.postMessage('from the next page'))
    await expect.poll(happened).toEqual(['closed', 'from the next page'])
  })

  it('stays open when the page is kept from going elsewhere', async () => {
    await shell.inMain(() => {
      const { happened } = fixture
      fixture.window.webContents.once('will-navigate', (event) => {
        event.preventDefault()
        happened.push('kept')
      })
    })
    await join()
    await page.evaluate(() => {
      location.href = 'page.html?elsewhere'
    })
    await expect.poll(happened).toEqual(['kept'])
    await page.evaluate(() => ports[0]?.postMessage('still here'))
    await expect.poll(happened).toEqual(['kept', 'still here'])
  })
})

describe('a port from a page in main', () => {
  it('brings what was sent before main had it', async () => {
    await shell.inMain(({ ipcMain }) => {
      ipcMain.once('to-main', ({ ports: [port], senderFrame, sender }, message) => {
        fixture.happened.push(
          message,
          senderFrame === sender.mainFrame,
          sender === fixture.window.webContents,
        )
        port?.on('message', ({ data }) => port.postMessage({ heard: data }))
        port?.start()
      })
    })
    const answer = await page.evaluate(
      () =>
        new Promise((resolve) => {
          const { port1, port2 } = new MessageChannel()
          port1.onmessage = ({ data }) => resolve(data)
          port1.postMessage('early')
          window.postMessage({ toMain: 'take this' }, '*', [port2])
        }),
    )
    expect(answer).toEqual({ heard: 'early' })
    expect(await happened()).toEqual(['take this', true, true])
  })

  it('may bring a port of its own', async () => {
    await shell.inMain(({ ipcMain }) => {
      ipcMain.once('to-main', ({ ports: [outer] }) => {
        outer?.once('message', ({ ports: [inner] }) => {
          inner?.on('message', ({ data }) => fixture.happened.push(data))
          inner?.start()
        })
        outer?.start()
      })
    })
    await page.evaluate(() => {
      const [outer, inner] = [new MessageChannel(), new MessageChannel()]
      outer.port1.postMessage('', [inner.port1])
      inner.port2.postMessage('matryoshka')
      window.postMessage({ toMain: '' }, '*', [outer.port2])
    })
    await expect.poll(happened).toEqual(['matryoshka'])
  })

  it('may go back to the page it came from', async () => {
    await shell.inMain(({ ipcMain }) => {
      ipcMain.once('to-main', ({ sender, ports: [port] }) => {
        if (port !== undefined) sender.postMessage('to-page', 'yours', [port])
      })
    })
    await page.evaluate(() => {
      const { port1, port2 } = new MessageChannel()
      port1.postMessage('round trip')
      window.postMessage({ toMain: '' }, '*', [port2])
    })
    await page.waitForFunction(() => ports.length === 1)
    const heard = await page.evaluate(
      () =>
        new Promise((resolve) => {
          const [port] = ports
          if (port !== undefined) port.onmessage = ({ data }) => resolve(data)
        }),
    )
    expect(heard).toBe('round trip')
  })
})

describe('a utility process and a page', () => {
  /** Starts the fixture's utility process, joins it to the page, and tells main what becomes of it. */
  const join = async (order: string) => {
    await shell.inMain(({ utilityProcess, MessageChannelMain }, what) => {
      const child = utilityProcess.fork(`${fixture.folder}/utility.js`)
      const { happened } = fixture
      child.on('message', (message) => happened.push(message))
      child.on('exit', (code) => happened.push({ exit: code }))
      Object.assign(fixture, { child })
      const { port1, port2 } = new MessageChannelMain()
      child.postMessage({ do: what }, [port1])
      fixture.window.webContents.postMessage('to-page', 'a port', [port2])
    }, order)
    await page.waitForFunction(() => ports.length === 1)
  }
  const ask = (value: unknown) =>
    page.evaluate(
      (message) =>
        new Promise((resolve) => {
          const [port] = ports
          if (port === undefined) return
          port.onmessage = ({ data }) => resolve(data)
          port.postMessage(message)
        }),
      value,
    )
  const tell = (message: object, { withPort = false } = {}) =>
    shell.inMain(
      ({ MessageChannelMain }, order, bring) => {
        const { child } = fixture as unknown as { child: Electron.UtilityProcess }
        const channel = new MessageChannelMain()
        Object.assign(fixture, { channel })
        child.postMessage(order, bring ? [channel.port2] : [])
      },
      message,
      withPort,
    )

  it('talk over a port that main made for them', async () => {
    await join('answer')
    expect(await ask({ units: [1, 2] })).toEqual({ heard: { units: [1, 2] } })
    await tell({ do: 'exit', code: 0 })
  })

  it('hand each other ports over it', async () => {
    await join('answer')
    const answer = await page.evaluate(
      () =>
        new Promise((resolve) => {
          const { port1, port2 } = new MessageChannel()
          port1.onmessage = ({ data }) => resolve(data)
          port1.postMessage('over the second')
          ports[0]?.postMessage('take', [port2])
        }),
    )
    expect(answer).toEqual({ heard: 'over the second' })
    await tell({ do: 'exit', code: 0 })
  })

  it('keep the order of what was said while a port was on its way', async () => {
    await join('hold')
    await tell({ do: 'hold' }, { withPort: true })
    await shell.inMain(() => {
      const { channel } = fixture as unknown as { channel: Electron.MessageChannelMain }
      for (let number = 0; number < 100; number++) channel.port1.postMessage(number)
    })
    await tell({ do: 'pass' })
    await shell.inMain(() => {
      const { child } = fixture as unknown as { child: Electron.UtilityProcess }
      child.postMessage({ do: 'echo', value: 'said' })
    })
    const heard = page.evaluate(
      () =>
        new Promise((resolve) => {
          const [port] = ports
          const numbers: unknown[] = []
          if (port === undefined) return
          port.onmessage = ({ ports: [passed] }) => {
            if (passed === undefined) return
            passed.onmessage = ({ data }) => {
              numbers.push(data)
              if (numbers.length === 100) resolve(numbers)
            }
          }
        }),
    )
    expect(await heard).toEqual(Array.from({ length: 100 }, (_, number) => number))
    await tell({ do: 'exit', code: 0 })
  })

  it('notice when the other is gone', async () => {
    await join('answer')
    await ask('hello')
    await page.reload()
    await expect.poll(happened).toEqual(['port closed'])
    await tell({ do: 'exit', code: 0 })
    await expect.poll(happened).toEqual(['port closed', { exit: 0 }])

    await join('answer')
    await ask('hello')
    const closed = page.evaluate(
      () => new Promise((resolve) => ports[0]?.addEventListener('close', () => resolve('closed'))),
    )
    await shell.inMain(() => {
      const { child } = fixture as unknown as { child: Electron.UtilityProcess }
      if (child.pid !== undefined) process.kill(child.pid, 'SIGKILL')
    })
    expect(await closed).toBe('closed')
  })
})

describe('a message with its values', () => {
  /** Made and checked on either side by the same code, since values don't pass through the test. */
  const everything = String(() => {
    const shared = new ArrayBuffer(4)
    const circle: Record<string, unknown> = { name: 'circle' }
    circle.self = circle
    return {
      nothing: undefined,
      odd: [Number.NaN, -0, Number.POSITIVE_INFINITY, 2n ** 70n],
      when: new Date(86_400_000),
      pattern: /x+/gi,
      map: new Map<unknown, unknown>([
        ['key', new Set([1])],
        [{ an: 'object' }, null],
      ]),
      views: [new Uint8Array(shared, 1, 2), new Float32Array([0.5]), new BigUint64Array([7n]), shared],
      error: new TypeError('no such unit', { cause: 'typed wrong' }),
      circle,
    }
  })
  const check = String((value: ReturnType<typeof eval>) => [
    'nothing' in value && value.nothing === undefined,
    Number.isNaN(value.odd[0]) && Object.is(value.odd[1], -0) && value.odd[3] === 2n ** 70n,
    value.when instanceof Date && value.when.getTime() === 86_400_000,
    value.pattern instanceof RegExp && value.pattern.flags === 'gi',
    value.map instanceof Map && value.map.get('key').has(1) && [...value.map.keys()][1].an === 'object',
    value.views[0] instanceof Uint8Array &&
      value.views[0].buffer === value.views[3] &&
      value.views[0].length === 2,
    value.views[1][0] === 0.5 && value.views[2][0] === 7n,
    value.error instanceof TypeError && value.error.cause === 'typed wrong',
    value.circle.self === value.circle,
  ])
  const allRight = Array.from({ length: 9 }, () => true)

  it('comes whole from main to a page and from a page to main', async () => {
    await shell.inMain(
      ({ ipcMain }, make, look) => {
        ipcMain.once('to-main', (_event, message) => {
          // biome-ignore lint/security/noGlobalEval: it is this test's own
          fixture.happened.push(globalThis.eval(look)(message))
        })
        // biome-ignore lint/security/noGlobalEval: it is this test's own
        fixture.window.webContents.postMessage('to-page', globalThis.eval(make)())
      },
      everything,
      check,
    )
    await page.waitForFunction(() => arrived.length === 1)
    expect(await page.evaluate(`(${check})(arrived[0])`)).toEqual(allRight)
    await page.evaluate(`window.postMessage({ toMain: (${everything})() }, '*')`)
    await expect.poll(happened).toEqual([allRight])
  })

  it('comes whole through a utility process', async () => {
    await shell.inMain(
      ({ utilityProcess }, make, look) => {
        const child = utilityProcess.fork(`${fixture.folder}/utility.js`)
        child.once('message', (message) => {
          // biome-ignore lint/security/noGlobalEval: it is this test's own
          fixture.happened.push(globalThis.eval(look)(message))
          child.kill()
        })
        // biome-ignore lint/security/noGlobalEval: it is this test's own
        child.postMessage({ do: 'echo', value: globalThis.eval(make)() })
      },
      everything,
      check,
    )
    await expect.poll(happened).toEqual([allRight])
  })

  it('is refused on every side if it holds a function', async () => {
    const refusals = await shell.inMain(({ utilityProcess, MessageChannelMain }) => {
      const why = (work: () => void) => {
        try {
          work()
          return 'sent'
        } catch (error) {
          return (error as Error).message
        }
      }
      const child = utilityProcess.fork(`${fixture.folder}/utility.js`)
      const { port1 } = new MessageChannelMain()
      const rubbish = { work: () => undefined }
      const { webContents } = fixture.window
      const all = [
        why(() => port1.postMessage(rubbish)),
        why(() => child.postMessage(rubbish)),
        why(() => webContents.postMessage('to-page', rubbish)),
        why(() => webContents.send('to-page', rubbish)),
        why(() => webContents.postMessage('to-page', '', [port1, port1])),
      ]
      webContents.postMessage('to-page', 'the first', [port1])
      all.push(why(() => webContents.postMessage('to-page', '', [port1])))
      child.once('spawn', () => child.kill())
      return all
    })
    const cloned = 'An object could not be cloned.'
    expect(refusals).toEqual([
      ...[cloned, cloned, cloned, cloned],
      'Port at index 1 is a duplicate.',
      'Port at index 0 is already neutered.',
    ])
    await page.waitForFunction(() => arrived.length === 1)
    expect(await page.evaluate(() => arrived)).toEqual(['the first'])
  })
})

describe('a message to a page that is not there', () => {
  it('is lost, and the ports that came along are closed', async () => {
    await shell.inMain(({ BrowserWindow, MessageChannelMain }) => {
      const empty = new BrowserWindow()
      const { port1, port2 } = new MessageChannelMain()
      port1.on('close', () => fixture.happened.push('closed'))
      port1.start()
      empty.webContents.postMessage('to-page', 'hello', [port2])
      empty.webContents.send('to-page', 'hello')
      empty.destroy()
    })
    await expect.poll(happened).toEqual(['closed'])
  })

  it('sent before its preload listens is lost, as one to a page that is being reloaded', async () => {
    await shell.inMain(({ MessageChannelMain }) => {
      const { webContents } = fixture.window
      const { port1, port2 } = new MessageChannelMain()
      port1.on('close', () => fixture.happened.push('closed'))
      port1.start()
      webContents.once('did-finish-load', () => {
        fixture.happened.push('loaded')
        webContents.send('to-page', 'after')
      })
      webContents.reload()
      webContents.postMessage('to-page', 'between', [port2])
    })
    await expect.poll(happened).toEqual(expect.arrayContaining(['closed', 'loaded']))
    await page.waitForFunction(() => arrived.length > 0)
    expect(await page.evaluate(() => arrived)).toEqual(['after'])
  })
})
