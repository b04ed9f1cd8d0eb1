/** A console for the radio's benchmarks: a seat's engine in a process of its own, and a page that hears and speaks. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import type { Radio, SeatChannel } from '../../contract/seat-radio.ts'
import { PASSWORD } from '../../tests/support/site.ts'
import { until } from '../../tests/support/until.ts'
import { type BenchBrowser, openBenchPage } from '../voice/browser.ts'
import type { Speech } from '../voice/page.ts'
import type { Order, Report } from './seat.ts'

export interface BenchConsole {
  /** Of the engine. */
  readonly pid: number
  readonly page: Page
  order(what: Order): void
  channels(): readonly SeatChannel[]
}

/** Resolves when the seat is signed in, all its channels are up and the page hears them. */
export async function openBenchConsole(
  ends: (() => unknown)[],
  browser: BenchBrowser,
  {
    hub,
    account,
    channels,
    speech,
  }: {
    readonly hub: string
    readonly account: string
    readonly channels: number
    readonly speech: Speech
  },
): Promise<BenchConsole> {
  const folder = mkdtempSync(join(tmpdir(), 'watchfloor-bench-'))
  ends.push(() => rmSync(folder, { recursive: true, force: true }))
  const engine = fork(fileURLToPath(new URL('./seat.ts', import.meta.url)))
  const ended = once(engine, 'exit')
  ends.push(async () => {
    if (engine.connected) engine.disconnect()
    await ended
  })
  const page = await openBenchPage(browser, speech)
  let radio: Radio | undefined
  let heard = 0
  const order = (what: Order) => engine.send(what)
  engine.on('message', async (report: Report) => {
    if (report.kind === 'radio') radio = report.radio
    else {
      const { offer } = report
      order({
        kind: 'answer',
        answer: await page.evaluate((given) => window.voiceBench.answer(given), offer),
      })
      heard = offer.downlinks.length
    }
  })
  order({ kind: 'sit', hub, folder, account, password: PASSWORD })
  await until(() => {
    const up = radio?.channels.filter(({ link }) => link.state === 'up').length ?? 0
    if (up < channels || heard < channels)
      throw new Error(`${up} channels are up, ${heard} are heard by the page`)
  })
  return { pid: engine.pid ?? 0, page, order, channels: () => radio?.channels ?? [] }
}
