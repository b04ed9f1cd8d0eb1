import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Direction, NotAcceptable } from './media-session.ts'
import { OfferAnswer, type OfferAnswerOptions } from './offer-answer.ts'
import { KEY_MATERIAL_BYTES } from './srtp.ts'

const party = (port: number, options: Partial<OfferAnswerOptions> = {}) =>
  new OfferAnswer({
    local: { host: '192.0.2.1', port },
    sessionId: port,
    secure: undefined,
    fingerprint: Array(32).fill('AB').join(':'),
    key: new Uint8Array(KEY_MATERIAL_BYTES).fill(port % 256),
    ...options,
  })

const sdp = (...lines: string[]) =>
  ['v=0', 'o=x 1 1 IN IP4 198.51.100.7', 's=x', 'c=IN IP4 198.51.100.7', 't=0 0', ...lines, ''].join('\r\n')

/** What a desk telephone offers. */
const desk = sdp(
  'm=audio 11000 RTP/AVP 9 0 8 18 101',
  'a=rtpmap:9 G722/8000',
  'a=rtpmap:18 G729/8000',
  'a=rtpmap:97 opus/48000/2',
  'a=rtpmap:101 telephone-event/8000',
  'a=fmtp:101 0-15',
)

const versionOf = (text: string) => Number(/^o=- \d+ (\d+) /m.exec(text)?.[1])
const voiceOf = (text: string) => /^m=audio .*$/m.exec(text)?.[0]

