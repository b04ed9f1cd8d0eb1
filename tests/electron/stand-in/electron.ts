/** The `electron` module of the stand-in. */
import { app as realApp } from './app.ts'
import { ipcMain as realIpcMain } from './ipc.ts'
import { net as realNet, protocol as realProtocol, session as realSession } from './protocol.ts'
import * as system from './system.ts'
import { strict } from './unknown.ts'
import { utilityProcess as realUtilityProcess } from './utility-process.ts'

export { MessageChannelMain, MessagePortMain } from './ports.ts'
export { BrowserWindow } from './windows.ts'

export const app = strict('app', realApp)
export const ipcMain = strict('ipcMain', realIpcMain)
export const protocol = strict('protocol', realProtocol)
export const net = strict('net', realNet)
export const session = strict('session', realSession)
export const utilityProcess = strict('utilityProcess', realUtilityProcess)
export const safeStorage = strict('safeStorage', system.safeStorage)
export const dialog = strict('dialog', system.dialog)
export const screen = strict('screen', system.screen)
export const powerSaveBlocker = strict('powerSaveBlocker', system.powerSaveBlocker)
export const Menu = strict('Menu', system.Menu)
export const crashReporter = strict('crashReporter', system.crashReporter)
/** In main there is none; electron-store asks which side it is on by looking. */
export const ipcRenderer = undefined

export default { app, ipcMain, ipcRenderer }
