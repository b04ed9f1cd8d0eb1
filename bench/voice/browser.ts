/** Chromium with pages that hear the engine's legs and have a microphone of their own. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Browser, chromium, type Page } from 'playwright-core'
import { findChromium } from '../../tests/electron/stand-in/chromium.ts'
import { install, type Speech } from './page.ts'

export interface BenchBrowser {
  readonly browser: Browser
  /** Of the page that is there to be opened. */
  readonly url: string
}

/** `sound`: the sound system's socket; without one nothing is played. */
export async function openBenchBrowser(ends: (() => unknown)[], sound?: string): Promise<BenchBrowser> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html').end('<!doctype html><title>voice</title>')
  }).listen(0, '127.0.0.1')
  ends.push(() => server.close())
  await once(server, 'listening')
  const browser = await chromium.launch({
    executablePath: findChromium() ?? '',
    ...(sound !== undefined && {
      env: { ...process.env, PULSE_SERVER: sound },
      // Playwright's own wish for whatever has no window.
      ignoreDefaultArgs: ['--mute-audio'],
    }),
    args: [
      ...['--no-sandbox', '--headless=new', '--disable-gpu', '--disable-background-networking'],
      ...(sound === undefined ? ['--mute-audio'] : ['--use-fake-ui-for-media-stream']),
      ...['--autoplay-policy=no-user-gesture-required', '--allow-loopback-in-peer-connection'],
      // A page that may use the microphone says its address by itself.
      '--disable-features=WebRtcHideLocalIpsWithMdns',
      // Both of two pages are in front.
      ...['--disable-renderer-backgrounding', '--disable-backgrounding-occluded-windows'],
    ],
  })
  ends.push(() => browser.close())
  return { browser, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` }
}

/** `speech`: of its microphone. */
export async function openBenchPage({ browser, url }: BenchBrowser, speech: Speech): Promise<Page> {
  const page = await browser.newPage()
  await page.goto(url)
  await page.evaluate(install, speech)
  return page
}
