import { createSocket, type RemoteInfo } from 'node:dgram'
import { once } from 'node:events'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { soundOf } from '../../../tests/support/ear.ts'
import { loudness, shareOf, sine } from '../../../tests/support/tone.ts'
import type { Digit } from './dtmf.ts'
import { encode, FRAME_SAMPLES, type Law } from './g711.ts'
import type { VoicePacket } from './leg.ts'
import { NotAcceptable } from './media-session.ts'
import { parseRtp, type RtpPacket, writeRtp } from './rtp.ts'
import { type MediaSessionOptions, openMediaSession, type VoiceSession } from './session.ts'

const host = '127.0.0.1'

async function session(options: Partial<MediaSessionOptions> = {}): Promise<VoiceSession> {
  const opened = await openMediaSession({ host, ...options })
  onTestFinished(() => opened.close())
  return opened
}

/** Two sessions that agreed. */
async function call(options: Partial<MediaSessionOptions> = {}) {
  const [a, b] = [await session(options), await session()]
  await a.accept(await b.answer(await a.offer('sendrecv'), 'sendrecv'))
  return [a, b] as const
}

const voice = (at: number, frequency: number, codec: Law = 'PCMU'): VoicePacket => ({
  codec,
  marker: at === 0,
  sequence: at,
  timestamp: at * FRAME_SAMPLES,
  ssrc: 42,
  payload: encode(codec, sine(frequency, FRAME_SAMPLES, at * FRAME_SAMPLES)),
})

function talk({ leg }: VoiceSession, frequency: number, count = 20, codec: Law = 'PCMU') {
  for (let at = 0; at < count; at++) leg.send(voice(at, frequency, codec))
}

/** All that a session hears from now on. */
function listenTo({ leg }: VoiceSession) {
  const packets: VoicePacket[] = []
  onTestFinished(leg.onVoice((packet) => packets.push(packet)))
  return {
    packets,
    heard: (count: number) => vi.waitFor(() => expect(packets.length).toBeGreaterThanOrEqual(count), 5_000),
    sound: () => soundOf(packets),
  }
}

/** A bare socket as the far side, what comes to it, and the RTP in that. */
async function bare(at = host) {
  const socket = createSocket('udp4').bind(0, at)
  onTestFinished(() => void socket.close())
  await once(socket, 'listening')
  const packets: RtpPacket[] = []
  const all: Buffer[] = []
  socket.on('message', (bytes: Buffer, _: RemoteInfo) => {
    all.push(bytes)
    const packet = parseRtp(bytes)
    if (packet !== undefined) packets.push(packet)
  })
  const { port } = socket.address()
  return {
    port,
    packets,
    bytes: all,
    send: (to: number, at = 0, frequency = 1_000) => {
      const { payload, ...rest } = voice(at, frequency)
      socket.send(writeRtp({ ...rest, payloadType: 0, payload }), to, host)
    },
    sendBytes: (bytes: Uint8Array, to: number) => socket.send(bytes, to, host),
  }
}

