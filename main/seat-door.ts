/** Joins the page and the engine by a MessagePort, whenever the page asks and whenever the engine is new. */
import { ipcMain, MessageChannelMain, type WebContents } from 'electron'
import type { Telling } from '../contract/shell.ts'
import type { Child } from './children.ts'
import { ORIGIN, originOf } from './origin.ts'

/** The two channels between main and the preload. */
const PORT_WANTED = 'port-wanted'
const PORT = 'port'

export interface SeatDoor {
  /** Gives the page a port to the engine, if both are there. */
  open(): void
}

export function openSeatDoor(between: { page(): WebContents | undefined; engine(): Child }): SeatDoor {
  const open = () => {
    const page = between.page()
    if (page === undefined || page.isDestroyed()) return
    const engine = between.engine()
    // A page that gets no port waits; one that got a port to nobody would think that the engine is there.
    if (!engine.isRunning) return
    const { port1, port2 } = new MessageChannelMain()
    engine.send({ tell: 'seat' } satisfies Telling, [port1])
    page.postMessage(PORT, null, [port2])
  }
  ipcMain.on(PORT_WANTED, ({ sender, senderFrame }) => {
    const isOurPage = sender === between.page() && senderFrame === sender.mainFrame
    if (isOurPage && originOf(senderFrame?.url ?? '') === ORIGIN) open()
  })
  return { open }
}
