/** From the officer's click to thirty telephones that ring, and to thirty parties in one conversation. */
import { setTimeout as delay } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { openExchange } from '../lab/exchange/exchange.ts'
import { encode } from '../main/engine/media/g711.ts'
import { endings } from '../tests/support/at-end.ts'
import { sine } from '../tests/support/tone.ts'
import { type Bench, Collector } from './bench.ts'
import { buildConsole, openSeatConsole } from './seat-console.ts'

const REPEATS = 5
const PARTIES = 30
const LINE = { number: '8001', password: 'of-the-seat' }
const DOMAIN = 'exercise.invalid'
const numbers = Array.from({ length: PARTIES }, (_, at) => `${60_001 + at}`)
/** Between two: the telephones are free again. */
const REST_MS = 1_000

export const groupCall: Bench = {
  name: 'group-call',
  about: `from the click in the built console (stand-in) to the last of ${PARTIES} telephones being rung at the lab's exchange over UDP, and to all ${PARTIES}, who answer at once, shown in the conversation`,
  takes: 'about a minute',
  targets: { ringing30Ms: { max: 500 } },
  run: async (say) => {
    const { atEnd, run } = endings()
    try {
      await buildConsole()
      /** When each telephone was last rung, in ms since 1970. */
      const rung = new Map<string, number>()
      const exchange = await openExchange({
        host: '127.0.0.1',
        domain: DOMAIN,
        accounts: [LINE],
        phones: numbers,
        temperament: (number) => {
          // Asked again by each INVITE that comes twice.
          if (!rung.has(number)) rung.set(number, performance.timeOrigin + performance.now())
          return { kind: 'answers', afterMs: 0, talksForMs: 600_000 }
        },
        clips: new Map([['unit-tone', encode('PCMU', sine(400, 8_000))]]),
      })
      atEnd(() => exchange.close())
      const { page } = await openSeatConsole(atEnd, { port: exchange.port, domain: DOMAIN, ...LINE })
      const collector = new Collector()
      // Of code that has never run.
      await once(page, rung)
      for (let repeat = 0; repeat < REPEATS; repeat++) {
        const figures = await once(page, rung)
        collector.add(figures)
        say(`ringing ${figures.ringing30Ms.toFixed(0)} ms, joined ${figures.joined30Ms.toFixed(0)} ms`)
      }
      return { figures: collector.samples }
    } finally {
      await run()
    }
  },
}

async function once(page: Page, rung: Map<string, number>) {
  const telephone = page.getByRole('region', { name: '电话' })
  await telephone.getByRole('button', { name: '组呼' }).click()
  await page.getByRole('combobox', { name: '力量或号码' }).fill(`${numbers.join(',')},`)
  rung.clear()
  const joined = page.evaluate(
    (parties) =>
      new Promise<{ clicked: number; joined: number }>((resolve) => {
        let clicked = 0
        document.addEventListener(
          'click',
          ({ timeStamp }) => {
            clicked = timeStamp
          },
          { capture: true, once: true },
        )
        const look = new MutationObserver(() => {
          if (document.querySelectorAll('[data-party][data-state="in"]').length < parties) return
          look.disconnect()
          const { timeOrigin } = performance
          resolve({ clicked: timeOrigin + clicked, joined: timeOrigin + performance.now() })
        })
        look.observe(document.body, { subtree: true, childList: true, attributes: true })
      }),
    PARTIES,
  )
  await page.getByRole('button', { name: '发起组呼' }).click()
  const times = await joined
  await telephone.getByRole('button', { name: '结束', exact: true }).click()
  await telephone.getByRole('button', { name: '关闭', exact: true }).click()
  await delay(REST_MS)
  return {
    ringing30Ms: Math.max(...rung.values()) - times.clicked,
    joined30Ms: times.joined - times.clicked,
  }
}
