import { describe, expect, it } from 'vitest'
import {
  requestTarget,
  responseTarget,
  stampVia,
  transactionKey,
  unfolded,
  withOneChallenge,
} from './wire.ts'

const lines = (...all: string[]) => `${all.join('\r\n')}\r\n\r\n`
const proxy = { host: '192.0.2.9', port: 5080 }
const from = { host: '192.0.2.1', port: 40_000 }

describe('a request that comes in', () => {
  it('is stamped with where it came from, as rport asks', () => {
    const stamped = stampVia(
      lines(
        'INVITE sip:a@b SIP/2.0',
        'v: SIP/2.0/UDP 10.0.0.1;rport;branch=z9hG4bK1, SIP/2.0/UDP 10.0.0.2',
        'Via: SIP/2.0/UDP 10.0.0.3',
      ),
      from,
    )
    expect(stamped).toContain(
      'v: SIP/2.0/UDP 10.0.0.1;rport=40000;branch=z9hG4bK1;received=192.0.2.1, SIP/2.0/UDP 10.0.0.2\r\nVia: SIP/2.0/UDP 10.0.0.3',
    )
    expect(responseTarget(stamped)).toEqual(from)
  })

  it('is answered at its own port where it does not ask for rport, and what it says of `received` is nothing', () => {
    const stamped = stampVia(
      lines('BYE sip:a@b SIP/2.0', 'Via: SIP/2.0/UDP pc.test:5070;received=10.9.9.9;branch=z9hG4bK1'),
      from,
    )
    expect(responseTarget(stamped)).toEqual({ host: '192.0.2.1', port: 5070 })
  })

  it('has its folded lines joined', () => {
    expect(unfolded('BYE sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP\r\n  a;branch=1\r\n\r\nbody\r\n  too')).toBe(
      'BYE sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP a;branch=1\r\n\r\nbody\r\n  too',
    )
    expect(unfolded('no end')).toBeUndefined()
    expect(unfolded(`BYE sip:a@b SIP/2.0\r\nSubject: ${'x'.repeat(20_000)}\r\n\r\n`)).toBeUndefined()
  })
})

describe('a request that goes out', () => {
  it.each([
    ['to the proxy where it names the domain', 'INVITE sip:100@PBX.test SIP/2.0', '', proxy],
    [
      'to the host of its Request-URI otherwise',
      'BYE sip:100@10.0.0.7:5062;transport=udp SIP/2.0',
      '',
      { host: '10.0.0.7', port: 5062 },
    ],
    ['to 5060 where no port is said', 'BYE sip:10.0.0.7 SIP/2.0', '', { host: '10.0.0.7', port: 5060 }],
    [
      'by its first Route',
      'BYE sip:100@10.0.0.7 SIP/2.0',
      'Route: <sip:10.0.0.8:5064;lr>,<sip:10.0.0.9;lr>',
      { host: '10.0.0.8', port: 5064 },
    ],
    ['nowhere where there is no such port', 'BYE sip:100@10.0.0.7:0 SIP/2.0', '', undefined],
    ['nowhere where it is no SIP address', 'BYE tel:100 SIP/2.0', '', undefined],
  ])('goes %s', (_, line, route, target) => {
    expect(requestTarget(lines(line, route), 'pbx.test', proxy)).toEqual(target)
  })
})

describe('the transaction of a message', () => {
  it('is told by the branch of its first Via and the method of its CSeq', () => {
    const vias = ['Via: SIP/2.0/UDP a;branch=z9hG4bK1;rport', 'Via: SIP/2.0/UDP b;branch=z9hG4bK2']
    expect(transactionKey(lines('SIP/2.0 180 Ringing', ...vias, 'CSeq: 7 INVITE'))).toEqual({
      branch: 'z9hG4bK1',
      method: 'INVITE',
      status: 180,
    })
    expect(transactionKey(lines('INVITE sip:a@b SIP/2.0', 'CSeq: 7 INVITE'))).toBeUndefined()
  })
})

describe('a response with several challenges', () => {
  const sha = 'WWW-Authenticate: Digest realm="a", nonce="1", algorithm=SHA-256'
  const md5 = 'WWW-Authenticate: Digest realm="a", nonce="1", algorithm=MD5'
  const plain = 'WWW-Authenticate: Digest realm="a", nonce="1"'
  const response = (...challenges: string[]) => lines('SIP/2.0 401 Unauthorized', ...challenges, 'To: a')

  it('keeps the first that can be met', () => {
    expect(withOneChallenge(response(sha, md5), () => true)).toBe(response(sha))
    expect(withOneChallenge(response(sha, md5), (algorithm) => algorithm === 'MD5')).toBe(response(md5))
    expect(withOneChallenge(response(sha, plain), (algorithm) => algorithm === 'MD5')).toBe(response(plain))
  })

  it('stays as it is where none can be met', () => {
    expect(withOneChallenge(response(sha, md5), () => false)).toBe(response(sha, md5))
  })
})
