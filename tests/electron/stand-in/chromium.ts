/** The system's Chromium, started with nothing of its own that goes out to the network. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { type Cdp, connectCdp } from './cdp.ts'
import { host } from './host.ts'

export interface Chromium {
  readonly cdp: Cdp
  readonly process: ChildProcess
}

const places = [
  process.env.WATCHFLOOR_CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]

export function findChromium(): string | undefined {
  return places.find((place) => place !== undefined && existsSync(place))
}

/** A window without tabs and address must have an address to begin with, and about:blank is none. */
const FIRST_PAGE = 'data:text/html,'

const STARTS_WITHIN_MS = 30_000

export async function startChromium(): Promise<Chromium> {
  const program = findChromium()
  if (program === undefined)
    throw new Error(
      'no Chromium was found: install it (Debian: apt-get install chromium), or set WATCHFLOOR_CHROMIUM to its path',
    )
  // It ends when its pipe does: a stand-in that is killed leaves no Chromium behind.
  const child = spawn(program, flags(), {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
    // As every desktop has it: without, files can't have names in Chinese.
    env: { ...process.env, LC_ALL: process.env.LC_ALL ?? process.env.LANG ?? 'C.UTF-8' },
  })
  const [, , errors, to, from] = child.stdio as [null, null, Readable, Writable, Readable]
  const said: string[] = []
  createInterface({ input: errors }).on('line', (line) => {
    if (said.length < 50) said.push(line)
    // Tools wait for this line, from Electron as from Chromium.
    if (line.startsWith('DevTools listening on')) process.stderr.write(`${line}\n`)
  })
  const cdp = connectCdp(to, from, once(child, 'close'))
  const late = setTimeout(() => child.kill('SIGKILL'), STARTS_WITHIN_MS)
  try {
    await cdp.send('Browser.getVersion')
  } catch (cause) {
    throw new Error(`${program} did not start:\n${said.join('\n')}`, { cause })
  } finally {
    clearTimeout(late)
  }
  return { cdp, process: child }
}

function flags(): string[] {
  const { userData, headless, displays, debuggingPort } = host()
  const [display = { width: 1440, height: 900 }] = displays
  return [
    `--user-data-dir=${join(userData, 'Chromium')}`,
    '--remote-debugging-pipe',
    ...(debuggingPort === undefined ? [] : [`--remote-debugging-port=${debuggingPort}`]),
    `--window-size=${display.width},${display.height}`,
    ...(headless ? ['--headless=new', '--no-startup-window'] : [`--app=${FIRST_PAGE}`]),
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    '--no-first-run',
    '--no-default-browser-check',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--disable-quic',
    '--disable-gpu',
    '--disable-dev-shm-usage',
    '--disable-backgrounding-occluded-windows',
    '--disable-renderer-backgrounding',
    '--disable-background-timer-throttling',
    // Electron's MessagePorts tell of their closing (electronjs.org/docs/latest/tutorial/message-ports).
    '--enable-features=MessagePortCloseEvent',
    '--disable-features=Translate,MediaRouter,OptimizationHints,BackForwardCache,PreloadTopChromeWebUI,WebUIOmniboxPopup,SpareRendererForSitePerProcess',
    '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost',
    '--autoplay-policy=no-user-gesture-required',
    // Which screen a page gets was chosen by the app: here it is the page's own window.
    '--auto-accept-this-tab-capture',
    '--allow-loopback-in-peer-connection',
    '--password-store=basic',
    ...(headless && process.env.WATCHFLOOR_SOUND !== 'system'
      ? ['--use-fake-device-for-media-stream', '--mute-audio']
      : []),
  ]
}
