/** A wall of nine and of sixteen pictures in one page: what it costs, and how many pictures it does not show. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { parse } from 'yaml'
import { siteDocumentSchema } from '../../contract/site.ts'
import { openCityCameras } from '../../lab/video/city-cameras.ts'
import { endings } from '../../tests/support/at-end.ts'
import { until } from '../../tests/support/until.ts'
import { startVideoHub } from '../../tests/support/video-hub.ts'
import { openVideoBrowser, type VideoBrowser, type VideoInPage } from '../../tests/support/video-page.ts'
import { openVideoSeat } from '../../tests/support/video-seat.ts'
import { type Bench, Collector } from '../bench.ts'
import { cpuSeconds, treeOf } from '../processes.ts'

const REPEATS = 5
const SIZES = [9, 16] as const
const SETTLE_MS = 2_000
const MEASURE_MS = 4_000
const resources = join(import.meta.dirname, '../../resources')

export const wall: Bench = {
  name: 'wall',
  about:
    'nine and sixteen pictures of the demonstration city’s cameras drawn in one page of Chromium without a graphics card: CPU of all its processes (1: a core), and pictures that came and were not shown',
  takes: 'about two minutes',
  targets: { droppedPct9: { max: 2 } },
  run: async (say) => {
    const { atEnd, run } = endings()
    try {
      const site: object = parse(readFileSync(join(resources, 'demo-site.yaml'), 'utf8'))
      const hub = await startVideoHub(atEnd, { workers: 1, site })
      // There are twelve cameras: the others are watched by a second officer, in a page of the same browser.
      const seats = [
        await openVideoSeat(atEnd, hub, 'duty-1', 'watchfloor-demo'),
        await openVideoSeat(atEnd, hub, 'duty-2', 'watchfloor-demo'),
      ]
      const [first] = seats
      if (first === undefined) throw new Error('nobody looks')
      const status = first.watchStatus()
      await until(() => {
        if (status.at(-1)?.video.state !== 'up') throw new Error('there is no video')
      })
      atEnd(await openCityCameras(siteDocumentSchema.parse(site), hub.url, resources))
      const sources = await until(() => {
        const up = first.statuses().filter(({ state }) => state === 'up')
        if (up.length < SIZES[0]) throw new Error(`${up.length} cameras are up`)
        return up.map(({ source }) => source)
      })
      const browser = await openVideoBrowser(atEnd)
      const collector = new Collector()
      for (let repeat = 0; repeat < REPEATS; repeat++) {
        const figures: Record<string, number> = {}
        for (const size of SIZES) {
          const shown: Shown[] = []
          for (const seat of seats) {
            const left = size - shown.length
            if (left > 0) shown.push(...(await show(seat, await browser.open(seat), sources.slice(0, left))))
          }
          if (shown.length < size) throw new Error(`${shown.length} of ${size} pictures`)
          await delay(SETTLE_MS)
          const { cpu, droppedPct } = await measure(shown)
          figures[`cpu${size}`] = cpu
          figures[`droppedPct${size}`] = droppedPct
          for (const { leave } of shown) await leave()
        }
        collector.add(figures)
        say(
          Object.entries(figures)
            .map(([name, value]) => `${name} ${value.toFixed(2)}`)
            .join(', '),
        )
      }
      return { figures: collector.samples }
    } finally {
      await run()
    }
  },
}

interface Shown {
  readonly page: VideoInPage
  readonly welcome: Parameters<VideoInPage['seen']>[0]
  readonly producer: string
  leave(): Promise<void>
}

async function show(
  seat: Awaited<ReturnType<typeof openVideoSeat>>,
  page: Awaited<ReturnType<VideoBrowser['open']>>,
  sources: readonly string[],
): Promise<Shown[]> {
  const { welcome, tellings, leave } = await seat.attendSources()
  for (const source of sources) await seat.client.sources.watch.mutate({ peer: welcome.peer, source })
  const shown: Shown[] = []
  for (const source of sources) {
    const producer = await until(() => {
      const told = tellings.findLast((telling) => telling.kind === 'watched')
      const track = told?.sources.find((each) => each.source === source)?.tracks[0]
      if (track === undefined) throw new Error(`${source} has no picture`)
      return track.producer
    })
    await page.receive(welcome, producer)
    await page.shownAt(welcome, producer)
    shown.push({
      page,
      welcome,
      producer,
      leave: async () => {
        leave()
        await page.close()
      },
    })
  }
  return shown
}

async function measure(shown: readonly Shown[]) {
  const cpuNow = () => browserProcesses().reduce((sum, each) => sum + cpuSeconds(each), 0)
  const look = async () => {
    const all = await Promise.all(shown.map(({ page, welcome, producer }) => page.played(welcome, producer)))
    return {
      total: all.reduce((sum, { total }) => sum + total, 0),
      dropped: all.reduce((sum, { dropped }) => sum + dropped, 0),
    }
  }
  const before = { cpu: cpuNow(), at: performance.now(), ...(await look()) }
  await delay(MEASURE_MS)
  const after = await look()
  const cpu = (cpuNow() - before.cpu) / ((performance.now() - before.at) / 1000)
  return { cpu, droppedPct: (100 * (after.dropped - before.dropped)) / (after.total - before.total) }
}

/** Those that this process has started, and what they have. */
const browserProcesses = (): number[] =>
  treeOf(process.pid).filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('chrom')
    } catch {
      // It has ended meanwhile.
      return false
    }
  })
