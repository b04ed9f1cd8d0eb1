/** The sockets of a channel by RTP: to a gateway, or in a multicast group that others on this machine may be in, too. */
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import type { ChannelAccess } from '../../../../contract/radio.ts'

export type RtpAccess = Extract<ChannelAccess, { kind: 'rtp' }>
type Kind = 'rtp' | 'rtcp'

/** Routers that forward groups take one away each. */
const MULTICAST_TTL = 16
/** How often it is seen to that the group was not left: a network interface that comes back is in none. */
const MEMBERSHIP_EVERY_MS = 5_000

export interface ChannelSockets {
  send(kind: Kind, packet: Uint8Array): void
  close(): void
}

export interface ChannelSocketsOptions {
  /** Of a gateway only what comes from its own address is told. */
  readonly onPacket: (kind: Kind, packet: Buffer) => void
  /** They can't be used any more. */
  readonly onFailure: (error: Error) => void
}

const isGroup = (address: string): boolean => {
  const first = Number(address.split('.')[0])
  return first >= 224 && first <= 239
}

/** Rejects with what the system says if the ports are taken, or there is no way to the group. */
export async function openChannelSockets(
  access: RtpAccess,
  { onPacket, onFailure }: ChannelSocketsOptions,
): Promise<ChannelSockets> {
  const { address, port } = access
  const group = isGroup(address)
  const sockets: Socket[] = []
  let membership: NodeJS.Timeout | undefined
  const close = () => {
    clearInterval(membership)
    for (const socket of sockets.splice(0)) socket.close()
  }
  const open = async (kind: Kind, offset: number): Promise<Socket> => {
    const socket = createSocket({
      type: 'udp4',
      reuseAddr: group,
      // Addresses only: they need no look-up, which would put each packet off to a later turn.
      lookup: (host, _, found) => found(null, host, 4),
    })
    sockets.push(socket)
    const listenPort = group ? port : (access.listenPort ?? port)
    await Promise.all([
      once(socket, 'listening'),
      socket.bind(listenPort + offset, group ? bindAddress(address) : undefined),
    ])
    if (group) join(socket, access)
    socket.on('error', (error) => {
      close()
      onFailure(error)
    })
    socket.on('message', (packet, from) => {
      if (group || from.address === address) onPacket(kind, packet)
    })
    return socket
  }

  try {
    const rtp = await open('rtp', 0)
    const rtcp = await open('rtcp', 1)
    if (group)
      membership = setInterval(() => {
        try {
          for (const socket of sockets) rejoin(socket, access)
        } catch (error) {
          close()
          onFailure(error as Error)
        }
      }, MEMBERSHIP_EVERY_MS)
    return {
      // A packet that the network doesn't take now is lost like any other.
      send: (kind, packet) => {
        if (sockets.length > 0)
          (kind === 'rtp' ? rtp : rtcp).send(
            packet,
            kind === 'rtp' ? port : port + 1,
            address,
            () => undefined,
          )
      },
      close,
    }
  } catch (error) {
    close()
    throw error
  }
}

/** Bound to the group's address a socket hears nothing of other groups at the same port; Windows can't do that. */
const bindAddress = (group: string): string | undefined => (process.platform === 'win32' ? undefined : group)

function join(socket: Socket, { address, interface: card }: RtpAccess): void {
  socket.addMembership(address, card)
  if (card !== undefined) socket.setMulticastInterface(card)
  socket.setMulticastTTL(MULTICAST_TTL)
  // Other seats on this machine hear this one.
  socket.setMulticastLoopback(true)
}

function rejoin(socket: Socket, { address, interface: card }: RtpAccess): void {
  try {
    socket.addMembership(address, card)
  } catch (error) {
    // Still in it.
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
  }
}
