/** Transactions over UDP (RFC 3261 17, with the Accepted state of RFC 6026). */
import { COOKIE, freshBranch, parseVia } from './address.ts'
import {
  cseqOf,
  type Header,
  header,
  headers,
  replyTo,
  type SipMessage,
  type SipRequest,
  type SipResponse,
  without,
} from './message.ts'
import { type Time, timersOn } from './time.ts'

/** Milliseconds (RFC 3261 17.1.1.1). */
export const T1 = 500
export const T2 = 4_000
const T4 = 5_000
const TIMEOUT = 64 * T1
/** Timer D: how long retransmitted refusals are acknowledged. */
const D = 32_000

export interface Peer {
  readonly address: string
  readonly port: number
}

export interface ServerTransaction {
  readonly request: SipRequest
  readonly from: Peer
  respond(response: SipResponse): void
  /** Whether a final response has gone out. */
  readonly isAnswered: boolean
}

export interface ClientTransaction {
  /** As it went out, with its own Via on top. */
  readonly request: SipRequest
  readonly to: Peer
}

interface ClientEars {
  /** Every provisional one, and the final one; of an INVITE every 2xx, repeated ones too. */
  response(response: SipResponse): void
  /** Nobody answered (timers B and F). */
  timeout(): void
}

export interface TransactionOptions {
  readonly time: Time
  /** What stands in Via, Contact and Call-ID. */
  readonly self: Peer
  /** Transactions at one time, of each sort. */
  readonly most: number
  send(message: SipMessage, to: Peer): void
  /** A request that belongs to no transaction; an ACK comes only if it is of a 2xx, or of no state of ours. */
  onRequest(request: SipRequest, from: Peer): void
}

export interface Transactions {
  receive(message: SipMessage, from: Peer): void
  /** Undefined if there are too many: then it has been answered with 503. */
  serve(request: SipRequest, from: Peer): ServerTransaction | undefined
  /** The INVITE that a CANCEL is about (9.2). */
  cancelled(cancel: SipRequest): ServerTransaction | undefined
  /** Sends a request. A CANCEL takes the branch of what it cancels. Undefined if there are too many. */
  ask(request: SipRequest, to: Peer, ears: ClientEars, branch?: string): ClientTransaction | undefined
  readonly count: number
  close(): void
}

interface Server {
  readonly transaction: ServerTransaction
  /** Takes an ACK or the request again. */
  again(method: string): void
  end(): void
}
interface Client {
  take(response: SipResponse): void
  end(): void
}

