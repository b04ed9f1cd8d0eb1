/** Over real sockets, in a group of the test's own on the loopback interface. */
import { randomInt } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { chanceFrom } from '../city/random.ts'
import { fromALaw, toMuLaw } from '../exchange/g711.ts'
import { parseRtp, type RtpPacket, writeRtp } from '../exchange/rtp.ts'
import { realTime } from '../exchange/time.ts'
import { type GroupAccess, openGroup } from './group.ts'

const until = (look: () => void) => vi.waitFor(look, { timeout: 10_000, interval: 5 })
/** A quarter of a second of a tone, and a bit of a packet more. */
const clip = Uint8Array.from({ length: 2_050 }, (_nothing, at) => toMuLaw(12_000 * Math.sin(at / 3)))

async function begin() {
  const access: GroupAccess = {
    kind: 'rtp',
    address: `239.${randomInt(1, 255)}.${randomInt(1, 255)}.${randomInt(1, 255)}`,
    port: 2 * randomInt(10_000, 15_000),
    interface: '127.0.0.1',
    codec: 'PCMA',
  }
  const seats: boolean[] = []
  const group = await openGroup({
    access,
    clips: new Map([['hello', clip]]),
    chance: chanceFrom(1),
    time: realTime,
    onSeat: (talks) => seats.push(talks),
  })
  onTestFinished(() => group.close())
  const packets: RtpPacket[] = []
  const news: string[] = []
  const voice = await listen(access, 0, (bytes) => {
    const packet = parseRtp(bytes)
    if (packet !== undefined) packets.push(packet)
  })
  await listen(access, 1, (bytes) => news.push(bytes.toString('hex')))
  const seat = (sequence: number) =>
    voice.send(
      writeRtp({
        ...{ payloadType: 8, sequence, timestamp: sequence * 160, source: 77, marker: false },
        payload: new Uint8Array(160),
      }),
      access.port,
      access.address,
    )
  return { group, seats, packets, news, seat }
}

async function listen({ address, port }: GroupAccess, offset: number, hear: (bytes: Buffer) => void) {
  const socket = createSocket({ type: 'udp4', reuseAddr: true })
  onTestFinished(() => void socket.close())
  socket.bind(port + offset, address)
  await once(socket, 'listening')
  socket.addMembership(address, '127.0.0.1')
  socket.setMulticastInterface('127.0.0.1')
  socket.on('message', hear)
  return socket
}

const words = { clip: 'hello', weak: false, emergency: false }

describe('a radio in a group', () => {
  it('says all of what it says, in A-law, as one stream, with its name before and its farewell after', async () => {
    const { group, packets, news } = await begin()
    await group.transmit({ ...words, radio: '30001' })
    await until(() => expect(news).toHaveLength(2))
    await until(() => expect(packets).toHaveLength(13))
    const [first] = packets
    expect(packets.map(({ marker }) => marker)).toEqual([true, ...Array.from({ length: 12 }, () => false)])
    for (const [nth, { sequence, timestamp, source, payloadType, payload }] of packets.entries()) {
      expect({ source, payloadType, length: payload.length }).toEqual({
        source: first?.source,
        payloadType: 8,
        length: 160,
      })
      expect(sequence).toBe(((first?.sequence ?? 0) + nth) & 0xffff)
      expect(timestamp).toBe(((first?.timestamp ?? 0) + nth * 160) >>> 0)
    }
    expect(loudness(packets)).toBeGreaterThan(0.2)
    // An empty report, and the items CNAME and NAME of its source.
    const source = hex32(first?.source ?? 0)
    const named = `80c90001${source}81ca0006${source}0109${hex('30001@lab')}0205${hex('30001')}0000`
    expect(news).toEqual([named, `${named}81cb0001${source}`])
  })

  it('is another source than another radio, and the same the next time', async () => {
    const { group, packets } = await begin()
    for (const radio of ['30001', '30002', '30001']) await group.transmit({ ...words, radio })
    await until(() => expect(packets).toHaveLength(39))
    const [one, two, three] = [packets[0]?.source, packets[13]?.source, packets[26]?.source]
    expect(one).not.toBe(two)
    expect(three).toBe(one)
  })

  it('is faint in noise where it is hardly heard', async () => {
    const { group, packets } = await begin()
    await group.transmit({ ...words, radio: '30001', weak: true })
    await until(() => expect(packets).toHaveLength(13))
    expect(loudness(packets)).toBeLessThan(0.12)
    expect(loudness(packets)).toBeGreaterThan(0.01)
  })

  it('says that it is an emergency (3GPP TS 24.380, Floor Taken with its indicator)', async () => {
    const { group, news } = await begin()
    await group.transmit({ ...words, radio: '30001', emergency: true })
    await until(() => expect(news).toHaveLength(2))
    expect(news[0]).toContain(`${hex('MCPT')}0405${hex('30001')}000d021000`)
    expect(news[0]).toContain('82cc0005')
    expect(news[1]).not.toContain(hex('MCPT'))
  })
})

describe('a seat in a group', () => {
  it('is noticed when it talks and when it is over; the radios are no seats', async () => {
    const { group, seats, seat } = await begin()
    await group.transmit({ ...words, radio: '30001' })
    expect(seats).toEqual([])
    for (let sequence = 0; sequence < 5; sequence++) seat(sequence)
    await until(() => expect(seats).toEqual([true]))
    await until(() => expect(seats).toEqual([true, false]))
  })
})

const hex = (text: string) => Buffer.from(text, 'latin1').toString('hex')
const hex32 = (value: number) => value.toString(16).padStart(8, '0')

const loudness = (packets: readonly RtpPacket[]): number => {
  const samples = packets.flatMap(({ payload }) => [...payload].map((octet) => fromALaw(octet) / 32_768))
  return Math.sqrt(samples.reduce((sum, sample) => sum + sample ** 2, 0) / samples.length)
}
