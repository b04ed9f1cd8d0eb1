/** The link from the page to its hub: who is signed in, what is shown, and whether it stands. */
import { createTRPCClient, createWSClient, type TRPCClient, wsLink } from '@trpc/client'
import { FIELD_LINK_PATH, type FieldView } from '../contract/field.ts'
import type { FieldRouter } from '../contract/hub-routers/field.ts'
import { refusedBy, SESSION_OVER } from '../contract/rpc.ts'

export interface LineEars {
  view(view: FieldView): void
  /** Whether the hub answers. */
  stands(stands: boolean): void
  /** The hub knows this session no more. */
  sessionOver(): void
}

export interface Line {
  readonly hub: TRPCClient<FieldRouter>
  close(): void
}

const RETRY_MS = [500, 1_000, 2_000, 5_000]

/** Without a token only signing in can be asked for. */
export function openLine(token: string | null, ears: LineEars): Line {
  const { protocol, host } = window.location
  const socket = createWSClient({
    url: `${protocol === 'https:' ? 'wss' : 'ws'}://${host}${FIELD_LINK_PATH}`,
    connectionParams: () => (token === null ? null : { token }),
    retryDelayMs: (attempt) => RETRY_MS[Math.min(attempt, RETRY_MS.length - 1)] ?? 5_000,
    keepAlive: { enabled: true, intervalMs: 5_000, pongTimeoutMs: 5_000 },
    onOpen: () => ears.stands(true),
    onClose: (cause) => {
      ears.stands(false)
      if (cause?.code === SESSION_OVER) ears.sessionOver()
    },
  })
  const hub = createTRPCClient<FieldRouter>({ links: [wsLink({ client: socket })] })
  const watching =
    token === null
      ? undefined
      : hub.watch.subscribe(undefined, {
          onData: (view) => ears.view(view),
          onError: (error) => {
            if (refusedBy(error)?.code === 'not-signed-in') ears.sessionOver()
          },
        })
  return {
    hub,
    close: () => {
      watching?.unsubscribe()
      void socket.close()
    },
  }
}
