import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  type Header,
  header,
  replyTo,
  type SipMessage,
  type SipRequest,
  type SipResponse,
} from './message.ts'
import { realTime } from './time.ts'
import { cancellation, openTransactions } from './transactions.ts'

const there = { address: '127.0.0.1', port: 5070 }

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('a client transaction', () => {
  it('repeats an INVITE at doubling intervals, then gives up (timers A and B)', () => {
    const { transactions, sent } = begin()
    const ears = { response: vi.fn(), timeout: vi.fn() }
    transactions.ask(request('INVITE'), there, ears)
    vi.advanceTimersByTime(31_999)
    expect(sent).toHaveLength(7)
    vi.advanceTimersByTime(1)
    expect(ears.timeout).toHaveBeenCalledOnce()
    expect(transactions.count).toBe(0)
  })

  it('repeats another request every four seconds at most (timers E and F)', () => {
    const { transactions, sent } = begin()
    const ears = { response: vi.fn(), timeout: vi.fn() }
    transactions.ask(request('BYE'), there, ears)
    vi.advanceTimersByTime(32_000)
    expect(sent).toHaveLength(11)
    expect(ears.timeout).toHaveBeenCalledOnce()
  })

  it('waits as long as it rings, and acknowledges a refusal however often it comes', () => {
    const { transactions, sent, hear } = begin()
    const response = vi.fn()
    const asked = transactions.ask(request('INVITE'), there, { response, timeout: () => undefined })
    const invite = asked?.request ?? request('INVITE')
    hear(replyTo(invite, 180))
    vi.advanceTimersByTime(120_000)
    expect(sent).toHaveLength(1)
    hear(replyTo(invite, 486, { tag: 'far' }))
    hear(replyTo(invite, 486, { tag: 'far' }))
    expect(response).toHaveBeenCalledTimes(2)
    expect(sent.map(methodOf)).toEqual(['INVITE', 'ACK', 'ACK'])
    expect(header(sent[1] ?? invite, 'Via')).toBe(header(invite, 'Via'))
    expect(header(sent[1] ?? invite, 'To')).toContain('tag=far')
    vi.advanceTimersByTime(32_000)
    expect(transactions.count).toBe(0)
  })

  it('hands on every 2xx of an INVITE, and acknowledges none of them', () => {
    const { transactions, sent, hear } = begin()
    const response = vi.fn()
    const asked = transactions.ask(request('INVITE'), there, { response, timeout: () => undefined })
    const invite = asked?.request ?? request('INVITE')
    hear(replyTo(invite, 200, { tag: 'one' }))
    hear(replyTo(invite, 200, { tag: 'two' }))
    expect(response).toHaveBeenCalledTimes(2)
    expect(sent).toHaveLength(1)
  })

  it('cancels with the branch of what it cancels', () => {
    const { transactions } = begin()
    const ears = { response: () => undefined, timeout: () => undefined }
    const asked = transactions.ask(request('INVITE'), there, ears)
    const cancel = cancellation(asked?.request ?? request('INVITE'), [['Reason', 'SIP;cause=200']])
    expect(header(cancel, 'CSeq')).toBe('1 CANCEL')
    expect(header(cancel, 'Via')).toBe('')
    expect(header(cancel, 'Reason')).toBe('SIP;cause=200')
  })
})

describe('a server transaction', () => {
  it('answers a request that comes again as it did, without asking again', () => {
    const { transactions, sent, hear, requests } = begin()
    const options = request('OPTIONS', 'z9hG4bK1')
    hear(options)
    transactions.serve(options, there)?.respond(replyTo(options, 200))
    hear(options)
    expect(requests).toHaveLength(1)
    expect(sent.map(statusOf)).toEqual([200, 200])
    vi.advanceTimersByTime(32_000)
    expect(transactions.count).toBe(0)
  })

  it('repeats a refusal of an INVITE until it is acknowledged (timers G, H and I)', () => {
    const { transactions, sent, hear } = begin()
    const invite = request('INVITE', 'z9hG4bK1')
    transactions.serve(invite, there)?.respond(replyTo(invite, 486))
    vi.advanceTimersByTime(3_500)
    expect(sent).toHaveLength(4)
    hear(request('ACK', 'z9hG4bK1'))
    vi.advanceTimersByTime(5_000)
    expect(sent).toHaveLength(4)
    expect(transactions.count).toBe(0)
  })

  it('gives up on an ACK that never comes', () => {
    const { transactions } = begin()
    const invite = request('INVITE', 'z9hG4bK1')
    transactions.serve(invite, there)?.respond(replyTo(invite, 486))
    vi.advanceTimersByTime(32_000)
    expect(transactions.count).toBe(0)
  })

  it('answers once: what comes after a final response is not sent', () => {
    const { transactions, sent } = begin()
    const invite = request('INVITE', 'z9hG4bK1')
    const server = transactions.serve(invite, there)
    server?.respond(replyTo(invite, 487))
    server?.respond(replyTo(invite, 200))
    expect(sent.map(statusOf)).toEqual([487])
  })

  it('is found by its CANCEL', () => {
    const { transactions } = begin()
    const server = transactions.serve(request('INVITE', 'z9hG4bK1'), there)
    expect(transactions.cancelled(request('CANCEL', 'z9hG4bK1'))).toBe(server)
    expect(transactions.cancelled(request('CANCEL', 'z9hG4bK2'))).toBeUndefined()
  })

  it('is refused with 503 where there are too many', () => {
    const { transactions, sent } = begin()
    for (let one = 0; one < 10; one++) transactions.serve(request('OPTIONS', `z9hG4bK${one}`), there)
    expect(transactions.serve(request('OPTIONS', 'z9hG4bKmore'), there)).toBeUndefined()
    expect(sent.map(statusOf)).toEqual([503])
    expect(transactions.count).toBe(10)
  })
})

function begin() {
  const sent: SipMessage[] = []
  const requests: SipRequest[] = []
  const transactions = openTransactions({
    time: realTime,
    self: { address: '127.0.0.1', port: 5060 },
    most: 10,
    send: (message) => sent.push(message),
    onRequest: (one) => requests.push(one),
  })
  return { transactions, sent, requests, hear: (message: SipMessage) => transactions.receive(message, there) }
}

function request(method: string, branch?: string): SipRequest {
  const via: Header[] = branch === undefined ? [] : [['Via', `SIP/2.0/UDP 127.0.0.1:5070;branch=${branch}`]]
  return {
    kind: 'request',
    method,
    uri: 'sip:60001@exercise.invalid',
    headers: [
      ...via,
      ['From', '<sip:8001@exercise.invalid>;tag=1'],
      ['To', '<sip:60001@exercise.invalid>'],
      ['Call-ID', 'call'],
      ['CSeq', `1 ${method}`],
    ],
    body: Buffer.alloc(0),
  }
}

const methodOf = (message: SipMessage) => (message.kind === 'request' ? message.method : '')
const statusOf = (message: SipMessage | SipResponse) => (message.kind === 'response' ? message.status : 0)
