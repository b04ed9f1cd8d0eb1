/** A pair of UDP sockets: RTP on an even port, RTCP on the next (RFC 3550, 11). */
import { randomInt } from 'node:crypto'
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { once } from 'node:events'
import type { Address } from './voice-terms.ts'

/** Both included; even or not: the pairs that begin with an even port are used. */
export interface PortRange {
  readonly from: number
  readonly to: number
}

const PORTS: PortRange = { from: 16_384, to: 32_767 }
const TRIES = 200

type Kind = 'rtp' | 'rtcp'

export interface RtpSockets {
  readonly local: Address
  send(kind: Kind, packet: Uint8Array, to: Address): void
  /** One listener: the leg. */
  listen(listener: (kind: Kind, packet: Buffer, from: Address) => void): void
  /** When what was sent has left. */
  close(): Promise<void>
}

/** `host` is one of this machine's IPv4 addresses. Rejects if no pair of ports is found free. */
export async function openRtpSockets(host: string, ports = PORTS): Promise<RtpSockets> {
  const lowest = ports.from + (ports.from % 2)
  const pairs = Math.floor((ports.to + 1 - lowest) / 2)
  // Begun anywhere: ports that can be foretold are tried by strangers.
  const first = pairs > 0 ? randomInt(pairs) : 0
  for (let attempt = 0; attempt < Math.min(pairs, TRIES); attempt++) {
    const port = lowest + 2 * ((first + attempt) % pairs)
    const sockets = await bindPair(host, port)
    if (sockets !== undefined) return pair({ host, port }, sockets)
  }
  throw new Error(`no free pair of ports from ${ports.from} to ${ports.to} at ${host}`)
}

async function bindPair(host: string, port: number): Promise<Record<Kind, Socket> | undefined> {
  const rtp = await bind(host, port)
  if (rtp === undefined) return undefined
  try {
    const rtcp = await bind(host, port + 1)
    if (rtcp !== undefined) return { rtp, rtcp }
  } catch (error) {
    rtp.close()
    throw error
  }
  rtp.close()
  return undefined
}

/** Nothing if the port is taken. */
async function bind(host: string, port: number): Promise<Socket | undefined> {
  const socket = createSocket({
    type: 'udp4',
    // Addresses only: they need no look-up, which would put each packet off to a later turn.
    lookup: (address, _, found) => found(null, address, 4),
  })
  try {
    await Promise.all([once(socket, 'listening'), socket.bind(port, host)])
    return socket
  } catch (error) {
    socket.close()
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return undefined
    throw error
  }
}

function pair(local: Address, sockets: Readonly<Record<Kind, Socket>>): RtpSockets {
  const both = Object.entries(sockets) as [Kind, Socket][]
  let open = true
  // A network that is away for a moment fails each packet; what no packets mean is seen by the time since the last.
  for (const [, socket] of both) socket.on('error', () => undefined)
  return {
    local,
    send: (kind, packet, { host, port }) => {
      if (open) sockets[kind].send(packet, port, host)
    },
    listen: (listener) => {
      for (const [kind, socket] of both)
        socket.on('message', (packet: Buffer, { address, port }: RemoteInfo) => {
          listener(kind, packet, { host: address, port })
        })
    },
    close: async () => {
      if (!open) return
      open = false
      await Promise.all(
        both.map(([, socket]) => new Promise<void>((resolve) => socket.close(() => resolve()))),
      )
    },
  }
}
