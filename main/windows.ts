/** The console's window: where it was, locked to its own page, and back again when its page crashes. */
import { BrowserWindow, screen } from 'electron'
import type { Log } from './log.ts'
import { CONSOLE_URL } from './origin.ts'
import { countRestarts } from './restarts.ts'
import type { Settings } from './settings.ts'
import { isOnScreen, type WindowState } from './window-state.ts'

const FIRST_SIZE = { width: 1440, height: 900 }
const SMALLEST = { minWidth: 1024, minHeight: 640 }
const BACKGROUND = '#0b1118'
const KEEP_AFTER_MS = 500

export interface WindowOptions {
  readonly preload: string
  readonly icon: string
  readonly settings: Settings
  readonly log: Log
}

export function openConsole({ preload, icon, settings, log }: WindowOptions): BrowserWindow {
  const kept = settings.window
  const window = new BrowserWindow({
    ...FIRST_SIZE,
    ...SMALLEST,
    ...(kept !== null && isOnScreen(kept.bounds, workAreas()) && kept.bounds),
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
  // Until an officer wants it otherwise, a console fills its screen.
  if (kept === null || kept.maximised) window.maximize()
  if (kept?.fullScreen) window.setFullScreen(true)
  window.once('ready-to-show', () => window.show())
  lock(window)
  comeBack(window, log)
  keepState(window, settings)
  // Before a page is there, Electron has nothing to zoom.
  window.webContents.on('did-finish-load', () => window.webContents.setZoomFactor(settings.seat.zoom))
  void window.loadURL(CONSOLE_URL)
  return window
}

/** The page goes nowhere, opens nothing and embeds nothing. */
function lock({ webContents }: BrowserWindow): void {
  webContents.setWindowOpenHandler(() => ({ action: 'deny' }))
  webContents.on('will-navigate', (event) => event.preventDefault())
  webContents.on('will-redirect', (event) => event.preventDefault())
  webContents.on('will-attach-webview', (event) => event.preventDefault())
}

function comeBack(window: BrowserWindow, log: Log): void {
  const waitAfter = countRestarts()
  let cameAt = performance.now()
  window.webContents.on('did-finish-load', () => {
    cameAt = performance.now()
  })
  window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    if (reason === 'clean-exit' || window.isDestroyed()) return
    const wait = waitAfter(performance.now() - cameAt)
    log.note(`the page is gone: ${reason} (${exitCode}); it comes again in ${wait} ms`)
    setTimeout(() => {
      if (!window.isDestroyed()) window.webContents.reload()
    }, wait)
  })
  window.on('unresponsive', () => log.note('the page does not respond'))
  window.on('responsive', () => log.note('the page responds again'))
}

function keepState(window: BrowserWindow, settings: Settings): void {
  let timer: NodeJS.Timeout | undefined
  const keep = () => {
    clearTimeout(timer)
    timer = undefined
    if (!window.isDestroyed()) settings.keepWindow(stateOf(window))
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

const workAreas = () => screen.getAllDisplays().map(({ workArea }) => workArea)
