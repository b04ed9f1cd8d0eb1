/** The renderer's line to its engine: the engine contract over the MessagePort that the preload hands over. */
import { createTRPCClient, createWSClient, wsLink } from '@trpc/client'
import { type Carrier, socketOver } from '../../contract/carrier.ts'
import type { EngineRouter } from '../../contract/engine.ts'
import { openPromptLine } from './prompt-line.ts'

const ASK = 'watchfloor:port-wanted'
const PORT = 'watchfloor:port'
const RETRY_MS = 200

/** The port to use, as soon as there is one; a new one ends the connection over the one before. */
let current: MessagePort | undefined
let wake: ((port: MessagePort) => void) | undefined
let dropConnection: (() => void) | undefined
const frameListeners = new Set<(frame: ArrayBuffer) => void>()
const presenceListeners = new Set<(present: boolean) => void>()

window.addEventListener('message', ({ source, data, ports }) => {
  if (source !== window || data !== PORT || ports[0] === undefined) return
  const [port] = ports
  dropConnection?.()
  if (wake === undefined) current = port
  else wake(port)
})

function nextPort(): Promise<MessagePort> {
  if (current !== undefined) {
    const port = current
    current = undefined
    return Promise.resolve(port)
  }
  window.postMessage(ASK, '*')
  return new Promise((resolve) => {
    wake = (port) => {
      wake = undefined
      resolve(port)
    }
  })
}

function carrierOver(port: MessagePort): Carrier {
  let over: (() => void) | undefined
  return {
    send: (message) => port.postMessage(message),
    close: () => port.close(),
    listen: ({ text, binary, closed }) => {
      over = () => {
        over = undefined
        dropConnection = undefined
        port.close()
        closed()
      }
      dropConnection = over
      port.addEventListener('message', ({ data }) => {
        if (typeof data === 'string') text(data)
        else if (data instanceof Uint8Array) binary(data.slice().buffer)
      })
      port.addEventListener('close', () => over?.())
      port.start()
    },
  }
}

const tell = (present: boolean) => {
  for (const listener of presenceListeners) listener(present)
}

const line = openPromptLine()

const socket = createWSClient({
  url: 'ws://engine',
  // It has what tRPC uses of a WebSocket, not all that a browser's has.
  WebSocket: socketOver(
    async () => line.over(carrierOver(await nextPort())),
    (frame) => {
      for (const listener of frameListeners) listener(frame)
    },
  ) as unknown as typeof WebSocket,
  retryDelayMs: () => RETRY_MS,
  onOpen: () => tell(true),
  onClose: () => tell(false),
})

export const engine = createTRPCClient<EngineRouter>({ links: [line.link, wsLink({ client: socket })] })

/** Calls `listener` with each position frame. Returns its own undoing. */
export function onFrame(listener: (frame: ArrayBuffer) => void): () => void {
  frameListeners.add(listener)
  return () => frameListeners.delete(listener)
}

/** Calls `listener` when the engine comes and goes. Returns its own undoing. */
export function onPresence(listener: (present: boolean) => void): () => void {
  presenceListeners.add(listener)
  return () => presenceListeners.delete(listener)
}
