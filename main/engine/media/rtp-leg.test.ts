import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Agreed } from './offer-answer.ts'
import { RtpLeg } from './rtp-leg.ts'
import type { RtpSockets } from './rtp-sockets.ts'

const there = (port: number) => ({ host: '192.0.2.1', port })

const agreedWith = (port: number): Agreed => ({
  remote: there(port),
  rtcp: there(port + 1),
  mux: false,
  codec: 'PCMU',
  sendType: 0,
  receiveTypes: new Map([[0, 'PCMU']]),
  events: undefined,
  direction: 'sendrecv',
  heldByThem: false,
  keys: undefined,
})

/** Two legs with a network of their own between them: it takes `delay` ms one way and loses every `tenth`. */
function network(delay: number, everyNthLost: number) {
  type Listener = Parameters<RtpSockets['listen']>[0]
  const listeners = new Map<number, Listener>()
  let count = 0
  const leg = (port: number, other: number) => {
    const sockets: RtpSockets = {
      local: there(port),
      send: (kind, packet, to) => {
        if (kind === 'rtp' && ++count % everyNthLost === 0) return
        setTimeout(
          () =>
            listeners.get(to.port & ~1)?.(kind, Buffer.from(packet), there(kind === 'rtp' ? port : port + 1)),
          delay,
        )
      },
      listen: (listener) => void listeners.set(port, listener),
      close: async () => undefined,
    }
    const made = new RtpLeg({ sockets, random: () => 0.5, clock: Date.now, wallClock: Date.now })
    made.use(agreedWith(other), true)
    return made
  }
  return [leg(4_000, 5_000), leg(5_000, 4_000)] as const
}

describe('a leg with RTCP', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('measures the way there and back, and what is lost there', async () => {
    const [a, b] = network(30, 10)
    for (let at = 0; at < 1_000; at++) {
      a.send({
        codec: 'PCMU',
        marker: false,
        sequence: at,
        timestamp: at * 160,
        ssrc: 1,
        payload: new Uint8Array(160),
      })
      await vi.advanceTimersByTimeAsync(20)
    }
    expect(a.statistics.roundTrip).toBeGreaterThan(58)
    expect(a.statistics.roundTrip).toBeLessThan(62)
    expect(a.statistics.lossShareThere).toBeCloseTo(0.1, 1)
    expect(b.statistics.lossShare).toBeCloseTo(0.1, 2)
    expect(b.statistics.opinionScore).toBeLessThan(3.5)
    expect(b.statistics.lastPacketAt).toBeGreaterThan(Date.now() - 100)
    await Promise.all([a.close(), b.close()])
    await vi.advanceTimersByTimeAsync(100)
    expect(vi.getTimerCount()).toBe(0)
  })
})
