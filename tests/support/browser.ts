/** Chromium for the pages of a test, with an empty page of its own origin to begin with, and made-up devices. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Browser, chromium } from 'playwright-core'
import { findChromium } from '../electron/stand-in/chromium.ts'
import type { AtEnd } from './at-end.ts'

export interface TestBrowser {
  readonly browser: Browser
  /** Of the empty page. */
  readonly url: string
}

export async function launchBrowser(atEnd: AtEnd, args: readonly string[] = []): Promise<TestBrowser> {
  const server = createServer((_, response) =>
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>test</title><body>'),
  ).listen(0, '127.0.0.1')
  atEnd(() => void server.close())
  await new Promise((resolve) => server.once('listening', resolve))
  const browser = await chromium.launch({
    executablePath: findChromium() ?? '',
    args: [
      '--no-sandbox',
      '--headless=new',
      '--disable-gpu',
      '--mute-audio',
      '--disable-background-networking',
      '--autoplay-policy=no-user-gesture-required',
      '--use-fake-ui-for-media-stream',
      '--use-fake-device-for-media-stream',
      '--allow-loopback-in-peer-connection',
      ...args,
    ],
  })
  atEnd(() => browser.close())
  return { browser, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` }
}
