/** What the exchange does with each request: register, find who is meant, pass on (RFC 3261 10.3, 16). */
import { createHash } from 'node:crypto'
import { isIPv4 } from 'node:net'
import { freshBranch, parseNameAddress, parseUri, type SipUri, tagOf, userOf } from './address.ts'
import { type DigestAlgorithm, type DigestDoor, openDigestDoor } from './digest.ts'
import { type Fork, openFork, passedOn, reasonsOf, type Target, withoutTopVia } from './fork.ts'
import { type Answer, type Header, header, headers, replyTo, type SipRequest, tokensOf } from './message.ts'
import { type Contact, createRegistrar, type Registrar } from './registrar.ts'
import type { Stack } from './stack.ts'
import type { Time } from './time.ts'
import type { Peer, ServerTransaction } from './transactions.ts'

/** A line that somebody may register. */
export interface Account {
  readonly number: string
  /** The name it proves itself by, if that isn't the number. */
  readonly user?: string
  readonly password: string
}

export interface ProxyOptions {
  readonly time: Time
  readonly domain: string
  readonly accounts: readonly Account[]
  /** Numbers that ring several accounts at once. */
  readonly groups: Readonly<Record<string, readonly string[]>>
  readonly algorithms: readonly DigestAlgorithm[]
  /** Seconds (RFC 3261 10.3). */
  readonly shortestExpiry: number
  /** Whether a simulated phone has that number. */
  hasPhone(number: string): boolean
  /** Where the simulated phones are; what comes from there needs no proof. */
  readonly phones: Peer
}

export interface SipProxy {
  take(request: SipRequest, from: Peer): void
  readonly registrar: Registrar
}

const METHODS =
  'INVITE, ACK, CANCEL, BYE, OPTIONS, REGISTER, REFER, NOTIFY, INFO, MESSAGE, UPDATE, PRACK, SUBSCRIBE'

