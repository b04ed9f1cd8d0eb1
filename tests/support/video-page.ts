/** A Chromium page that sends and receives pictures and sound at a hub's SFU, with mediasoup-client, as a console's page does. */
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { build } from 'vite'
import type { PeerWelcome, TrackKind } from '../../contract/peers.ts'
import type { AtEnd } from './at-end.ts'
import { launchBrowser } from './browser.ts'
import type { TestSeat } from './seat.ts'

type Attended = Pick<PeerWelcome, 'peer' | 'rtpCapabilities'>

interface Seen {
  readonly packets: number
  readonly frames: number
  readonly width: number
  /** Of sound, ever growing while something is heard. */
  readonly energy: number
}

/** How a page reaches the SFU to receive: what the selected candidate of its own is (RFC 8445: host, relay …). */
interface Way {
  readonly state: string
  readonly way: string | null
}

export interface VideoInPage {
  /** Sends a track: the made-up camera in two layers, or a tone. Resolves with the producer. */
  send(attended: Attended, kind: TrackKind): Promise<string>
  /** Resolves with the consumer, which runs. */
  receive(attended: Attended, producer: string): Promise<string>
  seen(attended: Attended, producer: string): Promise<Seen | undefined>
  /** Of its pictures since it is received: how many came, and how many of them were not shown. */
  played(attended: Attended, producer: string): Promise<{ total: number; dropped: number }>
  /** When its first picture was on the screen, ms since 1970. */
  shownAt(attended: Attended, producer: string): Promise<number>
  way(attended: Attended): Promise<Way>
  /** What it would publish over WHIP: the made-up camera and a tone. */
  offer(): Promise<string>
  answer(sdp: string): Promise<void>
}

declare global {
  interface Window {
    video: VideoInPage
    askHub(procedure: string, input: object): Promise<unknown>
  }
}

export interface VideoBrowser {
  /** A page that asks the hub as this seat. */
  open(seat: TestSeat): Promise<VideoInPage & { close(): Promise<void> }>
}

export async function openVideoBrowser(atEnd: AtEnd): Promise<VideoBrowser> {
  const script = await bundle()
  const { browser, url } = await launchBrowser(atEnd)
  return { open: (seat) => openPage(browser, url, script, seat) }
}

async function openPage(
  browser: Browser,
  url: string,
  script: string,
  { client }: TestSeat,
): Promise<VideoInPage & { close(): Promise<void> }> {
  const page = await browser.newPage()
  const procedures: Readonly<Record<string, { mutate(input: never): Promise<unknown> }>> = client.peers
  await page.exposeFunction('askHub', (procedure: string, input: never) =>
    procedures[procedure]?.mutate(input),
  )
  await page.goto(url)
  await page.addScriptTag({ content: script })
  return { ...inPage(page), close: () => page.close() }
}

const inPage = (page: Page): VideoInPage => ({
  send: (attended, kind) =>
    page.evaluate(([at, what]) => window.video.send(at, what), [attended, kind] as const),
  offer: () => page.evaluate(() => window.video.offer()),
  answer: (sdp) => page.evaluate((given) => window.video.answer(given), sdp),
  receive: (attended, producer) =>
    page.evaluate(([at, what]) => window.video.receive(at, what), [attended, producer] as const),
  way: (attended) => page.evaluate((at) => window.video.way(at), attended),
  played: (attended, producer) =>
    page.evaluate(([at, what]) => window.video.played(at, what), [attended, producer] as const),
  shownAt: (attended, producer) =>
    page.evaluate(([at, what]) => window.video.shownAt(at, what), [attended, producer] as const),
  seen: (attended, producer) =>
    page.evaluate(([at, what]) => window.video.seen(at, what), [attended, producer] as const),
})

async function bundle(): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: false,
      lib: {
        entry: fileURLToPath(new URL('video-page-client.ts', import.meta.url)),
        formats: ['iife'],
        name: 'videoPage',
      },
    },
  })
  const [first] = Array.isArray(built) ? built : [built]
  if (first === undefined || !('output' in first)) throw new Error('the page was not bundled')
  return first.output[0].code
}
