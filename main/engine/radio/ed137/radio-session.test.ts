import fc from 'fast-check'
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import type { VoicePacket } from '../../media/leg.ts'
import { parseRtp, writeRtp } from '../../media/rtp.ts'
import type { RtpSockets } from '../../media/rtp-sockets.ts'
import { parseRadioHeader, type RadioHeader, silentHeader, writeRadioHeader } from './header-extension.ts'
import { RadioSession } from './radio-session.ts'

const gateway = { host: '192.0.2.9', port: 4_000 }
const answer = [
  ...['v=0', 'o=radio 1 1 IN IP4 192.0.2.9', 's=radio', 'c=IN IP4 192.0.2.9', 't=0 0'],
  ...['m=audio 4000 RTP/AVP 8 123', 'a=rtpmap:123 R2S/8000', 'a=ptt-id:5', 'a=ptt_rep:2', ''],
].join('\r\n')
const speech = new Uint8Array(160).fill(0x2a)

/** A session with a gateway, and the network's end of its sockets. */
async function open() {
  const sent: Buffer[] = []
  const headers: RadioHeader[] = []
  const voice: VoicePacket[] = []
  let [silences, deliver] = [0, (_packet: Uint8Array, _from = gateway) => undefined as unknown]
  const sockets: RtpSockets = {
    local: { host: '192.0.2.2', port: 16_400 },
    send: (_kind, packet) => sent.push(Buffer.from(packet)),
    listen: (listener) => {
      deliver = (packet, from = gateway) => listener('rtp', Buffer.from(packet), from)
    },
    close: async () => undefined,
  }
  const session = new RadioSession({
    sockets,
    random: () => 0.5,
    clock: () => performance.now(),
    ears: {
      header: (header) => headers.push(header),
      voice: (packet) => voice.push(packet),
      silent: () => {
        silences += 1
      },
    },
  })
  onTestFinished(() => session.close())
  await session.offer()
  await session.accept(answer)
  const said = () =>
    sent.splice(0).map((packet) => {
      const { payloadType, sequence, extension, payload } = parseRtp(packet) ?? {}
      const header = extension && parseRadioHeader(extension)
      return { type: payloadType, ptt: header?.ptt, pttId: header?.pttId, octets: payload?.length, sequence }
    })
  return {
    session,
    said,
    headers,
    voice,
    silences: () => silences,
    deliver: (packet: Uint8Array, from?: typeof gateway) => deliver(packet, from),
  }
}

const packet = (sequence: number, header: Partial<RadioHeader>, payload = new Uint8Array(), ssrc = 9) =>
  writeRtp({
    marker: false,
    payloadType: payload.length === 0 ? 123 : 8,
    sequence,
    timestamp: sequence * 160,
    ssrc,
    extension: writeRadioHeader({ ...silentHeader, ...header }),
    payload,
  })

