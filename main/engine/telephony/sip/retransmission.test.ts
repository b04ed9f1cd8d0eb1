import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Retransmission } from './retransmission.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const message = (start: string, method: string, branch = 'z9hG4bK1') =>
  `${start}\r\nVia: SIP/2.0/UDP a;branch=${branch}\r\nCSeq: 1 ${method}\r\n\r\n`
const invite = message('INVITE sip:a@b SIP/2.0', 'INVITE')
const options = message('OPTIONS sip:a@b SIP/2.0', 'OPTIONS')
const busy = message('SIP/2.0 486 Busy Here', 'INVITE')

/** When, in ms after it was first sent, a message is sent again. */
function timesOf(
  text: string,
  meanwhile: (after: number, retransmission: Retransmission) => void = () => {},
) {
  const retransmission = new Retransmission()
  const begun = Date.now()
  const times: number[] = []
  retransmission.sent(text, () => times.push(Date.now() - begun))
  for (let after = 0; after < 60_000; after += 100) {
    meanwhile(after, retransmission)
    vi.advanceTimersByTime(100)
  }
  return times
}

describe('what is sent again over UDP', () => {
  it('is an INVITE after doubling waits, for 32 s', () => {
    expect(timesOf(invite)).toEqual([500, 1500, 3500, 7500, 15_500, 31_500])
  })

  it('is another request after waits of at most 4 s', () => {
    expect(timesOf(options)).toEqual([500, 1500, 3500, 7500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500])
  })

  it('is a refusal of an INVITE, until its ACK comes', () => {
    const acknowledged = timesOf(busy, (after, retransmission) => {
      if (after === 2000) retransmission.received(message('ACK sip:a@b SIP/2.0', 'ACK'))
    })
    expect(acknowledged).toEqual([500, 1500])
    expect(timesOf(busy).slice(0, 5)).toEqual([500, 1500, 3500, 7500, 11_500])
  })

  it('is not an INVITE that has been heard of', () => {
    const heard = timesOf(invite, (after, retransmission) => {
      if (after === 1000) retransmission.received(message('SIP/2.0 100 Trying', 'INVITE'))
    })
    expect(heard).toEqual([500])
  })

  it('is another request every 4 s when it is being worked on, until it is answered', () => {
    const times = timesOf(options, (after, retransmission) => {
      if (after === 1000) retransmission.received(message('SIP/2.0 100 Trying', 'OPTIONS'))
      if (after === 10_000) retransmission.received(message('SIP/2.0 200 OK', 'OPTIONS'))
    })
    expect(times).toEqual([500, 1500, 5500, 9500])
  })

  it.each([
    message('SIP/2.0 200 OK', 'INVITE'),
    message('SIP/2.0 486 Busy Here', 'BYE'),
    message('ACK sip:a@b SIP/2.0', 'ACK'),
    'rubbish',
  ])('is not %s', (text) => {
    expect(timesOf(text)).toEqual([])
  })

  it('is nothing more once all is cleared', () => {
    const times = timesOf(invite, (after, retransmission) => {
      if (after === 1000) retransmission.clear()
    })
    expect(times).toEqual([500])
  })
})
