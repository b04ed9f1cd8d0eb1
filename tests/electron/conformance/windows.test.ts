/** BrowserWindow and WebContents (electronjs.org/docs/latest/api/web-contents) on real pages. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { FIXTURE_PAGE, openFixture, openFixtureWindow, sendTo } from '../fixture.ts'
import type { Shell } from '../shell.ts'

let shell: Shell
let page: Page

beforeAll(async () => {
  shell = await openFixtureWindow()
})
afterAll(() => shell?.[Symbol.asyncDispose]())

const happened = () => shell.inMain(() => fixture.happened)

beforeEach(async () => {
  page = await shell.page()
  await shell.inMain(() => {
    fixture.happened = []
  })
})

describe('a page', () => {
  it('has its preload’s world to itself, and nothing of Node or Electron', async () => {
    const seen = await page.evaluate(() =>
      [
        'require',
        'process',
        'module',
        'ipcRenderer',
        'standInTell',
        'standInHear',
        'standInCodec',
        'Buffer',
      ].filter((name) => name in globalThis),
    )
    expect(seen).toEqual([])
  })

  it('has the preload run before its own scripts, on every load', async () => {
    await shell.inMain(({ ipcMain }) => {
      const { happened } = fixture
      const preloaded = (_event: unknown, url: string, required: string) =>
        happened.push([url.slice(-9), required])
      ipcMain.on('preloaded', preloaded)
      fixture.window.webContents.once('did-finish-load', () => ipcMain.removeListener('preloaded', preloaded))
      fixture.window.webContents.reload()
    })
    await expect.poll(happened).toEqual([['page.html', 'undefined']])
  })

  it('begins its history with itself', async () => {
    expect(await page.evaluate(() => history.length)).toBe(1)
    await page.evaluate(() => history.back())
    expect(await page.evaluate(() => document.title)).toBe('Fixture')
  })

  it('sees a dialogue dismissed where nobody can answer it', async () => {
    expect(await page.evaluate(() => confirm('really?'))).toBe(false)
  })
})

describe('a page that wants to go elsewhere', () => {
  /** Prevents the next navigations and remembers where they would have gone. */
  beforeEach(() =>
    shell.inMain(() => {
      const { happened } = fixture
      fixture.window.webContents.on('will-navigate', (event) => {
        event.preventDefault()
        happened.push(event.url)
      })
    }),
  )
  afterEach(() => shell.inMain(() => void fixture.window.webContents.removeAllListeners('will-navigate')))

  it.each<[string, () => void, string]>([
    ['by a link', () => document.getElementById('link')?.click(), 'app://fixture/app-link.html'],
    ['by its address', () => location.assign('page.html?there#at'), 'app://fixture/page.html?there'],
    ['out into the world', () => location.replace('https://example.test/'), 'https://example.test/'],
    [
      'by a form',
      () => (document.getElementById('form') as HTMLFormElement).submit(),
      'app://fixture/page.html?form',
    ],
    [
      'by a refresh',
      () => {
        const meta = Object.assign(document.createElement('meta'), {
          httpEquiv: 'refresh',
          content: '0;url=page.html?meta',
        })
        document.head.append(meta)
      },
      'app://fixture/page.html?meta',
    ],
    ['and back to itself', () => location.reload(), 'app://fixture/page.html'],
  ])('is asked about and kept: %s', async (_how, go, to) => {
    await page.evaluate(() => Object.assign(globalThis, { mark: 'the same document' }))
    await page.evaluate(go)
    await expect.poll(happened).toEqual([to])
    expect(await page.evaluate(() => [location.search, Reflect.get(globalThis, 'mark')])).toEqual([
      '',
      'the same document',
    ])
    expect(await shell.inMain(() => fixture.window.webContents.getURL())).toBe('app://fixture/page.html')
  })

  it('is brought back from a document of its own making', async () => {
    await page.evaluate(() => {
      location.href = URL.createObjectURL(new Blob(['<title>Elsewhere</title>'], { type: 'text/html' }))
    })
    await expect.poll(happened).toEqual([expect.stringMatching(/^blob:/)])
    await expect.poll(() => page.evaluate(() => document.title).catch(() => 'on its way')).toBe('Fixture')
  })

  it('may move within its document without asking', async () => {
    await page.evaluate(() => {
      location.hash = 'here'
      history.pushState(null, '', 'page.html?pushed')
    })
    await expect
      .poll(() => shell.inMain(() => fixture.window.webContents.getURL()))
      .toBe('app://fixture/page.html?pushed')
    await page.evaluate(() => history.replaceState(null, '', 'page.html'))
    await page.goBack()
    expect(await happened()).toEqual([])
    await sendTo(shell, page, FIXTURE_PAGE)
  })

  it('goes where the app sends it, without being asked', async () => {
    await sendTo(shell, page, `${FIXTURE_PAGE}?sent#there`)
    expect(await page.evaluate(() => location.search + location.hash)).toBe('?sent#there')
    await sendTo(shell, page, FIXTURE_PAGE)
    expect(await happened()).toEqual([])
  })
})

