/** A window of the console: where it was, locked to its own page, and back again when its page crashes. */
import { BrowserWindow, type Rectangle, screen } from 'electron'
import type { SeatPage } from '../contract/seat-pages.ts'
import type { Log } from './log.ts'
import { pageUrls } from './origin.ts'
import { countRestarts } from './restarts.ts'
import type { Settings } from './settings.ts'
import { isOnScreen, type WindowState } from './window-state.ts'

const FIRST_SIZE = { width: 1440, height: 900 }
const SMALLEST: Readonly<Record<SeatPage, { minWidth: number; minHeight: number }>> = {
  console: { minWidth: 1024, minHeight: 640 },
  wall: { minWidth: 480, minHeight: 320 },
}
const BACKGROUND = '#0b1118'
const KEEP_AFTER_MS = 500

export interface WindowOptions {
  readonly preload: string
  readonly icon: string
  readonly settings: Settings
  readonly log: Log
}

/** `place`: where it is put unless it has been somewhere else that is still there. */
export function openWindow(
  page: SeatPage,
  { preload, icon, settings, log }: WindowOptions,
  place: Partial<Rectangle> = {},
): BrowserWindow {
  const kept = keptState(page, settings)
  const window = new BrowserWindow({
    ...FIRST_SIZE,
    ...SMALLEST[page],
    ...place,
    ...kept?.bounds,
    show: false,
    title: 'Watchfloor',
    icon,
    backgroundColor: BACKGROUND,
    autoHideMenuBar: true,
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
      autoplayPolicy: 'no-user-gesture-required',
      // A hidden console still rings, keys and draws.
      backgroundThrottling: false,
    },
  })
  // Until an officer wants it otherwise, a window fills its screen.
  if (kept?.maximised ?? true) window.maximize()
  window.once('ready-to-show', () => window.show())
  lock(window)
  comeBack(window, page, log)
  keepState(window, page, settings)
  // Before a page is there, Electron has nothing to zoom.
  window.webContents.on('did-finish-load', () => window.webContents.setZoomFactor(settings.seat.zoom))
  void window.loadURL(pageUrls[page])
  return window
}

/** How the window of that page was left; undefined where that was on a screen that is gone. */
function keptState(page: SeatPage, settings: Settings): WindowState | undefined {
  const kept = settings.window(page)
  const areas = screen.getAllDisplays().map(({ workArea }) => workArea)
  return kept !== null && isOnScreen(kept.bounds, areas) ? kept : undefined
}

/** The page goes nowhere, opens nothing and embeds nothing. */
function lock({ webContents }: BrowserWindow): void {
  webContents.setWindowOpenHandler(() => ({ action: 'deny' }))
  webContents.on('will-navigate', (event) => event.preventDefault())
  webContents.on('will-redirect', (event) => event.preventDefault())
  webContents.on('will-attach-webview', (event) => event.preventDefault())
}

function comeBack(window: BrowserWindow, page: SeatPage, log: Log): void {
  const waitAfter = countRestarts()
  let cameAt = performance.now()
  window.webContents.on('did-finish-load', () => {
    cameAt = performance.now()
  })
  window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    if (reason === 'clean-exit' || window.isDestroyed()) return
    const wait = waitAfter(performance.now() - cameAt)
    log.note(`the ${page}'s page is gone: ${reason} (${exitCode}); it comes again in ${wait} ms`)
    setTimeout(() => {
      if (!window.isDestroyed()) window.webContents.reload()
    }, wait)
  })
  window.on('unresponsive', () => log.note(`the ${page}'s page does not respond`))
  window.on('responsive', () => log.note(`the ${page}'s page responds again`))
}

function keepState(window: BrowserWindow, page: SeatPage, settings: Settings): void {
  let timer: NodeJS.Timeout | undefined
  const keep = () => {
    clearTimeout(timer)
    timer = undefined
    if (!window.isDestroyed()) settings.keepWindow(page, stateOf(window))
  }
  const soon = () => {
    timer ??= setTimeout(keep, KEEP_AFTER_MS)
  }
  window.on('resize', soon)
  window.on('move', soon)
  window.on('maximize', soon)
  window.on('unmaximize', soon)
  window.on('enter-full-screen', soon)
  window.on('leave-full-screen', soon)
  window.on('close', keep)
}

const stateOf = (window: BrowserWindow): WindowState => ({
  bounds: window.getNormalBounds(),
  maximised: window.isMaximized(),
  fullScreen: window.isFullScreen(),
})
