import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { argumentsFor, faultIn, isH264, scriptFor } from './ffmpeg.ts'

const URL_TEXT = 'rtsp://camera.example:554/stream?channel=1'

describe('what ffmpeg is told of a camera', () => {
  it('is its address, and its login where it has one', () => {
    expect(scriptFor(URL_TEXT, undefined, true)).toContain(`file '${URL_TEXT}'\n`)
    expect(scriptFor(URL_TEXT, { user: 'viewer', password: 'open' }, false)).toContain(
      "file 'rtsp://viewer:open@camera.example:554/stream?channel=1'\n",
    )
  })

  it('is one file and nothing more, whatever the password', () => {
    const lines = scriptFor(URL_TEXT, { user: 'u', password: 'p' }, true).split('\n').length
    fc.assert(
      fc.property(fc.string(), fc.string({ unit: 'grapheme' }), (user, password) => {
        const script = scriptFor(URL_TEXT, { user, password }, true)
        expect(script.split('\n')).toHaveLength(lines)
        const [, file = ''] = /^file '([^']*)'$/m.exec(script) ?? []
        expect(decodeURIComponent(new URL(file).username)).toBe(user.toWellFormed())
        expect(decodeURIComponent(new URL(file).password)).toBe(password.toWellFormed())
      }),
    )
  })

  it('is not in its arguments', () => {
    const to = { rtpPort: 4000, rtcpPort: 4001, payloadType: 96, ssrc: 1 }
    const args = argumentsFor(to, { ...to, rtpPort: 4002, rtcpPort: 4003 })
    expect(args.join(' ')).not.toContain('camera.example')
  })
})

describe('what ffmpeg says', () => {
  it.each([
    ['pipe:0: Server returned 401 Unauthorized (authorization failed)', 'refused'],
    ['Connection to tcp://10.0.0.9:554?timeout=0 failed: Connection refused', 'unreachable'],
    ['method DESCRIBE failed: 404 Not Found', 'unreachable'],
    ["Stream map '0:v:0' matches no streams.", 'format'],
    ['[rtsp @ 0x5] method DESCRIBE failed: 503 Service Unavailable', 'busy'],
    ['', 'silent'],
  ])('%s', (said, fault) => {
    expect(faultIn(said)).toBe(fault)
  })

  it('tells H.264 from other pictures', () => {
    expect(isH264('m=video 4000 RTP/AVP 96\na=rtpmap:96 H264/90000\n')).toBe(true)
    expect(isH264('m=video 4000 RTP/AVP 96\na=rtpmap:96 H265/90000\n')).toBe(false)
  })
})