describe('offer and answer', () => {
  it('agree on a codec, events and addresses', () => {
    const [a, b] = [party(4_000), party(5_000)]
    a.accept(b.answer(a.offer('sendrecv'), 'sendrecv'))
    expect(a.agreed).toMatchObject({
      remote: { host: '192.0.2.1', port: 5_000 },
      rtcp: { host: '192.0.2.1', port: 5_001 },
      codec: 'G722',
      sendType: 9,
      events: { send: 101, receive: 101, rate: 8_000 },
      direction: 'sendrecv',
      heldByThem: false,
    })
    expect(b.agreed).toMatchObject({ remote: { port: 4_000 }, codec: 'G722', direction: 'sendrecv' })
  })

  it.each([
    ['9 0 8 18 101', 'G722', '9 101'],
    ['0 8 101', 'PCMU', '0 101'],
    ['8 0', 'PCMA', '8'],
    ['0 9 101', 'G722', '9 101'],
    ['8 97 9 101', 'opus', '97 101'],
    ['9 97 101', 'G722', '9 101'],
  ] as const)('take of %s, wideband first and else in its order, %s', (theirs, codec, ours) => {
    const we = party(4_000)
    const offer = desk.replace('9 0 8 18 101', theirs)
    expect(voiceOf(we.answer(offer, 'sendrecv'))).toBe(`m=audio 4000 RTP/AVP ${ours}`)
    expect(we.agreed?.codec).toBe(codec)
  })

  it('call Opus by its whole name, and press keys by its clock where the other side can', () => {
    const ours = party(4_000)
    const offer = sdp(
      'm=audio 11000 RTP/AVP 96 97 98 0',
      'a=rtpmap:96 opus/48000/2',
      'a=rtpmap:97 telephone-event/8000',
      'a=rtpmap:98 telephone-event/48000',
    )
    expect(ours.answer(offer, 'sendrecv')).toMatch(
      /m=audio 4000 RTP\/AVP 96 98\r\na=rtpmap:96 opus\/48000\/2\r\na=fmtp:96 .*\r\na=rtpmap:98 telephone-event\/48000\r\n/,
    )
    expect(ours.agreed).toMatchObject({ codec: 'opus', events: { send: 98, receive: 98, rate: 48_000 } })
    for (const wrong of ['opus/48000', 'opus/16000/2', 'G722/16000'])
      expect(() =>
        party(4_000).answer(sdp('m=audio 1 RTP/AVP 96', `a=rtpmap:96 ${wrong}`), 'sendrecv'),
      ).toThrow(NotAcceptable)
  })

  it('hear Opus under the number that they offered, and speak it under the one that was answered', () => {
    const ours = party(4_000)
    expect(voiceOf(ours.offer('sendrecv'))).toBe('m=audio 4000 RTP/AVP 9 111 8 0 101 110')
    ours.accept(
      sdp('m=audio 11000 RTP/AVP 100 102', 'a=rtpmap:100 opus/48000/2', 'a=rtpmap:102 telephone-event/48000'),
    )
    expect(ours.agreed).toMatchObject({
      codec: 'opus',
      sendType: 100,
      events: { send: 102, receive: 110, rate: 48_000 },
    })
    for (const type of [111, 100]) expect(ours.agreed?.receiveTypes.get(type)).toBe('opus')
    const keysThere = party(4_000)
    keysThere.offer('sendrecv')
    keysThere.accept(sdp('m=audio 11000 RTP/AVP 101', 'a=rtpmap:101 opus/48000/2'))
    expect(keysThere.agreed).toMatchObject({ codec: 'opus', sendType: 101 })
    expect(keysThere.agreed?.receiveTypes.get(101)).toBeUndefined()
  })

  it('never give a number another meaning', () => {
    const ours = party(4_000)
    ours.answer(
      sdp('m=audio 11000 RTP/AVP 101 111', 'a=rtpmap:101 opus/48000/2', 'a=rtpmap:111 telephone-event/8000'),
      'sendrecv',
    )
    const offer = ours.offer('sendrecv')
    expect(voiceOf(offer)).toBe('m=audio 4000 RTP/AVP 101 9 8 0 111 110')
    expect(offer).toMatch(/a=rtpmap:101 opus\/48000\/2\r\n(.*\r\n)*a=rtpmap:111 telephone-event\/8000\r\n/)
    expect(ours.agreed?.receiveTypes.get(111)).toBeUndefined()
    const other = party(4_000)
    other.answer(
      sdp('m=audio 11000 RTP/AVP 101 98', 'a=rtpmap:101 opus/48000/2', 'a=rtpmap:98 telephone-event/48000'),
      'sendrecv',
    )
    expect(voiceOf(other.offer('sendrecv'))).toBe('m=audio 4000 RTP/AVP 101 9 8 0 96 98')
  })

  it.each<[Direction, Direction, Direction, boolean]>([
    ['sendonly', 'recvonly', 'sendonly', true],
    ['inactive', 'inactive', 'inactive', false],
    ['recvonly', 'sendonly', 'recvonly', false],
    ['sendrecv', 'sendrecv', 'sendrecv', false],
  ])('hold with %s and let go again', (asked, seenThere, seenHere, held) => {
    const [a, b] = [party(4_000), party(5_000)]
    a.accept(b.answer(a.offer('sendrecv'), 'sendrecv'))
    a.accept(b.answer(a.offer(asked), 'sendrecv'))
    expect(b.agreed?.direction).toBe(seenThere)
    expect(a.agreed?.direction).toBe(seenHere)
    expect(b.agreed?.heldByThem).toBe(held || asked === 'inactive')
    expect(a.agreed?.heldByThem).toBe(false)
    a.accept(b.answer(a.offer('sendrecv'), 'sendrecv'))
    expect(b.agreed).toMatchObject({ direction: 'sendrecv', heldByThem: false })
  })

  it('understand the old way to hold', () => {
    const ours = party(4_000)
    ours.answer(desk.replace('c=IN IP4 198.51.100.7', 'c=IN IP4 0.0.0.0'), 'sendrecv')
    expect(ours.agreed).toMatchObject({ remote: undefined, direction: 'recvonly', heldByThem: true })
  })

  it('raise the version when something changes, and only then', () => {
    const [a, b] = [party(4_000), party(5_000)]
    const offers = (['sendrecv', 'sendrecv', 'sendonly', 'sendrecv'] as const).map((direction) => {
      const offer = a.offer(direction)
      a.accept(b.answer(offer, 'sendrecv'))
      return versionOf(offer)
    })
    expect(offers).toEqual([1, 1, 2, 3])
    expect(versionOf(a.offer('sendrecv'))).toBe(3)
  })

  it('refuse other streams in their places, and keep the places', () => {
    const ours = party(4_000)
    const answer = ours.answer(
      sdp(
        'm=video 12000 RTP/AVP 96',
        'a=rtpmap:96 H264/90000',
        'm=audio 11000 RTP/AVP 8',
        'm=image 1 udptl t38',
      ),
      'sendrecv',
    )
    const places =
      /m=video 0 RTP\/AVP 96\r\n(.*\r\n)*m=audio 4000 RTP\/AVP 8\r\n(.*\r\n)*m=image 0 UDPTL t38\r\n/
    expect(answer).toMatch(places)
    expect(ours.offer('sendonly')).toMatch(
      /m=video 0 .*\r\n(.*\r\n)*m=audio 4000 RTP\/AVP 8 9 111 0 101 110\r\n(.*\r\n)*m=image 0 /,
    )
  })

  it.each([
    ['only codecs that we lack', sdp('m=audio 11000 RTP/AVP 4 18')],
    ['no voice', sdp('m=video 11000 RTP/AVP 96')],
    ['voice that is gone', sdp('m=audio 0 RTP/AVP 0')],
    ['an address of IPv6', sdp('m=audio 11000 RTP/AVP 0', 'c=IN IP6 2001:db8::1')],
    ['a group instead of an address', sdp('m=audio 11000 RTP/AVP 0', 'c=IN IP4 239.1.1.1/127')],
    ['SRTP with keys that we can not have', sdp('m=audio 11000 UDP/TLS/RTP/SAVPF 0')],
    ['SRTP without a key', sdp('m=audio 11000 RTP/SAVP 0')],
    ['nothing', ''],
  ])('are not acceptable with %s', (_, offer) => {
    const ours = party(4_000)
    expect(() => ours.answer(offer, 'sendrecv')).toThrow(NotAcceptable)
    ours.offer('sendrecv')
    expect(() => ours.accept(offer)).toThrow(NotAcceptable)
  })

  it('let the telephone that answers take over from the one that played early media', () => {
    const a = party(4_000)
    const offer = a.offer('sendrecv')
    a.accept(party(5_000).answer(offer, 'sendrecv'))
    a.accept(party(6_000).answer(offer, 'sendrecv'))
    expect(a.agreed?.remote?.port).toBe(6_000)
  })

  it('leave what was agreed as it was when an offer is refused', () => {
    const [a, b] = [party(4_000), party(5_000)]
    a.accept(b.answer(a.offer('sendrecv'), 'sendrecv'))
    const before = a.agreed
    a.offer('inactive')
    a.rollBack()
    expect(a.agreed).toBe(before)
    expect(() => a.accept(desk)).toThrow(NotAcceptable)
  })

  it('take an encoding under another number, and RTCP from elsewhere', () => {
    const ours = party(4_000)
    const answer = ours.answer(
      sdp(
        'm=audio 11000 RTP/AVP 97 98',
        'a=rtpmap:97 pcma/8000/1',
        'a=rtpmap:98 Telephone-Event/8000',
        'a=rtcp:12345',
      ),
      'sendrecv',
    )
    expect(voiceOf(answer)).toBe('m=audio 4000 RTP/AVP 97 98')
    expect(ours.agreed).toMatchObject({
      codec: 'PCMA',
      sendType: 97,
      events: { send: 98, receive: 98 },
      rtcp: { port: 12_345 },
    })
    expect(ours.agreed?.receiveTypes.get(97)).toBe('PCMA')
  })

  it('exchange keys for SRTP', () => {
    const [a, b] = [party(4_000, { secure: 'sdes' }), party(5_000)]
    a.accept(b.answer(a.offer('sendrecv'), 'sendrecv'))
    expect(a.agreed?.keys?.send).toEqual(new Uint8Array(30).fill(4_000 % 256))
    expect([...(a.agreed?.keys?.receive ?? [])]).toEqual([...(b.agreed?.keys?.send ?? [])])
    for (const secure of ['sdes', 'dtls'] as const)
      expect(() => party(4_000, { secure }).answer(desk, 'sendrecv')).toThrow(NotAcceptable)
    expect(() => party(4_000, { secure: 'dtls' }).answer(a.offer('sendrecv'), 'sendrecv')).toThrow(
      NotAcceptable,
    )
  })

  it('prefer what is protected, wherever it stands', () => {
    const ours = party(4_000)
    const inline = Buffer.from(new Uint8Array(KEY_MATERIAL_BYTES).fill(3)).toString('base64')
    const answer = ours.answer(
      sdp(
        'm=audio 11000 RTP/AVP 8',
        'm=audio 11002 RTP/SAVP 8',
        `a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${inline}`,
      ),
      'sendrecv',
    )
    expect(answer).toMatch(/m=audio 0 RTP\/AVP 8\r\n(.*\r\n)*m=audio 4000 RTP\/SAVP 8\r\n/)
    expect(ours.agreed?.keys).toBeDefined()
  })

  it.each([
    ['plain where a key was offered', 'sdes', undefined],
    ['protected where no key was offered', undefined, 'sdes'],
    ['plain where a handshake was offered', 'dtls', undefined],
    ['by keys where a handshake was offered', 'dtls', 'sdes'],
  ] as const)('do not take an answer that is %s', (_, secure, theirs) => {
    const [a, b] = [party(4_000, { secure }), party(5_000, { secure: theirs })]
    a.offer('sendrecv')
    const answer = b.offer('sendrecv')
    expect(() => a.accept(answer)).toThrow(NotAcceptable)
  })

  it('stay protected when a hold is answered in the open', () => {
    const [a, b] = [party(4_000), party(5_000, { secure: 'sdes' })]
    b.accept(a.answer(b.offer('sendrecv'), 'sendrecv'))
    a.offer('sendonly')
    expect(() => a.accept(desk)).toThrow(NotAcceptable)
    expect(a.agreed?.keys).toBeDefined()
  })

  it('agree on a handshake, on who begins it, and keep to that', () => {
    const [a, b] = [party(4_000, { secure: 'dtls' }), party(5_000)]
    const offer = a.offer('sendrecv')
    expect(offer).toMatch(
      /m=audio 4000 UDP\/TLS\/RTP\/SAVP 9 111 8 0 101 110\r\n(.*\r\n)*a=setup:actpass\r\na=rtcp-mux\r\n/,
    )
    const answer = b.answer(offer, 'sendrecv')
    expect(answer).toContain('a=setup:active\r\na=rtcp-mux')
    a.accept(answer)
    const fingerprints = [{ hash: 'sha-256', value: Array(32).fill('AB').join(':') }]
    expect(a.agreed).toMatchObject({ keys: undefined, mux: true, dtls: { fingerprints, active: false } })
    expect(b.agreed).toMatchObject({ keys: undefined, mux: true, dtls: { fingerprints, active: true } })
    b.accept(a.answer(b.offer('sendonly'), 'sendrecv'))
    expect([a.agreed?.dtls?.active, b.agreed?.dtls?.active]).toEqual([false, true])
  })

  it('know a fingerprint of the whole description, and refuse one that they cannot check', () => {
    const lines = ['a=setup:passive', 'a=fingerprint:SHA-256 ab:0c', 'm=audio 11000 UDP/TLS/RTP/SAVPF 8']
    const ours = party(4_000)
    expect(ours.answer(sdp(...lines), 'sendrecv')).toContain('m=audio 4000 UDP/TLS/RTP/SAVPF 8')
    expect(ours.agreed?.dtls).toEqual({ fingerprints: [{ hash: 'sha-256', value: 'AB:0C' }], active: true })
    expect(ours.agreed?.rtcp).toBeUndefined()
    const weak = sdp(...lines).replace('SHA-256', 'sha-1')
    expect(() => party(4_000).answer(weak, 'sendrecv')).toThrow(NotAcceptable)
  })

  it('answer or refuse whatever comes', () => {
    const word = fc.oneof(
      fc.constantFrom(
        'm=audio',
        'm=video',
        'a=rtpmap:0',
        'a=rtpmap:',
        'c=IN IP4',
        'RTP/AVP',
        'RTP/SAVP',
        '0',
        '8',
      ),
      fc.constantFrom(
        '101',
        '127.0.0.1',
        '0.0.0.0',
        '999.1.1.1',
        'a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:',
        '\r\n',
      ),
      fc.constantFrom(
        'telephone-event/8000',
        'a=sendonly',
        'a=inactive',
        'a=rtcp:',
        '65536',
        'm=audio 5 RTP/AVP 0\r\n',
      ),
      fc.string({ maxLength: 8 }),
    )
    const text = fc.array(fc.tuple(word, fc.constantFrom(' ', '', '\n')), { maxLength: 60, size: 'max' })
    fc.assert(
      fc.property(text, (words) => {
        const offer = sdp('m=audio 11000 RTP/AVP 0') + words.flat().join('')
        for (const each of [offer, words.flat().join('')])
          for (const act of [
            (ours: OfferAnswer) => expect(ours.answer(each, 'sendrecv')).toContain('m=audio 4000 '),
            (ours: OfferAnswer) => {
              ours.offer('sendrecv')
              ours.accept(each)
            },
          ])
            try {
              act(party(4_000))
            } catch (error) {
              if (!(error instanceof NotAcceptable)) throw error
            }
      }),
      { numRuns: 3_000 },
    )
  })
})
