/** Voice through the engine: from its socket to the page's ear and back, and what many voices cost it. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import type { SoundOffer } from '../../contract/seat-sound.ts'
import { type Bench, Collector, percentile } from '../bench.ts'
import { cpuSeconds } from '../processes.ts'
import { openBenchBrowser, openBenchPage } from './browser.ts'
import type { Order, Report } from './engine.ts'
import { openTelephone, type Telephone } from './telephones.ts'

const REPEATS = 5
const SIZES = [24, 64]
const SETTLE_MS = 2_000
/** Some ten beeps each way. */
const LISTEN_MS = 4_000
const MEASURE_MS = 2_000
const CONNECTED_WITHIN_MS = 20_000
/** Who hears a beep later than this has heard another. */
const LATEST_MS = 350

export const voice: Bench = {
  name: 'voice',
  about:
    'voice (G.711) from the engine’s socket to the ear in Chromium, and from the page’s microphone to the wire; the engine’s share of a core with 24 and 64 that speak',
  targets: { downP50Ms: { max: 70 }, cpu64: { max: 0.4 } },
  run: async (say) => {
    const collector = new Collector()
    const ends: (() => unknown)[] = []
    try {
      const { call, page, pid } = await begin(ends)
      const telephones = [await call(true)]
      for (let repeat = 0; repeat < REPEATS; repeat++) {
        const { down, up } = await latencies(page, telephones[0])
        const figures = {
          downP50Ms: percentile(down, 0.5),
          downP95Ms: percentile(down, 0.95),
          upP50Ms: percentile(up, 0.5),
        }
        collector.add(figures)
        say(
          Object.entries(figures)
            .map(([name, value]) => `${name} ${value.toFixed(0)}`)
            .join(', '),
        )
      }
      for (const size of SIZES) {
        const missing = Array.from({ length: size - telephones.length }, () => call(false))
        telephones.push(...(await Promise.all(missing)))
        await passed(SETTLE_MS)
        for (let repeat = 0; repeat < REPEATS; repeat++) {
          const began = performance.now()
          const before = cpuSeconds(pid)
          await passed(MEASURE_MS)
          const cpu = (cpuSeconds(pid) - before) / ((performance.now() - began) / 1000)
          collector.add({ [`cpu${size}`]: cpu })
          say(`${size} speak: ${cpu.toFixed(3)}`)
        }
      }
      return { figures: collector.samples }
    } finally {
      for (const end of ends.reverse()) await end()
    }
  },
}

async function begin(ends: (() => unknown)[]) {
  const engine = fork(fileURLToPath(new URL('./engine.ts', import.meta.url)))
  ends.push(() => engine.kill())
  const page = await openBenchPage(await openBenchBrowser(ends), 'beeps')
  const order = (what: Order) => engine.send(what)
  /** The names of the legs that the page hears. */
  let heard: readonly string[] = []
  const answered = new Map<string, (answer: string) => void>()
  const take = async (offer: SoundOffer) => {
    order({ kind: 'answer', answer: await page.evaluate((given) => window.voiceBench.answer(given), offer) })
    heard = offer.downlinks.map(({ leg }) => leg)
  }
  engine.on('message', (report: Report) => {
    if (report.kind === 'offer') void take(report.offer)
    else if (report.kind === 'called') answered.get(report.name)?.(report.answer)
  })
  const connected = new Promise<void>((resolve) =>
    engine.on('message', ({ kind }: Report) => kind === 'connected' && resolve()),
  )
  order({ kind: 'page' })
  await Promise.race([
    connected,
    once(engine, 'exit').then(() => Promise.reject(new Error('the engine ended'))),
    passed(CONNECTED_WITHIN_MS).then(() => Promise.reject(new Error('the page was not connected'))),
  ])
  let count = 0
  /** The first beeps and hears the microphone, all others speak on. */
  const call = async (first: boolean): Promise<Telephone> => {
    const name = `call-${count++}`
    const telephone = await openTelephone()
    ends.push(() => telephone.close())
    const answer = new Promise<string>((resolve) => answered.set(name, resolve))
    order({ kind: 'call', name, offer: telephone.offer, open: first })
    telephone.speak(await answer, first)
    while (!heard.includes(name)) await passed(10)
    return telephone
  }
  return { call, page, pid: engine.pid ?? 0 }
}

/** Each beep's way, in ms. */
async function latencies(page: Page, telephone: Telephone | undefined) {
  if (telephone === undefined) throw new Error('nobody called')
  await passed(SETTLE_MS)
  await page.evaluate(() => window.voiceBench.take())
  telephone.take()
  await passed(LISTEN_MS)
  const there = await page.evaluate(() => window.voiceBench.take())
  const here = telephone.take()
  const [down, up] = [ways(here.said, there.heard), ways(there.said, here.heard)]
  if (down.length < 5 || up.length < 5)
    throw new Error(`only ${down.length} beeps came to the page and ${up.length} from it`)
  return { down, up }
}

/** From each beginning to the first that was heard after it. */
const ways = (said: readonly number[], heard: readonly number[]): number[] =>
  said.flatMap((at) => {
    const way = (heard.find((each) => each >= at - 1) ?? Number.POSITIVE_INFINITY) - at
    return way < LATEST_MS ? [Math.max(0, way)] : []
  })

const passed = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
