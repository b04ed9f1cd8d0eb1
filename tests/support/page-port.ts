/** The page's end of the engine contract, on a port as Electron hands it over. */
import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { createTRPCClient, createWSClient, type TRPCClient, wsLink } from '@trpc/client'
import { type Carrier, socketOver } from '../../contract/carrier.ts'
import type { EnginePort, EngineRouter } from '../../contract/engine.ts'
import { servePort } from '../../main/engine/seat-port.ts'
import type { AtEnd } from './at-end.ts'
import { asPortMain } from './node-port.ts'

export interface PagePort {
  readonly client: TRPCClient<EngineRouter>
  readonly port: MessagePort
  /** The binary messages, in order. */
  readonly frames: readonly ArrayBuffer[]
  /** As when the page crashes: nobody takes leave. */
  kill(): void
}

export function openPagePort(
  atEnd: AtEnd,
  engine: EnginePort,
  onUnexpected: (path: string, error: Error) => void,
): PagePort {
  const { port1, port2 } = new MessageChannel()
  atEnd(servePort(asPortMain(port1), engine, onUnexpected))
  const carrier: Carrier = {
    send: (message) => port2.postMessage(message),
    close: () => port2.close(),
    listen: ({ text, binary, closed }) => {
      port2.on('message', (data) => (typeof data === 'string' ? text(data) : binary(data)))
      port2.on('close', closed)
    },
  }
  const frames: ArrayBuffer[] = []
  let killed = false
  const socket = createWSClient({
    url: 'ws://engine',
    WebSocket: socketOver(
      async () => carrier,
      (frame) => frames.push(frame),
    ) as never,
    retryDelayMs: () => (killed ? 3_600_000 : 50),
  })
  const kill = () => {
    killed = true
    port2.close()
  }
  atEnd(kill)
  const client = createTRPCClient<EngineRouter>({ links: [wsLink({ client: socket })] })
  return { client, port: port2, frames, kill }
}
