/** A pair of UDP sockets: RTP on an even port, RTCP on the next (RFC 3550, 11). */
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { once } from 'node:events'
import type { Address } from './offer-answer.ts'

/** Both even or not: even ports within are used. */
export interface PortRange {
  readonly from: number
  readonly to: number
}

const PORTS: PortRange = { from: 16_384, to: 32_766 }
const TRIES = 200

type Kind = 'rtp' | 'rtcp'

export interface RtpSockets {
  readonly local: Address
  send(kind: Kind, packet: Uint8Array, to: Address): void
  /** One listener: the leg. */
  listen(listener: (kind: Kind, packet: Buffer, from: Address) => void): void
  close(): Promise<void>
}

/** `host` is one of this machine's IPv4 addresses. Rejects if no pair of ports in the range is free. */
export async function openRtpSockets(host: string, ports = PORTS): Promise<RtpSockets> {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const port = 2 * Math.ceil((ports.from + Math.random() * (ports.to - ports.from - 1)) / 2)
    const rtp = await bind(host, port)
    const rtcp = rtp && (await bind(host, port + 1))
    if (rtp !== undefined && rtcp !== undefined) return pair({ host, port }, { rtp, rtcp })
    rtp?.close()
  }
  throw new Error(`no free pair of ports from ${ports.from} to ${ports.to} at ${host}`)
}

/** Nothing if the port is taken. */
async function bind(host: string, port: number): Promise<Socket | undefined> {
  const socket = createSocket('udp4')
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
