/**
 * A reflector of protocol 2, as SvxLink's ReflectorMsg.h defines it: Debian's knows only protocol 1. It lets everybody
 * in, and says what it is told to say.
 */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import type { AtEnd } from './at-end.ts'
import { freePort } from './free-port.ts'

export interface FakeReflector {
  readonly port: number
  /** Messages that came, after their lengths, in hexadecimal. */
  readonly heard: readonly string[]
  /** Types of the packets that came. */
  readonly packets: readonly number[]
  /** To everybody over TCP: type, and what follows it. */
  say(type: number, ...parts: readonly (number | string)[]): void
  /** To whoever sent a packet last. */
  sendPacket(type: number, payload?: Uint8Array): void
}

const CLIENT = 7

export async function startFakeReflector(
  atEnd: AtEnd,
  {
    answersPackets = true,
    silent = false,
  }: { readonly answersPackets?: boolean; readonly silent?: boolean } = {},
): Promise<FakeReflector> {
  const port = await freePort()
  const heard: string[] = []
  const types: number[] = []
  const clients = new Set<Socket>()
  const server = createServer((socket) => {
    clients.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => clients.delete(socket))
    let rest = Buffer.alloc(0)
    socket.on('data', (bytes) => {
      rest = Buffer.concat([rest, bytes])
      while (rest.length >= 4 && rest.length >= 4 + rest.readUInt32BE(0)) {
        const message = rest.subarray(4, 4 + rest.readUInt32BE(0))
        rest = rest.subarray(4 + message.length)
        heard.push(message.toString('hex'))
        if (silent) continue
        const type = message.readUInt16BE(0)
        if (type === 1) socket.write(framedMessage(1))
        if (type === 5) socket.write(framedMessage(10, 'c'.repeat(20)))
        if (type === 11) socket.write(Buffer.concat([framedMessage(12), serverInfo]))
      }
    })
  }).listen(port, '127.0.0.1')
  await once(server, 'listening')
  const udp = createSocket('udp4').bind(port, '127.0.0.1')
  await once(udp, 'listening')
  let [from, sequence] = [0, 0]
  const sendPacket = (type: number, payload?: Uint8Array) => {
    const head = Buffer.alloc(payload === undefined ? 6 : 8)
    head.writeUInt16BE(type, 0)
    head.writeUInt16BE(CLIENT, 2)
    head.writeUInt16BE(sequence++, 4)
    if (payload !== undefined) head.writeUInt16BE(payload.length, 6)
    udp.send(Buffer.concat([head, payload ?? new Uint8Array()]), from, '127.0.0.1')
  }
  udp.on('message', (packet, { port: sender }) => {
    types.push(packet.readUInt16BE(0))
    if (!answersPackets) return
    const isFirst = from !== sender
    from = sender
    if (isFirst) sendPacket(1)
    if (packet.readUInt16BE(0) === 102) sendPacket(103)
  })
  atEnd(() => {
    udp.close()
    for (const socket of clients) socket.destroy()
    server.close()
  })
  return {
    port,
    heard,
    packets: types,
    say: (type, ...parts) => {
      for (const socket of clients) socket.write(framedMessage(type, ...parts))
    },
    sendPacket,
  }
}

/** Numbers have 32 bits, texts their length before them. */
function framedMessage(type: number, ...parts: readonly (number | string)[]): Buffer {
  const head = Buffer.alloc(6)
  const body = Buffer.concat(
    parts.map((part) => {
      const length = typeof part === 'number' ? 4 : 2 + part.length
      const octets = Buffer.alloc(length)
      if (typeof part === 'number') octets.writeUInt32BE(part)
      else {
        octets.writeUInt16BE(part.length)
        octets.write(part, 2, 'latin1')
      }
      return octets
    }),
  )
  head.writeUInt32BE(2 + body.length, 0)
  head.writeUInt16BE(type, 4)
  return Buffer.concat([head, body])
}

/** Reserved, the client's number, no nodes, and one codec. */
const serverInfo = Buffer.from(
  `00000010006400000007000000010004${Buffer.from('OPUS').toString('hex')}`,
  'hex',
)
