/** Seats and phones of the lab's at the hub, which sign in and ask as any would. */
import { createTRPCClient, createWSClient, type TRPCClient, wsLink } from '@trpc/client'
import { WebSocket } from 'ws'
import { FIELD_LINK_PATH } from '../contract/field.ts'
import { CONTRACT_VERSION, type HubRouter } from '../contract/hub.ts'
import type { FieldRouter } from '../contract/hub-routers/field.ts'
import type { Id } from '../contract/primitives.ts'

interface Linked<Client> {
  readonly client: Client
  close(): void
}
export type HubSeat = Linked<TRPCClient<HubRouter>>
export type FieldPhone = Linked<TRPCClient<FieldRouter>>

/** `hub` is ws://host:port/seat. Rejects where the hub can't be reached or does not know the password. */
export async function openHubSeat(hub: string, account: Id, password: string): Promise<HubSeat> {
  const connect = (token?: string) =>
    linked(hub, WebSocket, token, (client) => createTRPCClient<HubRouter>({ links: [wsLink({ client })] }))
  return signedIn(connect, async (client) => {
    await client.hello.query({ contract: CONTRACT_VERSION })
    return client.signIn.mutate({ account, password })
  })
}

/** As the page in the field does; the same. */
export async function openFieldPhone(hub: string, account: Id, password: string): Promise<FieldPhone> {
  const url = new URL(FIELD_LINK_PATH, hub).href
  const { origin } = new URL(hub.replace(/^ws/, 'http'))
  /** The hub takes this link from its own page only. */
  class PageSocket extends WebSocket {
    constructor(address: string) {
      super(address, { origin })
    }
  }
  const connect = (token?: string) =>
    linked(url, PageSocket, token, (client) => createTRPCClient<FieldRouter>({ links: [wsLink({ client })] }))
  return signedIn(connect, (client) => client.signIn.mutate({ account, password }))
}

async function signedIn<Client>(
  connect: (token?: string) => Linked<Client>,
  signIn: (client: Client) => Promise<{ readonly token: string }>,
): Promise<Linked<Client>> {
  const { client, close } = connect()
  try {
    const { token } = await signIn(client)
    return connect(token)
  } finally {
    close()
  }
}

function linked<Client>(
  url: string,
  Socket: new (address: string) => WebSocket,
  token: string | undefined,
  over: (socket: ReturnType<typeof createWSClient>) => Client,
): Linked<Client> {
  const socket = createWSClient({
    url,
    WebSocket: Socket as unknown as typeof globalThis.WebSocket,
    connectionParams: token === undefined ? null : { token },
  })
  return { client: over(socket), close: () => void socket.close() }
}
