import fc from 'fast-check'
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { parseRtp, writeRtp } from '../../media/rtp.ts'
import type { RtpSockets } from '../../media/rtp-sockets.ts'
import type { GatewayReception } from '../drivers/gateway.ts'
import { Ed137Gateway } from './ed137-gateway.ts'
import {
  type PttType,
  parseRadioHeader,
  type RadioHeader,
  silentHeader,
  writeRadioHeader,
} from './header-extension.ts'

const OWN = 3
const far = { host: '192.0.2.9', port: 4_000 }
const answer = (...more: readonly string[]) =>
  [
    ...['v=0', 'o=radio 1 1 IN IP4 192.0.2.9', 's=radio', 'c=IN IP4 192.0.2.9', 't=0 0'],
    ...['m=audio 4000 RTP/AVP 8 123', 'a=rtpmap:123 R2S/8000', ...more, ''],
  ].join('\r\n')

/** A session with a gateway whose every word is the test’s. */
async function open(description = answer(`a=ptt-id:${OWN}`)) {
  const told: string[] = []
  const receptions: GatewayReception[] = []
  /** The types of the keys in the packets that went out. */
  const keys: PttType[] = []
  let deliver = (_packet: Buffer) => undefined as unknown
  let sequence = 0
  const sockets: RtpSockets = {
    local: { host: '192.0.2.2', port: 16_400 },
    send: (_kind, packet) => {
      const extension = parseRtp(packet)?.extension
      const header = extension && parseRadioHeader(extension)
      if (header !== undefined) keys.push(header.ptt)
    },
    listen: (listener) => {
      deliver = (packet) => listener('rtp', packet, far)
    },
    close: async () => undefined,
  }
  const gateway = new Ed137Gateway(sockets, {
    up: () => told.push('up'),
    lost: () => told.push('lost'),
    keyed: () => told.push('keyed'),
    unkeyed: (why) => told.push(`unkeyed: ${why}`),
    reception: (reception) => receptions.push(reception),
    voice: () => undefined,
  })
  await gateway.media.offer()
  await gateway.media.accept(description)
  return {
    gateway,
    told,
    keys,
    reception: () => receptions.at(-1),
    say: (header: Partial<RadioHeader>) => {
      const extension = writeRadioHeader({ ...silentHeader, ...header })
      sequence = (sequence + 1) & 0xffff
      const numbers = { marker: false, sequence, timestamp: sequence * 160, ssrc: 1 }
      deliver(writeRtp({ ...numbers, payloadType: 123, extension, payload: new Uint8Array() }))
    },
  }
}

describe('a gateway by ED-137', () => {
  beforeEach(() => {
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
  })

  it('is up with its first packet, and lost when none comes any more', async () => {
    const { told, say } = await open()
    expect(told).toEqual([])
    say({})
    say({})
    expect(told).toEqual(['up'])
    vi.advanceTimersByTime(3_000)
    expect(told).toEqual(['up', 'lost'])
  })

  it('that hears somebody says who, as far as it knows: nobody by name, or another seat’s key', async () => {
    const { say, reception } = await open()
    say({ squelch: true, features: [{ kind: 'signal-quality', index: 9, method: 'rssi' }] })
    expect(reception()).toEqual({ squelch: 'open', radio: null, emergency: false, signal: 0.6 })
    say({ squelch: true, ptt: 'emergency', pttId: 8 })
    expect(reception()).toEqual({ squelch: 'open', radio: 'PTT 8', emergency: true, signal: null })
    say({ squelch: true, ptt: 'normal', pttId: OWN })
    expect(reception()).toEqual({ squelch: 'closed' })
  })

  it('that numbers nobody gives our own voice back until it says that nobody keys', async () => {
    const { gateway, told, say, reception } = await open(answer())
    say({})
    gateway.key(false)
    expect(told).toEqual(['up', 'keyed'])
    gateway.unkey()
    say({ squelch: true, ptt: 'normal' })
    expect(reception()).toEqual({ squelch: 'closed' })
    say({ ptt: 'off' })
    say({ squelch: true, ptt: 'normal' })
    expect(reception()).toMatchObject({ squelch: 'open' })
  })

  it('is said nothing of a key once the session is over', async () => {
    const { gateway, told, keys, say } = await open()
    say({})
    gateway.key(false)
    gateway.end()
    keys.length = 0
    vi.advanceTimersByTime(1_000)
    say({ ptt: 'normal', pttId: OWN })
    expect(new Set(keys)).toEqual(new Set(['off']))
    expect(told).toEqual(['up'])
    await gateway.media.close()
  })
})

