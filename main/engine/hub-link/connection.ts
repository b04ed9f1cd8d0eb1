/** One WebSocket to the hub with the hub contract on it; it comes back by itself. */
import { createTRPCClient, createWSClient, type TRPCClient, wsLink } from '@trpc/client'
import { socketOver } from '../../../contract/carrier.ts'
import type { HubRouter } from '../../../contract/hub.ts'
import type { HubAddress } from '../../../contract/shell.ts'
import { backOff } from '../back-off.ts'
import { HubSocketError, openHubSocket, type Unreachable } from './hub-socket.ts'

const PING_MS = 5_000
const PONG_WAIT_MS = 4_000

export interface ConnectionEars {
  up(): void
  /** Also called for every try that fails. */
  down(reason: Unreachable): void
  frame(bytes: ArrayBuffer): void
  /** The hub has ended the session of the token. */
  over(): void
}

export interface Connection {
  readonly client: TRPCClient<HubRouter>
  close(): void
}

const brokenOff: Unreachable = { code: 'no-answer', why: 'connection lost' }

/** Connects as the seat the token stands for, or as nobody yet. */
export function connect(hub: HubAddress, token: string | undefined, ears: ConnectionEars): Connection {
  let closed = false
  let isUp = false
  // tRPC announces by this query that the token follows as the first message.
  const query = token === undefined ? '' : '?connectionParams=1'
  const open = async () => {
    try {
      return await openHubSocket(hub, query, () => !closed && ears.over())
    } catch (error) {
      if (!closed && error instanceof HubSocketError) ears.down(error)
      throw error
    }
  }
  const socket = createWSClient({
    url: hub.url,
    // It has what tRPC uses of a WebSocket, not all that a browser's has.
    WebSocket: socketOver(open, (bytes) => !closed && ears.frame(bytes)) as unknown as typeof WebSocket,
    connectionParams: token === undefined ? null : { token },
    retryDelayMs: (attempt) => backOff(attempt),
    keepAlive: { enabled: true, intervalMs: PING_MS, pongTimeoutMs: PONG_WAIT_MS },
    onOpen: () => {
      isUp = true
      if (!closed) ears.up()
    },
    // Also called after a try that failed, which has told its reason already.
    onClose: () => {
      if (isUp && !closed) ears.down(brokenOff)
      isUp = false
    },
  })
  return {
    client: createTRPCClient<HubRouter>({ links: [wsLink({ client: socket })] }),
    close: () => {
      closed = true
      void socket.close()
    },
  }
}
