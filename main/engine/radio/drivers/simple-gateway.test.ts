import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { sine } from '../../../../tests/support/tone.ts'
import { encode } from '../../media/g711.ts'
import type { VoicePacket } from '../../media/leg.ts'
import { SipRefused } from '../../telephony/sip/sip-call.ts'
import type { GatewayReception } from './gateway.ts'
import { SimpleGateway } from './simple-gateway.ts'
import type { SipAccess } from './sip.ts'

const packet = (sequence: number, amplitude = 0.3): VoicePacket => ({
  ...{ codec: 'PCMA', marker: false, ssrc: 7, sequence, timestamp: sequence * 160 },
  payload: encode('PCMA', sine(500, 160, 0, amplitude)),
})

/** A gateway whose call stands; a test says what becomes of what it is told. */
function open(more: Partial<SipAccess> = {}) {
  const said: string[] = []
  const told: string[] = []
  const receptions: GatewayReception['squelch'][] = []
  let hear: (packet: VoicePacket) => void = () => undefined
  let [offers, silentSince, hearsKeys] = [0, performance.now(), true]
  /** How the telephone keys, or INFO, end that are under way, the oldest first. */
  const under: { resolve(): void; reject(error: unknown): void }[] = []
  const wait = () => new Promise<void>((resolve, reject) => under.push({ resolve, reject }))
  let digitsSent = Promise.resolve()
  const leg = {
    onVoice: (listener: typeof hear) => {
      hear = listener
      return () => undefined
    },
    send: () => said.push('voice'),
    sendDigits: (digits: readonly string[]) => {
      if (!hearsKeys) return false
      said.push(...digits)
      digitsSent = wait()
      return true
    },
    get digitsSent() {
      return digitsSent
    },
    get statistics() {
      return {
        ...{ packetsSent: 0, packetsReceived: 0, lossShare: 0, jitter: 0, roundTrip: undefined },
        ...{ lossShareThere: undefined, opinionScore: 4, farSide: undefined, silentSince },
      }
    },
  }
  const media = {
    ...{ leg, offer: async () => '', answer: async () => '', accept: async () => undefined },
    ...{ rollBack: () => undefined, close: async () => undefined },
  }
  const access: SipAccess = {
    kind: 'sip',
    host: 'x',
    transport: 'udp',
    user: 'radio',
    keying: 'dtmf',
    ...more,
  }
  const gateway = new SimpleGateway(media, access, {
    up: () => told.push('up'),
    lost: (why) => told.push(`lost: ${why}`),
    keyed: () => told.push('keyed'),
    unkeyed: (why) => told.push(`unkeyed: ${why}`),
    reception: ({ squelch }) => receptions.push(squelch),
    voice: () => undefined,
  })
  onTestFinished(() => gateway.end())
  gateway.begin({
    state: 'talking',
    inform: (_type, content) => {
      said.push(content.split('\r\n')[0] ?? '')
      return wait()
    },
    renegotiate: async () => {
      offers += 1
    },
  })
  return {
    gateway,
    said,
    told,
    squelch: () => receptions.at(-1),
    offers: () => offers,
    hear: (next: VoicePacket) => {
      silentSince = performance.now()
      hear(next)
    },
    deafen: () => {
      hearsKeys = false
    },
    next: async (error?: unknown) => {
      await vi.waitFor(() => expect(under).not.toHaveLength(0))
      if (error === undefined) under.shift()?.resolve()
      else under.shift()?.reject(error)
      await vi.advanceTimersByTimeAsync(1)
    },
  }
}

describe('a gateway that is a telephone', () => {
  beforeEach(() => {
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
  })

  it('is said nothing but while it is keyed', () => {
    const { gateway, said } = open({ keying: 'voice' })
    gateway.send(packet(1))
    gateway.key()
    gateway.send(packet(2))
    gateway.unkey()
    gateway.send(packet(3))
    expect(said).toEqual(['voice'])
  })

  it('is keyed when all its keys have been pressed', async () => {
    const { gateway, said, told, next } = open({ keyDigits: '*99', unkeyDigits: '#' })
    gateway.key()
    await vi.waitFor(() => expect(said).toEqual(['*', '9', '9']))
    expect(told).toEqual(['up'])
    await next()
    expect(told).toEqual(['up', 'keyed'])
  })

  it('that is pressed again before it heard of the first is keyed by the second', async () => {
    const { gateway, said, told, next } = open()
    gateway.key()
    gateway.unkey()
    gateway.key()
    await next()
    await next()
    expect(told).toEqual(['up'])
    await next()
    expect(said).toEqual(['*', '#', '*'])
    expect(told).toEqual(['up', 'keyed'])
  })

  it('that hears no telephone keys is not keyed', async () => {
    const { gateway, told, deafen } = open()
    deafen()
    gateway.key()
    await vi.waitFor(() => expect(told).toEqual(['up', 'unkeyed: denied']))
  })

  it('that does not answer an INFO is given up, whether it was the key or its end', async () => {
    const { gateway, said, told, next } = open({ keying: 'info' })
    gateway.key()
    await next(new SipRefused(null, 'no answer'))
    expect(said).toEqual(['Signal=*'])
    expect(told).toEqual(['up', 'lost: the gateway does not answer'])
    gateway.unkey()
    await next(new SipRefused(500, 'Server Internal Error'))
    expect(told.at(-1)).toBe('lost: the gateway was not told that the key is up')
  })

  it('opens squelch for a voice, and not for what it gives back of a transmission', () => {
    const { gateway, squelch, hear } = open({ keying: 'voice' })
    const hearSome = (first: number) => {
      for (let sequence = first; sequence < first + 5; sequence++) hear(packet(sequence))
    }
    hearSome(1)
    expect(squelch()).toBe('open')
    gateway.key()
    hearSome(10)
    gateway.unkey()
    hearSome(20)
    vi.advanceTimersByTime(100)
    expect(squelch()).toBe('closed')
    vi.advanceTimersByTime(300)
    hearSome(40)
    expect(squelch()).toBe('open')
    vi.advanceTimersByTime(1_000)
    expect(squelch()).toBe('closed')
  })

  it('that has said nothing for long is asked whether it is there', () => {
    const { hear, offers } = open()
    vi.advanceTimersByTime(10_000)
    hear(packet(1))
    vi.advanceTimersByTime(14_000)
    expect(offers()).toBe(0)
    vi.advanceTimersByTime(11_000)
    expect(offers()).toBeGreaterThan(0)
  })
})