describe('a session with a radio gateway', () => {
  beforeEach(() => {
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
  })

  it('says at once that it is there, and again five times a second', async () => {
    const { said } = await open()
    const alive = { type: 123, ptt: 'off', pttId: 5, octets: 0 }
    expect(said()).toMatchObject([alive])
    vi.advanceTimersByTime(1_000)
    expect(said()).toMatchObject([alive, alive, alive, alive, alive])
  })

  it('keys with the very next packet, and goes on with silence until somebody speaks', async () => {
    const { session, said } = await open()
    said()
    session.key('normal')
    expect(said()).toMatchObject([{ type: 8, ptt: 'normal', pttId: 5, octets: 160 }])
    vi.advanceTimersByTime(200)
    const silence = said()
    expect(silence.length).toBeGreaterThan(4)
    expect(silence.every(({ type, ptt }) => type === 8 && ptt === 'normal')).toBe(true)
  })

  it('waits for speech that only comes late, and not for ever', async () => {
    const { session, said } = await open()
    session.key('normal')
    session.send({
      ...{ codec: 'PCMU', marker: true, sequence: 1, timestamp: 160 },
      ...{ ssrc: 7, payload: speech },
    })
    said()
    vi.advanceTimersByTime(95)
    expect(said()).toEqual([])
    vi.advanceTimersByTime(100)
    expect(said().length).toBeGreaterThan(3)
  })

  it('says speech while it is keyed, in the gateway’s law, and not otherwise', async () => {
    const { session, said } = await open()
    said()
    const say = (sequence: number) =>
      session.send({
        ...{ codec: 'PCMU', marker: false, sequence, timestamp: sequence * 160 },
        ...{ ssrc: 7, payload: speech },
      })
    say(1)
    expect(said()).toEqual([])
    session.key('emergency')
    said()
    say(2)
    expect(said()).toMatchObject([{ type: 8, ptt: 'emergency', octets: 160 }])
    session.key('off')
    said()
    say(3)
    expect(said()).toEqual([])
  })

  it('says the end of a transmission as often as was agreed, in numbers without a gap', async () => {
    const { session, said } = await open()
    session.key('normal')
    session.key('off')
    vi.advanceTimersByTime(100)
    const all = said()
    expect(all.map(({ ptt }) => ptt)).toEqual(['off', 'normal', 'off', 'off', 'off'])
    const [first = 0] = all.map(({ sequence }) => sequence ?? 0)
    expect(all.map(({ sequence }) => (sequence ?? 0) - first)).toEqual([0, 1, 2, 3, 4])
  })

  it('tells once that the gateway is silent, ten periods after its last packet', async () => {
    const { deliver, silences } = await open()
    vi.advanceTimersByTime(1_900)
    deliver(packet(1, {}))
    vi.advanceTimersByTime(1_900)
    expect(silences()).toBe(0)
    vi.advanceTimersByTime(5_000)
    expect(silences()).toBe(1)
  })

  it('tells the header of each packet that is newer than all before it', async () => {
    const { deliver, headers, voice } = await open()
    deliver(packet(10, { squelch: true }, speech))
    deliver(packet(12, { squelch: false }))
    deliver(packet(11, { squelch: true }, speech))
    expect(headers.map(({ squelch }) => squelch)).toEqual([true, false])
    expect(voice).toHaveLength(2)
  })

  it('follows a gateway that began to count anew', async () => {
    const { deliver, headers } = await open()
    deliver(packet(60_000, {}))
    deliver(packet(3, { squelch: true }, speech, 77))
    deliver(packet(900, { squelch: true }))
    expect(headers).toHaveLength(3)
  })

  it('hears nobody but the gateway', async () => {
    const { deliver, headers, voice } = await open()
    deliver(packet(1, {}))
    for (let sequence = 2; sequence < 30; sequence++)
      deliver(packet(sequence, { squelch: true, ptt: 'normal' }, speech), {
        host: '203.0.113.5',
        port: 4_000,
      })
    expect(headers).toHaveLength(1)
    expect(voice).toEqual([])
  })

  it('answers a refresh with the law that the gateway chose', async () => {
    const { session } = await open()
    const refreshed = await session.answer(answer)
    expect(refreshed).toContain('m=audio 16400 RTP/AVP 8 123')
    expect(session.terms?.pttId).toBe(5)
  })

  it('survives whatever comes from the gateway’s address', async () => {
    const { deliver, headers, voice, session } = await open()
    const anyPacket = fc
      .tuple(
        fc.constantFrom(0x80, 0x90, 0x9f, 0xb0, 0xbf),
        fc.constantFrom(8, 123, 0x88, 200, 0),
        fc.uint8Array({ maxLength: 200, size: 'max' }),
      )
      .map(([first, second, rest]) => Uint8Array.of(first, second, ...rest))
    const hostileHeader = fc
      .tuple(fc.nat(65_535), fc.nat(65_535), fc.uint8Array({ maxLength: 60, size: 'max' }))
      .map(([sequence, length, data]) => {
        const bytes = Buffer.alloc(16)
        bytes.set([0x90, 8])
        bytes.writeUInt16BE(sequence, 2)
        bytes.writeUInt16BE(0x0167, 12)
        bytes.writeUInt16BE(length % 20, 14)
        return Buffer.concat([bytes, data])
      })
    fc.assert(
      fc.property(fc.oneof(anyPacket, hostileHeader), (bytes) => {
        deliver(bytes)
      }),
      { numRuns: 20_000, seed: 137 },
    )
    const [before, heard] = [headers.length, voice.length]
    deliver(packet(1, { squelch: true }, speech, 123_456))
    expect([headers.length - before, voice.length - heard]).toEqual([1, 1])
    expect(session.terms?.remote).toEqual(gateway)
  })
})