export function createProxy(stack: Stack, options: ProxyOptions): SipProxy {
  const { time, domain, accounts, groups, phones } = options
  const registrar = createRegistrar({ now: time.now, shortestExpiry: options.shortestExpiry })
  const byUser = new Map(accounts.map((account) => [account.user ?? account.number, account]))
  const numbers = new Set(accounts.map(({ number }) => number))
  const door = openDigestDoor({
    realm: domain,
    algorithms: options.algorithms,
    now: time.now,
    password: (user) => byUser.get(user)?.password,
  })
  const forks = new Map<ServerTransaction, Fork>()

  const isOurs = (uri: SipUri) =>
    uri.host === domain || (uri.host === stack.self.address && (uri.port ?? 5060) === stack.self.port)
  const isPhones = (uri: SipUri) => uri.host === phones.address && uri.port === phones.port
  const same = (one: Peer, other: Peer) => one.address === other.address && one.port === other.port

  /** Nothing is kept of a request that isn't let through: the answer is of no transaction (26.3.2.4). */
  const refuse = (request: SipRequest, from: Peer, status: number, answer: Answer = {}) => {
    if (request.method !== 'ACK')
      stack.send(replyTo(request, status, { tag: tagFor(request), ...answer }), from)
  }

  /** Whose request it is; undefined if that is not proven, and then the sender has been asked. */
  const proven = (request: SipRequest, from: Peer): Account | undefined => {
    const [status, ask, reply] =
      request.method === 'REGISTER'
        ? ([401, 'WWW-Authenticate', 'Authorization'] as const)
        : ([407, 'Proxy-Authenticate', 'Proxy-Authorization'] as const)
    const verdict = door.judge(request.method, headers(request, reply))
    const account = verdict.kind === 'proven' ? byUser.get(verdict.user) : undefined
    if (account === undefined)
      refuse(request, from, status, {
        headers: challenge(door, verdict.kind === 'unproven' && verdict.stale, ask),
      })
    return account
  }

  const register = (request: SipRequest, from: Peer) => {
    const account = proven(request, from)
    if (account === undefined) return
    const server = stack.serve(request, from)
    const mine = userOf(header(request, 'To')) === account.number
    server?.respond(mine ? registrar.register(account.number, request, from) : replyTo(request, 403))
  }

  /** Where a request goes; a status where it goes nowhere (16.5). */
  const targetsOf = (uri: SipUri, written: string, from: Peer): readonly Target[] | number => {
    if (isPhones(uri)) return [{ uri: written, at: phones }]
    if (!isOurs(uri)) {
      const contact = registrar.findContact(uri)
      if (contact !== undefined) return [{ uri: written, at: contact.at }]
      // A phone answers whoever called it, registered or not; for all others this is no open relay.
      const mayLeave = same(from, phones) && isIPv4(uri.host)
      return mayLeave ? [{ uri: written, at: { address: uri.host, port: uri.port ?? 5060 } }] : 404
    }
    const group = Object.hasOwn(groups, uri.user) ? groups[uri.user] : undefined
    const called = group ?? (numbers.has(uri.user) ? [uri.user] : undefined)
    if (called === undefined)
      return options.hasPhone(uri.user)
        ? [{ uri: `sip:${uri.user}@${phones.address}:${phones.port}`, at: phones }]
        : 404
    const contacts = called.flatMap((number): readonly Contact[] => registrar.contactsOf(number))
    return contacts.length === 0 ? 480 : contacts
  }

  const cancel = (request: SipRequest, from: Peer) => {
    const invite = stack.cancelled(request)
    if (invite === undefined) return refuse(request, from, 481)
    const server = stack.serve(request, from)
    server?.respond(replyTo(request, 200, { tag: tagFor(request) }))
    forks.get(invite)?.cancel(reasonsOf(request))
  }

  const passOn = (request: SipRequest, from: Peer, targets: readonly Target[]) => {
    const outgoing = passedOn(request)
    const [first] = targets
    if (first === undefined) return
    if (request.method === 'ACK') return passOnAck(outgoing, first)
    const server = stack.serve(request, from)
    if (server === undefined) return
    if (request.method === 'INVITE') {
      server.respond(replyTo(request, 100))
      const fork = openFork({
        stack,
        time,
        server,
        outgoing,
        targets,
        redirected: (written) => {
          const to = parseUri(written)
          const found = to === undefined || !isOurs(to) ? 404 : targetsOf(to, written, from)
          return typeof found === 'number' ? [] : found
        },
        done: () => forks.delete(server),
      })
      // Where nothing could be sent it has ended already.
      if (!server.isAnswered) forks.set(server, fork)
      return
    }
    const sent = stack.ask({ ...outgoing, uri: first.uri }, first.at, {
      response: (response) => server.respond({ ...response, headers: withoutTopVia(response.headers) }),
      timeout: () => server.respond(replyTo(request, 408, { tag: tagFor(request) })),
    })
    if (sent === undefined) server.respond(replyTo(request, 503, { tag: tagFor(request) }))
  }

  /** The ACK of a 2xx is of no transaction: it goes on as it is. */
  const passOnAck = (outgoing: SipRequest, { uri, at }: Target) => {
    const via: Header = [
      'Via',
      `SIP/2.0/UDP ${stack.self.address}:${stack.self.port};branch=${freshBranch()}`,
    ]
    stack.send({ ...outgoing, uri, headers: [via, ...outgoing.headers] }, at)
  }

  /** The routes, of which those that name this exchange are behind it (16.4). */
  const nextRoute = (request: SipRequest): SipUri | undefined => {
    const routes = headers(request, 'Route').map((value) => parseUri(parseNameAddress(value)?.uri ?? ''))
    return routes.find((route) => route !== undefined && !isOurs(route))
  }

  const take = (request: SipRequest, from: Peer) => {
    const { method } = request
    const uri = parseUri(request.uri)
    if (uri === undefined) return refuse(request, from, /^sips?:/i.test(request.uri) ? 400 : 416)
    if (method === 'CANCEL') return cancel(request, from)
    const hops = header(request, 'Max-Forwards') || '70'
    if (!/^\d{1,3}$/.test(hops)) return refuse(request, from, 400)
    const isForUs = isOurs(uri) && (uri.user === '' || method === 'REGISTER')
    if (isForUs && method === 'OPTIONS')
      return refuse(request, from, 200, {
        headers: [
          ['Allow', METHODS],
          ['Accept', 'application/sdp'],
        ],
      })
    if (Number(hops) === 0) return refuse(request, from, 483)
    const unknown = [...tokensOf(request, 'Proxy-Require'), ...(isForUs ? tokensOf(request, 'Require') : [])]
    if (unknown.length > 0)
      return refuse(request, from, 420, { headers: [['Unsupported', unknown.join(', ')]] })
    if (isForUs && method === 'REGISTER') return register(request, from)
    if (isForUs) return refuse(request, from, 405, { headers: [['Allow', METHODS]] })
    if (nextRoute(request) !== undefined) return refuse(request, from, 404)
    const inDialogue = tagOf(header(request, 'To')) !== ''
    if (method !== 'ACK' && !inDialogue && !same(from, phones)) {
      const account = proven(request, from)
      if (account === undefined) return
      if (userOf(header(request, 'From')) !== account.number) return refuse(request, from, 403)
    }
    const targets = targetsOf(uri, request.uri, from)
    if (typeof targets === 'number') refuse(request, from, targets)
    else passOn(request, from, targets)
  }

  return { take, registrar }
}

const challenge = (door: DigestDoor, stale: boolean, name: string): Header[] =>
  door.challenges(stale).map((value) => [name, value])

/** The same tag for a request that comes again, without keeping anything of it. */
const tagFor = (request: SipRequest): string =>
  createHash('sha256')
    .update(`${header(request, 'Via')} ${header(request, 'Call-ID')}`)
    .digest('base64url')
    .slice(0, 12)
