import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseAudio, writeAnswer, writeOffer } from './sdp.ts'

const local = { address: '127.0.0.1', port: 30_000, session: 1, version: 1 }
const head = ['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 'c=IN IP4 127.0.0.1', 't=0 0']
const described = (...lines: readonly string[]) => Buffer.from([...head, ...lines, ''].join('\r\n'))

describe('a session description', () => {
  it('is answered with the first codec of theirs that a phone speaks, and DTMF', () => {
    const offer = parseAudio(
      described(
        'm=audio 4000 RTP/AVP 9 8 0 97',
        'a=rtpmap:9 G722/8000',
        'a=rtpmap:97 telephone-event/8000',
        'm=video 5000 RTP/AVP 96',
      ),
    )
    expect(offer).toMatchObject({ port: 4000, codec: 'PCMA', payload: 8, telephoneEvent: 97 })
    const answer = offer && writeAnswer(offer, local).toString()
    expect(answer).toContain('m=audio 30000 RTP/AVP 8 97\r\n')
    expect(answer).toContain('m=video 0 RTP/AVP 96\r\n')
    expect(answer).toMatch(/a=sendrecv\r\n/)
  })

  it('that holds is answered so that the phone falls silent', () => {
    for (const [theirs, ours] of [
      ['sendonly', 'recvonly'],
      ['inactive', 'inactive'],
      ['recvonly', 'sendonly'],
    ] as const) {
      const offer = parseAudio(described('m=audio 4000 RTP/AVP 0', `a=${theirs}`))
      expect(offer?.direction).toBe(theirs)
      expect(offer && writeAnswer(offer, local).toString()).toContain(`a=${ours}\r\n`)
    }
  })

  it('with the address 0.0.0.0 holds too', () => {
    const offer = parseAudio(described('m=audio 4000 RTP/AVP 0', 'c=IN IP4 0.0.0.0'))
    expect(offer?.direction).toBe('inactive')
  })

  it('of ours can be read by ourselves', () => {
    expect(parseAudio(writeOffer(local))).toMatchObject({
      address: '127.0.0.1',
      port: 30_000,
      codec: 'PCMA',
      telephoneEvent: 101,
    })
  })

  const useless: readonly (readonly [string, Buffer])[] = [
    ['without audio', described('m=video 4000 RTP/AVP 96')],
    ['with codecs that a phone lacks', described('m=audio 4000 RTP/AVP 96', 'a=rtpmap:96 opus/48000/2')],
    ['with a name that another number has', described('m=audio 4000 RTP/AVP 0', 'a=rtpmap:0 GSM/8000')],
    ['that wants encryption', described('m=audio 4000 RTP/SAVP 0')],
    ['with port 0', described('m=audio 0 RTP/AVP 0')],
    ['with an address that is none', described('m=audio 4000 RTP/AVP 0', 'c=IN IP4 999.0.0.1')],
    ['that is none', Buffer.from('hello')],
  ]
  for (const [what, body] of useless)
    it(`${what} can't be answered`, () => {
      expect(parseAudio(body)).toBeUndefined()
    })

  it('of any sort is read or left, and never throws', () => {
    const line = fc.constantFrom(
      ...head,
      'm=audio 4000 RTP/AVP 0',
      'm=audio x',
      'a=rtpmap:0',
      'a=',
      'c=IN IP4',
      '',
    )
    fc.assert(
      fc.property(fc.array(fc.oneof(line, fc.string()), { maxLength: 40 }), (lines) => {
        const offer = parseAudio(Buffer.from(lines.join('\r\n')))
        if (offer !== undefined) writeAnswer(offer, local)
      }),
      { numRuns: 1_000, seed: 11 },
    )
  })
})
