/** A UDP socket with transactions on it: what the registrar, the proxy and the phones speak through. */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { parseVia } from './address.ts'
import {
  type Header,
  header,
  parseMessage,
  replyTo,
  type SipMessage,
  type SipRequest,
  serialise,
} from './message.ts'
import type { Time } from './time.ts'
import { openTransactions, type Peer, type Transactions } from './transactions.ts'

export interface Stack extends Transactions {
  readonly self: Peer
  /** Outside any transaction: an ACK, a challenge. */
  send(message: SipMessage, to: Peer): void
  close(): void
}

export interface StackOptions {
  /** An IPv4 address. */
  readonly host: string
  /** 0: any that is free. */
  readonly port: number
  readonly time: Time
  onRequest(request: SipRequest, from: Peer): void
}

/** Transactions at one time; whoever comes beyond is told to come again later. */
const MOST_TRANSACTIONS = 4_000

export async function openStack({ host, port, time, onRequest }: StackOptions): Promise<Stack> {
  const socket = createSocket('udp4').bind(port, host)
  await once(socket, 'listening')
  let closed = false
  const self: Peer = { address: host, port: socket.address().port }
  const send = (message: SipMessage, to: Peer) => {
    if (closed) return
    // What can't be sent is lost, as with any datagram: the transaction's timers see to it.
    socket.send(serialise(message), to.port, to.address, () => undefined)
  }
  const transactions = openTransactions({ time, self, most: MOST_TRANSACTIONS, send, onRequest })
  socket.on('error', () => undefined)
  socket.on('message', (datagram, from) => {
    const message = parseMessage(datagram)
    if (message.kind === 'malformed') {
      const { request } = message
      if (request !== undefined && request.method !== 'ACK') send(replyTo(request, 400), from)
    } else if (message.kind === 'response') transactions.receive(message, from)
    else receiveRequest(message, from)
  })
  const receiveRequest = (message: SipRequest, from: Peer) => {
    const request = withSource(message, from)
    if (request !== undefined) transactions.receive(request, from)
    else if (message.method !== 'ACK') send(replyTo(message, 400), from)
  }
  return {
    self,
    send,
    receive: transactions.receive,
    serve: transactions.serve,
    cancelled: transactions.cancelled,
    ask: transactions.ask,
    get count() {
      return transactions.count
    },
    close: () => {
      closed = true
      transactions.close()
      socket.close()
    },
  }
}

/** The request with where it came from in its topmost Via (18.2.1, RFC 3581); undefined if that has no branch. */
function withSource(request: SipRequest, from: Peer): SipRequest | undefined {
  const written = header(request, 'Via')
  const via = parseVia(written)
  if (via?.params.get('branch')?.startsWith('z9hG4bK') !== true) return undefined
  const wantsPort = via.params.has('rport')
  const bare = written.replaceAll(/;\s*(?:rport|received)(?:\s*=[^;]*)?(?=;|$)/gi, '').trimEnd()
  const source = `${bare};received=${from.address}${wantsPort ? `;rport=${from.port}` : ''}`
  let isFirst = true
  const headers = request.headers.map((entry): Header => {
    if (entry[0].toLowerCase() !== 'via' || !isFirst) return entry
    isFirst = false
    return [entry[0], source]
  })
  return { ...request, headers }
}
