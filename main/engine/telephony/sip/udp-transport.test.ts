import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { expect, it, onTestFinished } from 'vitest'
import { sipRequest } from '../../../../tests/support/sip-wire.ts'
import { UdpTransport } from './udp-transport.ts'

async function socketAt(host: string) {
  const socket = createSocket('udp4').bind(0, host)
  onTestFinished(() => void socket.close())
  await once(socket, 'listening')
  return socket
}

it('tells the hosts of an exchange, at any of their ports, from strangers', async () => {
  const server = await socketAt('127.0.0.1')
  const heard: string[] = []
  const { promise: all, resolve } = Promise.withResolvers<void>()
  const transport = new UdpTransport(
    {
      server: { transport: 'udp', host: 'localhost', port: server.address().port },
      otherHosts: ['127.0.0.3', 'nowhere.invalid'],
      domain: 'pbx.test',
    },
    {
      message: (text, from) => {
        heard.push(`${/^Call-ID: (\S+)/m.exec(text)?.[1]} ${from}`)
        if (heard.length === 4) resolve()
      },
      lost: () => undefined,
    },
  )
  await transport.open()
  onTestFinished(() => transport.close())
  const senders = ['127.0.0.1', '127.0.0.1', '127.0.0.2', '127.0.0.3']
  for (const [at, host] of senders.entries()) {
    const sender = at === 0 ? server : await socketAt(host)
    sender.send(sipRequest('OPTIONS', { id: `${at}` }), transport.local.port, '127.0.0.1')
  }
  await all
  expect(heard.toSorted()).toEqual(['0 exchange', '1 exchange', '2 stranger', '3 exchange'])
})

it('sends to the next place of an exchange when nobody has answered at the first', async () => {
  const [first, second] = [await socketAt('127.0.0.1'), await socketAt('127.0.0.1')]
  const transport = new UdpTransport(
    {
      server: { transport: 'udp', host: 'pbx.test' },
      domain: 'pbx.test',
      resolver: {
        services: async () =>
          [first, second].map((socket, priority) => ({
            name: '127.0.0.1',
            port: socket.address().port,
            priority,
            weight: 0,
          })),
        addresses: () => Promise.reject(new Error('nobody is asked')),
      },
    },
    { message: () => undefined, lost: () => undefined },
  )
  await transport.open()
  onTestFinished(() => transport.close())
  const request = sipRequest('OPTIONS', { headers: ['Route: <sip:pbx.test;lr>'] })
  const [[toFirst]] = await Promise.all([once(first, 'message'), transport.send(request)])
  transport.doubt()
  await transport.refresh()
  const [[toSecond]] = await Promise.all([once(second, 'message'), transport.send(request)])
  expect([`${toFirst}`, `${toSecond}`]).toEqual([request, request])
})
