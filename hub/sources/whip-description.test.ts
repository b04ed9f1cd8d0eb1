import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Refusal } from '../../contract/refusal.ts'
import { readOffer, writeAnswer } from './whip-description.ts'

const fingerprint = `a=fingerprint:sha-256 ${Array.from({ length: 32 }, () => 'AB').join(':')}`

/** As OBS and ffmpeg offer: Opus and H.264, with retransmission; and something that is not carried here. */
const offer = [
  'v=0',
  'o=- 1 1 IN IP4 127.0.0.1',
  's=-',
  't=0 0',
  'a=group:BUNDLE 0 1 2',
  'm=audio 9 UDP/TLS/RTP/SAVPF 111',
  'a=mid:0',
  'a=setup:actpass',
  fingerprint,
  'a=sendonly',
  'a=rtpmap:111 opus/48000/2',
  'a=ssrc:1 cname:camera',
  'm=video 9 UDP/TLS/RTP/SAVPF 98 96 97',
  'a=mid:1',
  'a=sendonly',
  'a=rtpmap:98 AV1/90000',
  'a=rtpmap:96 H264/90000',
  'a=fmtp:96 profile-level-id=640028;packetization-mode=1',
  'a=rtcp-fb:96 nack pli',
  'a=rtcp-fb:96 made-up',
  'a=rtpmap:97 rtx/90000',
  'a=fmtp:97 apt=96',
  'a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid',
  'a=extmap:5 urn:made-up',
  'a=ssrc-group:FID 2 3',
  'a=ssrc:2 cname:camera',
  'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
  'a=mid:2',
  '',
].join('\r\n')

const transport = {
  iceParameters: { usernameFragment: 'ufrag', password: 'pwd', iceLite: true },
  iceCandidates: [
    {
      foundation: 'f',
      priority: 1,
      ip: '10.0.0.5',
      address: '10.0.0.5',
      protocol: 'tcp' as const,
      port: 4000,
      type: 'host' as const,
      tcpType: 'passive' as const,
    },
  ],
  dtlsParameters: {
    fingerprints: [
      { algorithm: 'sha-1' as const, value: '00' },
      { algorithm: 'sha-256' as const, value: '11' },
    ],
  },
}

describe('an offer to publish', () => {
  it('is taken as far as it is carried here', () => {
    const { dtlsParameters, sections } = readOffer(offer)
    expect(dtlsParameters.role).toBe('client')
    expect(
      sections.map(({ mid, taken }) => [mid, taken?.rtpParameters.codecs.map(({ mimeType }) => mimeType)]),
    ).toEqual([
      ['0', ['audio/opus']],
      ['1', ['video/H264', 'video/rtx']],
      ['2', undefined],
    ])
    const video = sections[1]?.taken?.rtpParameters
    expect(video?.codecs[0]?.rtcpFeedback).toEqual([{ type: 'nack', parameter: 'pli' }])
    expect(video?.headerExtensions).toEqual([{ id: 4, uri: 'urn:ietf:params:rtp-hdrext:sdes:mid' }])
    expect(video?.encodings).toEqual([{ ssrc: 2, rtx: { ssrc: 3 } }])
  })

  it('is answered section by section, in its order', () => {
    const answer = writeAnswer(readOffer(offer), transport, 'passive').split('\r\n')
    expect(answer.filter((line) => line.startsWith('m='))).toEqual([
      'm=audio 9 UDP/TLS/RTP/SAVPF 111',
      'm=video 9 UDP/TLS/RTP/SAVPF 96 97',
      'm=application 0 UDP/DTLS/SCTP webrtc-datachannel',
    ])
    expect(answer).toContain('a=group:BUNDLE 0 1')
    expect(answer).toContain('a=candidate:f 1 tcp 1 10.0.0.5 4000 typ host tcptype passive')
    expect(answer.filter((line) => line.startsWith('a=fingerprint'))).toEqual([
      'a=fingerprint:sha-256 11',
      'a=fingerprint:sha-256 11',
    ])
    expect(answer.filter((line) => line === 'a=setup:passive')).toHaveLength(2)
  })

  it('is refused with words, or read, whatever it is', () => {
    const lines = fc.array(fc.oneof(fc.constantFrom(...offer.split('\r\n')), fc.string()), { maxLength: 30 })
    fc.assert(
      fc.property(lines, (some) => {
        try {
          writeAnswer(readOffer(some.join('\r\n')), transport, 'passive')
        } catch (error) {
          expect(error).toBeInstanceOf(Refusal)
        }
      }),
      { numRuns: 2_000 },
    )
  })
})