const offerFrom = (port: number) =>
  [
    ...['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 'c=IN IP4 127.0.0.1', 't=0 0'],
    ...[`m=audio ${port} RTP/AVP 0 101`, 'a=rtpmap:101 telephone-event/8000', ''],
  ].join('\r\n')

const portIn = (sdp: string) => Number(/m=audio (\d+)/.exec(sdp)?.[1])

describe('a session', () => {
  it('carries a tone both ways, in the codec that was agreed', async () => {
    const [a, b] = await call()
    const [atA, atB] = [listenTo(a), listenTo(b)]
    talk(a, 700)
    talk(b, 1_300, 20, 'PCMA')
    await Promise.all([atA.heard(20), atB.heard(20)])
    expect(atB.packets[0]?.codec).toBe('G722')
    expect(shareOf(700, atB.sound())).toBeGreaterThan(0.95)
    expect(shareOf(1_300, atA.sound())).toBeGreaterThan(0.95)
    expect(portIn(await a.offer('sendrecv')) % 2).toBe(0)
  })

  it('is silent in both directions of a hold, and speaks again', async () => {
    const [a, b] = await call()
    const [atA, atB] = [listenTo(a), listenTo(b)]
    await a.accept(await b.answer(await a.offer('sendonly'), 'sendrecv'))
    talk(a, 700)
    talk(b, 1_300)
    await a.accept(await b.answer(await a.offer('sendrecv'), 'sendrecv'))
    talk(b, 500)
    talk(a, 900)
    await Promise.all([atA.heard(20), atB.heard(20)])
    expect(shareOf(900, atB.sound())).toBeGreaterThan(0.95)
    expect(shareOf(500, atA.sound())).toBeGreaterThan(0.95)
  })

  it('goes on as before when a hold is refused', async () => {
    const [a, b] = await call()
    const refused = await a.offer('inactive')
    a.rollBack()
    await expect(a.accept(refused)).rejects.toBeInstanceOf(NotAcceptable)
    const atB = listenTo(b)
    talk(a, 700)
    await atB.heard(20)
    expect(loudness(atB.sound())).toBeGreaterThan(0.1)
  })

  it('is protected by a handshake, holds and goes on, with no other handshake', async () => {
    const [a, b] = await call({ secure: 'dtls' })
    const atB = listenTo(b)
    let at = 0
    const talking = setInterval(() => a.leg.send(voice(at++, 700)), 20)
    onTestFinished(() => clearInterval(talking))
    await atB.heard(5)
    await a.accept(await b.answer(await a.offer('sendonly'), 'sendrecv'))
    await b.accept(await a.answer(await b.offer('sendrecv'), 'sendrecv'))
    const before = atB.packets.length
    await atB.heard(before + 10)
    expect(a.agreed?.dtls).toBeDefined()
    expect(shareOf(700, atB.sound().subarray(-160))).toBeGreaterThan(0.9)
  })

  it('says nothing and hears nothing where the certificate is another than announced, and tells', async () => {
    const [a, b] = [await session({ secure: 'dtls' }), await session()]
    const [atA, atB] = [listenTo(a), listenTo(b)]
    const failed = new Promise((resolve) => b.onFailure?.(resolve))
    const forged = (await a.offer('sendrecv')).replace(
      /(fingerprint:sha-256 ).*/,
      `$1${Array(32).fill('00').join(':')}`,
    )
    await a.accept(await b.answer(forged, 'sendrecv'))
    expect(await failed).toContain('not the one that it announced')
    talk(a, 700)
    talk(b, 700)
    await new Promise(setImmediate)
    expect([atA.packets, atB.packets]).toEqual([[], []])
    expect(b.leg.statistics.packetsSent).toBe(0)
  })

  it('is protected where SRTP was agreed, so that a stranger hears nothing and says nothing', async () => {
    const [a, b] = await call({ secure: 'sdes' })
    expect(a.agreed?.keys).toBeDefined()
    const atB = listenTo(b)
    const stranger = await bare()
    stranger.send(b.agreed === undefined ? 0 : portIn(await b.offer('sendrecv')))
    b.rollBack()
    talk(a, 700)
    await atB.heard(20)
    expect(atB.packets).toHaveLength(20)
    expect(shareOf(700, atB.sound())).toBeGreaterThan(0.95)
  })

  it('presses keys while it speaks, each once', async () => {
    const [a, b] = await call()
    const digits: Digit[] = []
    b.leg.onDigit((digit) => digits.push(digit))
    const talking = setInterval(() => a.leg.send(voice(0, 700)), 20)
    onTestFinished(() => clearInterval(talking))
    expect(a.leg.sendDigits(['1', '1', '#'])).toBe(true)
    await vi.waitFor(() => expect(digits).toEqual(['1', '1', '#']), 5_000)
    await a.accept(await b.answer(await a.offer('sendonly'), 'sendrecv'))
    expect(a.leg.sendDigits(['2'])).toBe(false)
  })

  it('gives every packet of one key one timestamp, in one row with the voice', async () => {
    const far = await bare()
    const ours = await session()
    await ours.answer(offerFrom(far.port), 'sendrecv')
    talk(ours, 700, 3)
    ours.leg.sendDigits(['5'])
    const talking = setInterval(() => talk(ours, 700, 1), 20)
    onTestFinished(() => clearInterval(talking))
    await vi.waitFor(() => expect(far.packets.length).toBeGreaterThan(3 + 8), 5_000)
    const [first] = far.packets
    expect(far.packets.map(({ sequence }) => sequence - (first?.sequence ?? 0))).toEqual([
      ...Array(12).keys(),
    ])
    const events = far.packets.slice(3, 11)
    expect(new Set(events.map(({ timestamp }) => timestamp)).size).toBe(1)
    expect(events.map(({ marker }) => marker)).toEqual([true, ...Array(7).fill(false)])
    expect(new Set(far.packets.map(({ ssrc }) => ssrc)).size).toBe(1)
  })

  it('cannot press keys where the far side does not hear them', async () => {
    const ours = await session()
    await ours.answer(offerFrom(9).replace('0 101', '0'), 'sendrecv')
    expect(ours.leg.sendDigits(['1'])).toBe(false)
  })

  it('sends to where packets come from, and hears nobody else then', async () => {
    const [said, real, stranger] = [await bare(), await bare(), await bare()]
    const ours = await session()
    const port = portIn(await ours.answer(offerFrom(said.port), 'sendrecv'))
    const here = listenTo(ours)
    talk(ours, 700, 1)
    await vi.waitFor(() => expect(said.packets).toHaveLength(1))
    real.send(port, 1, 1_000)
    await here.heard(1)
    stranger.send(port, 2, 2_000)
    real.send(port, 3, 1_000)
    await here.heard(2)
    ours.leg.send(voice(1, 700))
    await vi.waitFor(() => expect(real.packets).toHaveLength(1))
    expect(here.packets.map(({ sequence }) => sequence)).toEqual([1, 3])
    expect(stranger.packets).toHaveLength(0)
  })

  it('lets nobody take its stream from where the description says', async () => {
    const [far, stranger] = [await bare(), await bare('127.0.0.2')]
    const ours = await session()
    const port = portIn(await ours.answer(offerFrom(far.port), 'sendrecv'))
    const here = listenTo(ours)
    for (let at = 0; at < 20; at++) stranger.send(port, at)
    await here.heard(1)
    expect(ours.leg.statistics.farSide).toMatchObject({ host: '127.0.0.2' })
    const before = here.packets.length
    far.send(port, 100)
    await vi.waitFor(() => expect(here.packets.some(({ sequence }) => sequence === 100)).toBe(true))
    stranger.send(port, 21)
    far.send(port, 101)
    await here.heard(before + 2)
    expect(here.packets.slice(before).map(({ sequence }) => sequence)).toEqual([100, 101])
    talk(ours, 700, 3)
    await vi.waitFor(() => expect(far.packets).toHaveLength(3))
    expect(stranger.packets).toHaveLength(0)
  })

  it('says farewell before its ports are closed', async () => {
    const [far, reports] = [await bare(), await bare()]
    const ours = await session()
    await ours.answer(
      offerFrom(far.port).replace('a=rtpmap', `a=rtcp:${reports.port}\r\na=rtpmap`),
      'sendrecv',
    )
    await ours.close()
    // The last packet of the compound is a BYE (RFC 3550, 6.6).
    await vi.waitFor(() => expect(reports.bytes[0]?.at(-7)).toBe(203))
  })

  it('knows loss, and takes rubbish', async () => {
    const far = await bare()
    const ours = await session()
    const port = portIn(await ours.answer(offerFrom(far.port), 'sendrecv'))
    const here = listenTo(ours)
    for (const length of [0, 1, 11, 12, 13, 400]) far.sendBytes(new Uint8Array(length).fill(0x9f), port)
    for (const length of [0, 4, 8, 50]) far.sendBytes(new Uint8Array(length).fill(0x81), port + 1)
    for (const at of [0, 1, 2, 3, 5, 6, 7, 8, 9]) far.send(port, at)
    await here.heard(9)
    const { statistics } = ours.leg
    expect(statistics).toMatchObject({
      packetsReceived: 9,
      lossShare: 0.1,
      farSide: { host, port: far.port },
    })
    expect(statistics.opinionScore).toBeLessThan(4.3)
  })
})
