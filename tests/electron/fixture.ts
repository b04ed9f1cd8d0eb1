/** The fixture app, whose main process does what tests tell it: see fixture/main.js. */
import { join } from 'node:path'
import type { BrowserWindow, BrowserWindowConstructorOptions } from 'electron'
import type { Page } from 'playwright-core'
import { openShell, type Shell, type ShellOptions } from './shell.ts'

declare global {
  /** In its main process. */
  var fixture: {
    readonly folder: string
    happened: unknown[]
    window: BrowserWindow
    open(options?: BrowserWindowConstructorOptions): Promise<BrowserWindow>
  }
}

const app = join(import.meta.dirname, 'fixture')

export const openFixture = (options: Omit<ShellOptions, 'app'> = {}): Promise<Shell> =>
  openShell({ app, ...options })

/** The fixture with its window open. */
export async function openFixtureWindow(options: Omit<ShellOptions, 'app'> = {}): Promise<Shell> {
  const shell = await openFixture(options)
  await shell.inMain(async () => {
    await fixture.open()
  })
  return shell
}

/** Sends the window somewhere, and waits until its page says that it is there. */
export async function sendTo(shell: Shell, page: Page, url: string): Promise<void> {
  const loaded = page.waitForEvent('load')
  await shell.inMain((_electron, to) => fixture.window.loadURL(to), url)
  await loaded
}

export const FIXTURE_PAGE = 'app://fixture/page.html'
