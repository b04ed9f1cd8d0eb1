/** The system's Chromium as the stand-in's window. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createInterface } from 'node:readline'

export interface ChromiumOptions {
  readonly profile: string
  readonly headless: boolean
  readonly size: { readonly width: number; readonly height: number }
  readonly debuggingPort: number
  readonly extra: readonly string[]
}

export interface Chromium {
  /** Of the browser, not of a page. */
  readonly devTools: string
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

const STARTS_WITHIN_MS = 30_000

/** Starts it with nothing of its own that goes out to the network. */
export function startChromium({
  profile,
  headless,
  size,
  debuggingPort,
  extra,
}: ChromiumOptions): Promise<Chromium> {
  const program = findChromium()
  if (program === undefined)
    throw new Error(
      'no Chromium was found: install it (Debian: apt-get install chromium), or set WATCHFLOOR_CHROMIUM to its path',
    )
  const flags = [
    `--user-data-dir=${profile}`,
    `--remote-debugging-port=${debuggingPort}`,
    `--window-size=${size.width},${size.height}`,
    ...(headless ? ['--headless=new'] : ['--app=about:blank']),
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
    '--disable-features=Translate,MediaRouter,OptimizationHints',
    '--autoplay-policy=no-user-gesture-required',
    '--allow-loopback-in-peer-connection',
    '--password-store=basic',
    ...extra,
    ...(headless ? ['about:blank'] : []),
  ]
  const child = spawn(program, flags, { stdio: ['ignore', 'ignore', 'pipe'] })
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => {
      child.kill('SIGKILL')
      reject(new Error(`${program} did not start within ${STARTS_WITHIN_MS / 1000} s`))
    }, STARTS_WITHIN_MS)
    let said = ''
    child.once('error', reject)
    child.once('exit', (code) => {
      clearTimeout(late)
      reject(new Error(`${program} ended with ${code}:\n${said}`))
    })
    const lines = createInterface({ input: child.stderr })
    lines.on('line', (line) => {
      const found = /^DevTools listening on (ws:\S+)/.exec(line)
      if (found?.[1] === undefined) {
        if (said.length < 4000) said += `${line}\n`
        return
      }
      clearTimeout(late)
      resolve({ devTools: found[1], process: child })
    })
  })
}
