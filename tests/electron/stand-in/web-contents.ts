/** Electron's WebContents (electronjs.org/docs/latest/api/web-contents) on a page of the browser. */
import { EventEmitter } from 'node:events'
import { readFileSync } from 'node:fs'
import { browser, type Page, type PageOwner } from './browser.ts'
import { CdpGone, type CdpSession, complain } from './cdp.ts'
import { codec, codecSource } from './codec.ts'
import { host, type Size } from './host.ts'
import { ipcMain } from './ipc.ts'
import { emitPreventable } from './life.ts'
import { Link, type LinkMessage, type MessagePortMain, messageEvent, transferred } from './ports.ts'
import { toApp, toBrowser } from './protocol.ts'
import { grantPermissions, screenRefused, session } from './session.ts'
import { destroy, strict } from './unknown.ts'

const WORLD = 'Electron Isolated Context'
const pageSource = readFileSync(new URL('./page.js', import.meta.url), 'utf8')
/** A page gets no other page: to whoever opens one it is closed before it is seen. */
const pageOpensNothing =
  'const { open } = window; window.open = (...args) => { open(...args)?.close(); return null }'
/** A page that asks for the screen gets what the app's handler answers: there is no screen here but its own window. */
const pageAsksForScreen = `
  const { mediaDevices } = navigator
  const real = mediaDevices?.getDisplayMedia.bind(mediaDevices)
  const { standInScreen } = window
  const asking = []
  window.standInScreenAnswered = (refused) => asking.shift()(refused)
  if (real) mediaDevices.getDisplayMedia = async (wanted = {}) => {
    const { promise, resolve } = Promise.withResolvers()
    asking.push(resolve)
    const { video = true, audio = false } = wanted
    standInScreen(JSON.stringify({ video: video !== false, audio: audio !== false }))
    const refused = await promise
    if (refused !== null) throw new DOMException('Error starting capture', refused)
    return real({ ...wanted, preferCurrentTab: true })
  }`

/** Between main and the preload of one document, both ways but for the first. */
type Said =
  | { readonly kind: 'ready'; readonly ports: readonly string[] }
  | {
      readonly kind: 'ipc'
      readonly channel: string
      readonly text: string
      readonly ports: readonly string[]
    }

interface Document {
  readonly link: Link<Said>
  /** The execution context of its preload. */
  readonly context: number
}

interface OpenDetails {
  readonly url: string
  readonly frameName: string
  readonly features: string
  readonly disposition: string
}
type OpenHandler = (details: OpenDetails) => { readonly action: string }

/** The window, as far as its contents concern it. */
interface Surroundings {
  /** Of its inside, where there is no screen to have it from. */
  size(): Size
  opened(page: Page): void
  /** The page is gone, though nobody here closed it. */
  lost(): void
}

export class WebContents extends EventEmitter {
  readonly session = session.defaultSession
  readonly mainFrame: { readonly url: string; readonly parent: null }
  readonly #preload: string
  readonly #window: Surroundings
  #page: Promise<Page> | undefined
  #document: Document | undefined
  #url = ''
  /** Where the app itself sends the page: it is not asked about that. */
  #sentTo: string | undefined
  #loading: PromiseWithResolvers<void> | undefined
  #state: 'new' | 'loaded' | 'failed' | 'crashed' | 'destroyed' = 'new'
  #zoom = 1
  #openHandler: OpenHandler = () => ({ action: 'allow' })

  constructor(preload: string | undefined, window: Surroundings) {
    super()
    this.#preload = preload === undefined ? '' : readFileSync(preload, 'utf8')
    this.#window = window
    const url = () => this.#url
    this.mainFrame = strict('WebFrameMain', {
      get url() {
        return url()
      },
      parent: null,
    })
  }

  getURL(): string {
    return this.#url
  }

  isDestroyed(): boolean {
    return this.#state === 'destroyed'
  }

  isCrashed(): boolean {
    return this.#state === 'crashed'
  }

  setWindowOpenHandler(handler: OpenHandler): void {
    this.#openHandler = handler
  }

  getZoomFactor(): number {
    return this.#zoom
  }

  /** As in Electron, it has no effect on what was never loaded. */
  setZoomFactor(factor: number): void {
    if (!(factor > 0)) throw new Error("'zoomFactor' must be a double greater than 0.0")
    if (this.#state === 'new') return
    this.#zoom = factor
    this.fit()
  }

  send(channel: string, ...args: unknown[]): void {
    const text = codec.encode(args)
    this.#document?.link.post([], (ports) => ({ kind: 'ipc', channel, text, ports }))
  }

  postMessage(channel: string, message: unknown, transfer: readonly MessagePortMain[] = []): void {
    const text = codec.encode([message])
    const ends = transferred(transfer)
    if (this.#document === undefined) for (const end of ends) end.close()
    else this.#document.link.post(ends, (ports) => ({ kind: 'ipc', channel, text, ports }))
  }

  loadURL(url: string): Promise<void> {
    return this.#load(url, async (page) => {
      await grantPermissions((await browser()).cdp, this, url)
      const { errorText } = await page.send('Page.navigate', { url: toBrowser(url) })
      // What was aborted leaves the page where it is, and no event says so.
      if (errorText === 'net::ERR_ABORTED') throw new CdpGone(`ERR_ABORTED (-3) loading '${url}'`)
    })
  }

