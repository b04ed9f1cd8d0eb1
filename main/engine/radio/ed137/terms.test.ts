import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NotAcceptable } from '../../media/media-session.ts'
import { RadioDescription, radioTermsOf } from './terms.ts'

const description = new RadioDescription({ host: '192.0.2.1', port: 16_400 })
const answer = (...lines: readonly string[]) =>
  ['v=0', 'o=radio 1 1 IN IP4 192.0.2.9', 's=radio', 'c=IN IP4 192.0.2.9', 't=0 0', ...lines, ''].join('\r\n')

describe('the description of a seat', () => {
  it('offers A-law first, keep-alives, and what a radio is asked for', () => {
    const lines = description.write().split('\r\n')
    expect(lines).toContain('m=audio 16400 RTP/AVP 8 0 123')
    expect(lines).toEqual(
      expect.arrayContaining([
        'a=rtpmap:123 R2S/8000',
        'a=type:Radio-TxRx',
        'a=txrxmode:TxRx',
        'a=bss:RSSI',
        'a=interval:20',
        'a=sigtime:1',
        'a=ptt_rep:3',
        'a=rtphe:1',
        'a=R2S-KeepAlivePeriod:200',
        'a=R2S-KeepAliveMultiplier:10',
      ]),
    )
  })

  it('names what was chosen where it is an answer', () => {
    const terms = radioTermsOf(answer('m=audio 4000 RTP/AVP 0 120', 'a=rtpmap:120 R2S/8000'))
    expect(description.write(terms)).toContain('m=audio 16400 RTP/AVP 0 120\r\n')
  })
})

describe('the description of a gateway', () => {
  it('tells where it is, its law, the number of the key, and how the link is watched', () => {
    const terms = radioTermsOf(
      answer(
        'm=audio 4000 RTP/AVP 8 123',
        'a=rtpmap:8 PCMA/8000',
        'a=rtpmap:123 R2S/8000',
        'a=ptt-id:7',
        'a=ptt_rep:1',
        'a=R2S-KeepAlivePeriod:100',
        'a=R2S-KeepAliveMultiplier:20',
      ),
    )
    expect(terms).toMatchObject({
      remote: { host: '192.0.2.9', port: 4000 },
      codec: 'PCMA',
      sendType: 8,
      r2sType: 123,
      pttId: 7,
      pttRepeats: 1,
      keepAliveMs: 100,
      keepAliveMultiplier: 20,
    })
  })

  it('tells whether it has a transmitter', () => {
    const transmits = (...lines: readonly string[]) =>
      radioTermsOf(answer('m=audio 4000 RTP/AVP 8', ...lines)).transmits
    expect([transmits(), transmits('a=txrxmode:TxRx'), transmits('a=txrxmode:Tx', 'a=recvonly')]).toEqual([
      true,
      true,
      true,
    ])
    expect([transmits('a=txrxmode:Rx'), transmits('a=sendonly')]).toEqual([false, false])
  })

  it('leaves the usual where it says nothing, or what nobody may', () => {
    const usual = { pttId: undefined, pttRepeats: 3, keepAliveMs: 200, keepAliveMultiplier: 10, r2sType: 123 }
    expect(radioTermsOf(answer('m=audio 4000 RTP/AVP 8'))).toMatchObject(usual)
    const wild = ['a=ptt-id:64', 'a=ptt_rep:9', 'a=R2S-KeepAlivePeriod:1', 'a=R2S-KeepAliveMultiplier:1e9']
    expect(
      radioTermsOf(answer('m=audio 4000 RTP/AVP 8 200', 'a=rtpmap:200 R2S/8000', ...wild)),
    ).toMatchObject(usual)
  })

  it.each([
    ['no voice', []],
    ['voice in no law that is had here', ['m=audio 4000 RTP/AVP 18']],
    ['a refusal', ['m=audio 0 RTP/AVP 8']],
    ['nothing to say or hear', ['m=audio 4000 RTP/AVP 8', 'a=inactive']],
    ['no address', ['m=audio 4000 RTP/AVP 8', 'c=IN IP4 0.0.0.0']],
  ])('that has %s can’t be had', (_name, lines) => {
    expect(() => radioTermsOf(answer(...lines))).toThrow(NotAcceptable)
  })

  it('of whatever text is either understood within its bounds, or refused', () => {
    const line = fc.oneof(
      fc.string({ maxLength: 40 }),
      fc.constantFrom('m=audio 4000 RTP/AVP 8 123', 'a=ptt-id:', 'a=rtpmap:123 R2S/8000', 'a=sendrecv'),
      fc.integer().map((number) => `a=R2S-KeepAlivePeriod:${number}`),
      fc.integer().map((number) => `a=ptt-id:${number}`),
    )
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
        try {
          const terms = radioTermsOf(answer(...lines))
          expect(terms.keepAliveMs).toBeGreaterThanOrEqual(20)
          expect(terms.keepAliveMs).toBeLessThanOrEqual(1_000)
          expect(terms.pttId ?? 1).toBeLessThanOrEqual(63)
          expect(terms.pttId ?? 1).toBeGreaterThanOrEqual(1)
        } catch (error) {
          if (!(error instanceof NotAcceptable)) throw error
        }
      }),
    )
  })
})
