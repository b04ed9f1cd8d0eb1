/** Channels by RTP over real sockets: seats and radios in one group on the loopback interface. */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { endings } from '../../../../tests/support/at-end.ts'
import { freePort } from '../../../../tests/support/free-port.ts'
import { openGroupRadio, ownGroup, type RtpAccess } from '../../../../tests/support/radio-group.ts'
import { sine } from '../../../../tests/support/tone.ts'
import { encode, FRAME_SAMPLES, silence } from '../../media/g711.ts'
import type { VoicePacket } from '../../media/leg.ts'
import { parseSourceNews } from '../../media/rtcp.ts'
import { writeRtp } from '../../media/rtp.ts'
import type { DriverReport } from './driver.ts'
import { openRtpDriver } from './rtp.ts'

const { atEnd, run } = endings()
afterEach(run)

const until = (look: () => void) => vi.waitFor(look, { timeout: 10_000, interval: 5 })

/** A seat on the channel. Those that share `ownSources` are channels of one seat. */
async function openSeat(access: RtpAccess, name = 'north-officer', ownSources = new Set<number>()) {
  const reports: DriverReport[] = []
  const voice: VoicePacket[] = []
  const driver = openRtpDriver(access, {
    name,
    callsign: null,
    password: null,
    ownSources,
    clock: Date.now,
    onReport: (report) => reports.push(report),
    onTrouble: (_, error) => {
      throw error
    },
  })
  atEnd(() => driver.close())
  driver.leg.onVoice((packet) => voice.push(packet))
  await until(() => expect(reports).toContainEqual({ kind: 'up' }))
  let sequence = 0
  const say = () => {
    sequence++
    driver.leg.send({
      codec: 'PCMU',
      marker: false,
      sequence,
      timestamp: sequence * FRAME_SAMPLES,
      ssrc: 77,
      payload: encode('PCMU', sine(800, FRAME_SAMPLES)),
    })
  }
  const kinds = () => reports.map(({ kind }) => kind)
  return { driver, reports, voice, say, kinds }
}

