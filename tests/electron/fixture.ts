/** The fixture app, whose main process does what tests tell it: see fixture/main.js. */
import { join } from 'node:path'
import type { BrowserWindow, BrowserWindowConstructorOptions } from 'electron'
import { openShell, type Shell, type ShellOptions } from './shell.ts'

declare global {
  /** In its main process. */
  var fixture: {
    readonly folder: string
    readonly happened: unknown[]
    window: BrowserWindow
    open(options?: BrowserWindowConstructorOptions): Promise<BrowserWindow>
  }
}

const app = join(import.meta.dirname, 'fixture')

export const openFixture = (options: Omit<ShellOptions, 'app'> = {}): Promise<Shell> =>
  openShell({ app, ...options })

/** The fixture with its window open. */
export const openFixtureWindow = (options: Omit<ShellOptions, 'app'> = {}): Promise<Shell> =>
  openFixture({ ...options, env: { FIXTURE_OPEN: 'yes', ...options.env } })
