/** The built console in the stand-in, with a profile of its own, and what its tests ask of it. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { vi } from 'vitest'
import { commandOf, descendantsOf } from '../processes.ts'
import { openShell, type Shell, type ShellOptions } from '../shell.ts'

const root = join(import.meta.dirname, '../../..')

/** It must have been built. */
export function openBuiltConsole(options: Omit<ShellOptions, 'app'> = {}): Promise<Shell> {
  if (!existsSync(join(root, 'out/main/index.js')))
    throw new Error('the console is not built: npx electron-vite build')
  return openShell({ app: root, ...options })
}

export type ChildName = 'engine' | 'hub' | 'lab'

/** The process that runs one of the console's modules. */
export const pidOf = (shell: Shell, name: ChildName): number | undefined =>
  descendantsOf(shell.pid).find((pid) => commandOf(pid).includes(join('out/main', `${name}.js`)))

/** That process, as soon as there is one, and other than `before`. */
export const startedPid = (shell: Shell, name: ChildName, before?: number): Promise<number> =>
  vi.waitFor(
    () => {
      const pid = pidOf(shell, name)
      if (pid === undefined || pid === before) throw new Error(`${name} does not run`)
      return pid
    },
    { timeout: 15_000, interval: 20 },
  )

export const logOf = (shell: Shell): string[] => {
  const file = join(shell.userData, 'logs/watchfloor.log')
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []
}

/** Signs in with one of the demonstration site's accounts. */
export async function signIn(page: Page, account = 'duty-1'): Promise<void> {
  await page.locator(`[data-account="${account}"]`).click()
  await page.getByRole('tree').waitFor()
}
