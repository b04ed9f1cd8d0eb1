/** The browser behind all windows: started for the first of them, and everything it does is answered here. */
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { life } from './app.ts'
import { type Cdp, CdpGone, type CdpSession, complain } from './cdp.ts'
import { type Chromium, startChromium } from './chromium.ts'
import { host } from './host.ts'
import { answerRequests, toApp } from './protocol.ts'

export interface Page {
  readonly id: string
  readonly session: CdpSession
}

/** What the browser asks of the window that a page belongs to. */
export interface PageOwner {
  /** Whether the page may go to `url`. `redirected` if it was sent there on the way to where it may go. */
  mayGo(url: string, redirected: boolean): boolean
  /** The page asked for another page, which it does not get. */
  wantsToOpen(url: string, disposition: string): void
  crashed(reason: string, exitCode: number): void
}

interface Target {
  readonly targetId: string
  readonly type: string
  readonly url: string
  readonly openerId?: string
}

export class Browser {
  readonly #chromium: Chromium
  readonly #owners = new Map<string, PageOwner>()
  /** Pages that nobody here opened, until they are closed. */
  readonly #strangers = new Set<string>()
  #firstPage: string | undefined
  #opening: Promise<unknown> = Promise.resolve()
  #closing = false

  private constructor(chromium: Chromium) {
    this.#chromium = chromium
  }

  static async start(): Promise<Browser> {
    const chromium = await startChromium()
    const browser = new Browser(chromium)
    const { cdp } = chromium
    chromium.process.once('exit', (code, signal) => {
      if (browser.#closing || code === 0) return
      process.stderr.write(`stand-in: Chromium ended with ${signal ?? code}\n`)
      life.fail()
    })
    if (!host().headless) browser.#firstPage = await firstPage(cdp)
    cdp.on('Target.targetCreated', ({ targetInfo }) => void browser.#judge(targetInfo).catch(complain))
    cdp.on('Target.targetCrashed', ({ targetId, status, errorCode }) =>
      browser.#owners.get(targetId)?.crashed(status === 'killed' ? 'killed' : 'crashed', errorCode),
    )
    answerRequests(cdp, {
      mayLoad: (page, url, redirected) =>
        !browser.#strangers.has(page) && (browser.#owners.get(page)?.mayGo(url, redirected) ?? true),
    })
    await cdp.send('Fetch.enable', { patterns: [{ urlPattern: '*' }] })
    await cdp.send('Target.setDiscoverTargets', { discover: true })
    await cdp.send('Browser.setDownloadBehavior', { behavior: 'deny' })
    return browser
  }

  get cdp(): Cdp {
    return this.#chromium.cdp
  }

  /** Where there is a screen, the browser begins with one page, which is the first window's. */
  openPage(owner: PageOwner): Promise<Page> {
    const opened = this.#opening.then(async () => {
      const first = this.#firstPage
      this.#firstPage = undefined
      const id = first ?? (await this.#createPage())
      this.#owners.set(id, owner)
      const { sessionId } = await this.cdp.send('Target.attachToTarget', {
        targetId: id,
        flatten: true,
      })
      const session = this.cdp.session(sessionId)
      session.once('close', () => this.#owners.delete(id))
      return { id, session }
    })
    this.#opening = opened.catch(() => undefined)
    return opened
  }

  async closePage(id: string): Promise<void> {
    await this.cdp.send('Target.closeTarget', { targetId: id })
  }

  /** Ends the browser, in peace if it can be done in time. */
  async close(): Promise<void> {
    const { process, cdp } = this.#chromium
    this.#closing = true
    if (process.exitCode !== null || process.signalCode !== null) return
    const ended = once(process, 'exit')
    const late = setTimeout(() => this.kill(), CLOSES_WITHIN_MS)
    cdp.send('Browser.close').catch(complain)
    await ended
    clearTimeout(late)
  }

  kill(): void {
    this.#closing = true
    this.#chromium.process.kill('SIGKILL')
  }

  async #createPage(): Promise<string> {
    const { targetId } = await this.cdp.send('Target.createTarget', {
      url: 'about:blank',
      newWindow: true,
    })
    return targetId
  }

  /** Only windows have pages: any other was opened by a page, or by the user out of one, and is closed. */
  async #judge({ targetId, type, url, openerId }: Target): Promise<void> {
    if (type !== 'page' || targetId === this.#firstPage || this.#owners.has(targetId)) return
    this.#strangers.add(targetId)
    await this.#opening
    if (this.#owners.has(targetId)) {
      this.#strangers.delete(targetId)
      return
    }
    await this.closePage(targetId)
    // A page that opens another by itself says so; here the user did, by a click with a key or by dropping a file.
    const opener = [...this.#owners.values()].at(-1)
    if (openerId === undefined) opener?.wantsToOpen(toApp(url), 'foreground-tab')
  }
}

/** The page that the browser began with, once it is there: what goes on loading would come after what we load. */
async function firstPage(cdp: Cdp): Promise<string | undefined> {
  for (;;) {
    const { targetInfos } = await cdp.send('Target.getTargets')
    const first = targetInfos.find(({ type }) => type === 'page')
    // It has its address as its title when it has loaded.
    if (first !== undefined && first.title === first.url) return first.targetId
    await pause(LOOK_AGAIN_MS)
  }
}

const LOOK_AGAIN_MS = 20
const CLOSES_WITHIN_MS = 3_000

let running: Promise<Browser> | undefined

/** The browser that runs, or starts. Where it can't be had there is no app. */
export function browser(): Promise<Browser> {
  running ??= Browser.start().then(
    (started) => {
      started.cdp.once('close', () => {
        running = undefined
      })
      process.once('exit', () => started.kill())
      return started
    },
    (error) => {
      process.stderr.write(`stand-in: ${error.message}\n`)
      life.exit(1)
      throw new CdpGone('there is no browser', { cause: error })
    },
  )
  return running
}

/** Ends the browser, if there is one. */
export async function closeBrowser(): Promise<void> {
  await running?.then(
    (started) => started.close(),
    () => undefined,
  )
}