  reload(): void {
    if (this.#page === undefined) void this.loadURL(this.#url)
    else void this.#load(this.#url, (page) => page.send('Page.reload'))
  }

  async capturePage() {
    const { session: page } = await this.#open()
    const { data } = await page.send('Page.captureScreenshot', { format: 'png' })
    return strict('NativeImage', { toPNG: () => Buffer.from(data, 'base64') })
  }

  /** For the desktop's pictures of it: a PNG that is so wide. */
  async thumbnail(width: number): Promise<Buffer> {
    const { session: page } = await this.#open()
    const { cssLayoutViewport: inside } = await page.send('Page.getLayoutMetrics')
    const clip = { x: 0, y: 0, width: inside.clientWidth, height: inside.clientHeight }
    const { data } = await page.send('Page.captureScreenshot', {
      format: 'png',
      clip: { ...clip, scale: width / inside.clientWidth },
    })
    return Buffer.from(data, 'base64')
  }

  /** For the window: its inside has another size now. */
  fit(): void {
    void this.#fit().catch(complain)
  }

  /** For the window, when it goes. */
  destroy(): void {
    if (this.#state === 'destroyed') return
    this.#state = 'destroyed'
    this.#leave()
    this.#loadEnded(new Error(`ERR_FAILED (-2) loading '${this.#url}'`))
    const page = this.#page
    void page?.then(async ({ id }) => (await browser()).closePage(id)).catch(complain)
    this.emit('destroyed')
    destroy(this)
  }

  #load(url: string, start: (page: CdpSession) => Promise<unknown>): Promise<void> {
    this.#loadEnded(new Error(`ERR_ABORTED (-3) loading '${this.#url}'`))
    const loading = Promise.withResolvers<void>()
    this.#loading = loading
    this.#url = url
    this.#open()
      .then((page) => {
        this.#sentTo = landing(url)
        return start(page.session)
      })
      .catch((error) => {
        complain(error)
        loading.reject(error)
      })
    // Whoever does not wait for the page is not bothered by its failure.
    loading.promise.catch(() => undefined)
    return loading.promise
  }

  #loadEnded(error?: Error): void {
    const loading = this.#loading
    this.#loading = undefined
    if (error === undefined) loading?.resolve()
    else loading?.reject(error)
  }

