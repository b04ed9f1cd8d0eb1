/** The built console with one line at an exchange of the benchmark's. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { openShell, type Shell } from '../tests/electron/shell.ts'
import type { AtEnd } from '../tests/support/at-end.ts'
import { runProgram } from '../tests/support/processes.ts'
import { siteText, smallCity, smallCityWith } from '../tests/support/site.ts'

const root = join(import.meta.dirname, '..')
const OFFICER = 'supervisor'

export interface SeatConsoleOptions {
  /** Of 127.0.0.1, over UDP. */
  readonly port: number
  readonly domain: string
  readonly number: string
  readonly password: string
}

export interface SeatConsole {
  readonly shell: Shell
  readonly page: Page
}

/** Built as it stands, if it is not yet. */
export async function buildConsole(): Promise<void> {
  const build = `const { buildConsole } = await import('./scripts/set-up/build.mjs'); await buildConsole(process.execPath)`
  await runProgram(process.execPath, ['--input-type=module', '-e', build], { cwd: root })
}

/** Signed in, and its line registered. */
export async function openSeatConsole(
  atEnd: AtEnd,
  { port, domain, number, password }: SeatConsoleOptions,
): Promise<SeatConsole> {
  const folder = mkdtempSync(join(tmpdir(), 'watchfloor-bench-'))
  atEnd(() => rmSync(folder, { recursive: true, force: true }))
  const site = join(folder, 'site.yaml')
  const server = { transport: 'udp', host: '127.0.0.1', port }
  const lines = [{ id: 'line', exchange: 'main', number, password }]
  const city = smallCityWith({
    exchanges: [{ id: 'main', name: 'Main', domain, servers: [server] }],
    accounts: smallCity.accounts.map((account) => (account.id === OFFICER ? { ...account, lines } : account)),
  })
  writeFileSync(site, siteText(city))
  const shell = await openShell({ app: root, args: [`--site=${site}`, '--no-lab'] })
  atEnd(() => shell[Symbol.asyncDispose]())
  const page = await shell.page()
  await page.locator(`[data-account="${OFFICER}"]`).click()
  await registered(page)
  return { shell, page }
}

export const registered = (page: Page): Promise<void> =>
  page.locator('[data-line="line"][data-state="registered"]').waitFor()
