import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { locate, type Resolver } from './locate.ts'

type Records = Readonly<Record<string, Awaited<ReturnType<Resolver['services']>>>>

/** Names that a test knows; of all others there is nothing. */
const knowing = (services: Records, addresses: Readonly<Record<string, readonly string[]>>): Resolver => ({
  services: async (name) => services[name] ?? Promise.reject(new Error(`no ${name}`)),
  addresses: async (host) => addresses[host] ?? Promise.reject(new Error(`no ${host}`)),
})
const service = (name: string, port: number, priority = 0, weight = 0) => ({ name, port, priority, weight })
const udp = (host: string, port?: number) => ({
  transport: 'udp' as const,
  host,
  ...(port !== undefined && { port }),
})

describe('a server of an exchange', () => {
  it('at an address is there, and nobody is asked', async () => {
    expect(await locate(udp('192.0.2.1', 5070), knowing({}, {}))).toEqual([{ host: '192.0.2.1', port: 5070 }])
    expect(await locate({ transport: 'tls', host: '2001:DB8:0::1' }, knowing({}, {}))).toEqual([
      { host: '2001:db8::1', port: 5061 },
    ])
  })

  it('whose port is told is at the addresses of its name, those of IPv4 first', async () => {
    const resolver = knowing(
      { '_sip._udp.pbx.test': [service('other.test', 9)] },
      { 'pbx.test': ['2001:db8::1', '192.0.2.1', '192.0.2.2'] },
    )
    expect(await locate(udp('pbx.test', 5070), resolver)).toEqual([
      { host: '192.0.2.1', port: 5070 },
      { host: '192.0.2.2', port: 5070 },
      { host: '2001:db8::1', port: 5070 },
    ])
  })

  it.each([
    ['udp', '_sip._udp'],
    ['tcp', '_sip._tcp'],
    ['tls', '_sips._tcp'],
    ['ws', '_sip._ws'],
    ['wss', '_sips._ws'],
  ] as const)('over %s is where the service %s is', async (transport, name) => {
    const resolver = knowing(
      {
        [`${name}.pbx.test`]: [
          service('b.test', 5080, 20),
          service('gone.test', 1, 5),
          service('a.test', 5070, 10),
        ],
      },
      { 'a.test': ['192.0.2.1'], 'b.test': ['192.0.2.2'], 'pbx.test': ['192.0.2.9'] },
    )
    expect(await locate({ transport, host: 'pbx.test' }, resolver)).toEqual([
      { host: '192.0.2.1', port: 5070 },
      { host: '192.0.2.2', port: 5080 },
    ])
  })

  it('without such a service is at the usual port of its name', async () => {
    const resolver = knowing({}, { 'pbx.test': ['192.0.2.1'] })
    expect(await locate({ transport: 'wss', host: 'pbx.test' }, resolver)).toEqual([
      { host: '192.0.2.1', port: 443 },
    ])
  })

  it('that says it has no such service is nowhere', async () => {
    const resolver = knowing({ '_sip._udp.pbx.test': [service('.', 0)] }, { 'pbx.test': ['192.0.2.1'] })
    await expect(locate(udp('pbx.test'), resolver)).rejects.toThrow('pbx.test has no such service')
  })

  it('that nobody knows is nowhere', async () => {
    await expect(locate(udp('pbx.test'), knowing({}, {}))).rejects.toThrow('no pbx.test')
  })
})

describe('services of one priority', () => {
  it('come as often first as their weights say, and all of them come', async () => {
    const records = [service('a.test', 1, 0, 90), service('b.test', 2, 0, 10), service('c.test', 3, 1, 100)]
    const resolver = knowing(
      { '_sip._udp.pbx.test': records },
      { 'a.test': ['192.0.2.1'], 'b.test': ['192.0.2.2'], 'c.test': ['192.0.2.3'] },
    )
    const orders = await Promise.all(
      Array.from({ length: 100 }, async (_, at) =>
        (await locate(udp('pbx.test'), resolver, () => (at + 0.5) / 100)).map(({ port }) => port).join(''),
      ),
    )
    expect(orders.filter((order) => order === '213')).toHaveLength(10)
    expect(orders.filter((order) => order === '123')).toHaveLength(90)
  })

  it('are never lost or doubled, whatever they weigh', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ priority: fc.nat(3), weight: fc.nat(3) }), { minLength: 1, maxLength: 6 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        async (records, chance) => {
          const all = records.map(({ priority, weight }, at) => service('192.0.2.1', at, priority, weight))
          const places = await locate(udp('x.test'), knowing({ '_sip._udp.x.test': all }, {}), () => chance)
          expect(places.map(({ port }) => port).toSorted()).toEqual(all.map(({ port }) => port).toSorted())
          const priorities = places.map(({ port }) => records[port]?.priority ?? -1)
          expect(priorities).toEqual(priorities.toSorted())
        },
      ),
    )
  })
})
