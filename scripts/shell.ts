/** Starts the console, in Electron or its stand-in, and drives its page over the DevTools protocol. */
import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { setTimeout as pass } from 'node:timers/promises'
import { type Browser, chromium, type Page } from 'playwright-core'

const STARTS_WITHIN_MS = 30_000
const STOPS_WITHIN_MS = 10_000
const AGAIN_MS = 200

export interface Shell {
  readonly page: Page
  readonly browser: Browser
  readonly process: ChildProcess
  /** The page of a window of its own that the console opens, as soon as it has one. */
  pageAt(file: string): Promise<Page>
  /** Its page when that has crashed: as it is when it has come back. */
  pageAgain(): Promise<Page>
  /** Its exit code, once it has ended. */
  readonly ended: Promise<number>
  /** Asks it to end, and insists after a while. */
  close(): Promise<void>
}

export interface ShellOptions {
  readonly program: string
  /** The program's, `--user-data-dir` among them. */
  readonly args: readonly string[]
}

/** Rejects with what it printed if it does not come up. */
export async function openShell({ program, args }: ShellOptions): Promise<Shell> {
  const child = spawn(program, [...args, '--remote-debugging-port=0'], { stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = new Promise<number>((resolve) => child.once('exit', (code) => resolve(code ?? 1)))
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGTERM')
    const late = setTimeout(() => child.kill('SIGKILL'), STOPS_WITHIN_MS)
    await ended
    clearTimeout(late)
  }
  try {
    const address = await devToolsOf(child)
    const browser = await chromium.connectOverCDP(address)
    const page = await pageOf(browser, CONSOLE)
    const browsers = [browser]
    const close = async () => {
      // The connections may be gone before the console is.
      await Promise.all(browsers.map((each) => each.close().catch(() => undefined)))
      await stop()
    }
    // To a connection a page that has crashed is lost for good.
    const pageAgain = async () => {
      for (let tries = 0; tries < STARTS_WITHIN_MS / AGAIN_MS; tries++) {
        const another = await chromium.connectOverCDP(address)
        const again = another
          .contexts()[0]
          ?.pages()
          .find((each) => isAt(each, CONSOLE))
        if (again !== undefined) {
          browsers.push(another)
          return again
        }
        await another.close()
        await pass(AGAIN_MS)
      }
      throw new Error('the console’s page did not come back')
    }
    return { page, browser, process: child, ended, pageAt: (file) => pageOf(browser, file), pageAgain, close }
  } catch (error) {
    await stop()
    throw error
  }
}

/** The address Chromium and Electron print when they can be driven. */
function devToolsOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let printed = ''
    const fail = (why: string) =>
      reject(new Error(`the console did not start: ${why}\n${printed.slice(-3000)}`))
    const late = setTimeout(() => fail(`nothing after ${STARTS_WITHIN_MS / 1000} s`), STARTS_WITHIN_MS)
    child.once('exit', (code) => fail(`it ended with ${code}`))
    child.once('error', (error) => fail(error.message))
    for (const input of [child.stdout, child.stderr]) {
      if (input === null) continue
      createInterface({ input }).on('line', (line) => {
        printed += `${line}\n`
        const found = /DevTools listening on (ws:\S+)/.exec(line)
        if (found?.[1] === undefined) return
        clearTimeout(late)
        resolve(found[1])
      })
    }
  })
}

/** app://console in Electron, its host under the stand-in. */
const CONSOLE = 'index.html'
const isAt = (page: Page, file: string) =>
  /^app:\/\/console\/|^https:\/\/console\.app\./.test(page.url()) && page.url().endsWith(`/${file}`)

async function pageOf(browser: Browser, file: string): Promise<Page> {
  const [context] = browser.contexts()
  if (context === undefined) throw new Error('the console has no browser context')
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`the console opened no ${file}`)), STARTS_WITHIN_MS)
    const look = (page: Page) => {
      const check = () => {
        if (!isAt(page, file)) return
        clearTimeout(late)
        resolve(page)
      }
      page.on('framenavigated', check)
      check()
    }
    for (const page of context.pages()) look(page)
    context.on('page', look)
  })
}
