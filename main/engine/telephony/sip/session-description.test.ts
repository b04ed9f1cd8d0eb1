import { describe, expect, it } from 'vitest'
import { directionOf } from './session-description.ts'

const sdp = (...lines: string[]) => ['v=0', 'o=- 1 1 IN IP4 192.0.2.1', 's=-', ...lines, ''].join('\r\n')

describe('the direction of a description', () => {
  it.each([
    ['nothing', sdp('m=audio 4000 RTP/AVP 0'), 'sendrecv'],
    ['its audio', sdp('a=sendrecv', 'm=audio 4000 RTP/AVP 0', 'a=sendonly'), 'sendonly'],
    ['the session', sdp('a=inactive', 'm=audio 4000 RTP/AVP 0'), 'inactive'],
    [
      'the audio, not the video',
      sdp('m=video 4002 RTP/AVP 96', 'a=inactive', 'm=audio 4000 RTP/AVP 0'),
      'sendrecv',
    ],
    ['an address of nowhere', sdp('c=IN IP4 0.0.0.0', 'm=audio 4000 RTP/AVP 0'), 'sendonly'],
    [
      'an address for the audio',
      sdp('c=IN IP4 0.0.0.0', 'm=audio 4 RTP/AVP 0', 'c=IN IP4 192.0.2.1'),
      'sendrecv',
    ],
  ])('is what %s says', (_, text, direction) => {
    expect(directionOf(text)).toBe(direction)
  })
})
