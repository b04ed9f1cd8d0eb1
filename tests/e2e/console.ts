/** A console of the test's own: built, in the stand-in or (WATCHFLOOR_SHELL) in Electron, with a profile of its own. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { defaultSettings, type SeatSettings } from '../../contract/settings.ts'
import { videoWorkerAtHand } from '../../scripts/set-up/video-worker.mjs'
import { openShell, type Shell } from '../../scripts/shell.ts'

const root = join(import.meta.dirname, '../..')
const electron = process.env.WATCHFLOOR_SHELL
// As npm start gives it to the embedded hub.
const worker = videoWorkerAtHand()
if (worker !== undefined) process.env.MEDIASOUP_WORKER_BIN = worker

export interface ConsoleOptions {
  readonly size?: string
  /** Of a second display, to the right of the first. */
  readonly secondDisplay?: string
  /** A site file of the test's own, as text; the demonstration site and its city otherwise. */
  readonly site?: string
  /** The address of a hub that runs already. */
  readonly hub?: string
  readonly settings?: Partial<SeatSettings>
  /** Paths behind `settings.mapFiles`. */
  readonly mapPaths?: Readonly<Record<string, string>>
}

export interface TestConsole {
  page: Page
  /** What the page printed that should not be there, and scripts that ran and should not have. */
  readonly complaints: string[]
  /** What the seat has on its disk. */
  keptSettings(): SeatSettings
  /** The page of the wall's own window, as soon as it has one. */
  wallPage(): Promise<Page>
  /** Its page crashes, and is loaded anew by the console itself. */
  crashPage(): Promise<void>
  restart(): Promise<void>
  close(): Promise<void>
}

export async function openConsole(options: ConsoleOptions = {}): Promise<TestConsole> {
  const folder = mkdtempSync(join(tmpdir(), 'watchfloor-e2e-'))
  const profile = join(folder, 'profile')
  mkdirSync(profile)
  if (options.settings !== undefined) {
    const settings = {
      seat: { ...defaultSettings, ...options.settings },
      mapPaths: options.mapPaths ?? {},
      secrets: {},
      window: null,
    }
    writeFileSync(join(profile, 'settings.json'), JSON.stringify(settings))
  }
  const site = join(folder, 'site.yaml')
  if (options.site !== undefined) writeFileSync(site, options.site)
  const size = options.size ?? '1366x768'
  const [program, before] =
    electron === undefined
      ? [
          process.execPath,
          [
            ...[join(root, 'tests/electron/stand-in/launch.ts'), `--app=${root}`, '--headless'],
            `--size=${size}`,
            ...(options.secondDisplay === undefined ? [] : [`--size=${options.secondDisplay}`]),
          ],
        ]
      : [electron, [root, '--no-sandbox', `--window-size=${size.replace('x', ',')}`]]
  const args = [
    ...before,
    `--user-data-dir=${profile}`,
    ...(options.site === undefined ? [] : [`--site=${site}`, '--no-lab']),
    ...(options.hub === undefined ? [] : [`--hub=${options.hub}`, '--no-lab']),
  ]

  const complaints: string[] = []
  let shell: Shell
  const start = async () => {
    shell = await openShell({ program, args })
    test.page = follow(shell.page)
  }
  const follow = (page: Page): Page => {
    page.on('pageerror', (error) => complaints.push(error.stack ?? String(error)))
    page.on('dialog', (dialog) => {
      complaints.push(`a dialogue opened: ${dialog.message()}`)
      void dialog.dismiss()
    })
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text())
    })
    return page
  }
  const test: TestConsole = {
    page: undefined as unknown as Page,
    complaints,
    keptSettings: () => JSON.parse(readFileSync(join(profile, 'settings.json'), 'utf8')).seat,
    wallPage: async () => follow(await shell.pageAt('wall.html')),
    crashPage: async () => {
      const { page } = test
      const gone = page.waitForEvent('crash')
      const session = await page.context().newCDPSession(page)
      // It does not live to answer.
      void session.send('Page.crash').catch(() => undefined)
      await gone
      test.page = follow(await shell.pageAgain())
    },
    restart: async () => {
      await shell.close()
      await start()
    },
    close: async () => {
      await shell.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
  try {
    await start()
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
  return test
}

/** Signs in with one of the accounts that the site offers, and waits for the directory. */
export async function signInAs(page: Page, account: string): Promise<void> {
  await page.locator(`[data-account="${account}"]`).click()
  await page.getByRole('tree').waitFor()
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What axe-core finds wrong with the page as it is, as `rule: element`. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  const results = await page.evaluate(
    `(() => { ${axeSource}; return window.axe.run(document, { resultTypes: ['violations'] }) })()`,
  )
  const { violations } = results as {
    violations: { id: string; help: string; nodes: { target: string[]; failureSummary: string }[] }[]
  }
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')} (${failureSummary})`),
  )
}
