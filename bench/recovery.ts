/** What a peer and the officer are spared when a page or an engine goes: silence, and lines that are not there. */
import { setTimeout as wait } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { type Exchange, openExchange } from '../lab/exchange/exchange.ts'
import { encode } from '../main/engine/media/g711.ts'
import { commandOf, descendantsOf } from '../tests/electron/processes.ts'
import type { Shell } from '../tests/electron/shell.ts'
import { endings } from '../tests/support/at-end.ts'
import { sine } from '../tests/support/tone.ts'
import { type Bench, Collector } from './bench.ts'
import { buildConsole, openSeatConsole, registered } from './seat-console.ts'

const REPEATS = 5
const LINE = { number: '8001', password: 'password-of-a-line' }
const PHONE = '60001'
const DOMAIN = 'exercise.invalid'
const LOOK_MS = 5
const GIVEN_UP_MS = 30_000
/** So many loud packets after a silence, and the officer is heard again. */
const HEARD_AGAIN = 100

export const recovery: Bench = {
  name: 'recovery',
  about:
    'in the built console (stand-in): the page is loaded anew in mid-call, and how long the peer hears nothing (Chromium’s fake microphone, whose beeps have half a second between them); the engine is killed, and how long until its line is registered again',
  takes: 'about 2 minutes',
  targets: { reloadSilenceMs: { max: 2000 }, registeredAgainMs: { max: 5000 } },
  run: async (say) => {
    const { atEnd, run } = endings()
    try {
      await buildConsole()
      const exchange = await openExchange({
        host: '127.0.0.1',
        domain: DOMAIN,
        accounts: [LINE],
        phones: [PHONE],
        temperament: () => ({ kind: 'answers', afterMs: 0, talksForMs: 600_000 }),
        clips: new Map([['unit-tone', encode('PCMU', sine(400, 80_000))]]),
      })
      atEnd(() => exchange.close())
      const { shell, page } = await openSeatConsole(atEnd, { ...LINE, port: exchange.port, domain: DOMAIN })
      const collector = new Collector()
      for (let repeat = 0; repeat < REPEATS; repeat++) {
        const reloadSilenceMs = await reload(shell, page, exchange)
        const registeredAgainMs = await kill(shell, page)
        collector.add({ reloadSilenceMs, registeredAgainMs })
        say(
          `silence ${reloadSilenceMs.toFixed(0)} ms, registered again after ${registeredAgainMs.toFixed(0)} ms`,
        )
      }
      return { figures: collector.samples }
    } finally {
      await run()
    }
  },
}

/** The longest time without a loud packet, from before the page is loaded anew until the officer is heard again. */
async function reload(shell: Shell, page: Page, exchange: Exchange): Promise<number> {
  const loud = () => exchange.phone(PHONE).heard()?.loud ?? 0
  const heardSince = async (from: number, packets: number) => {
    let longest = 0
    let before = loud()
    for (let since = performance.now(); before < from + packets; await wait(LOOK_MS)) {
      const now = loud()
      longest = Math.max(longest, performance.now() - since)
      if (longest > GIVEN_UP_MS) throw new Error('the peer hears nothing any more')
      if (now > before) since = performance.now()
      before = now
    }
    return longest
  }
  await page.getByRole('textbox', { name: '号码', exact: true }).fill(PHONE)
  await page.keyboard.press('Enter')
  await page.locator('[data-call][data-state="talking"]').waitFor()
  await heardSince(0, HEARD_AGAIN)
  const silence = heardSince(loud(), HEARD_AGAIN)
  await shell.inMain(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.reload())
  const longest = await silence
  exchange.phone(PHONE).hangUp()
  await page.locator('[data-call]').waitFor({ state: 'detached' })
  return longest
}

async function kill(shell: Shell, page: Page): Promise<number> {
  const engine = descendantsOf(shell.pid).find((pid) => /out\/main\/engine\.js/.test(commandOf(pid)))
  if (engine === undefined) throw new Error('the engine does not run')
  const killed = performance.now()
  process.kill(engine, 'SIGKILL')
  await page.locator('[data-line="line"][data-state="registering"]').waitFor()
  await registered(page)
  return performance.now() - killed
}
