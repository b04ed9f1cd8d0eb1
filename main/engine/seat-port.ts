/** Serves the engine contract on a renderer's MessagePort. */
import { EventEmitter } from 'node:events'
import { getWSConnectionHandler, type WSSHandlerOptions } from '@trpc/server/adapters/ws'
import type { EnginePort } from '../../contract/engine.ts'
import { engineRouter } from '../../contract/engine.ts'

/** What a port must do; Electron's MessagePortMain does. */
export interface PortMain {
  postMessage(message: unknown): void
  on(event: 'message', listener: (message: { data: unknown }) => void): unknown
  on(event: 'close', listener: () => void): unknown
  start(): void
  close(): void
}

const OPEN = 1
const CLOSED = 3
/** A renderer that sends more in one message is not ours. */
const LONGEST_MESSAGE = 1024 * 1024

/** A port that looks like a server's WebSocket to tRPC. */
class PortSocket extends EventEmitter {
  readonly OPEN = OPEN
  readyState = OPEN
  readonly #port: PortMain

  constructor(port: PortMain) {
    super()
    this.#port = port
    port.on('message', ({ data }) => {
      if (typeof data === 'string' && data.length <= LONGEST_MESSAGE)
        this.emit('message', Buffer.from(data), false)
      else this.close()
    })
    port.on('close', () => this.#closed())
  }

  send(message: string | Uint8Array) {
    if (this.readyState === OPEN) this.#port.postMessage(message)
  }

  close() {
    if (this.readyState !== OPEN) return
    this.#port.close()
    this.#closed()
  }

  terminate() {
    this.close()
  }

  #closed() {
    if (this.readyState === CLOSED) return
    this.readyState = CLOSED
    this.emit('close')
  }
}

type Options = WSSHandlerOptions<typeof engineRouter>
type Handler = ReturnType<typeof getWSConnectionHandler>
type ServerSocket = Parameters<Handler>[0]
type Request = Parameters<Handler>[1]

/** `onUnexpected` is told of errors that are not refusals. Returns what closes the port. */
export function servePort(
  port: PortMain,
  engine: EnginePort,
  onUnexpected: (path: string, error: Error) => void,
): () => void {
  const socket = new PortSocket(port)
  const closed = new AbortController()
  socket.on('close', () => closed.abort())
  const frames = { send: (frame: Uint8Array) => socket.send(frame), waiting: 0, closed: closed.signal }
  const options: Omit<Options, 'wss'> = {
    router: engineRouter,
    createContext: () => ({ engine, frames }),
    onError: ({ error, path }) => {
      if (error.code === 'INTERNAL_SERVER_ERROR' && error.cause?.name !== 'Refusal')
        onUnexpected(path ?? '', error.cause ?? error)
    },
  }
  // tRPC types all this after the ws package and its server, but uses only what PortSocket has.
  const handler = getWSConnectionHandler(options as Options)
  handler(socket as unknown as ServerSocket, { url: '/', headers: {} } as unknown as Request)
  port.start()
  return () => socket.close()
}
