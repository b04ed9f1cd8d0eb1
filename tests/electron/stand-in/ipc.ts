/** Electron's ipcMain (electronjs.org/docs/latest/api/ipc-main), without what answers. */
import { EventEmitter } from 'node:events'
import { strict } from './unknown.ts'

export const ipcMain = strict('ipcMain', new EventEmitter())
