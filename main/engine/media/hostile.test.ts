/** What anybody on the network may send: a hundred thousand descriptions, and as many packets. */
import fc from 'fast-check'
import { loadLibopus } from 'libopus-wasm'
import { describe, expect, it } from 'vitest'
import { ownCertificate } from './dtls.ts'
import { Hearing } from './hearing.ts'
import { NotAcceptable } from './media-session.ts'
import { type Agreed, OfferAnswer } from './offer-answer.ts'
import { silentOpus } from './opus.ts'
import { writeRtp } from './rtp.ts'
import { RtpLeg } from './rtp-leg.ts'
import type { RtpSockets } from './rtp-sockets.ts'
import { KEY_MATERIAL_BYTES } from './srtp.ts'
import { Transcoder } from './transcoder.ts'

const runs = { numRuns: 100_000, seed: 110 }
/** A busy machine takes its time over so many. */
const WITHIN_MS = 120_000
const key = new Uint8Array(KEY_MATERIAL_BYTES).fill(7)
const certificate = await ownCertificate()
const far = { host: '192.0.2.1', port: 4_000 }

/** A leg in a call, and the network's end of its sockets. */
function legInCall(protection: Partial<Pick<Agreed, 'keys' | 'dtls'>> = {}) {
  let deliver: Parameters<RtpSockets['listen']>[0] | undefined
  const sockets: RtpSockets = {
    local: { host: '192.0.2.2', port: 4_000 },
    send: () => undefined,
    listen: (listener) => {
      deliver = listener
    },
    close: async () => undefined,
  }
  const leg = new RtpLeg({ sockets, certificate, random: () => 0.5, clock: () => 0, wallClock: () => 0 })
  leg.use(
    {
      remote: far,
      rtcp: far,
      mux: false,
      codec: 'PCMU',
      sendType: 0,
      receiveTypes: new Map([
        [0, 'PCMU'],
        [8, 'PCMA'],
        [9, 'G722'],
        [111, 'opus'],
      ]),
      events: { send: 101, receive: 101, rate: 8_000 },
      direction: 'sendrecv',
      heldByThem: false,
      keys: undefined,
      dtls: undefined,
      ...protection,
    },
    true,
  )
  return { leg, deliver: (kind: 'rtp' | 'rtcp', packet: Buffer) => deliver?.(kind, packet, far) }
}

/** Rubbish, and what begins as a packet does. */
const anyPacket = fc.oneof(
  fc.uint8Array({ maxLength: 200, size: 'max' }),
  fc
    .tuple(
      fc.constantFrom(0x80, 0x90, 0xa0, 0x8f, 0x9f, 0xbf, 20, 21, 22, 23),
      fc.constantFrom(0, 8, 9, 101, 111, 0x80, 0xef, 200, 201, 202, 203),
      fc.uint8Array({ maxLength: 100, size: 'max' }),
    )
    .map(([first, second, rest]) => Uint8Array.of(first, second, ...rest)),
)

/** Records of a handshake as they begin (RFC 6347, 4.1), with anything in them. */
const anyRecord = fc
  .tuple(
    fc.constantFrom(20, 21, 22, 23),
    fc.constantFrom(0, 1),
    fc.constantFrom(0, 1, 2, 3, 11, 12, 14, 15, 16, 20),
    fc.uint8Array({ maxLength: 60, size: 'max' }),
  )
  .map(([type, epoch, message, body]) => {
    const length = [0, 0, body.length]
    const fragment = [message, ...length, 0, 0, 0, 0, 0, ...length, ...body]
    return Uint8Array.of(type, 254, 253, 0, epoch, 0, 0, 0, 0, 0, 0, 0, fragment.length, ...fragment)
  })

