import { describe, expect, it } from 'vitest'
import { iceServersFor } from './turn.ts'

describe('a relay', () => {
  it('is given out with a name that is good for a day, and its password by the shared secret', () => {
    const turn = { urls: ['turn:relay.example:3478'], secret: 'shared-with-the-relay', only: false }
    const [server, ...others] = iceServersFor(turn, 'duty-1', 1_800_000_000_000)
    expect(others).toEqual([])
    // By openssl: printf '1800086400:duty-1' | openssl dgst -sha1 -hmac shared-with-the-relay -binary | base64
    expect(server).toEqual({
      urls: turn.urls,
      username: '1800086400:duty-1',
      credential: 'h3NziL/DIlsQLCU9wtL6zyA8W60=',
    })
  })
})
