/** Electron's BrowserWindow and WebContents (electronjs.org/docs/latest/api) on pages of the system's Chromium. */
import { EventEmitter } from 'node:events'
import { readFileSync } from 'node:fs'
import { app } from './app.ts'
import { CdpGone, type CdpSession } from './cdp.ts'
import { codec, codecSource } from './codec.ts'
import { host } from './host.ts'
import { ipcMain } from './ipc.ts'
import {
  closedBy,
  type MessagePortMain,
  mainPorts,
  type Place,
  placeGone,
  sendAway,
  sentFrom,
  takeFrom,
} from './ports.ts'
import { defaultSession, interceptRequests, toApp, toBrowser } from './protocol.ts'

const WORLD = 'Electron Isolated Context'
const pageSource = readFileSync(new URL('./page.js', import.meta.url), 'utf8')

interface Rectangle {
  x: number
  y: number
  width: number
  height: number
}

interface WebPreferences {
  readonly preload?: string
}

export interface BrowserWindowOptions extends Partial<Rectangle> {
  readonly show?: boolean
  readonly title?: string
  readonly webPreferences?: WebPreferences
}

type FromPage =
  | { readonly kind: 'ready' }
  | {
      readonly kind: 'ipc'
      readonly channel: string
      readonly args: readonly unknown[]
      readonly ports: readonly string[]
    }
  | {
      readonly kind: 'port'
      readonly port: string
      readonly data: unknown
      readonly ports: readonly string[]
    }
  | { readonly kind: 'port-closed'; readonly port: string }

type OpenHandler = (details: { url: string; disposition: string }) => { action: 'allow' | 'deny' }

let loads = 0

export class WebContents extends EventEmitter {
  readonly #preload: string
  readonly #size: () => { width: number; height: number }
  #page: CdpSession | undefined
  #target = ''
  #context: number | undefined
  #place: Place | undefined
  #url = ''
  #zoom = 1
  #destroyed = false
  #openHandler: OpenHandler = () => ({ action: 'allow' })
  readonly mainFrame: { readonly url: string; readonly parent: null }

  constructor({ preload }: WebPreferences, size: () => { width: number; height: number }) {
    super()
    this.#preload = preload === undefined ? '' : readFileSync(preload, 'utf8')
    this.#size = size
    const url = () => this.getURL()
    this.mainFrame = {
      get url() {
        return url()
      },
      parent: null,
    }
  }

  getURL() {
    return this.#url
  }

  isDestroyed() {
    return this.#destroyed
  }

  setWindowOpenHandler(handler: OpenHandler) {
    this.#openHandler = handler
  }

  setZoomFactor(factor: number) {
    this.#zoom = factor
    void this.#resize()
  }

  getZoomFactor() {
    return this.#zoom
  }

