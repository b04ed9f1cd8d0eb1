import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { expect, it, onTestFinished } from 'vitest'
import { freePort } from '../../../tests/support/free-port.ts'
import { openRtpSockets } from './rtp-sockets.ts'

const host = '127.0.0.1'

async function taken(port: number) {
  const socket = createSocket('udp4').bind(port, host)
  onTestFinished(() => void socket.close())
  await once(socket, 'listening')
}

/** The first of three pairs of ports that were free a moment ago. */
const freePairs = async () => (await freePort()) & ~1

it('a pair of ports stays within its range, whatever is taken', async () => {
  const from = await freePairs()
  const range = { from: from - 1, to: from + 4 }
  await taken(from + 1)
  const sockets = await openRtpSockets(host, range)
  onTestFinished(() => sockets.close())
  expect(sockets.local).toEqual({ host, port: from + 2 })
  await expect(openRtpSockets(host, range)).rejects.toThrow('no free pair')
  await expect(openRtpSockets(host, { from: from + 1, to: from + 2 })).rejects.toThrow('no free pair')
})

it('a pair that is not had leaves nothing open', async () => {
  const from = await freePairs()
  await taken(from + 1)
  await expect(openRtpSockets(host, { from, to: from + 1 })).rejects.toThrow('no free pair')
  await taken(from)
})

it('an address that is not of this machine is refused', async () => {
  await expect(openRtpSockets('192.0.2.1')).rejects.toThrow('EADDRNOTAVAIL')
})
