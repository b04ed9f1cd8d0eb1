/** The `electron` module of the stand-in. */
export { app } from './app.ts'
export { BrowserWindow } from './browser-window.ts'
export { ipcMain } from './ipc.ts'
export { MessageChannelMain } from './ports.ts'
export { net, protocol } from './protocol.ts'
export { session } from './session.ts'
export { crashReporter, dialog, Menu, powerSaveBlocker, safeStorage, screen } from './system.ts'
export { utilityProcess } from './utility-process.ts'