describe('a page that is not kept', () => {
  it('goes, and loses its ports', async () => {
    await shell.inMain(({ MessageChannelMain }) => {
      const { happened } = fixture
      const { port1, port2 } = new MessageChannelMain()
      port1.on('close', () => happened.push('closed'))
      port1.start()
      fixture.window.webContents.postMessage('to-page', 'a port', [port2])
    })
    await page.evaluate(() => location.assign('page.html?gone'))
    await expect.poll(happened).toEqual(['closed'])
    await expect
      .poll(() => shell.inMain(() => fixture.window.webContents.getURL()))
      .toBe('app://fixture/page.html?gone')
    await sendTo(shell, page, FIXTURE_PAGE)
  })
})

describe('a page that wants another window', () => {
  let folder: string
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'watchfloor-dropped-'))
    await shell.inMain(() => {
      const { happened } = fixture
      fixture.window.webContents.setWindowOpenHandler(({ url, frameName }) => {
        happened.push([url, frameName])
        return { action: 'deny' }
      })
    })
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  const pages = () => page.context().pages().length
  const clickWith = (modifiers: ('Control' | 'Shift')[], button: 'left' | 'middle' = 'left') =>
    page.locator('#link').click({ modifiers, button })

  it('gets none from its script, even in answer to a click', async () => {
    const opened = await page.evaluate(() => String(window.open('page.html?opened', 'named', 'width=100')))
    expect(opened).toBe('null')
    await page.evaluate(() => {
      const button = document.createElement('button')
      button.textContent = 'open'
      button.onclick = () => Object.assign(globalThis, { opened: window.open('https://example.test/') })
      document.body.append(button)
    })
    await page.locator('button').click()
    expect(await page.evaluate(() => Reflect.get(globalThis, 'opened'))).toBe(null)
    await expect.poll(happened).toEqual([
      ['app://fixture/page.html?opened', 'named'],
      ['https://example.test/', '_blank'],
    ])
    await expect.poll(pages).toBe(1)
  })

  it.each<[string, () => Promise<void>, string]>([
    ['a link that asks for one', () => page.locator('#blank').click(), 'app://fixture/page.html?blank'],
    ['a click with Control', () => clickWith(['Control']), 'app://fixture/app-link.html'],
    ['a click with Shift', () => clickWith(['Shift']), 'app://fixture/app-link.html'],
    ['a click with the middle button', () => clickWith([], 'middle'), 'app://fixture/app-link.html'],
  ])('gets none from %s', async (_how, act, url) => {
    await act()
    await expect.poll(happened).toEqual([[url, expect.any(String)]])
    await expect.poll(pages).toBe(1)
    expect(await page.evaluate(() => document.title)).toBe('Fixture')
  })

  it('gets none from a file that is dropped on it, and stays', async () => {
    const file = join(folder, 'dropped.html')
    writeFileSync(file, '<title>Dropped</title>')
    const cdp = await page.context().newCDPSession(page)
    for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
      await cdp.send('Input.dispatchDragEvent', {
        type,
        x: 200,
        y: 300,
        data: { items: [], files: [file], dragOperationsMask: 1 },
      })
    await expect.poll(happened).toEqual([[`file://${file}`, '']])
    await expect.poll(pages).toBe(1)
    expect(await page.evaluate(() => document.title)).toBe('Fixture')
  })
})

