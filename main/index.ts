/** Electron main: starts everything, watches it, and owns what only Electron can do. */
import { join } from 'node:path'
import { app, type BrowserWindow, crashReporter, dialog, Menu, session } from 'electron'
import { openLog } from './log.ts'
import { addMapFile } from './map-files.ts'
import { createMapSources } from './map-sources.ts'
import { type Options, readOptions } from './options.ts'
import { guardPermissions } from './permissions.ts'
import { createWakefulness } from './power.ts'
import { startProcesses } from './processes.ts'
import { registerScheme, serveConsole } from './protocol.ts'
import { openScreens } from './screens.ts'
import { openSeatDoor } from './seat-door.ts'
import { openSecrets } from './secrets.ts'
import { openSettings } from './settings.ts'
import { keepWallWindow, type WallWindowKeeper } from './wall-window.ts'
import { openWindow } from './windows.ts'

registerScheme()
app.enableSandbox()
crashReporter.start({ uploadToServer: false })

const options = optionsOrNone()
if (options === undefined) app.exit(2)
else if (app.requestSingleInstanceLock()) void app.whenReady().then(() => run(options))
else app.quit()

/** What the operator wrote; undefined, with the reason shown, if that can't be used. */
function optionsOrNone(): Options | undefined {
  try {
    return readOptions(process.argv.slice(1))
  } catch (error) {
    dialog.showErrorBox('Watchfloor', error instanceof Error ? error.message : String(error))
    return undefined
  }
}

function run(options: Options): void {
  const built = import.meta.dirname
  const resources = join(app.isPackaged ? process.resourcesPath : app.getAppPath(), 'resources')
  const folder = app.getPath('userData')
  const log = openLog(app.getPath('logs'))
  process.on('uncaughtException', (error) => log.note(`unexpected: ${error.stack}`))
  process.on('unhandledRejection', (error) =>
    log.note(`unexpected: ${error instanceof Error ? error.stack : error}`),
  )
  app.on('child-process-gone', (_event, { type, reason, name }) =>
    log.note(`${name ?? type} is gone: ${reason}`),
  )

  const settings = openSettings(folder, log.note)
  const secrets = openSecrets(settings)
  const maps = createMapSources(settings, secrets)
  serveConsole({ folder: join(built, '../renderer'), ...maps })
  guardPermissions(session.defaultSession)
  const screens = openScreens(session.defaultSession)
  Menu.setApplicationMenu(null)

  let window: BrowserWindow | undefined
  let wall: WallWindowKeeper | undefined
  let ticket: string | null = null
  const door = openSeatDoor({
    pages: { console: () => window?.webContents, wall: () => wall?.page() },
    engine: () => processes.engine,
  })
  const processes = startProcesses({
    built,
    resources,
    folder,
    options,
    log,
    onEngineStart: () => door.open(),
    engineNeeds: () => ({ settings: settings.seat, ticket }),
    granters: {
      'settings.change': settings.change,
      'layout.keep': ({ account, layout }) => settings.keepLayout(account, layout),
      'map-file.add': () => addMapFile(window, settings),
      'map-file.remove': ({ basemap }) => settings.removeMapFile(basemap),
      'tile-key.set': ({ key, secret }) => secrets.keep(`tile-key.${key}`, secret),
      'line-password.read': ({ line }) => secrets.read(`line.${line}`) ?? null,
      'line-password.set': ({ line, password }) => secrets.keep(`line.${line}`, password),
      'channel-password.read': ({ channel }) => secrets.read(`channel.${channel}`) ?? null,
      'channel-password.set': ({ channel, password }) => secrets.keep(`channel.${channel}`, password),
      'screens.list': screens.list,
      'screens.choose': ({ id }) => screens.choose(id),
      'basemaps.use': maps.use,
      'ticket.keep': (kept) => {
        ticket = kept
      },
      'awake.keep': createWakefulness(),
    },
  })
  settings.onSeatChange((seat) => {
    processes.tellEngine({ tell: 'settings', settings: seat })
    for (const page of [window?.webContents, wall?.page()]) page?.setZoomFactor(seat.zoom)
  })

  const windows = {
    preload: join(built, '../preload/index.cjs'),
    icon: join(resources, 'icons/watchfloor.png'),
    settings,
    log,
  }
  window = openWindow('console', windows)
  if (settings.window('console')?.fullScreen) window.setFullScreen(true)
  wall = keepWallWindow(windows, window)
  window.once('closed', () => {
    window = undefined
    wall?.end()
  })
  app.on('second-instance', () => {
    if (window?.isMinimized()) window.restore()
    window?.focus()
  })
  app.on('window-all-closed', () => app.quit())

  let stopped = false
  app.on('before-quit', (event) => {
    if (stopped) return
    event.preventDefault()
    void processes.stop().then(() => {
      stopped = true
      app.quit()
    })
  })
}
