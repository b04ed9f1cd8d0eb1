import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { ownCertificate } from './dtls.ts'
import type { Agreed } from './offer-answer.ts'
import { writeRtcp } from './rtcp.ts'
import { parseRtp, type RtpPacket, writeRtp } from './rtp.ts'
import { RtpLeg } from './rtp-leg.ts'
import type { RtpSockets } from './rtp-sockets.ts'
import { KEY_MATERIAL_BYTES, Opening } from './srtp.ts'
import type { Address } from './voice-terms.ts'

const certificate = await ownCertificate()
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
  dtls: undefined,
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
    const made = new RtpLeg({ sockets, certificate, random: () => 0.5, clock: Date.now, wallClock: Date.now })
    made.use(agreedWith(other), true)
    return made
  }
  return [leg(4_000, 5_000), leg(5_000, 4_000)] as const
}

/** A leg and the network's end of its sockets. */
function lone(agreed?: Agreed) {
  const sent: { readonly kind: 'rtp' | 'rtcp'; readonly packet: Buffer; readonly to: Address }[] = []
  let deliver: Parameters<RtpSockets['listen']>[0] = () => undefined
  let now = 1_000
  const leg = new RtpLeg({
    certificate,
    sockets: {
      local: there(4_000),
      send: (kind, packet, to) => void sent.push({ kind, packet: Buffer.from(packet), to }),
      listen: (listener) => {
        deliver = listener
      },
      close: async () => undefined,
    },
    random: () => 0.5,
    clock: () => now,
    wallClock: () => now,
  })
  if (agreed !== undefined) leg.use(agreed, true)
  const hear = (at: number, from: Address, packet: Partial<RtpPacket> = {}) =>
    deliver('rtp', writeRtp({ ...spoken(at), payloadType: 0, ...packet }), from)
  return {
    leg,
    sent,
    hear,
    deliver: (...given: Parameters<typeof deliver>) => deliver(...given),
    pass: (ms: number) => (now += ms),
  }
}

const spoken = (at: number) => ({
  codec: 'PCMU' as const,
  marker: false,
  sequence: at,
  timestamp: at * 160,
  ssrc: 1,
  payload: new Uint8Array(160),
})