describe('a page that crashes', () => {
  it('is told of with its reason, and comes back when it is reloaded, with its preload', async () => {
    await shell.inMain(({ MessageChannelMain, ipcMain }) => {
      const { happened } = fixture
      const { webContents } = fixture.window
      const { port1, port2 } = new MessageChannelMain()
      port1.on('close', () => happened.push('port closed'))
      port1.start()
      webContents.postMessage('to-page', 'a port', [port2])
      webContents.once('render-process-gone', (_event, { reason, exitCode }) => {
        happened.push([reason, exitCode > 0, webContents.isCrashed()])
        webContents.once('did-finish-load', () => happened.push(['back', webContents.isCrashed()]))
        ipcMain.once('preloaded', () => happened.push('preloaded'))
        webContents.reload()
      })
    })
    const cdp = await page.context().newCDPSession(page)
    void cdp.send('Page.crash').catch(() => undefined)
    await expect
      .poll(happened)
      .toEqual([['crashed', true, true], 'port closed', 'preloaded', ['back', false]])
    page = await shell.page()
    expect(await page.evaluate(() => document.title)).toBe('Fixture')
  })
})

describe('loading', () => {
  it('fails with a reason where nothing answers, and the window can load something else', async () => {
    const failures = await shell.inMain(async () => {
      const { happened, window } = fixture
      window.webContents.once('did-fail-load', (_event, code, _description, url) =>
        happened.push([code < 0, url]),
      )
      const rejected = await window.loadURL('app://fixture/broken').catch((error) => error.message)
      await window.loadURL('app://fixture/page.html')
      return [rejected, ...happened]
    })
    expect(failures).toEqual([
      expect.stringMatching(/^ERR_\w+ \(-\d+\) loading 'app:\/\/fixture\/broken'$/),
      [true, 'app://fixture/broken'],
    ])
  })

  it('is aborted by loading something else', async () => {
    const outcome = await shell.inMain(() => {
      const first = fixture.window.loadURL('app://fixture/page.html?first').catch((error) => error.message)
      const second = fixture.window.loadURL('app://fixture/page.html')
      return Promise.all([first, second.then(() => fixture.window.webContents.getURL())])
    })
    expect(outcome).toEqual([expect.stringContaining('ERR_ABORTED (-3)'), 'app://fixture/page.html'])
  })
})

