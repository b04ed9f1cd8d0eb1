import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseNameAddress, parseUri, parseVia } from './address.ts'
import {
  cseqOf,
  header,
  headers,
  LONGEST_MESSAGE,
  parseMessage,
  replyTo,
  type SipRequest,
  serialise,
} from './message.ts'

const lines = (...all: readonly string[]) => Buffer.from(all.join('\r\n'))
const invite = [
  'INVITE sip:60001@exercise.invalid SIP/2.0',
  'Via: SIP/2.0/UDP 127.0.0.1:5070;branch=z9hG4bK1, SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK0',
  'f: "Duty, seat 1" <sip:8001@exercise.invalid>;tag=a',
  't: <sip:60001@exercise.invalid>',
  'i: call',
  'CSeq: 7 INVITE',
  'Subject: folded',
  '  twice',
  'm: <sip:8001@127.0.0.1:5070>',
]

describe('a SIP message', () => {
  it('is read with its compact forms, lists and folded lines', () => {
    const message = read(...invite, 'l: 3', '', 'abcdef')
    expect(headers(message, 'via')).toHaveLength(2)
    expect(header(message, 'From')).toBe('"Duty, seat 1" <sip:8001@exercise.invalid>;tag=a')
    expect(header(message, 'Call-ID')).toBe('call')
    expect(header(message, 'Subject')).toBe('folded twice')
    expect(cseqOf(message)).toEqual({ number: 7, method: 'INVITE' })
    expect(message.body.toString()).toBe('abc')
  })

  it('is written as it was read', () => {
    const message = read(...invite, '', '值班')
    expect(parseMessage(serialise(message))).toEqual({
      ...message,
      headers: [...message.headers, ['Content-Length', '6']],
    })
  })

  it('is answered with what it brought, and a tag of ours', () => {
    const reply = replyTo(read(...invite, '', ''), 486, { tag: 'b' })
    expect(headers(reply, 'Via')).toHaveLength(2)
    expect(header(reply, 'To')).toBe('<sip:60001@exercise.invalid>;tag=b')
    expect(serialise(reply).toString()).toMatch(/^SIP\/2\.0 486 Busy Here\r\n/)
  })

  const faults: readonly (readonly [string, readonly string[]])[] = [
    ['whose CSeq names another method', [...swap('CSeq: 7 INVITE', 'CSeq: 7 BYE'), '', '']],
    ['whose CSeq is too large', [...swap('CSeq: 7 INVITE', 'CSeq: 2147483648 INVITE'), '', '']],
    ['that is shorter than it says', [...invite, 'Content-Length: 4', '', 'abc']],
    ['with two lengths that differ', [...invite, 'Content-Length: 1', 'Content-Length: 2', '', 'abc']],
    ['with two From', [...invite, 'From: <sip:x@y>;tag=c', '', '']],
    ['with a header that is none', [...invite, 'no colon', '', '']],
  ]
  for (const [what, text] of faults)
    it(`${what} is malformed, and can be answered`, () => {
      expect(parseMessage(lines(...text))).toMatchObject({
        kind: 'malformed',
        request: { method: 'INVITE' },
      })
    })

  it('without a Call-ID is malformed, and cannot be answered', () => {
    const text = invite.filter((line) => !line.startsWith('i:'))
    const message = parseMessage(lines(...text, '', ''))
    expect(message.kind).toBe('malformed')
    expect(message).not.toHaveProperty('request')
  })

  it('longer than the longest is not looked at', () => {
    const message = parseMessage(lines(...invite, '', 'x'.repeat(LONGEST_MESSAGE)))
    expect(message).toEqual({ kind: 'malformed', why: 'too long' })
  })
})

describe('whatever comes in', () => {
  it('is read or called malformed, and never throws', () => {
    const whole = lines(...invite, 'Content-Length: 0', '', '')
    const damaged = fc
      .array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 12 })
      .map((changes) => {
        const copy = Buffer.from(whole)
        for (const [at, octet] of changes) copy[at] = octet
        return copy
      })
    const noise = fc.uint8Array({ maxLength: 400 }).map((octets) => Buffer.from(octets))
    fc.assert(
      fc.property(fc.oneof(damaged, noise), (datagram) => {
        const message = parseMessage(datagram)
        if (message.kind === 'malformed') return
        for (const value of headers(message, 'Via')) parseVia(value)
        for (const name of ['From', 'To', 'Contact']) parseNameAddress(header(message, name))
        if (message.kind === 'request') parseUri(message.uri)
        const again = parseMessage(serialise(message))
        expect(again.kind).toBe(message.kind)
      }),
      { numRuns: 5_000, seed: 3 },
    )
  })

  it('as text of an address is read in no time, however it is built', () => {
    const nasty = fc
      .array(fc.constantFrom('sip:', '"', '\\', '<', '>', ';', '=', '@', 'a', ' ', '?', '&', '%', ':', ','), {
        maxLength: 2_000,
      })
      .map((signs) => signs.join(''))
    fc.assert(
      fc.property(nasty, (text) => {
        parseUri(text)
        parseNameAddress(text)
        parseVia(`SIP/2.0/UDP ${text}`)
      }),
      { numRuns: 1_000, seed: 5 },
    )
  })
})

describe('an address', () => {
  it('is taken apart', () => {
    expect(parseUri('sip:8001:secret@Exercise.Invalid:5070;transport=udp?Replaces=a%3Bto-tag%3D1')).toEqual({
      scheme: 'sip',
      user: '8001',
      host: 'exercise.invalid',
      port: 5070,
      params: new Map([['transport', 'udp']]),
      headers: new Map([['replaces', 'a;to-tag=1']]),
    })
  })

  it('without brackets leaves its parameters to the header', () => {
    expect(parseNameAddress('sip:8001@here;tag=1')).toEqual({
      uri: 'sip:8001@here',
      params: new Map([['tag', '1']]),
    })
  })

  it('with a port that is none is no address', () => {
    expect(parseUri('sip:8001@here:70000')).toBeUndefined()
    expect(parseUri('tel:110')).toBeUndefined()
  })
})

function swap(line: string, other: string): readonly string[] {
  return invite.map((one) => (one === line ? other : one))
}

function read(...text: readonly string[]): SipRequest {
  const message = parseMessage(lines(...text))
  if (message.kind !== 'request') throw new Error(JSON.stringify(message))
  return message
}
