/** Where an exchange is: at IPv6 addresses, and behind names as a test's resolver knows them, with Kamailio. */
import { networkInterfaces } from 'node:os'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { ExchangeServer } from '../../contract/telephony.ts'
import { openMediaSession } from '../../main/engine/media/session.ts'
import { CallVoice } from '../../main/engine/telephony/call-voice.ts'
import type { Resolver } from '../../main/engine/telephony/locate.ts'
import { freePort } from '../support/free-port.ts'
import { type Kamailio, startKamailio } from '../support/kamailio.ts'
import { openTestSip, type TestSipOptions } from '../support/sip-line.ts'

const users = { desk: 'password-of-desk', other: 'password-of-other' }
const patience = { timeout: 20_000, interval: 20 }

const open = (
  kamailio: Kamailio,
  user: keyof typeof users,
  options: Pick<TestSipOptions, 'server' | 'resolver'>,
) =>
  openTestSip(onTestFinished, {
    user,
    password: users[user],
    authorities: kamailio.authority.cert,
    // The sound goes over IPv4.
    openMedia: () => new CallVoice(openMediaSession({ host: '127.0.0.1' })),
    ...options,
  })

describe('an exchange at an IPv6 address', () => {
  it('takes registrations, messages and calls over UDP, TCP, TLS and WebSocket', async () => {
    const addresses = Object.values(networkInterfaces()).flatMap((of = []) =>
      of.map(({ address }) => address),
    )
    expect(addresses, 'this machine must have ::1').toContain('::1')
    const kamailio = await startKamailio(onTestFinished, { users, host: '::1' })
    const other = open(kamailio, 'other', { server: kamailio.server('udp') })
    await other.port.register()
    for (const [at, transport] of (['udp', 'tcp', 'tls', 'ws', 'wss'] as const).entries()) {
      const desk = open(kamailio, 'desk', { server: kamailio.server(transport) })
      await desk.port.register()
      await other.port.sendMessage('desk', transport)
      expect(desk.messages.map(({ text }) => text)).toEqual([transport])
      const call = desk.port.call('other')
      await vi.waitFor(() => expect(other.incoming).toHaveLength(at + 1), patience)
      const there = other.incoming[at]
      await there?.accept()
      await vi.waitFor(() => expect(call.state).toBe('talking'), patience)
      await call.hold()
      expect(there?.heldThere).toBe(true)
      there?.hangUp()
      await vi.waitFor(() => expect(call.end).toMatchObject({ why: 'hung-up', here: false }), patience)
      await desk.port.close()
    }
  })
})

describe('an exchange behind a name', () => {
  const named = (transport: ExchangeServer['transport'], host: string): ExchangeServer => ({
    transport,
    host,
  })

  it.each([
    ['tcp', '_sip._tcp'],
    ['tls', '_sips._tcp'],
    ['ws', '_sip._ws'],
    ['wss', '_sips._ws'],
  ] as const)(
    'is found over %s by the service %s, at the next place if nobody is at the first',
    async (transport, service) => {
      const kamailio = await startKamailio(onTestFinished, { users })
      const [dead, alive] = [await freePort(), kamailio.server(transport).port]
      const resolver: Resolver = {
        services: async (name) => {
          expect(name).toBe(`${service}.localhost`)
          return [
            { name: 'second.test', port: alive, priority: 20, weight: 0 },
            { name: 'first.test', port: dead, priority: 10, weight: 0 },
          ]
        },
        addresses: async () => ['127.0.0.1'],
      }
      // Its certificate is of this name, and not of those that the DNS gives.
      const { port } = open(kamailio, 'desk', { server: named(transport, 'localhost'), resolver })
      await port.register()
      expect(await kamailio.bindings('desk')).toHaveLength(1)
      if (transport !== 'tls' && transport !== 'wss') return
      const elsewhere = open(kamailio, 'desk', {
        server: { ...named(transport, 'pbx.test'), port: alive },
        resolver,
      })
      await expect(elsewhere.port.register()).rejects.toThrow(/pbx\.test/)
    },
  )

  it('is found over UDP, and nobody else is heard who is not there', async () => {
    const kamailio = await startKamailio(onTestFinished, { users })
    const resolver: Resolver = {
      services: async () => [
        { name: 'first.test', port: kamailio.server('udp').port, priority: 0, weight: 0 },
      ],
      addresses: async () => ['127.0.0.1'],
    }
    const { port, messages } = open(kamailio, 'desk', { server: named('udp', 'pbx.test'), resolver })
    await port.register()
    await port.sendMessage('desk', 'to myself')
    expect(messages).toHaveLength(1)
  })
})
