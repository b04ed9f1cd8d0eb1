/** app (electronjs.org/docs/latest/api/app): starting, being alone, and quitting, with real processes. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openFixture, openFixtureWindow } from '../fixture.ts'
import { commandOf, descendantsOf, isRunning } from '../processes.ts'
import type { Shell } from '../shell.ts'

/** Lets the app print each event of quitting as it happens. */
const tellOfQuitting = (shell: Shell) =>
  shell.inMain(({ app }) => {
    const tell = (what: string) => process.stdout.write(`event: ${what}\n`)
    app.on('before-quit', () => tell('before-quit'))
    app.on('window-all-closed', () => tell('window-all-closed'))
    app.on('will-quit', () => tell('will-quit'))
    app.on('quit', (_event, code) => tell(`quit ${code}`))
    for (const window of [fixture.window]) {
      window.on('close', () => tell('close'))
      window.on('closed', () => tell(`closed ${window.isDestroyed()}`))
      window.webContents.on('destroyed', () => tell('destroyed'))
    }
  })
const told = (shell: Shell) => [...shell.printed().matchAll(/^event: (.*)$/gm)].map(([, event]) => event)

const inOrder = ['before-quit', 'close', 'destroyed', 'closed true', 'will-quit', 'quit 0']

describe('an app', () => {
  it('knows its name, version, folders, and what is what', async () => {
    await using shell = await openFixture()
    const known = await shell.inMain(({ app }) => ({
      name: app.getName(),
      version: app.getVersion(),
      userData: app.getPath('userData'),
      logs: app.getPath('logs'),
      appPath: app.getAppPath(),
      packaged: app.isPackaged,
      type: process.type,
      electron: typeof process.versions.electron,
    }))
    expect(known).toEqual({
      name: 'Fixture',
      version: '1.2.3',
      userData: shell.userData,
      logs: join(shell.userData, 'logs'),
      appPath: join(import.meta.dirname, '../fixture'),
      packaged: false,
      type: 'browser',
      electron: 'string',
    })
  })

  it('lives on without a window, and starts no browser before it has one', async () => {
    await using shell = await openFixture()
    await shell.inMain(({ app }) => app.whenReady())
    expect(descendantsOf(shell.pid)).toEqual([])
  })

  it('that fails while it starts says why and ends with 1', async () => {
    await using shell = await openFixture({ env: { FIXTURE: 'fails' } })
    expect(await shell.ended).toEqual({ code: 1, signal: null })
    expect(shell.printed()).toContain('it was told to fail')
  })

  it('that finds no Chromium says so and ends with 1', async () => {
    await using shell = await openFixture({ env: { FIXTURE: 'opens', WATCHFLOOR_CHROMIUM: '/bin/false' } })
    expect(await shell.ended).toEqual({ code: 1, signal: null })
    expect(shell.printed()).toContain('/bin/false did not start')
  })

  it('names what the stand-in lacks', async () => {
    await using shell = await openFixture()
    const missing = await shell.inMain((electron) => {
      const why = (work: () => unknown) => {
        try {
          return typeof work()
        } catch (error) {
          return (error as Error).message
        }
      }
      return [
        why(() => electron.app.setLoginItemSettings),
        why(() => electron.ipcMain.handle),
        why(() => electron.session.defaultSession.webRequest),
        why(() => electron.safeStorage.getSelectedStorageBackend),
        why(() => electron.app.getPath('music')),
        why(() => new electron.BrowserWindow({ webPreferences: { sandbox: false } })),
        why(() => new electron.BrowserWindow({ kiosk: true })),
      ]
    })
    const lacks = 'the stand-in for Electron has'
    expect(missing).toEqual([
      `${lacks} no app.setLoginItemSettings`,
      `${lacks} no ipcMain.handle`,
      `${lacks} no Session.webRequest`,
      `${lacks} no safeStorage.getSelectedStorageBackend`,
      `${lacks} no path "music"`,
      `${lacks} webPreferences.sandbox as true only`,
      `${lacks} no option kiosk of BrowserWindow`,
    ])
  })
})

describe('a second app in the same profile', () => {
  let userData: string
  beforeAll(() => {
    userData = mkdtempSync(join(tmpdir(), 'watchfloor-shell-'))
  })
  afterAll(() => rmSync(userData, { recursive: true, force: true, maxRetries: 5 }))

  it('does not get the lock and is heard of; the next one gets it when the first was killed', async () => {
    await using first = await openFixture({ userData })
    const lock = (shell: Shell) => shell.inMain(({ app }) => app.requestSingleInstanceLock({ from: 'here' }))
    expect(await lock(first)).toBe(true)
    await first.inMain(({ app }) => {
      app.on('second-instance', (_event, argv, folder, data) =>
        fixture.happened.push([argv.at(-1), folder, data]),
      )
    })
    await using second = await openFixture({ userData, args: ['--hub=wss://hub.test'] })
    expect(await lock(second)).toBe(false)
    await expect
      .poll(() => first.inMain(() => fixture.happened))
      .toEqual([['--hub=wss://hub.test', process.cwd(), { from: 'here' }]])
    expect(await second.quit()).toEqual({ code: 0, signal: null })

    process.kill(first.pid, 'SIGKILL')
    await first.ended
    await using third = await openFixture({ userData })
    expect(await lock(third)).toBe(true)
  })
})

