/** Where the servers of an exchange are (RFC 3263, 4.2). By which transport is not asked: the site says it. */
import { createSocket } from 'node:dgram'
import { lookup, resolveSrv } from 'node:dns/promises'
import { once } from 'node:events'
import { isIP, isIPv6 } from 'node:net'
import type { ExchangeServer } from '../../../contract/telephony.ts'

export interface Place {
  /** An address; of IPv6 without brackets. */
  readonly host: string
  readonly port: number
}

interface Service {
  /** A name; `.` alone: there is no such service (RFC 2782). */
  readonly name: string
  readonly port: number
  readonly priority: number
  readonly weight: number
}

export interface Resolver {
  /** SRV records. Rejects where there are none. */
  services(name: string): Promise<readonly Service[]>
  /** A and AAAA records. Rejects where there are none. */
  addresses(host: string): Promise<readonly string[]>
}

/** As this machine is set up: with its hosts file, and its order of addresses. */
const systemResolver: Resolver = {
  services: resolveSrv,
  addresses: async (host) => (await lookup(host, { all: true })).map(({ address }) => address),
}

/** RFC 3263, 4.1, and RFC 7118, 8. */
const services: Readonly<Record<ExchangeServer['transport'], string>> = {
  udp: '_sip._udp',
  tcp: '_sip._tcp',
  tls: '_sips._tcp',
  ws: '_sip._ws',
  wss: '_sips._ws',
}
const usualPorts: Readonly<Record<ExchangeServer['transport'], number>> = {
  udp: 5060,
  tcp: 5060,
  tls: 5061,
  ws: 80,
  wss: 443,
}

/** At least one, in the order in which they are to be tried. Rejects if there is none. */
export async function locate(
  { transport, host, port }: ExchangeServer,
  resolver: Resolver = systemResolver,
  random: () => number = Math.random,
): Promise<readonly [Place, ...Place[]]> {
  const found: Place[] = []
  const named =
    port !== undefined || isIP(host) !== 0
      ? []
      : await resolver.services(`${services[transport]}.${host}`).catch(() => [])
  if (named.length === 0) found.push(...(await placesOf(host, port ?? usualPorts[transport], resolver)))
  for (const service of inOrder(named, random)) {
    if (service.name === '.' || service.name === '') continue
    // One whose name is not known must not hide the others.
    found.push(...(await placesOf(service.name, service.port, resolver).catch(() => [])))
  }
  const [first, ...rest] = found
  if (first === undefined) throw new Error(`${host} has no such service`)
  return [first, ...rest]
}

async function placesOf(host: string, port: number, resolver: Resolver): Promise<Place[]> {
  if (isIP(host) !== 0) return [{ host: canonical(host), port }]
  const addresses = (await resolver.addresses(host)).map((address) => ({ host: canonical(address), port }))
  // The sound goes over IPv4.
  return addresses.toSorted((a, b) => Number(isIPv6(a.host)) - Number(isIPv6(b.host)))
}

/** By priority, and by weight and chance within one (RFC 2782). */
function inOrder(records: readonly Service[], random: () => number): Service[] {
  const left = records.toSorted((a, b) => a.priority - b.priority || a.weight - b.weight)
  const ordered: Service[] = []
  while (left.length > 0) {
    const same = left.filter(({ priority }) => priority === left[0]?.priority)
    const chance = random() * same.reduce((sum, { weight }) => sum + weight, 0)
    let before = 0
    const at = same.findIndex(({ weight }) => {
      before += weight
      return chance <= before
    })
    ordered.push(...left.splice(Math.max(0, at), 1))
  }
  return ordered
}

/** As the network stack writes it (RFC 5952), without a zone. */
export function canonical(address: string): string {
  const [bare = ''] = address.split('%')
  return isIPv6(bare) ? new URL(`http://[${bare}]`).hostname.slice(1, -1) : bare
}

/** The address of this machine that packets to there come from. Nothing is sent. */
export async function addressTowards({ host, port }: Place): Promise<string> {
  const probe = createSocket(isIPv6(host) ? 'udp6' : 'udp4')
  try {
    probe.connect(port, host)
    await once(probe, 'connect')
    return probe.address().address
  } finally {
    probe.close()
  }
}