describe('a channel by RTP in a multicast group', () => {
  it('opens its squelch for whoever talks, says who, and closes it when nothing more comes', async () => {
    const access = ownGroup()
    const radio = await openGroupRadio(atEnd, access)
    const seat = await openSeat(access)
    radio.sayName('PD-4107')
    radio.say()
    await until(() => expect(seat.voice).toHaveLength(1))
    expect(seat.voice[0]).toMatchObject({ codec: 'PCMA', ssrc: radio.ssrc })
    await until(() => expect(seat.kinds().at(-1)).toBe('squelch-closed'))
    expect(seat.reports.slice(1)).toContainEqual(
      expect.objectContaining({ kind: expect.stringMatching('squelch-open|heard'), radio: 'PD-4107' }),
    )
  })

  it('learns the talker’s name in the middle of a talk-spurt, and the end of it by the farewell', async () => {
    const access = ownGroup()
    const radio = await openGroupRadio(atEnd, access)
    const seat = await openSeat(access)
    radio.say()
    await until(() =>
      expect(seat.reports).toContainEqual({ kind: 'squelch-open', radio: null, emergency: false }),
    )
    radio.sayName('PD-4107')
    await until(() => {
      radio.say()
      expect(seat.reports).toContainEqual({ kind: 'heard', radio: 'PD-4107' })
    })
    radio.sayName('PD-4107', true)
    await until(() => expect(seat.kinds().at(-1)).toBe('squelch-closed'))
  })

  it('raises an alarm for whoever says that it is an emergency, once, and hears it as one', async () => {
    const access = ownGroup()
    const radio = await openGroupRadio(atEnd, access)
    const seat = await openSeat(access)
    const alarms = () => seat.reports.filter(({ kind }) => kind === 'alarm')
    radio.sayEmergency('PD-4107')
    await until(() => expect(alarms()).toEqual([{ kind: 'alarm', radio: 'PD-4107' }]))
    radio.sayEmergency('PD-4107')
    radio.say()
    await until(() =>
      expect(seat.reports).toContainEqual({ kind: 'squelch-open', radio: 'PD-4107', emergency: true }),
    )
    expect(alarms()).toHaveLength(1)
    radio.sayName('PD-4107', true)
    await until(() => expect(seat.kinds().at(-1)).toBe('squelch-closed'))
    radio.say()
    await until(() =>
      expect(seat.reports.at(-1)).toEqual({ kind: 'squelch-open', radio: 'PD-4107', emergency: false }),
    )
    // Now in the middle of what it says.
    radio.sayEmergency('PD-4107')
    await until(() => expect(alarms()).toHaveLength(2))
    await until(() => expect(seat.reports).toContainEqual({ kind: 'heard', emergency: true }))
  })

  it('hears another seat on this machine, by its account, and never itself on whichever of its channels', async () => {
    const access = ownGroup()
    const own = new Set<number>()
    const [north, northToo] = [await openSeat(access, 'north', own), await openSeat(access, 'north', own)]
    const south = await openSeat(access, 'south')
    north.driver.key(false)
    expect(north.kinds()).toContain('keyed')
    await until(() => {
      north.say()
      expect(south.voice.length).toBeGreaterThan(3)
      expect(south.reports).toContainEqual(expect.objectContaining({ radio: 'north' }))
    })
    north.driver.unkey()
    await until(() => expect(south.kinds().at(-1)).toBe('squelch-closed'))
    expect([north.voice, northToo.voice]).toEqual([[], []])
  })

  it('sends nothing before its key is down and after it came up, and takes its leave', async () => {
    const access = ownGroup()
    const radio = await openGroupRadio(atEnd, access)
    const seat = await openSeat(access)
    seat.say()
    seat.driver.key(false)
    seat.say()
    seat.driver.unkey()
    seat.say()
    await until(() =>
      expect(radio.reports.flatMap((bytes) => parseSourceNews(bytes).gone)).toEqual([radio.heard[0]?.ssrc]),
    )
    expect(radio.heard).toHaveLength(1)
    expect(radio.heard[0]).toMatchObject({ payloadType: 8, marker: true })
  })

  it('keeps to one of two that talk at once, and hears the other when that one is done', async () => {
    const access = ownGroup()
    const [first, second] = [await openGroupRadio(atEnd, access), await openGroupRadio(atEnd, access)]
    const seat = await openSeat(access)
    first.say()
    await until(() => expect(seat.voice).toHaveLength(1))
    for (let count = 0; count < 10; count++) {
      second.say()
      first.say()
    }
    await until(() => expect(seat.voice).toHaveLength(11))
    expect(new Set(seat.voice.map(({ ssrc }) => ssrc))).toEqual(new Set([first.ssrc]))
    await until(() => {
      second.say()
      expect(seat.voice.at(-1)?.ssrc).toBe(second.ssrc)
    })
    expect(seat.kinds().slice(1)).toEqual(['squelch-open', 'squelch-closed', 'squelch-open'])
  })

  it('is not opened by silence, by other payloads or by rubbish', async () => {
    const access = ownGroup()
    const radio = await openGroupRadio(atEnd, access)
    const seat = await openSeat(access)
    radio.say({ payload: silence('PCMA', FRAME_SAMPLES) })
    radio.say({ payloadType: 96 })
    radio.say({ payload: new Uint8Array() })
    radio.say({ payload: new Uint8Array(4_000).fill(1) })
    radio.sendRaw(Buffer.from('not a packet at all'))
    radio.sendRaw(new Uint8Array())
    radio.say()
    await until(() => expect(seat.voice).toHaveLength(1))
    expect(seat.voice[0]?.payload).toHaveLength(FRAME_SAMPLES)
  })

  it('says why it is down when there is no way to the group', async () => {
    const reports: DriverReport[] = []
    const driver = openRtpDriver(ownGroup('203.0.113.9'), {
      name: 'north',
      callsign: null,
      password: null,
      ownSources: new Set(),
      clock: Date.now,
      onReport: (report) => reports.push(report),
      onTrouble: () => undefined,
    })
    atEnd(() => driver.close())
    await until(() =>
      expect(reports).toContainEqual({ kind: 'down', why: expect.stringContaining('addMembership') }),
    )
    driver.key(false)
    expect(reports.at(-1)).toEqual({ kind: 'unkeyed', why: 'lost' })
  })
})

describe('a channel by RTP to a gateway', () => {
  it('hears the gateway and nobody else', async () => {
    const [port, listenPort] = [
      2 * Math.floor((await freePort()) / 2),
      2 * Math.floor((await freePort()) / 2),
    ]
    const seat = await openSeat({ kind: 'rtp', address: '127.0.0.2', port, listenPort, codec: 'PCMU' })
    const packet = writeRtp({
      marker: true,
      payloadType: 0,
      sequence: 1,
      timestamp: 1,
      ssrc: 9,
      payload: encode('PCMU', sine(1_000, FRAME_SAMPLES)),
    })
    const sendFrom = async (address: string) => {
      const socket = createSocket('udp4').bind(port, address)
      atEnd(() => {
        socket.close()
      })
      await once(socket, 'listening')
      await new Promise((resolve) => socket.send(packet, listenPort, '127.0.0.1', resolve))
      return socket
    }
    await sendFrom('127.0.0.3')
    const gateway = await sendFrom('127.0.0.2')
    await until(() => expect(seat.voice).toHaveLength(1))
    const told = once(gateway, 'message')
    seat.driver.key(false)
    seat.say()
    expect(((await told)[0] as Buffer).readUInt8(1) & 0x7f).toBe(0)
  })
})