describe('a leg', () => {
  it('counts on under its own key when the other side changes its key', async () => {
    const keyOf = (octet: number) => new Uint8Array(KEY_MATERIAL_BYTES).fill(octet)
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    const { leg, sent } = lone({ ...agreedWith(5_000), keys: { send: keyOf(1), receive: keyOf(2) } })
    await vi.advanceTimersByTimeAsync(5_000)
    leg.use({ ...agreedWith(6_000), keys: { send: keyOf(1), receive: keyOf(3) } }, true)
    await leg.close()
    const ears = new Opening(keyOf(1))
    expect(sent.map(({ packet }) => ears.openReport(packet) !== undefined)).toEqual([true, true])
  })

  it('hears nobody before it is agreed who may speak, nor counts it', async () => {
    const { leg, hear } = lone()
    const heard: number[] = []
    leg.onVoice(({ sequence }) => heard.push(sequence))
    for (const at of [1, 2_000]) hear(at, { host: '198.51.100.9', port: 9 })
    leg.use(agreedWith(5_000), true)
    hear(7, there(5_000))
    expect(heard).toEqual([7])
    expect(leg.statistics).toMatchObject({ packetsReceived: 1, lossShare: 0 })
    await leg.close()
  })

  it('takes reports from the host that it talks to only, and sends them nowhere else', async () => {
    const { leg, sent, deliver } = lone(agreedWith(5_000))
    const report = writeRtcp({ ssrc: 9, sender: undefined, reports: [] }, 'x')
    deliver('rtcp', report, { host: '198.51.100.9', port: 5_001 })
    deliver('rtp', report, { host: '198.51.100.9', port: 5_001 })
    await leg.close()
    expect(sent.map(({ to }) => to)).toEqual([there(5_001)])
  })

  it('is silent only since it could hear again, when it was held', async () => {
    const { leg, hear, pass } = lone(agreedWith(5_000))
    hear(0, there(5_000))
    pass(600_000)
    leg.use({ ...agreedWith(5_000), direction: 'sendonly' }, false)
    expect(leg.statistics.silentSince).toBe(601_000)
    pass(600_000)
    leg.use(agreedWith(5_000), true)
    expect(leg.statistics.silentSince).toBe(1_201_000)
    hear(1, there(5_000))
    pass(20_000)
    leg.use(agreedWith(5_000), true)
    expect(leg.statistics.silentSince).toBe(1_201_000)
    await leg.close()
  })

  it('is not silent as long as it reports, for some say nothing where nothing is said', async () => {
    const { leg, hear, pass, deliver } = lone(agreedWith(5_000))
    hear(0, there(5_000))
    pass(19_000)
    deliver('rtcp', writeRtcp({ ssrc: 9, sender: undefined, reports: [] }, 'x'), there(5_001))
    expect(leg.statistics.silentSince).toBe(20_000)
    await leg.close()
  })

  it('stops in the middle of its keys when it holds', async () => {
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    const agreed = { ...agreedWith(5_000), events: { send: 101, receive: 101, rate: 8_000 } }
    const { leg, sent } = lone(agreed)
    leg.sendDigits(['1', '2', '3'])
    await vi.advanceTimersByTimeAsync(50)
    expect(sent).toHaveLength(3)
    leg.use({ ...agreed, direction: 'sendonly' }, false)
    await vi.advanceTimersByTimeAsync(2_000)
    expect(sent.filter(({ kind }) => kind === 'rtp')).toHaveLength(3)
    await leg.close()
  })

  it('speaks what was agreed on, and another codec when that is agreed on', async () => {
    const { leg, sent } = lone({ ...agreedWith(5_000), codec: 'G722', sendType: 9 })
    leg.send(spoken(0))
    leg.use(agreedWith(5_000), true)
    leg.send(spoken(1))
    leg.use({ ...agreedWith(5_000), codec: 'PCMA', sendType: 8 }, true)
    leg.send(spoken(2))
    const packets = sent.map(({ packet }) => parseRtp(packet))
    expect(packets.map((packet) => packet?.payloadType)).toEqual([9, 0, 8])
    expect(packets[1]?.payload).toEqual(Buffer.from(spoken(1).payload))
    expect(packets[2]?.payload).not.toEqual(packets[1]?.payload)
    await leg.close()
  })

  it('counts time by the codec’s clock, of what it hears and of the keys that it presses', async () => {
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    const agreed: Agreed = {
      ...agreedWith(5_000),
      codec: 'opus',
      sendType: 111,
      receiveTypes: new Map([[111, 'opus']]),
      events: { send: 110, receive: 110, rate: 48_000 },
    }
    const { leg, sent, hear, pass } = lone(agreed)
    for (let at = 0; at < 50; at++) {
      hear(at, there(5_000), { payloadType: 111, timestamp: at * 960 })
      pass(20)
    }
    expect(leg.statistics.jitter).toBeLessThan(0.1)
    leg.sendDigits(['1'])
    await vi.advanceTimersByTimeAsync(100)
    const durations = sent.map(({ packet }) => parseRtp(packet)?.payload.subarray(2))
    expect(durations.slice(0, 2)).toEqual([
      Buffer.from([960 >> 8, 960 & 0xff]),
      Buffer.from([1_920 >> 8, 1_920 & 0xff]),
    ])
    await leg.close()
  })

  it('hears no packet that nobody sends, empty or huge', async () => {
    const { leg, hear } = lone(agreedWith(5_000))
    const heard: number[] = []
    leg.onVoice(({ payload }) => heard.push(payload.length))
    for (const length of [0, 80, 1_600, 1_601, 60_000])
      hear(length, there(5_000), { payload: new Uint8Array(length) })
    expect(heard).toEqual([80, 1_600])
    await leg.close()
  })
})

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
    expect(b.statistics.silentSince).toBeGreaterThan(Date.now() - 100)
    await Promise.all([a.close(), b.close()])
    await vi.advanceTimersByTimeAsync(100)
    expect(vi.getTimerCount()).toBe(0)
  })
})
