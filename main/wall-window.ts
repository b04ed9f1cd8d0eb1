/** The video wall's own window, beside the console's: there, and as large, as the seat's settings say. */
import { app, type BrowserWindow, screen, type WebContents } from 'electron'
import type { WallWindow } from '../contract/wall.ts'
import { openWindow, type WindowOptions } from './windows.ts'

export interface WallWindowKeeper {
  page(): WebContents | undefined
  /** The console goes, and its wall with it: the settings still say that it is to be there. */
  end(): void
}

/**
 * It opens where it was, or else on a display that the console is not on. On the console's own it never fills the
 * display by itself: the console is behind it.
 */
export function keepWallWindow(options: WindowOptions, console: BrowserWindow): WallWindowKeeper {
  const { settings } = options
  let window: BrowserWindow | undefined
  let ended = false

  const say = (wallWindow: WallWindow) => {
    if (!ended && settings.seat.wallWindow !== wallWindow) settings.change({ wallWindow })
  }
  const displayOf = (of: BrowserWindow) => screen.getDisplayMatching(of.getBounds()).id
  const isOverConsole = (wall: BrowserWindow) => displayOf(wall) === displayOf(console)

  const open = (): BrowserWindow => {
    const own = displayOf(console)
    const other = screen.getAllDisplays().find(({ id }) => id !== own)
    const opened = openWindow('wall', options, other?.workArea)
    if (isOverConsole(opened)) opened.unmaximize()
    opened.on('enter-full-screen', () => say('full-screen'))
    opened.on('leave-full-screen', () => say('window'))
    opened.once('close', () => {
      window = undefined
      say('none')
    })
    return opened
  }

  const settle = () => {
    const wanted = settings.seat.wallWindow
    if (ended) return
    if (wanted === 'none') window?.close()
    else if (window !== undefined) window.setFullScreen(wanted === 'full-screen')
    else {
      window = open()
      if (wanted === 'full-screen' && isOverConsole(window)) say('window')
      else window.setFullScreen(wanted === 'full-screen')
    }
  }
  const uncover = () => {
    if (window?.isFullScreen() && isOverConsole(window)) say('window')
  }

  // Windows that close as the app quits come again with it.
  app.on('before-quit', () => {
    ended = true
  })
  settings.onSeatChange(settle)
  screen.on('display-removed', uncover)
  settle()
  return {
    page: () => window?.webContents,
    end: () => {
      ended = true
      screen.removeListener('display-removed', uncover)
      window?.close()
    },
  }
}
