/** Joins each page and the engine by a MessagePort, whenever the page asks and whenever the engine is new. */
import { ipcMain, MessageChannelMain, type WebContents } from 'electron'
import type { SeatPage } from '../contract/seat-pages.ts'
import type { Telling } from '../contract/shell.ts'
import type { Child } from './children.ts'
import { ORIGIN, originOf } from './origin.ts'

/** The two channels between main and the preload. */
const PORT_WANTED = 'port-wanted'
const PORT = 'port'

export interface SeatDoor {
  /** Gives every page that is there a port to the engine, if that is there. */
  open(): void
}

export interface DoorOptions {
  /** Undefined: it has no window now. */
  readonly pages: Readonly<Record<SeatPage, () => WebContents | undefined>>
  engine(): Child
}

export function openSeatDoor({ pages, engine }: DoorOptions): SeatDoor {
  const named = Object.entries(pages) as [SeatPage, () => WebContents | undefined][]
  const openTo = (page: SeatPage) => {
    const contents = pages[page]()
    if (contents === undefined || contents.isDestroyed()) return
    const child = engine()
    // A page that gets no port waits; one that got a port to nobody would think that the engine is there.
    if (!child.isRunning) return
    const { port1, port2 } = new MessageChannelMain()
    child.send({ tell: 'seat', page } satisfies Telling, [port1])
    contents.postMessage(PORT, null, [port2])
  }
  ipcMain.on(PORT_WANTED, ({ sender, senderFrame }) => {
    const page = named.find(([, contents]) => contents() === sender)?.[0]
    if (page === undefined || senderFrame !== sender.mainFrame) return
    if (originOf(senderFrame?.url ?? '') === ORIGIN) openTo(page)
  })
  return {
    open: () => {
      for (const [page] of named) openTo(page)
    },
  }
}
