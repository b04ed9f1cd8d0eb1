/** How smooth the map is with many units, against Leaflet's circle markers on canvas. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { chromium, type Page } from 'playwright-core'
import { build } from 'vite'
import { findChromium } from '../../tests/electron/stand-in/chromium.ts'
import { type Bench, Collector } from '../bench.ts'

const REPEATS = 5
const SIZES = [1_000, 10_000, 50_000]
const DRAG_MS = 1_500
const IDLE_MS = 1_500
const viewport = { width: 1440, height: 900 }
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
}

export const map: Bench = {
  name: 'map',
  about:
    'frames a second with units that report every 2 s: at rest, dragged, zoomed; against Leaflet circle markers on canvas',
  takes: 'about 6 minutes',
  targets: { 'fps10k*': { min: 55 }, fps50kDrag: { min: 50 } },
  run: async (say) => {
    const folder = mkdtempSync(join(tmpdir(), 'watchfloor-bench-'))
    const server = await serve(await buildPage(folder))
    const { port } = server.address() as { port: number }
    const browser = await chromium.launch({
      executablePath: findChromium() ?? '',
      args: ['--no-sandbox', '--disable-background-networking', '--disable-gpu', '--headless=new'],
    })
    try {
      const ours = new Collector()
      const peers = new Collector()
      for (let repeat = 0; repeat < REPEATS; repeat++)
        for (const units of SIZES)
          for (const [kind, collector] of [
            ['console', ours],
            ['circles', peers],
          ] as const) {
            const page = await browser.newPage({ viewport })
            await page.goto(`http://127.0.0.1:${port}/page.html?kind=${kind}&units=${units}`)
            await page.waitForFunction(() => window.bench !== undefined, undefined, { timeout: 120_000 })
            const figures = await measure(page, units)
            collector.add(figures)
            await page.close()
            say(`${kind} ${units}: ${JSON.stringify(mapped(figures))}`)
          }
      return { figures: ours.samples, peer: peers.samples }
    } finally {
      await browser.close()
      server.close()
      rmSync(folder, { recursive: true, force: true })
    }
  },
}

async function measure(page: Page, units: number): Promise<Record<string, number>> {
  const size = `${units / 1000}k`
  const frames = async (work: () => Promise<void>) => {
    await page.evaluate(() => window.bench?.startFrames())
    await work()
    return page.evaluate(() => window.bench?.stopFrames() ?? Number.NaN)
  }
  await page.waitForTimeout(500)
  const figures: Record<string, number> = {
    [`fps${size}Idle`]: await frames(() => page.waitForTimeout(IDLE_MS)),
    [`fps${size}Drag`]: await frames(() => drag(page)),
    [`fps${size}Zoom`]: await frames(() => page.evaluate(() => window.bench?.zoom())),
  }
  if (units === 10_000) {
    figures.tickMs10k = await page.evaluate(() => window.bench?.tickMs() ?? Number.NaN)
    figures.pickMs10k = await page.evaluate(() => window.bench?.pickMs() ?? Number.NaN)
  }
  return figures
}

async function drag(page: Page): Promise<void> {
  const { mouse } = page
  await mouse.move(700, 400)
  await mouse.down()
  const began = Date.now()
  for (let step = 0; Date.now() - began < DRAG_MS; step++) {
    await mouse.move(700 + 250 * Math.sin(step / 15), 400 + 150 * Math.sin(step / 11))
    await page.waitForTimeout(12)
  }
  await mouse.up()
}

async function buildPage(folder: string): Promise<string> {
  await build({
    root: import.meta.dirname,
    configFile: false,
    logLevel: 'error',
    build: {
      outDir: folder,
      emptyOutDir: true,
      target: 'esnext',
      rollupOptions: { input: join(import.meta.dirname, 'page.html') },
    },
  })
  return folder
}

function serve(folder: string): Promise<Server> {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://bench').pathname
    try {
      const body = readFileSync(join(folder, path))
      response
        .writeHead(200, { 'content-type': types[extname(path)] ?? 'application/octet-stream' })
        .end(body)
    } catch {
      response.writeHead(404).end()
    }
  })
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)))
}

const mapped = (figures: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, Number(value.toPrecision(3))]))
