import { describe, expect, it } from 'vitest'
import { badRequest } from './bad-request.ts'

const lines = (...all: string[]) => `${all.join('\r\n')}\r\n\r\n`
const headers = ['v: SIP/2.0/UDP a;branch=1', 'Via: SIP/2.0/UDP b', 'From: <x', 'To: y', 'i: 1', 'CSeq: many']

describe('a request that can’t be understood', () => {
  it('is answered 400 with what it said of itself', () => {
    expect(badRequest(lines('INVITE sip:a@b SIP/2.0', 'Contact: ?', ...headers))).toBe(
      lines('SIP/2.0 400 Bad Request', ...headers, 'Content-Length: 0'),
    )
  })

  it.each([
    ['an ACK', lines('ACK sip:a@b SIP/2.0', ...headers)],
    ['a response', lines('SIP/2.0 200 OK', ...headers)],
    ['of another protocol', lines('GET / HTTP/1.1', ...headers)],
    ['without a way back', lines('BYE sip:a@b SIP/2.0', ...headers.slice(2))],
    ['nothing', ''],
  ])('is not answered if it is %s', (_, text) => {
    expect(badRequest(text)).toBeUndefined()
  })
})