const description = [
  ...['v=0', 'o=x 1 1 IN IP4 198.51.100.7', 's=x', 'c=IN IP4 198.51.100.7', 't=0 0'],
  ...['m=audio 11000 RTP/SAVP 96 9 0 8 101', 'a=rtpmap:101 telephone-event/8000', 'a=rtpmap:96 opus/48000/2'],
  ...['a=fmtp:96 useinbandfec=1', 'a=sendrecv', 'a=rtcp:11001'],
  'a=fingerprint:sha-256 AB:CD',
  'a=setup:actpass',
  `a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${Buffer.from(key).toString('base64')}|2^31`,
  ...['m=video 12000 RTP/AVP 96', 'a=rtpmap:96 H264/90000', ''],
].join('\r\n')

/** The description with a few places cut out and others put in. */
const mangled = fc
  .array(fc.tuple(fc.nat(description.length), fc.nat(20), fc.string({ maxLength: 12 })), { maxLength: 6 })
  .map((edits) =>
    edits.reduce((text, [at, cut, put]) => text.slice(0, at) + put + text.slice(at + cut), description),
  )

describe('a hostile network', () => {
  it(
    'makes no leg fail, plain or protected',
    async () => {
      const legs = [
        legInCall(),
        legInCall({ keys: { send: key, receive: key } }),
        ...[true, false].map((active) => legInCall({ dtls: { fingerprints: [], active } })),
      ]
      fc.assert(
        fc.property(
          fc.oneof({ weight: 4, arbitrary: anyPacket }, { weight: 1, arbitrary: anyRecord }),
          (bytes) => {
            for (const { deliver } of legs)
              for (const kind of ['rtp', 'rtcp'] as const) deliver(kind, Buffer.from(bytes))
          },
        ),
        runs,
      )
      expect(legs[0]?.leg.statistics.packetsReceived).toBeGreaterThan(1_000)
      for (const { leg } of legs.slice(1)) expect(leg.statistics.packetsReceived).toBe(0)
      await Promise.all(legs.map(({ leg }) => leg.close()))
    },
    WITHIN_MS,
  )

  it.each([
    ['G722', 9],
    ['opus', 111],
  ] as const)(
    'is heard whatever it says in %s, by a conference and by far sides that have other codecs',
    async (codec, payloadType) => {
      const { leg, deliver } = legInCall()
      const hearing = new Hearing()
      const speaking = (['PCMU', 'G722', 'opus'] as const).map((other) => new Transcoder(other))
      let [samples, packets, sequence] = [0, 0, 0]
      leg.onVoice((packet) => {
        expect(packet.codec).toBe(codec)
        samples += hearing.hear(packet)?.samples.length ?? 0
        for (const each of speaking) packets += each.take(packet).length
      })
      const say = (payload: Uint8Array) =>
        deliver(
          'rtp',
          writeRtp({
            marker: false,
            payloadType,
            sequence: sequence & 0xffff,
            timestamp: (sequence++ * 960) >>> 0,
            ssrc: 1,
            payload,
          }),
        )
      await loadLibopus()
      say(silentOpus(20))
      await new Promise(setImmediate)
      fc.assert(fc.property(fc.uint8Array({ minLength: 1, maxLength: 100, size: 'max' }), say), {
        ...runs,
        numRuns: 20_000,
      })
      expect(samples).toBeGreaterThan(200_000)
      expect(packets).toBeGreaterThan(10_000)
      hearing.close()
      for (const each of speaking) each.close()
      await leg.close()
    },
    WITHIN_MS,
  )

  it(
    'has its descriptions answered or refused',
    () => {
      let answered = 0
      fc.assert(
        fc.property(mangled, (offer) => {
          const ours = new OfferAnswer({ local: far, sessionId: 1, secure: undefined, key, fingerprint: '' })
          try {
            ours.answer(offer, 'sendrecv')
            answered++
          } catch (error) {
            if (!(error instanceof NotAcceptable)) throw error
          }
        }),
        runs,
      )
      expect(answered).toBeGreaterThan(10_000)
      expect(answered).toBeLessThan(90_000)
    },
    WITHIN_MS,
  )
})
