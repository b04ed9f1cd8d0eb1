/** The console's window and its settings: kept over restarts, damage and crashes; one console in a profile. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Shell } from '../shell.ts'
import { logOf, openBuiltConsole, pidOf, startedPid } from './built-console.ts'

let userData: string
beforeEach(() => {
  userData = mkdtempSync(join(tmpdir(), 'watchfloor-window-'))
})
afterEach(() => rmSync(userData, { recursive: true, force: true, maxRetries: 5 }))

const open = (args: readonly string[] = []) => openBuiltConsole({ userData, args: ['--no-lab', ...args] })
const file = () => join(userData, 'settings.json')

const windowOf = (shell: Shell) =>
  shell.inMain(({ BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows()
    return {
      bounds: window?.getNormalBounds(),
      maximised: window?.isMaximized(),
      zoom: window?.webContents.getZoomFactor(),
    }
  })

describe('the window', () => {
  it('fills the screen at first, and comes back as it was left', async () => {
    const bounds = { x: 40, y: 30, width: 1200, height: 800 }
    {
      await using shell = await open(['--size=1920x1080'])
      const page = await shell.page()
      expect(await windowOf(shell)).toMatchObject({ maximised: true })
      await expect.poll(() => page.evaluate(() => [innerWidth, innerHeight])).toEqual([1920, 1080])
      await shell.inMain(({ BrowserWindow }, wanted) => {
        const [window] = BrowserWindow.getAllWindows()
        window?.unmaximize()
        window?.setBounds(wanted)
      }, bounds)
      await page.getByRole('button', { name: '显示设置' }).click()
      await page.getByRole('button', { name: '缩放 +' }).click()
      await expect.poll(async () => (await windowOf(shell)).zoom).toBeGreaterThan(1)
      await shell.quit()
    }
    const { seat, window } = JSON.parse(readFileSync(file(), 'utf8'))
    expect(window).toEqual({ bounds, maximised: false, fullScreen: false })
    await using again = await open(['--size=1920x1080'])
    await again.page()
    await expect.poll(() => windowOf(again)).toEqual({ bounds, maximised: false, zoom: seat.zoom })
  })

  it('does not come back on a screen that is gone', async () => {
    const bounds = { x: 3000, y: 30, width: 1200, height: 800 }
    writeFileSync(file(), JSON.stringify({ window: { bounds, maximised: false, fullScreen: false } }))
    await using shell = await open()
    expect((await windowOf(shell)).bounds).toEqual({ x: 0, y: 0, width: 1440, height: 900 })
  })

  it('comes back with its page when that crashes, later each time', async () => {
    await using shell = await open()
    for (const wait of [300, 600]) {
      const page = await shell.page()
      await page.locator('[data-account="duty-1"]').waitFor()
      const cdp = await page.context().newCDPSession(page)
      void cdp.send('Page.crash').catch(() => undefined)
      await expect
        .poll(() => logOf(shell))
        .toContainEqual(
          expect.stringMatching(
            new RegExp(`the console's page is gone: crashed \\(\\d+\\); it comes again in ${wait} ms$`),
          ),
        )
    }
    const page = await shell.page()
    await page.locator('[data-account="duty-1"]').waitFor()
  })
})

describe('the wall’s own window', () => {
  const begin = (wallWindow: string) => writeFileSync(file(), JSON.stringify({ seat: { wallWindow } }))
  const walls = (shell: Shell) =>
    shell.inMain(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()
        .filter(({ webContents }) => webContents.getURL().endsWith('/wall.html'))
        .map((window) => ({ bounds: window.getBounds(), fullScreen: window.isFullScreen() })),
    )
  const kept = () => JSON.parse(readFileSync(file(), 'utf8')).seat.wallWindow
  const second = { x: 1366, y: 0, width: 1920, height: 1080 }
  const both = ['--size=1366x768', '--size=1920x1080']
  const wallDoes = (shell: Shell, what: 'close' | 'leave' | 'lose its display') =>
    shell.inMain(({ BrowserWindow, screen }, what) => {
      const wall = BrowserWindow.getAllWindows().find(({ webContents }) =>
        webContents.getURL().endsWith('/wall.html'),
      )
      if (what === 'close') wall?.close()
      if (what === 'leave') wall?.setFullScreen(false)
      if (what !== 'lose its display') return
      wall?.setBounds({ x: 10 })
      screen.emit('display-removed')
    }, what)

  it('fills the display that the console is not on, and is there again after a restart', async () => {
    begin('full-screen')
    for (let starts = 0; starts < 2; starts++) {
      await using shell = await open(both)
      await (await shell.page('wall.html')).getByText('无人在岗。请在控制台登录。').waitFor()
      expect(await walls(shell)).toEqual([{ bounds: second, fullScreen: true }])
      expect(await shell.quit()).toEqual({ code: 0, signal: null })
      expect(kept()).toBe('full-screen')
    }
  })

  it('does not cover the console where there is no other display', async () => {
    begin('full-screen')
    await using shell = await open(['--size=1920x1080'])
    await shell.page('wall.html')
    expect(await walls(shell)).toMatchObject([{ bounds: { width: 1440, height: 900 }, fullScreen: false }])
    expect(kept()).toBe('window')
  })

  it('does not cover it either when its display goes, and is what the settings say it is', async () => {
    begin('full-screen')
    await using shell = await open(both)
    await shell.page('wall.html')
    await wallDoes(shell, 'lose its display')
    expect(await walls(shell)).toMatchObject([{ fullScreen: false }])
    expect(kept()).toBe('window')
    await wallDoes(shell, 'close')
    expect([await walls(shell), kept()]).toEqual([[], 'none'])
  })

  it('may be left smaller than its display', async () => {
    begin('full-screen')
    await using shell = await open(both)
    await shell.page('wall.html')
    await wallDoes(shell, 'leave')
    expect([await walls(shell), kept()]).toEqual([[{ bounds: second, fullScreen: false }], 'window'])
  })

  it('goes with the console', async () => {
    begin('window')
    await using shell = await open(both)
    await shell.page('wall.html')
    await shell.inMain(({ BrowserWindow }) => {
      const console = BrowserWindow.getAllWindows().find(({ webContents }) =>
        webContents.getURL().endsWith('/index.html'),
      )
      console?.close()
    })
    expect(await shell.ended).toEqual({ code: 0, signal: null })
    expect(kept()).toBe('window')
  })

  it('comes back with its page when that crashes', async () => {
    begin('window')
    await using shell = await open(both)
    const page = await shell.page('wall.html')
    await page.getByText('无人在岗').waitFor()
    const cdp = await page.context().newCDPSession(page)
    void cdp.send('Page.crash').catch(() => undefined)
    await expect
      .poll(() => logOf(shell))
      .toContainEqual(expect.stringMatching(/the wall's page is gone: crashed/))
    await (await shell.page('wall.html')).getByText('无人在岗').waitFor()
  })
})

describe('settings that were damaged', () => {
  it('give way to their last good copy, and the console starts', async () => {
    {
      await using shell = await open()
      const page = await shell.page()
      await page.getByRole('button', { name: '中 / En' }).click()
      await page.locator('html[lang="en"]').waitFor()
      await shell.quit()
    }
    writeFileSync(file(), '{"seat":{"lang')
    await using again = await open()
    await (await again.page()).locator('html[lang="en"]').waitFor()
    expect(logOf(again)).toContainEqual(expect.stringContaining('its last good copy took its place'))
    expect(existsSync(join(userData, 'settings.unreadable.json'))).toBe(true)
  })
})

describe('a second console in the same profile', () => {
  it('ends at once, starts nothing, and brings the first to the front', async () => {
    await using first = await open()
    const engine = await startedPid(first, 'engine')
    await first.inMain(({ BrowserWindow }) => {
      const [window] = BrowserWindow.getAllWindows()
      window?.on('restore', () => process.stdout.write('restored\n'))
      window?.on('focus', () => process.stdout.write('focused\n'))
      window?.minimize()
    })
    await using second = await open()
    expect(await second.ended).toEqual({ code: 0, signal: null })
    await expect.poll(() => first.printed()).toMatch(/restored\nfocused/)
    expect([pidOf(first, 'engine'), pidOf(second, 'engine')]).toEqual([engine, undefined])
  })
})

describe('options that can’t be used', () => {
  it.each([
    ['--hub=https://hub.test', 'is not the address of a hub'],
    ['--hub=wss://hub.test --ca=/nowhere.pem', "--ca /nowhere.pem can't be read"],
  ])('are refused in words before anything starts: %s', async (args, words) => {
    await using shell = await open(args.split(' '))
    expect(await shell.ended).toEqual({ code: 2, signal: null })
    expect(shell.printed()).toContain(words)
    expect(existsSync(join(userData, 'engine'))).toBe(false)
  })
})
