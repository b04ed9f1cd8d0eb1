/** A path for a TCP connection between a client and a server that a test can cut, and look into. */
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import type { AtEnd } from './at-end.ts'

export interface TcpPath {
  /** Of 127.0.0.1, for the client. */
  readonly port: number
  /** What came along, each piece with who sent it. */
  readonly seen: readonly { readonly from: 'client' | 'server'; readonly text: string }[]
  /** Ends the connections there are; new ones may be made. */
  cut(): void
  /** Ends them, and lets nobody through until it is given back. */
  takeAway(): void
  giveBack(): void
}

export async function openTcpPath(atEnd: AtEnd, server: number): Promise<TcpPath> {
  const seen: { from: 'client' | 'server'; text: string }[] = []
  const sockets = new Set<Socket>()
  const join = (from: 'client' | 'server', one: Socket, other: Socket) => {
    sockets.add(one)
    one.on('data', (bytes: Buffer) => {
      seen.push({ from, text: bytes.toString() })
      other.write(bytes)
    })
    one.on('error', () => undefined)
    one.on('close', () => {
      sockets.delete(one)
      other.destroy()
    })
  }
  let away = false
  const door = createServer((near) => {
    if (away) {
      near.destroy()
      return
    }
    const far = connect(server, '127.0.0.1')
    join('client', near, far)
    join('server', far, near)
  }).listen(0, '127.0.0.1')
  const cut = () => {
    for (const socket of sockets) socket.destroy()
  }
  const takeAway = () => {
    away = true
    cut()
  }
  const giveBack = () => {
    away = false
  }
  atEnd(() => {
    door.close()
    cut()
  })
  await once(door, 'listening')
  return { port: (door.address() as AddressInfo).port, seen, cut, takeAway, giveBack }
}