  postMessage(channel: string, message: unknown, transfer: readonly MessagePortMain[] = []) {
    if (this.#place === undefined) return
    this.#deliver({ kind: 'ipc', channel, args: [message], ports: sendAway(transfer, this.#place) })
  }

  send(channel: string, ...args: unknown[]) {
    this.#deliver({ kind: 'ipc', channel, args, ports: [] })
  }

  reload() {
    if (this.#page === undefined) void this.load(this.#url)
    else void this.#page.send('Page.reload').catch(gone)
  }

  async capturePage() {
    const shot = await this.#page?.send<{ data: string }>('Page.captureScreenshot', { format: 'png' })
    return { toPNG: () => Buffer.from(shot?.data ?? '', 'base64') }
  }

  async load(url: string): Promise<void> {
    this.#url = url
    const page = this.#page ?? (await this.#open())
    await grantPermissions(this, url)
    const loaded = new Promise<void>((resolve) => page.once('Page.loadEventFired', resolve))
    await page.send('Page.navigate', { url: toBrowser(url) })
    await loaded
  }

  destroy() {
    if (this.#destroyed) return
    this.#destroyed = true
    this.#leave()
    void host()
      .browser.then((browser) => browser.send('Target.closeTarget', { targetId: this.#target }))
      .catch(gone)
    this.emit('destroyed')
  }

  resized() {
    void this.#resize()
  }

  async #open(): Promise<CdpSession> {
    const browser = await host().browser
    this.#target = await firstTarget(browser)
    const { sessionId } = await browser.send<{ sessionId: string }>('Target.attachToTarget', {
      targetId: this.#target,
      flatten: true,
    })
    const page = browser.session(sessionId)
    this.#page = page
    page.on('Runtime.executionContextCreated', ({ context }) => {
      if (context.name === WORLD && context.auxData.frameId === this.#target) this.#context = context.id
    })
    page.on('Runtime.bindingCalled', ({ name, payload }) => {
      if (name === 'standInSend') this.#hear(codec.decode(payload) as FromPage)
    })
    page.on('Page.frameStartedNavigating', ({ frameId, navigationType }) => {
      if (frameId === this.#target && navigationType !== 'sameDocument') this.#leave()
    })
    page.on('Page.loadEventFired', () => this.emit('did-finish-load'))
    page.on('Page.windowOpen', ({ url }) => this.#openHandler({ url: toApp(url), disposition: 'new-window' }))
    page.on('Inspector.targetCrashed', () => this.#gone('crashed'))
    page.on('detached', () => {
      if (!this.#destroyed && this.#page === page) this.emit('closed-by-user')
    })
    await page.send('Page.enable')
    await page.send('Runtime.enable')
    await page.send('Inspector.enable')
    await page.send('Runtime.addBinding', { name: 'standInSend', executionContextName: WORLD })
    await page.send('Page.addScriptToEvaluateOnNewDocument', { worldName: WORLD, source: this.#script() })
    await interceptRequests(page)
    await this.#lockNavigation(page)
    await this.#resize()
    return page
  }

  #script(): string {
    const versions = JSON.stringify({ electron: process.versions.electron, node: process.versions.node })
    // Each load has ports of its own; the count is made in the page, where loads happen.
    return `if (window === top && location.href !== 'about:blank') {${codecSource};${pageSource};
      standInPage({ codec: standInCodec, versions: ${versions}, load: 'page-${++loads}-' + performance.timeOrigin,
        preload(require, module, exports, process, global) {${this.#preload}\n} })}`
  }

  /** Electron asks before the page goes anywhere by itself; here the page is simply not let go. */
  async #lockNavigation(page: CdpSession): Promise<void> {
    page.on('Page.frameRequestedNavigation', ({ frameId, url, reason }) => {
      if (frameId !== this.#target || reason === 'reload') return
      let prevented = false
      this.emit('will-navigate', {
        url: toApp(url),
        preventDefault: () => {
          prevented = true
        },
      })
      if (prevented) page.send('Page.stopLoading').catch(gone)
    })
  }

  #hear(message: FromPage) {
    if (message.kind === 'ready') {
      this.#leave()
      this.#place = {
        deliver: (port, data, ports) => this.#deliver({ kind: 'port', port, data, ports }),
        closed: (port) => this.#deliver({ kind: 'port-closed', port }),
      }
      return
    }
    const place = this.#place
    if (place === undefined) return
    switch (message.kind) {
      case 'ipc': {
        const ports = mainPorts(takeFrom(place, message.ports))
        ipcMain.emit(message.channel, { sender: this, senderFrame: this.mainFrame, ports }, ...message.args)
        break
      }
      case 'port':
        sentFrom(place, message.port, message.data, message.ports)
        break
      case 'port-closed':
        closedBy(place, message.port)
        break
    }
  }

  #deliver(message: object) {
    if (this.#context === undefined || this.#page === undefined) return
    this.#page
      .send('Runtime.evaluate', {
        contextId: this.#context,
        expression: `standInDeliver(${JSON.stringify(codec.encode(message))})`,
      })
      .catch(gone)
  }

  /** The document is gone, and with it everything it held. */
  #leave() {
    if (this.#place !== undefined) placeGone(this.#place)
    this.#place = undefined
  }

  #gone(reason: string) {
    this.#leave()
    this.#page = undefined
    this.#context = undefined
    const target = this.#target
    void host()
      .browser.then((browser) => browser.send('Target.closeTarget', { targetId: target }))
      .catch(gone)
    this.emit('render-process-gone', {}, { reason, exitCode: 5 })
  }

  /** Zooming makes the page's own pixels larger and fewer. */
  async #resize(): Promise<void> {
    if (this.#page === undefined || !host().headless) return
    const { width, height } = this.#size()
    await this.#page
      .send('Emulation.setDeviceMetricsOverride', {
        width: Math.round(width / this.#zoom),
        height: Math.round(height / this.#zoom),
        deviceScaleFactor: this.#zoom,
        mobile: false,
      })
      .catch(gone)
  }
}

/** A page that is going away does not hear us any more; that is all. */
function gone(error: unknown): void {
  if (error instanceof CdpGone || /closed|not found|Cannot find context/i.test(String(error))) return
  process.stderr.write(`stand-in: ${error}\n`)
}

let firstTaken = false

/** The browser begins with one empty page; later windows, and pages after a crash, get new ones. */
async function firstTarget(browser: CdpSession): Promise<string> {
  const { targetInfos } = await browser.send<{ targetInfos: { targetId: string; type: string }[] }>(
    'Target.getTargets',
  )
  const first = targetInfos.find(({ type }) => type === 'page')
  if (!firstTaken && first !== undefined) {
    firstTaken = true
    return first.targetId
  }
  const { targetId } = await browser.send<{ targetId: string }>('Target.createTarget', { url: 'about:blank' })
  return targetId
}

/** Electron's permissions and the browser's names for what they give. */
const browserPermissions: Readonly<Record<string, readonly string[]>> = {
  media: ['audioCapture', 'videoCapture'],
  geolocation: ['geolocation'],
  notifications: ['notifications'],
  'clipboard-read': ['clipboardReadWrite'],
}

/** Asks the app's handler once for everything a page could want, and gives the origin what it allows. */
async function grantPermissions(contents: WebContents, url: string): Promise<void> {
  const handler = defaultSession.requestHandler
  const browser = await host().browser
  const granted: string[] = []
  for (const [permission, names] of Object.entries(browserPermissions)) {
    const allowed =
      handler === undefined ||
      (await new Promise<boolean>((resolve) => {
        handler(contents, permission, resolve)
      }))
    if (allowed) granted.push(...names)
  }
  await browser.send('Browser.grantPermissions', {
    origin: new URL(toBrowser(url)).origin,
    permissions: granted,
  })
}

export class BrowserWindow extends EventEmitter {
  static readonly all = new Set<BrowserWindow>()
  readonly webContents: WebContents
  #bounds: Rectangle
  #visible: boolean
  #maximised = false
  #minimised = false
  #fullScreen = false
  #destroyed = false

  constructor(options: BrowserWindowOptions = {}) {
    super()
    const { size, headless } = host()
    this.#bounds = {
      x: options.x ?? 0,
      y: options.y ?? 0,
      // Headless has no screen to fit into; the launcher says how large the picture is to be.
      width: headless ? size.width : (options.width ?? 800),
      height: headless ? size.height : (options.height ?? 600),
    }
    this.#visible = options.show !== false
    this.webContents = new WebContents(options.webPreferences ?? {}, () => this.#bounds)
    this.webContents.once('did-finish-load', () => this.emit('ready-to-show'))
    this.webContents.on('closed-by-user', () => this.#goAway())
    BrowserWindow.all.add(this)
    app.windows.add(this)
  }

  static getAllWindows() {
    return [...BrowserWindow.all]
  }

  loadURL(url: string) {
    return this.webContents.load(url)
  }

  show() {
    this.#visible = true
    this.emit('show')
  }

  isVisible() {
    return this.#visible
  }

  focus() {
    this.emit('focus')
  }

  getBounds() {
    return { ...this.#bounds }
  }

  getNormalBounds() {
    return { ...this.#bounds }
  }

  setBounds(bounds: Partial<Rectangle>) {
    this.#bounds = { ...this.#bounds, ...bounds }
    this.webContents.resized()
    this.emit('resize')
  }

  maximize() {
    this.#maximised = true
    this.emit('maximize')
  }

  isMaximized() {
    return this.#maximised
  }

  minimize() {
    this.#minimised = true
    this.emit('minimize')
  }

  restore() {
    this.#minimised = false
    this.emit('restore')
  }

  isMinimized() {
    return this.#minimised
  }

  setFullScreen(full: boolean) {
    this.#fullScreen = full
    this.emit(full ? 'enter-full-screen' : 'leave-full-screen')
  }

  isFullScreen() {
    return this.#fullScreen
  }

  isDestroyed() {
    return this.#destroyed
  }

  close() {
    if (this.#destroyed) return
    let prevented = false
    this.emit('close', {
      preventDefault: () => {
        prevented = true
      },
    })
    if (!prevented) this.destroy()
  }

  destroy() {
    if (this.#destroyed) return
    this.webContents.destroy()
    this.#goAway()
  }

  #goAway() {
    if (this.#destroyed) return
    this.#destroyed = true
    BrowserWindow.all.delete(this)
    this.emit('closed')
    app.windowGone(this)
  }
}
