/** Electron's BrowserWindow (electronjs.org/docs/latest/api/browser-window). */
import { EventEmitter } from 'node:events'
import { life } from './app.ts'
import type { Page } from './browser.ts'
import { complain } from './cdp.ts'
import { host, type Size } from './host.ts'
import { emitPreventable } from './life.ts'
import { NativeWindow, type Rectangle } from './native-window.ts'
import { screen } from './system.ts'
import { destroy, knownOptions, strict } from './unknown.ts'
import { WebContents } from './web-contents.ts'

/** What can be chosen has no value here; what can't is always as it is here. */
const webPreferences: Readonly<Record<string, unknown>> = {
  preload: undefined,
  sandbox: true,
  contextIsolation: true,
  nodeIntegration: false,
  webviewTag: false,
  spellcheck: undefined,
  autoplayPolicy: 'no-user-gesture-required',
  backgroundThrottling: false,
}

const windowOptions = [
  ...['x', 'y', 'width', 'height', 'minWidth', 'minHeight', 'show', 'title', 'icon'],
  ...['backgroundColor', 'autoHideMenuBar', 'webPreferences'],
]

interface BrowserWindowOptions extends Partial<Rectangle> {
  readonly minWidth?: number
  readonly minHeight?: number
  readonly show?: boolean
  readonly webPreferences?: { readonly preload?: string } & Readonly<Record<string, unknown>>
}

export class BrowserWindow extends EventEmitter {
  static readonly #all = new Set<BrowserWindow>()
  readonly webContents: WebContents
  readonly #smallest: Size
  #native: NativeWindow | undefined
  #bounds: Rectangle
  #visible: boolean
  #maximised = false
  #minimised = false
  #fullScreen = false
  #destroyed = false

  constructor(options: BrowserWindowOptions = {}) {
    super()
    if (!life.isReady) throw new Error('Cannot create BrowserWindow before app is ready')
    const { minWidth = 0, minHeight = 0, show = true, webPreferences: preferences = {} } = options
    knownOptions('BrowserWindow', options, windowOptions)
    checkPreferences(preferences)
    this.#smallest = { width: minWidth, height: minHeight }
    this.#bounds = this.#allowed({ x: 0, y: 0, width: 800, height: 600, ...placeOf(options) })
    this.#visible = show
    this.webContents = new WebContents(preferences.preload, {
      size: () => this.#outside(),
      opened: (page) => void this.#surround(page).catch(complain),
      lost: () => this.#closedByUser(),
    })
    this.webContents.once('did-finish-load', () => this.emit('ready-to-show', {}))
    BrowserWindow.#all.add(this)
    life.windowOpened(this)
  }

  static getAllWindows(): BrowserWindow[] {
    return [...BrowserWindow.#all]
  }

  loadURL(url: string): Promise<void> {
    return this.webContents.loadURL(url)
  }

  show(): void {
    if (this.#visible) return
    this.#visible = true
    this.emit('show', {})
  }

  isVisible(): boolean {
    return this.#visible
  }

  focus(): void {
    this.emit('focus', {})
  }

  getBounds(): Rectangle {
    return this.#outside()
  }

  /** Where it is when it is neither maximised nor minimised nor fills the screen. */
  getNormalBounds(): Rectangle {
    return { ...this.#bounds }
  }

  setBounds(bounds: Partial<Rectangle>): void {
    this.#take(this.#allowed({ ...this.#bounds, ...bounds }))
    this.#place()
  }

  maximize(): void {
    this.#becomeMaximised(true)
    this.#place()
  }

  unmaximize(): void {
    this.#becomeMaximised(false)
    this.#place()
  }

  isMaximized(): boolean {
    return this.#maximised
  }

  minimize(): void {
    this.#becomeMinimised(true)
    this.#place()
  }

  restore(): void {
    this.#becomeMinimised(false)
    this.#place()
  }

  isMinimized(): boolean {
    return this.#minimised
  }

  setFullScreen(full: boolean): void {
    this.#becomeFullScreen(full)
    this.#place()
  }

  isFullScreen(): boolean {
    return this.#fullScreen
  }

  isDestroyed(): boolean {
    return this.#destroyed
  }

  close(): void {
    if (emitPreventable(this, 'close')) life.closeCancelled()
    else this.destroy()
  }

  /** Without asking. */
  destroy(): void {
    if (this.#destroyed) return
    this.#destroyed = true
    this.webContents.destroy()
    BrowserWindow.#all.delete(this)
    this.emit('closed')
    destroy(this)
    life.windowClosed(this)
  }

  /** Its page is gone already; who does not let the window go gets the page anew. */
  #closedByUser(): void {
    if (this.#destroyed) return
    this.close()
    if (!this.#destroyed) this.webContents.reload()
  }

  async #surround(page: Page): Promise<void> {
    if (host().headless) return
    this.#native = await NativeWindow.around(page, (bounds, state) => {
      if (this.#destroyed) return
      this.#becomeMinimised(state === 'minimized')
      this.#becomeMaximised(state === 'maximized')
      this.#becomeFullScreen(state === 'fullscreen')
      if (state === 'normal') this.#take(bounds)
    })
    this.#place()
  }

  #place(): void {
    if (this.#minimised) this.#native?.place(this.#bounds, 'minimized')
    else if (this.#fullScreen) this.#native?.place(this.#bounds, 'fullscreen')
    else this.#native?.place(this.#bounds, this.#maximised ? 'maximized' : 'normal')
  }

  #take({ x, y, width, height }: Rectangle): void {
    const before = this.#bounds
    this.#bounds = { x, y, width, height }
    if (x !== before.x || y !== before.y) this.emit('move', {})
    if (width !== before.width || height !== before.height) this.#resized()
  }

  #becomeMaximised(maximised: boolean): void {
    if (this.#maximised === maximised) return
    this.#maximised = maximised
    this.#resized()
    this.emit(maximised ? 'maximize' : 'unmaximize', {})
  }

  #becomeMinimised(minimised: boolean): void {
    if (this.#minimised === minimised) return
    this.#minimised = minimised
    this.emit(minimised ? 'minimize' : 'restore', {})
  }

  #becomeFullScreen(full: boolean): void {
    if (this.#fullScreen === full) return
    this.#fullScreen = full
    this.#resized()
    this.emit(full ? 'enter-full-screen' : 'leave-full-screen', {})
  }

  #resized(): void {
    this.webContents.fit()
    this.emit('resize', {})
  }

  #outside(): Rectangle {
    if (!this.#maximised && !this.#fullScreen) return { ...this.#bounds }
    const { bounds, workArea } = screen.getDisplayMatching(this.#bounds)
    return { ...(this.#fullScreen ? bounds : workArea) }
  }

  #allowed(bounds: Rectangle): Rectangle {
    const { width, height } = this.#smallest
    return { ...bounds, width: Math.max(bounds.width, width), height: Math.max(bounds.height, height) }
  }
}
strict('BrowserWindow', BrowserWindow.prototype)

const placeOf = (options: Partial<Rectangle>): Partial<Rectangle> =>
  Object.fromEntries(
    (['x', 'y', 'width', 'height'] as const).flatMap((side) => {
      const value = options[side]
      return value === undefined ? [] : [[side, value]]
    }),
  )

function checkPreferences(preferences: Readonly<Record<string, unknown>>): void {
  knownOptions('webPreferences', preferences, Object.keys(webPreferences))
  for (const [name, value] of Object.entries(preferences)) {
    const only = webPreferences[name]
    if (only !== undefined && value !== only)
      throw new Error(`the stand-in for Electron has webPreferences.${name} as ${only} only`)
  }
}
