/** What Electron offers its main process, as far as the stand-in has it. */
import { strict } from './unknown.ts'

export { app } from './app.ts'
export { BrowserWindow } from './browser-window.ts'
export { ipcMain } from './ipc.ts'
export { MessageChannelMain } from './ports.ts'
export { net, protocol } from './protocol.ts'
export { session } from './session.ts'
export { crashReporter, dialog, Menu, powerSaveBlocker, safeStorage, screen } from './system.ts'
export { utilityProcess } from './utility-process.ts'

/** Looked for by electron-store, which uses neither in main. */
export const ipcRenderer = undefined
export const shell = strict('shell', {})
