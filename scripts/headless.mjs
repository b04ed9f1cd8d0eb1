/** The console without a window: signs in as the demonstration's duty officer, waits until units move, takes a picture. */
import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { run, say } from './set-up/say.mjs'
import { openShell } from './shell.mjs'

const READY_WITHIN_MS = 60_000
const SOME_MOVED = 0.2

run(async () => {
  const { program, before, args, shell, scratch, startedAt, size, picture, once, hub, ...flags } = JSON.parse(
    process.argv[2],
  )
  const profile = flags['user-data-dir'] ?? join(scratch, 'profile')
  const console = await openShell({
    program,
    args: [...before, '--headless', `--user-data-dir=${profile}`, ...args],
  })
  const stop = () => console.close()
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  try {
    const { page } = console
    const offered = page.locator('[data-account]').first()
    await offered.waitFor({ timeout: READY_WITHIN_MS }).catch(() => undefined)
    let units = 0
    if (await offered.isVisible()) {
      await offered.click()
      units = await unitsMoving(page)
    } else say('this site has no demonstration accounts: the picture is of the sign-in screen')
    const readyMs = Date.now() - startedAt
    mkdirSync(dirname(picture), { recursive: true })
    await page.screenshot({ path: picture })
    if (once) {
      process.stdout.write(`${JSON.stringify({ readyMs, units, picture, shell })}\n`)
      return 0
    }
    process.stdout.write(`${picture}\n`)
    say(`the console runs (${units} units on the map, ${hub ?? 'embedded hub'}); Ctrl-C ends it`)
    return await console.ended
  } finally {
    await console.close()
  }
})

/** How many units are on the map, once a fair share of them has been seen to move. */
async function unitsMoving(page) {
  const map = page.locator('[data-testid="map"]')
  await map.waitFor({ timeout: READY_WITHIN_MS })
  const handle = await page.waitForFunction(
    (share) => {
      const { units = 0, moved = 0 } = document.querySelector('[data-testid="map"]')?.dataset ?? {}
      return Number(units) > 0 && Number(moved) >= Number(units) * share && Number(units)
    },
    SOME_MOVED,
    { timeout: READY_WITHIN_MS },
  )
  return handle.jsonValue()
}
