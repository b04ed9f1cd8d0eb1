/** The console without a window: signs in as the demonstration's duty officer, waits until units move, takes a picture. */
import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Page } from 'playwright-core'
import { run, say } from './set-up/say.mjs'
import { openShell } from './shell.ts'

/** What `npm start` hands over, as JSON in the first argument. */
interface Headless {
  readonly program: string
  /** Arguments before the console's own. */
  readonly before: readonly string[]
  readonly args: readonly string[]
  readonly shell: 'electron' | 'stand-in'
  /** A folder that is removed afterwards. */
  readonly scratch: string
  readonly startedAt: number
  readonly picture: string
  readonly once: boolean
  readonly hub?: string
  readonly 'user-data-dir'?: string
}

const READY_WITHIN_MS = 60_000
/** Units count as moving when this share of them has been seen to. */
const SOME_MOVED = 0.05

run(async () => {
  const headless: Headless = JSON.parse(process.argv[2] ?? '')
  const { program, before, args, shell, scratch, startedAt, picture, once, hub = 'embedded hub' } = headless
  const profile = headless['user-data-dir'] ?? join(scratch, 'profile')
  const opened = await openShell({
    program,
    args: [...before, '--headless', `--user-data-dir=${profile}`, ...args],
  })
  process.once('SIGINT', opened.close)
  process.once('SIGTERM', opened.close)
  try {
    const units = await signIn(opened.page)
    const readyMs = Math.round(Date.now() - startedAt)
    mkdirSync(dirname(picture), { recursive: true })
    await opened.page.screenshot({ path: picture })
    process.stdout.write(`${JSON.stringify({ readyMs, units, picture, shell })}\n`)
    if (once) return 0
    say(`the console runs (${units} units on the map, ${hub}); Ctrl-C ends it`)
    return await opened.ended
  } finally {
    await opened.close()
  }
})

/** Signs in with the first account that is offered, and gives the number of units that are on the map and move. */
async function signIn(page: Page): Promise<number> {
  const offered = page.locator('[data-account]').first()
  await offered.waitFor({ timeout: READY_WITHIN_MS }).catch(() => undefined)
  if (!(await offered.isVisible())) {
    say('this site has no demonstration accounts: the picture is of the sign-in screen')
    return 0
  }
  await offered.click()
  const handle = await page.waitForFunction(
    (share) => {
      const { units = 0, moved = 0 } =
        document.querySelector<HTMLElement>('[data-testid="map"]')?.dataset ?? {}
      return Number(units) > 0 && Number(moved) >= Number(units) * share && Number(units)
    },
    SOME_MOVED,
    { timeout: READY_WITHIN_MS },
  )
  return Number(await handle.jsonValue())
}
