/** A seat at a hub: the real tRPC client on a real WebSocket, every byte of which is kept. */
import { createTRPCClient, createWSClient, type TRPCClient, wsLink } from '@trpc/client'
import { WebSocket } from 'ws'
import { type Carrier, socketOver } from '../../contract/carrier.ts'
import type { Admission, HubRouter, HubStatus, StateMessage } from '../../contract/hub.ts'
import { type FrameRecord, readFrame } from '../../contract/position-frame.ts'
import type { Refused } from '../../contract/refusal.ts'
import { refusedBy } from '../../contract/rpc.ts'
import { fold, type SharedState } from '../../contract/state.ts'
import type { AtEnd } from './at-end.ts'
import { PASSWORD } from './site.ts'

export interface TestSeat {
  readonly client: TRPCClient<HubRouter>
  /** Every byte that has come from the hub on this seat's connections, below WebSocket's framing. */
  readonly bytes: () => Buffer
  /** The binary messages, in order. */
  readonly frames: readonly ArrayBuffer[]
  /** What the frames say, by unit index. */
  readonly positions: ReadonlyMap<number, FrameRecord>
  /** The codes with which the hub has closed its connections. */
  readonly closings: readonly number[]
  /** Why connections could not be opened. */
  readonly troubles: readonly NodeJS.ErrnoException[]
  /** Begins to follow the shared state, from `after` on. */
  watchState(after?: number): Watching
  /** The hub's status, each as it comes. */
  watchStatus(): readonly HubStatus[]
  close(): void
}

interface Watching {
  /** What the seat knows, or undefined before the first message. */
  readonly state: () => SharedState | undefined
  /** The journal's place that the state is of. */
  readonly seq: () => number | undefined
  readonly messages: readonly StateMessage[]
  readonly errors: readonly unknown[]
  stop(): void
}

export interface SeatOptions {
  readonly token?: string
  readonly ca?: string
  /** The address it comes from: any of 127.0.0.0/8. */
  readonly from?: string
  /** Of the page that it speaks for, as a browser says it. */
  readonly origin?: string
}

/** Connects as the seat the token stands for, or as nobody yet. */
export function openSeat(atEnd: AtEnd, url: string, { token, ca, from, origin }: SeatOptions = {}): TestSeat {
  const pieces: Buffer[] = []
  const frames: ArrayBuffer[] = []
  const positions = new Map<number, FrameRecord>()
  const closings: number[] = []
  const troubles: NodeJS.ErrnoException[] = []
  let closed = false

  const open = () =>
    new Promise<Carrier>((resolve, reject) => {
      const socket = new WebSocket(`${url}${token === undefined ? '' : '?connectionParams=1'}`, {
        perMessageDeflate: false,
        ...(ca !== undefined && { ca }),
        ...(from !== undefined && { localAddress: from }),
        ...(origin !== undefined && { origin }),
      })
      socket.binaryType = 'arraybuffer'
      socket.on('upgrade', (response) => response.socket.on('data', (piece: Buffer) => pieces.push(piece)))
      socket.on('error', (error) => {
        troubles.push(error)
        reject(error)
      })
      socket.on('close', (code) => closings.push(code))
      socket.on('open', () => resolve(carrierOf(socket)))
    })
  const take = (bytes: ArrayBuffer) => {
    frames.push(bytes)
    const frame = readFrame(bytes)
    if (frame?.reset) positions.clear()
    frame?.each((record) => {
      positions.set(record.index, { ...record })
    })
  }
  const socket = createWSClient({
    url,
    WebSocket: socketOver(open, take) as unknown as typeof WebSocket & typeof globalThis.WebSocket,
    connectionParams: token === undefined ? null : { token },
    // A hub that sends a seat away does so for good; one that is started again is back within moments.
    retryDelayMs: () => (closed || closings.length > 50 ? 3_600_000 : 50),
    keepAlive: { enabled: true, intervalMs: 5_000, pongTimeoutMs: 4_000 },
  })
  const client = createTRPCClient<HubRouter>({ links: [wsLink({ client: socket })] })
  const close = () => {
    closed = true
    void socket.close()
  }
  atEnd(close)

  return {
    client,
    bytes: () => Buffer.concat(pieces),
    frames,
    positions,
    closings,
    troubles,
    watchState: (after) => {
      let state: SharedState | undefined
      let seq: number | undefined
      const messages: StateMessage[] = []
      const errors: unknown[] = []
      const subscription = client.watchState.subscribe(
        { lastEventId: after === undefined ? null : String(after) },
        {
          onData: ({ id, data }) => {
            const message = data as StateMessage
            messages.push(message)
            seq = Number(id)
            if (message.kind === 'snapshot') state = message.state
            else if (state !== undefined) state = fold(state, message.events)
          },
          onError: (error) => errors.push(error),
        },
      )
      return {
        state: () => state,
        seq: () => seq,
        messages,
        errors,
        stop: () => subscription.unsubscribe(),
      }
    },
    watchStatus: () => {
      const told: HubStatus[] = []
      client.watchStatus.subscribe(undefined, { onData: (status) => told.push(status) })
      return told
    },
    close,
  }
}

interface SignInOptions extends Omit<SeatOptions, 'token'> {
  readonly password?: string
}

/** Signs in, and connects as the seat. */
export async function takeSeat(
  atEnd: AtEnd,
  url: string,
  account: string,
  options: SignInOptions = {},
): Promise<TestSeat & { readonly token: string }> {
  const { token } = await signIn(atEnd, url, account, options)
  return { ...openSeat(atEnd, url, { ...options, token }), token }
}

export async function signIn(
  atEnd: AtEnd,
  url: string,
  account: string,
  { password = PASSWORD, ...options }: SignInOptions = {},
): Promise<Admission> {
  const door = openSeat(atEnd, url, options)
  try {
    return await door.client.signIn.mutate({ account, password })
  } finally {
    door.close()
  }
}

/** What a call was refused with. Throws if it was not refused, or not as people can be told. */
export async function refusalOf(call: Promise<unknown>): Promise<Refused> {
  try {
    await call
  } catch (error) {
    const refused = refusedBy(error)
    if (refused === undefined) throw error
    return { code: refused.code, particulars: refused.particulars }
  }
  throw new Error('the call was not refused')
}

function carrierOf(socket: WebSocket): Carrier {
  return {
    send: (message) => socket.send(message),
    close: () => socket.close(),
    listen: ({ text, binary, closed }) => {
      socket.on('message', (message, isBinary) => {
        if (isBinary) binary(message as ArrayBuffer)
        else text(Buffer.from(message as ArrayBuffer).toString())
      })
      socket.on('close', closed)
    },
  }
}