describe('a link that loses packets', () => {
  /** A gateway that confirms whatever it hears of the key, over a link that loses so many, by this chance. */
  async function lossy(share: number, seed: number) {
    const session = await open()
    let state = seed
    const isLost = () => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff
      return state / 0x7fff_ffff < share
    }
    let there: PttType = 'off'
    const confirm = () => {
      if (!isLost()) session.say({ ptt: there, pttId: there === 'off' ? 0 : OWN })
    }
    const hear = () => {
      for (const key of session.keys.splice(0)) {
        if (isLost() || key === there) continue
        there = key
        confirm()
      }
    }
    const pass = (ms: number) => {
      for (let at = 0; at < ms; at += 20) {
        vi.advanceTimersByTime(20)
        hear()
        if (at % 200 === 0) confirm()
      }
    }
    return { ...session, pass, there: () => there }
  }

  it.each([0.05, 0.2])(
    'of %f of all keeps a key that is held for a minute, and lets it go in time',
    async (share) => {
      vi.useFakeTimers()
      onTestFinished(() => void vi.useRealTimers())
      for (let seed = 1; seed <= 20; seed++) {
        const { gateway, told, pass, there } = await lossy(share, seed)
        pass(1_000)
        gateway.key(false)
        pass(60_000)
        expect(told).toEqual(['up', 'keyed'])
        expect(there()).toBe('normal')
        gateway.unkey()
        pass(600)
        expect(there()).toBe('off')
        gateway.end()
        await gateway.media.close()
      }
    },
  )
})

describe('whatever a gateway says, and however the key goes up and down', () => {
  const holder = fc.constantFrom(0, OWN, 8)
  const event = fc.oneof(
    fc.record({ what: fc.constant('key' as const), emergency: fc.boolean() }),
    fc.record({ what: fc.constant('unkey' as const) }),
    fc.record({ what: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 400 }) }),
    fc.record({
      what: fc.constant('say' as const),
      squelch: fc.boolean(),
      ptt: fc.constantFrom<PttType>('off', 'normal', 'emergency'),
      pttId: holder,
    }),
  )

  it('only a key that is down is sent and confirmed, once, and our own voice is never heard', async () => {
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    await fc.assert(
      fc.asyncProperty(fc.array(event, { maxLength: 40 }), async (events) => {
        const { gateway, told, keys, say, reception } = await open()
        let isDown = false
        let confirmed = 0
        for (const each of events) {
          const before = told.length
          keys.length = 0
          if (each.what === 'key') {
            gateway.key(each.emergency)
            isDown = true
            confirmed = 0
          } else if (each.what === 'unkey') {
            gateway.unkey()
            isDown = false
          } else if (each.what === 'pass') vi.advanceTimersByTime(each.ms)
          else {
            say(each)
            if (each.ptt !== 'off' && each.pttId === OWN) expect(reception()).toEqual({ squelch: 'closed' })
          }
          const news = told.slice(before)
          if (news.some((one) => one.startsWith('unkeyed'))) isDown = false
          if (news.includes('keyed')) {
            expect(isDown).toBe(true)
            confirmed += 1
            expect(confirmed).toBe(1)
          }
          // What went out last is how the key is now.
          const last = keys.at(-1)
          if (last !== undefined) expect(last !== 'off').toBe(isDown)
        }
        gateway.end()
        await gateway.media.close()
      }),
      { numRuns: 1_000, seed: 137 },
    )
  })
})
