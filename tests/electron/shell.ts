/** Starts an app in the stand-in as a process of its own, and reaches into its main process and its pages. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { until } from '../support/until.ts'
import { descendantsOf, isRunning } from './processes.ts'

/** What `inMain` gives its work. */
type Electron = typeof import('electron')

export interface ShellOptions {
  /** The folder of the app's package.json. */
  readonly app: string
  /** The app's profile; without one it has one of its own, which goes with it. */
  readonly userData?: string
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export interface Shell {
  readonly pid: number
  readonly userData: string
  readonly ended: Promise<Ended>
  /** What the app and the stand-in have printed so far. */
  printed(): string
  /** Runs `work`, which may use nothing but its arguments, in the main process. */
  inMain<T, A extends unknown[]>(
    work: (electron: Electron, ...args: A) => T | Promise<T>,
    ...args: A
  ): Promise<T>
  /** The app's page, or that with such a name, once it has one; after a crash, the one that came back. */
  page(name?: string): Promise<Page>
  /** Asks the app to quit, as the system does. */
  quit(): Promise<Ended>
  /** Ends it at once if it still runs, and everything it started, and removes its profile. */
  [Symbol.asyncDispose](): Promise<void>
}

const launcher = join(import.meta.dirname, 'stand-in/launch.ts')
const STARTS_WITHIN_MS = 20_000

export async function openShell({ app, userData, args = [], env = {} }: ShellOptions): Promise<Shell> {
  const profile = userData ?? mkdtempSync(join(tmpdir(), 'watchfloor-shell-'))
  const flags = [`--app=${app}`, '--headless', '--remote-debugging-port=0', `--user-data-dir=${profile}`]
  const child = spawn(process.execPath, ['--inspect=127.0.0.1:0', launcher, ...flags, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  })
  let printed = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      printed += chunk
    })
  const ended = new Promise<Ended>((resolve) =>
    child.once('close', (code, signal) => resolve({ code, signal })),
  )
  const inspector = new Inspector(() => printed, child)
  const browsers: Browser[] = []
  const { pid } = child
  if (pid === undefined) throw new Error('the stand-in did not start')
  return {
    pid,
    userData: profile,
    ended,
    printed: () => printed,
    inMain: async (work, ...args) => (await inspector.evaluate(String(work), args)) as never,
    page: (name = '') =>
      until(
        async () => {
          const browser = await chromium.connectOverCDP(
            await said(/DevTools listening on (ws:\S+)/, () => printed),
          )
          browsers.push(browser)
          const pages = browser.contexts()[0]?.pages() ?? []
          const page = pages.find((other) => other.url().startsWith('https://') && other.url().includes(name))
          if (page === undefined) throw new Error('there is no page yet')
          return page
        },
        { timeout: STARTS_WITHIN_MS, interval: 100 },
      ),
    quit: () => {
      child.kill('SIGTERM')
      return ended
    },
    [Symbol.asyncDispose]: async () => {
      const started = descendantsOf(pid)
      child.kill('SIGKILL')
      await ended
      for (const other of started) if (isRunning(other)) process.kill(other, 'SIGKILL')
      await Promise.all(browsers.map((browser) => browser.close()))
      if (userData === undefined) rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

function said(line: RegExp, printed: () => string): Promise<string> {
  return until(
    () => {
      const found = line.exec(printed())?.[1]
      if (found === undefined) throw new Error(`it did not print ${line}, but:\n${printed()}`)
      return found
    },
    { timeout: STARTS_WITHIN_MS },
  )
}

/** Runs in main: its `electron` module, once the app is ready. */
const onceReady = async () => {
  while (process.type !== 'browser') await new Promise((resolve) => setTimeout(resolve, 10))
  const electron = process.getBuiltinModule('node:module').createRequire(process.argv[1] ?? '')('electron')
  await electron.app.whenReady()
  return electron
}

interface Evaluated {
  readonly id: number
  readonly result?: {
    readonly result: { readonly value?: unknown }
    readonly exceptionDetails?: { readonly exception?: { readonly description?: string } }
  }
}

/** Node's inspector in the main process. */
class Inspector {
  readonly #printed: () => string
  readonly #asked = new Map<number, PromiseWithResolvers<Evaluated>>()
  #socket: Promise<WebSocket> | undefined
  #lastId = 0

  constructor(printed: () => string, child: ChildProcess) {
    this.#printed = printed
    // Node waits for its inspectors before it exits.
    child.stderr?.on('data', (chunk) => {
      if (String(chunk).includes('Waiting for the debugger to disconnect'))
        void this.#socket?.then((socket) => socket.close())
    })
  }

  async evaluate(work: string, args: unknown[]): Promise<unknown> {
    this.#socket ??= this.#connect()
    const socket = await this.#socket
    const id = ++this.#lastId
    const asked = Promise.withResolvers<Evaluated>()
    this.#asked.set(id, asked)
    const expression = `(${onceReady})().then((electron) => (${work})(electron, ...${JSON.stringify(args)}))`
    const params = { expression, awaitPromise: true, returnByValue: true }
    socket.send(JSON.stringify({ id, method: 'Runtime.evaluate', params }))
    const { result } = await asked.promise
    const thrown = result?.exceptionDetails
    if (thrown !== undefined) throw new Error(thrown.exception?.description ?? 'main threw something')
    return result?.result.value
  }

  async #connect(): Promise<WebSocket> {
    const socket = new WebSocket(await said(/Debugger listening on (ws:\S+)/, this.#printed))
    socket.addEventListener('message', ({ data }) => {
      const answer = JSON.parse(data) as Evaluated
      this.#asked.get(answer.id)?.resolve(answer)
      this.#asked.delete(answer.id)
    })
    socket.addEventListener('close', () => {
      for (const { reject } of this.#asked.values()) reject(new Error('the main process has ended'))
    })
    await new Promise((resolve, reject) => {
      socket.addEventListener('open', resolve, { once: true })
      socket.addEventListener('error', reject, { once: true })
    })
    return socket
  }
}