describe('quitting', () => {
  it('closes the window in Electron’s order and leaves nothing behind', async () => {
    await using shell = await openFixtureWindow()
    await tellOfQuitting(shell)
    const started = descendantsOf(shell.pid)
    expect(started.some((pid) => commandOf(pid).includes('chromium'))).toBe(true)
    await shell.inMain(({ app }) => app.quit())
    expect(await shell.ended).toEqual({ code: 0, signal: null })
    expect(told(shell)).toEqual(inOrder)
    await expect.poll(() => started.filter(isRunning)).toEqual([])
  })

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('is what %s does', async (signal) => {
    await using shell = await openFixtureWindow()
    await tellOfQuitting(shell)
    process.kill(shell.pid, signal)
    expect(await shell.ended).toEqual({ code: 0, signal: null })
    expect(told(shell)).toEqual(inOrder)
  })

  it('can be put off by the app for as long as it needs', async () => {
    await using shell = await openFixtureWindow()
    await tellOfQuitting(shell)
    await shell.inMain(({ app }) => {
      app.once('before-quit', (event) => {
        event.preventDefault()
        setTimeout(() => app.quit(), 50)
      })
    })
    await shell.quit()
    expect(told(shell)).toEqual(['before-quit', ...inOrder])
  })

  it('is off when a window does not close', async () => {
    await using shell = await openFixtureWindow()
    await tellOfQuitting(shell)
    await shell.inMain(({ app }) => {
      fixture.window.once('close', (event) => event.preventDefault())
      app.quit()
    })
    expect(told(shell)).toEqual(['before-quit', 'close'])
    expect(await shell.inMain(() => fixture.window.isDestroyed())).toBe(false)
    await shell.quit()
    expect(told(shell)).toEqual(['before-quit', 'close', ...inOrder])
  })

  it('a second signal of the same kind does not ask', async () => {
    await using shell = await openFixture()
    await shell.inMain(({ app }) => {
      app.on('before-quit', (event) => {
        event.preventDefault()
        process.stdout.write('put off\n')
      })
    })
    process.kill(shell.pid, 'SIGTERM')
    await expect.poll(() => shell.printed()).toContain('put off')
    process.kill(shell.pid, 'SIGTERM')
    expect(await shell.ended).toEqual({ code: null, signal: 'SIGTERM' })
  })

  it('exit asks nobody and ends with its code', async () => {
    await using shell = await openFixtureWindow()
    await tellOfQuitting(shell)
    const started = descendantsOf(shell.pid)
    await shell.inMain(({ app }) => {
      fixture.window.on('close', (event) => event.preventDefault())
      setImmediate(() => app.exit(3))
    })
    expect(await shell.ended).toEqual({ code: 3, signal: null })
    expect(told(shell)).toEqual(['destroyed', 'closed true', 'quit 3'])
    await expect.poll(() => started.filter(isRunning)).toEqual([])
  })
})

describe('when something is killed from outside', () => {
  it('Chromium: the window closes as if the user had closed it, and the app ends with 1', async () => {
    await using shell = await openFixtureWindow()
    await tellOfQuitting(shell)
    await shell.inMain(({ app }) => app.on('window-all-closed', () => app.quit()))
    const [chromium] = descendantsOf(shell.pid)
    if (chromium !== undefined) process.kill(chromium, 'SIGKILL')
    expect(await shell.ended).toEqual({ code: 1, signal: null })
    expect(told(shell)).toEqual([
      ...['close', 'destroyed', 'closed true', 'window-all-closed'],
      ...['before-quit', 'will-quit', 'quit 1'],
    ])
    expect(shell.printed()).toContain('Chromium ended with SIGKILL')
  })

  it('the stand-in: Chromium goes too', async () => {
    await using shell = await openFixtureWindow()
    const started = descendantsOf(shell.pid)
    process.kill(shell.pid, 'SIGKILL')
    await shell.ended
    await expect.poll(() => started.filter(isRunning), { timeout: 10_000 }).toEqual([])
  })

  it('the stand-in while Chromium starts: nothing stays', async () => {
    await using shell = await openFixture()
    await shell.inMain(() => void fixture.open())
    await expect.poll(() => descendantsOf(shell.pid), { interval: 1 }).not.toEqual([])
    const started = descendantsOf(shell.pid)
    process.kill(shell.pid, 'SIGKILL')
    await shell.ended
    await expect.poll(() => started.filter(isRunning), { timeout: 10_000 }).toEqual([])
  })
})