describe('a window', () => {
  it('is as large inside as its bounds, and larger pixels make its page smaller', async () => {
    const inside = () => page.evaluate(() => [innerWidth, innerHeight, devicePixelRatio])
    await shell.inMain(() => fixture.window.setBounds({ x: 10, y: 20, width: 1000, height: 700 }))
    await expect.poll(inside).toEqual([1000, 700, 1])
    await shell.inMain(() => fixture.window.webContents.setZoomFactor(1.25))
    await expect.poll(inside).toEqual([800, 560, 1.25])
    expect(await shell.inMain(() => fixture.window.webContents.getZoomFactor())).toBe(1.25)
    await shell.inMain(() => fixture.window.webContents.setZoomFactor(1))
    await expect.poll(inside).toEqual([1000, 700, 1])
  })

  it('tells of what is done to it, and knows its normal bounds all the while', async () => {
    const told = await shell.inMain(({ screen }) => {
      const { window, happened } = fixture
      const normal = { x: 10, y: 20, width: 900, height: 650 }
      window.setBounds(normal)
      const names = ['resize', 'move', 'maximize', 'unmaximize', 'minimize', 'restore'] as const
      for (const name of [...names, 'enter-full-screen', 'leave-full-screen'] as const)
        window.on(name as 'resize', () => happened.push(name))
      window.setBounds({ x: 15 })
      window.maximize()
      happened.push(
        window.isMaximized(),
        JSON.stringify(window.getNormalBounds()) === JSON.stringify({ ...normal, x: 15 }),
      )
      happened.push(window.getBounds().width === screen.getPrimaryDisplay().workArea.width)
      window.unmaximize()
      window.setFullScreen(true)
      happened.push(window.isFullScreen())
      window.setFullScreen(false)
      window.minimize()
      happened.push(window.isMinimized())
      window.restore()
      for (const name of [...names, 'enter-full-screen', 'leave-full-screen'])
        window.removeAllListeners(name as 'resize')
      return happened
    })
    expect(told).toEqual([
      'move',
      ...['resize', 'maximize', true, true, true, 'resize', 'unmaximize'],
      ...['resize', 'enter-full-screen', true, 'resize', 'leave-full-screen'],
      ...['minimize', true, 'restore'],
    ])
  })

  it('shows when it is ready to, gives a picture, and throws once it is destroyed', async () => {
    const told = await shell.inMain(async ({ BrowserWindow }) => {
      const { happened, open, window: first } = fixture
      const ready = open({ show: false, minWidth: 500, width: 100 })
      const { window } = fixture
      happened.push(window.isVisible())
      window.once('ready-to-show', () => {
        window.show()
        happened.push('ready', window.isVisible(), window.getBounds().width)
      })
      await ready
      const png = (await window.webContents.capturePage()).toPNG()
      happened.push([...png.subarray(1, 4)].map((byte) => String.fromCharCode(byte)).join(''))
      happened.push(BrowserWindow.getAllWindows().length)
      const contents = window.webContents
      window.destroy()
      fixture.window = first
      happened.push(BrowserWindow.getAllWindows().length, window.isDestroyed(), contents.isDestroyed())
      for (const work of [() => window.getBounds(), () => contents.send('x')])
        try {
          work()
        } catch (error) {
          happened.push((error as Error).message)
        }
      return happened
    })
    const destroyed = 'Object has been destroyed'
    expect(told).toEqual([false, 'ready', true, 500, 'PNG', 2, 1, true, true, destroyed, destroyed])
  })

  it('closed by its user asks like one closed by its app', async () => {
    await using other = await openFixtureWindow()
    await other.inMain(({ app }) => {
      fixture.window.once('close', (event) => {
        event.preventDefault()
        process.stdout.write('asked\n')
      })
      app.on('window-all-closed', () => process.stdout.write('all closed\n'))
    })
    await (await other.page()).close()
    await expect.poll(() => other.printed()).toContain('asked')
    const page = await other.page()
    expect(await page.evaluate(() => document.title)).toBe('Fixture')
    await page.close()
    await expect.poll(() => other.printed()).toContain('all closed')
  })

  it('can’t be had before the app is ready', async () => {
    await using other = await openFixture({ env: { FIXTURE: 'too early' } })
    expect(await other.ended).toEqual({ code: 1, signal: null })
    expect(other.printed()).toContain('Cannot create BrowserWindow before app is ready')
  })
})

describe('a permission', () => {
  const ask = () =>
    page.evaluate(async () => {
      const media = await navigator.mediaDevices.getUserMedia({ audio: true }).then(
        () => 'given',
        (error) => error.name,
      )
      const state = async (name: string) =>
        (await navigator.permissions.query({ name: name as PermissionName })).state
      return [media, await state('microphone'), await state('notifications'), await state('geolocation')]
    })
  const answer = async (handlers: { request?: string[]; check?: string[] }) => {
    const loaded = page.waitForEvent('load')
    await shell.inMain(({ session }, { request, check }) => {
      const { defaultSession } = session
      const { happened } = fixture
      defaultSession.setPermissionRequestHandler(
        request === undefined ? null : (_contents, permission, give) => give(request.includes(permission)),
      )
      defaultSession.setPermissionCheckHandler(
        check === undefined
          ? null
          : (_contents, permission, origin) => {
              happened.push(origin)
              return check.includes(permission)
            },
      )
      return fixture.window.loadURL('app://fixture/page.html')
    }, handlers)
    // The test may hear of the new page later than main.
    await loaded
  }
  afterAll(() => answer({}))

  it('is what the handlers give, and nothing else', async () => {
    await answer({ request: ['media'], check: [] })
    expect(await ask()).toEqual(['given', 'granted', 'denied', 'denied'])
    expect(new Set(await happened())).toEqual(new Set(['app://fixture/']))
    await answer({ request: [], check: ['notifications'] })
    expect(await ask()).toEqual(['NotAllowedError', 'denied', 'granted', 'denied'])
  })
})
