/** A seat of the lab's at the hub, which signs in and asks as any seat would. */
import { createTRPCClient, createWSClient, type TRPCClient, wsLink } from '@trpc/client'
import { WebSocket } from 'ws'
import { CONTRACT_VERSION, type HubRouter } from '../contract/hub.ts'
import type { Id } from '../contract/primitives.ts'

export interface HubSeat {
  readonly client: TRPCClient<HubRouter>
  close(): void
}

/** `hub` is ws://host:port/seat. Rejects where the hub can't be reached or does not know the password. */
export async function openHubSeat(hub: string, account: Id, password: string): Promise<HubSeat> {
  const { client, close } = connect(hub, undefined)
  try {
    await client.hello.query({ contract: CONTRACT_VERSION })
    const { token } = await client.signIn.mutate({ account, password })
    return connect(hub, token)
  } finally {
    close()
  }
}

function connect(hub: string, token: string | undefined): HubSeat {
  const socket = createWSClient({
    url: hub,
    WebSocket: WebSocket as unknown as typeof globalThis.WebSocket,
    connectionParams: token === undefined ? null : { token },
  })
  return {
    client: createTRPCClient<HubRouter>({ links: [wsLink({ client: socket })] }),
    close: () => void socket.close(),
  }
}