  #open(): Promise<Page> {
    this.#page ??= this.#openPage()
    return this.#page
  }

  async #openPage(): Promise<Page> {
    const owner: PageOwner = {
      mayGo: (url, redirected) => this.#mayGo(url, redirected),
      wantsToOpen: (url, disposition) =>
        this.#refuseToOpen({ url, frameName: '', features: '', disposition }),
      crashed: (reason, exitCode) => this.#crashed(reason, exitCode),
    }
    const opened = await (await browser()).openPage(owner)
    const { id, session: page } = opened
    page.once('close', () => {
      this.#page = undefined
      if (this.#state !== 'destroyed') this.#state = 'new'
      this.#leave()
      this.#window.lost()
    })
    page.on('Runtime.bindingCalled', ({ name, payload, executionContextId }) => {
      if (name === 'standInTell') this.#hear(JSON.parse(payload), executionContextId)
      if (name === 'standInScreen') void this.#askForScreen(page, payload, executionContextId).catch(complain)
    })
    page.on('Page.frameNavigated', ({ frame }) => {
      if (frame.id === id) this.#navigated(frame.url, frame.unreachableUrl !== undefined)
    })
    page.on('Page.navigatedWithinDocument', ({ frameId, url }) => {
      if (frameId === id) this.#url = toApp(url)
    })
    page.on('Page.loadEventFired', () => this.#loaded())
    // The page it began with is no part of its history.
    this.once('did-finish-load', () => void page.send('Page.resetNavigationHistory').catch(complain))
    page.on('Page.windowOpen', ({ url, windowName, windowFeatures }) =>
      this.#refuseToOpen({
        url: toApp(url),
        frameName: windowName,
        features: windowFeatures.join(','),
        disposition: 'new-window',
      }),
    )
    page.on('Page.javascriptDialogOpening', () => {
      if (host().headless) page.send('Page.handleJavaScriptDialog', { accept: false }).catch(complain)
    })
    await page.send('Page.enable')
    await page.send('Runtime.enable')
    await page.send('Runtime.addBinding', { name: 'standInTell', executionContextName: WORLD })
    await page.send('Runtime.addBinding', { name: 'standInScreen' })
    for (const source of [pageOpensNothing, pageAsksForScreen])
      await page.send('Page.addScriptToEvaluateOnNewDocument', { source: `{${source}}` })
    await page.send('Page.addScriptToEvaluateOnNewDocument', { worldName: WORLD, source: this.#script() })
    await this.#fit(page)
    this.#window.opened(opened)
    return opened
  }

  #script(): string {
    const { electron, chrome, node } = process.versions
    return `if (window === top && !/^(about|data):/.test(location.href)) {
      ${codecSource};${pageSource};
      standInPage(${JSON.stringify({ electron, chrome, node })},
        (require, module, exports, process, global) => {${this.#preload}\n})}`
  }

  /** Zooming makes the page's own pixels larger and fewer. */
  async #fit(page?: CdpSession): Promise<void> {
    const target = page ?? (await this.#page)?.session
    if (target === undefined) return
    if (host().headless) {
      await target.send('Emulation.setDeviceMetricsOverride', {
        ...fewer(this.#window.size(), this.#zoom),
        deviceScaleFactor: this.#zoom,
        mobile: false,
      })
      return
    }
    await target.send('Emulation.clearDeviceMetricsOverride')
    if (this.#zoom === 1) return
    const { cssLayoutViewport } = await target.send('Page.getLayoutMetrics')
    const size = { width: cssLayoutViewport.clientWidth, height: cssLayoutViewport.clientHeight }
    await target.send('Emulation.setDeviceMetricsOverride', {
      ...fewer(size, this.#zoom),
      deviceScaleFactor: 0,
      scale: this.#zoom,
      mobile: false,
    })
  }

  #mayGo(url: string, redirected: boolean): boolean {
    if (redirected) return !emitPreventable(this, 'will-redirect', { url, isMainFrame: true })
    if (url !== this.#sentTo) return !emitPreventable(this, 'will-navigate', { url, isMainFrame: true })
    this.#sentTo = undefined
    return true
  }

  #navigated(url: string, failed: boolean): void {
    this.#leave()
    this.#sentTo = undefined
    this.#state = failed ? 'failed' : 'loaded'
    // These ask nobody before they are there, unlike in Electron.
    if (url.startsWith('blob:') && !this.#mayGo(url, false)) void this.loadURL(this.#url)
    else if (!failed) this.#url = toApp(url)
  }

  #loaded(): void {
    if (this.#state === 'new') return
    if (this.#state === 'failed') {
      this.emit('did-fail-load', {}, -2, 'ERR_FAILED', this.#url, true)
      this.#loadEnded(new Error(`ERR_FAILED (-2) loading '${this.#url}'`))
    } else {
      this.emit('did-finish-load', {})
      this.#loadEnded()
    }
  }

  #crashed(reason: string, exitCode: number): void {
    this.#state = 'crashed'
    this.#leave()
    this.#loadEnded(new Error(`ERR_FAILED (-2) loading '${this.#url}'`))
    this.emit('render-process-gone', {}, { reason, exitCode })
  }

  /** The document is gone, and with it everything it held. */
  #leave(): void {
    this.#document?.link.close()
    this.#document = undefined
  }

  #refuseToOpen(details: OpenDetails): void {
    if (this.#openHandler(details).action !== 'deny')
      throw new Error(`the stand-in for Electron has no windows opened by pages: ${details.url}`)
  }

  #hear(message: Said | LinkMessage, context: number): void {
    if (message.kind === 'ready') {
      this.#leave()
      this.#document = { context, link: new Link('main', (told) => this.#tell(told, context)) }
      return
    }
    if (this.#document?.context !== context) return
    const { link } = this.#document
    if (message.kind !== 'ipc') {
      link.hear(message)
      return
    }
    const { data, ports } = messageEvent({ text: message.text, ports: link.take(message.ports) })
    const event = strict('IpcMainEvent', { sender: this, senderFrame: this.mainFrame, ports })
    ipcMain.emit(message.channel, event, ...(data as unknown[]))
  }

  async #askForScreen(page: CdpSession, asked: string, context: number): Promise<void> {
    const refused = await screenRefused(this.mainFrame, JSON.parse(asked))
    await page.send('Runtime.callFunctionOn', {
      executionContextId: context,
      functionDeclaration: '(refused) => standInScreenAnswered(refused)',
      arguments: [{ value: refused }],
    })
  }

  #tell(message: Said | LinkMessage, context: number): void {
    this.#page
      ?.then(({ session: page }) =>
        page.send('Runtime.callFunctionOn', {
          executionContextId: context,
          functionDeclaration: '(message) => standInHear(message)',
          arguments: [{ value: message }],
        }),
      )
      .then(({ exceptionDetails: thrown }) => {
        if (thrown !== undefined) complain(thrown.exception?.description ?? thrown.text)
      })
      .catch(complain)
  }
}
strict('webContents', WebContents.prototype)

/** How the browser will name the address in its request. */
function landing(url: string): string {
  const address = new URL(toBrowser(url))
  address.hash = ''
  return toApp(address.href)
}

const fewer = ({ width, height }: Size, zoom: number): Size => ({
  width: Math.round(width / zoom),
  height: Math.round(height / zoom),
})
