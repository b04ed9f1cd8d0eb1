/** Electron's ipcMain (electronjs.org/docs/latest/api/ipc-main), without what answers. */
import { EventEmitter } from 'node:events'

export const ipcMain = new EventEmitter()
