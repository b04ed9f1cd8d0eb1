/** Electron's desktopCapturer (electronjs.org/docs/latest/api/desktop-capturer): one screen, with the app's windows on it. */
import { BrowserWindow } from './browser-window.ts'
import type { Size } from './host.ts'
import { knownOptions, strict } from './unknown.ts'

interface Options {
  readonly types: readonly ('screen' | 'window')[]
  readonly thumbnailSize?: Size
}

const SCREEN = 'screen:0:0'

export const desktopCapturer = strict('desktopCapturer', {
  getSources: async (options: Options) => {
    knownOptions('desktopCapturer.getSources', options, ['types', 'thumbnailSize'])
    const { types, thumbnailSize = { width: 150, height: 150 } } = options
    const windows = BrowserWindow.getAllWindows()
    const [first] = windows
    const thumbnail = await pictureOf(first, thumbnailSize)
    return [
      ...(types.includes('screen')
        ? [{ id: SCREEN, name: 'Entire screen', display_id: '1', thumbnail }]
        : []),
      ...(types.includes('window')
        ? windows.map((window, at) => ({
            id: `window:${at + 1}:0`,
            name: 'Watchfloor',
            display_id: '',
            thumbnail: window === first ? thumbnail : nothing,
          }))
        : []),
    ].map((source) => strict('DesktopCapturerSource', source))
  },
})

async function pictureOf(window: BrowserWindow | undefined, { width, height }: Size) {
  if (window === undefined || width === 0 || height === 0) return nothing
  const png = await window.webContents.thumbnail(width)
  return strict('NativeImage', {
    isEmpty: () => false,
    toDataURL: () => `data:image/png;base64,${png.toString('base64')}`,
  })
}

const nothing = strict('NativeImage', { isEmpty: () => true, toDataURL: () => 'data:image/png;base64,' })
