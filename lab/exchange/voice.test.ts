import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { toMuLaw } from './g711.ts'
import { parseRtp, type RtpPacket, writeRtp } from './rtp.ts'
import type { RemoteAudio } from './sdp.ts'
import { openVoices, SAMPLES, type Voice } from './voice.ts'

const loud = new Uint8Array(SAMPLES).fill(toMuLaw(8_000))
const patience = { timeout: 10_000, interval: 10 }

describe('the voice of a phone', () => {
  it('is a stream without gaps: every packet 20 ms after the one before', async () => {
    const { heard } = await begin()
    await vi.waitFor(() => expect(heard.length).toBeGreaterThan(20), patience)
    for (const [at, packet] of heard.entries()) {
      const before = heard[at - 1]
      expect(packet.marker).toBe(before === undefined)
      if (before === undefined) continue
      expect(packet.sequence).toBe((before.sequence + 1) & 0xffff)
      expect(packet.source).toBe(before.source)
      expect((packet.timestamp - before.timestamp) >>> 0).toBe(SAMPLES)
    }
  })

  it('is A-law where that is agreed', async () => {
    const { heard } = await begin({ codec: 'PCMA', payload: 8 })
    await vi.waitFor(() => expect(heard.length).toBeGreaterThan(0), patience)
    expect(heard[0]?.payloadType).toBe(8)
    expect(heard[0]?.payload[0]).not.toBe(loud[0])
  })

  it('goes to where sound comes from, whatever was described (symmetric RTP)', async () => {
    const { voice, heard } = await begin()
    const behind = await ear()
    await vi.waitFor(() => expect(heard.length).toBeGreaterThan(0), patience)
    behind.socket.send(packet(0, loud), voice.port, '127.0.0.1')
    await vi.waitFor(() => expect(behind.heard.length).toBeGreaterThan(5), patience)
  })

  it('stays where it is when somebody sends rubbish', async () => {
    const { voice, heard } = await begin()
    const stranger = await ear()
    for (const rubbish of [Buffer.from('hello'), packet(18, loud), rtcp])
      stranger.socket.send(rubbish, voice.port, '127.0.0.1')
    const before = heard.length
    await vi.waitFor(() => expect(heard.length).toBeGreaterThan(before + 10), patience)
    expect(stranger.heard).toEqual([])
    expect(voice.heard().packets).toBe(0)
  })

  it('counts what it hears, and notes each key once', async () => {
    const { voice, socket } = await begin()
    const end = Buffer.from([7, 0x8a, 0, 160])
    const sound = [packet(0, loud), packet(0, new Uint8Array(SAMPLES).fill(0xff))]
    for (const one of [...sound, packet(101, end), packet(101, end)])
      socket.send(one, voice.port, '127.0.0.1')
    await vi.waitFor(() => expect(voice.heard()).toMatchObject({ packets: 2, loud: 1, keys: '7' }), patience)
    expect(voice.heard().samples).toHaveLength(2 * SAMPLES)
  })

  it('keeps the last second of what it hears, and no more', async () => {
    const { voice, socket } = await begin()
    for (let one = 0; one < 60; one++) {
      const level = new Uint8Array(SAMPLES).fill(toMuLaw(one < 59 ? 1_000 : 8_000))
      socket.send(packet(0, level), voice.port, '127.0.0.1')
    }
    await vi.waitFor(() => expect(voice.heard().packets).toBe(60), patience)
    const { samples } = voice.heard()
    expect(samples).toHaveLength(8_000)
    expect(samples.at(-1)).toBeGreaterThan(7_000)
    expect(samples.at(-SAMPLES - 1)).toBeLessThan(1_100)
  })
})

/** A receiver report without a block. */
const rtcp = Buffer.from([0x80, 201, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0])

const packet = (payloadType: number, payload: Uint8Array) =>
  writeRtp({ payloadType, sequence: 1, timestamp: 1, source: 1, marker: false, payload })

async function begin(remote: Partial<RemoteAudio> = {}) {
  const { socket, heard } = await ear()
  const voices = openVoices('127.0.0.1')
  onTestFinished(() => voices.close())
  const voice: Voice = await voices.open(() => loud)
  voice.follow({
    address: '127.0.0.1',
    port: socket.address().port,
    codec: 'PCMU',
    payload: 0,
    telephoneEvent: 101,
    direction: 'sendrecv',
    streams: [],
    chosen: 0,
    ...remote,
  })
  return { voice, socket, heard }
}

async function ear(): Promise<{ readonly socket: Socket; readonly heard: RtpPacket[] }> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1')
  await once(socket, 'listening')
  onTestFinished(() => void socket.close())
  const heard: RtpPacket[] = []
  socket.on('message', (datagram) => {
    const read = parseRtp(datagram)
    if (read !== undefined) heard.push(read)
  })
  return { socket, heard }
}