export function openTransactions(options: TransactionOptions): Transactions {
  const { time, self, most, send, onRequest } = options
  const servers = new Map<string, Server>()
  const clients = new Map<string, Client>()

  const serve = (request: SipRequest, from: Peer): ServerTransaction | undefined => {
    const key = serverKey(request, request.method)
    if (key === undefined) return undefined
    if (servers.size >= most) {
      send(replyTo(request, 503, { headers: [['Retry-After', '10']] }), from)
      return undefined
    }
    const timers = timersOn(time)
    const isInvite = request.method === 'INVITE'
    let state: 'proceeding' | 'completed' | 'accepted' | 'confirmed' = 'proceeding'
    let last: SipResponse | undefined
    const end = () => {
      timers.clearAll()
      servers.delete(key)
    }
    const repeat = (wait: number) =>
      timers.set('G', wait, () => {
        if (last !== undefined) send(last, from)
        repeat(Math.min(wait * 2, T2))
      })
    const transaction: ServerTransaction = {
      request,
      from,
      get isAnswered() {
        return state !== 'proceeding'
      },
      respond: (response) => {
        const isSuccess = response.status >= 200 && response.status < 300
        if (state !== 'proceeding' && !(state === 'accepted' && isSuccess)) return
        last = response
        send(response, from)
        if (response.status < 200 || state === 'accepted') return
        state = isInvite && isSuccess ? 'accepted' : 'completed'
        // Timers H, J and L are equally long.
        timers.set('end', TIMEOUT, end)
        if (isInvite && !isSuccess) repeat(T1)
      },
    }
    servers.set(key, {
      transaction,
      again: (method) => {
        if (method === 'ACK' && state === 'completed') {
          state = 'confirmed'
          timers.clear('G')
          timers.set('end', T4, end)
        } else if (method !== 'ACK' && last !== undefined && state !== 'accepted' && state !== 'confirmed')
          send(last, from)
      },
      end,
    })
    return transaction
  }

  const ask = (request: SipRequest, to: Peer, ears: ClientEars, branch = freshBranch()) => {
    if (clients.size >= most) return undefined
    const via: Header = ['Via', `SIP/2.0/UDP ${self.address}:${self.port};branch=${branch};rport`]
    const sent: SipRequest = { ...request, headers: [via, ...request.headers] }
    const key = `${branch} ${request.method}`
    const isInvite = request.method === 'INVITE'
    const timers = timersOn(time)
    let state: 'calling' | 'proceeding' | 'completed' | 'accepted' = 'calling'
    const end = () => {
      timers.clearAll()
      clients.delete(key)
    }
    /** Timers A and E. */
    const repeat = (wait: number) =>
      timers.set('repeat', wait, () => {
        send(sent, to)
        repeat(isInvite ? wait * 2 : Math.min(wait * 2, T2))
      })
    const acknowledge = (response: SipResponse) => send(acknowledgement(sent, response), to)
    const complete = (response: SipResponse) => {
      state = 'completed'
      timers.clearAll()
      timers.set('end', isInvite ? D : T4, end)
      if (isInvite) acknowledge(response)
      ears.response(response)
    }
    clients.set(key, {
      take: (response) => {
        if (state === 'completed') {
          if (isInvite && response.status >= 300) acknowledge(response)
        } else if (response.status < 200) {
          if (state === 'accepted') return
          state = 'proceeding'
          if (isInvite) timers.clearAll()
          else repeat(T2)
          ears.response(response)
        } else if (isInvite && response.status < 300) {
          if (state !== 'accepted') {
            state = 'accepted'
            timers.clearAll()
            timers.set('end', TIMEOUT, end)
          }
          ears.response(response)
        } else if (state !== 'accepted') complete(response)
      },
      end,
    })
    send(sent, to)
    repeat(T1)
    timers.set('end', TIMEOUT, () => {
      end()
      ears.timeout()
    })
    return { request: sent, to }
  }

  return {
    receive: (message, from) => {
      if (message.kind === 'response') {
        const branch = parseVia(header(message, 'Via'))?.params.get('branch')
        clients.get(`${branch} ${cseqOf(message)?.method}`)?.take(message)
        return
      }
      const isAck = message.method === 'ACK'
      const server = servers.get(serverKey(message, isAck ? 'INVITE' : message.method) ?? '')
      if (server === undefined) onRequest(message, from)
      else server.again(message.method)
    },
    serve,
    cancelled: (cancel) => servers.get(serverKey(cancel, 'INVITE') ?? '')?.transaction,
    ask,
    get count() {
      return servers.size + clients.size
    },
    close: () => {
      for (const { end } of [...servers.values(), ...clients.values()]) end()
    },
  }
}

/** What a request and its repetitions have in common (17.2.3); undefined if it has no branch. */
function serverKey(request: SipRequest, method: string): string | undefined {
  const via = parseVia(header(request, 'Via'))
  const branch = via?.params.get('branch')
  if (via === undefined || branch?.startsWith(COOKIE) !== true) return undefined
  return `${branch} ${via.host}:${via.port ?? 5060} ${method}`
}

/** Of a refusal: it takes the way of the INVITE (17.1.1.3). */
function acknowledgement(invite: SipRequest, refusal: SipResponse): SipRequest {
  return alike(invite, 'ACK', header(refusal, 'To'))
}

/** The CANCEL of an INVITE as it went out, without its Via, which `ask` puts on again with the same branch. */
export function cancellation(invite: SipRequest, reason: readonly Header[]): SipRequest {
  const cancel = alike(invite, 'CANCEL', header(invite, 'To'))
  return { ...cancel, headers: [...without(cancel.headers, 'Via'), ...reason] }
}

function alike(invite: SipRequest, method: string, to: string): SipRequest {
  return {
    kind: 'request',
    method,
    uri: invite.uri,
    headers: [
      ['Via', header(invite, 'Via')],
      ...headers(invite, 'Route').map((route): Header => ['Route', route]),
      ['Max-Forwards', '70'],
      ['From', header(invite, 'From')],
      ['To', to],
      ['Call-ID', header(invite, 'Call-ID')],
      ['CSeq', `${cseqOf(invite)?.number} ${method}`],
    ],
    body: Buffer.alloc(0),
  }
}

export const branchOf = (request: SipRequest): string =>
  parseVia(header(request, 'Via'))?.params.get('branch') ?? ''
