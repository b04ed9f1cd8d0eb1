import { describe, expect, it } from 'vitest'
import { sdpPart } from './multipart.ts'

const body = [
  'what comes before is nobody’s',
  '--cut',
  'Content-Type: application/pidf+xml',
  '',
  '<presence/>',
  '--cut',
  'Content-Type: application/sdp; charset=utf-8',
  'Content-Disposition: session',
  '',
  'v=0',
  'm=audio 4000 RTP/AVP 0',
  '--cut--',
  '',
].join('\r\n')

describe('a body of several parts', () => {
  it.each(['multipart/mixed;boundary=cut', 'Multipart/Mixed; charset=x; boundary="cut"'])(
    'of type %s has its session description found',
    (type) => {
      expect(sdpPart(type, body)).toBe('v=0\r\nm=audio 4000 RTP/AVP 0\r\n')
    },
  )

  it.each([
    ['another boundary', 'multipart/mixed;boundary=other', body],
    ['another type', 'multipart/alternative;boundary=cut', body],
    ['no boundary', 'multipart/mixed', body],
    ['no such part', 'multipart/mixed;boundary=cut', '--cut\r\nContent-Type: text/plain\r\n\r\nx\r\n--cut--'],
    [
      'a part without an end of its header',
      'multipart/mixed;boundary=cut',
      '--cut\r\nContent-Type: application/sdp',
    ],
  ])('with %s has none', (_, type, text) => {
    expect(sdpPart(type, text)).toBeUndefined()
  })
})
