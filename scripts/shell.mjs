/** Starts the console, in Electron or its stand-in, and drives its page over the DevTools protocol. */
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { chromium } from 'playwright-core'

const STARTS_WITHIN_MS = 30_000
const STOPS_WITHIN_MS = 10_000

/**
 * `args` are the program's, `--user-data-dir` among them. Resolves with the console's page, the process, the
 * promise of its exit code, and what closes it. Rejects with what it printed if it does not come up.
 */
export async function openShell({ program, args, env = {} }) {
  const child = spawn(program, [...args, '--remote-debugging-port=0'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  })
  const ended = new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 1)))
  const close = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGTERM')
    const late = setTimeout(() => child.kill('SIGKILL'), STOPS_WITHIN_MS)
    await ended
    clearTimeout(late)
  }
  try {
    const browser = await chromium.connectOverCDP(await devToolsOf(child))
    const page = await consolePage(browser)
    return {
      page,
      browser,
      process: child,
      ended,
      close: async () => {
        await browser.close().catch(() => undefined)
        await close()
      },
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** The address Chromium and Electron print when they can be driven. */
function devToolsOf(child) {
  return new Promise((resolve, reject) => {
    let printed = ''
    const fail = (why) => reject(new Error(`the console did not start: ${why}\n${printed.slice(-3000)}`))
    const late = setTimeout(() => fail(`nothing after ${STARTS_WITHIN_MS / 1000} s`), STARTS_WITHIN_MS)
    child.once('exit', (code) => fail(`it ended with ${code}`))
    child.once('error', (error) => fail(error.message))
    for (const stream of [child.stdout, child.stderr])
      createInterface({ input: stream }).on('line', (line) => {
        printed += `${line}\n`
        const found = /DevTools listening on (ws:\S+)/.exec(line)
        if (found === null) return
        clearTimeout(late)
        resolve(found[1])
      })
  })
}

/** The console's page: app://console in Electron, its host under the stand-in. */
async function consolePage(browser) {
  const isConsole = (page) => /^app:\/\/console\/|^https:\/\/console\.app\./.test(page.url())
  const [context] = browser.contexts()
  const found = context.pages().find(isConsole)
  if (found !== undefined) return found
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('the console opened no page')), STARTS_WITHIN_MS)
    const look = (page) => {
      const check = () => {
        if (!isConsole(page)) return
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
