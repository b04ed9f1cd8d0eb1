/** A multicast group of a test's own on the loopback interface, and whoever talks or listens there without a console. */
import { randomInt } from 'node:crypto'
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import type { ChannelAccess } from '../../contract/radio.ts'
import { payloadTypes } from '../../main/engine/media/codec.ts'
import { encode, FRAME_SAMPLES } from '../../main/engine/media/g711.ts'
import { writeRtcp } from '../../main/engine/media/rtcp.ts'
import { parseRtp, type RtpPacket, writeRtp } from '../../main/engine/media/rtp.ts'
import type { AtEnd } from './at-end.ts'
import { sine } from './tone.ts'

export type RtpAccess = Extract<ChannelAccess, { kind: 'rtp' }>

/** Nobody else is in it: of administratively scoped addresses (RFC 2365) there are 16 million. */
export const ownGroup = (card = '127.0.0.1'): RtpAccess => ({
  kind: 'rtp',
  address: `239.${randomInt(1, 255)}.${randomInt(1, 255)}.${randomInt(1, 255)}`,
  port: 2 * randomInt(10_000, 15_000),
  interface: card,
  codec: 'PCMA',
})

export interface GroupRadio {
  readonly ssrc: number
  /** What came, whoever sent it, and the RTCP beside it. */
  readonly heard: readonly RtpPacket[]
  readonly reports: readonly Buffer[]
  /** One packet of 20 ms; what is not said follows from the one before. */
  say(packet?: Partial<RtpPacket>): void
  sayName(name: string, bye?: boolean): void
  /** That it is in an emergency, and its name. */
  sayEmergency(name: string): void
  sendRaw(bytes: Uint8Array): void
}

/** A radio of the simplest kind: it says a sine of 1,000 Hz. */
export async function openGroupRadio(
  atEnd: AtEnd,
  { address, port, interface: card = '127.0.0.1' }: RtpAccess,
  ssrc = randomInt(2 ** 32),
): Promise<GroupRadio> {
  const heard: RtpPacket[] = []
  const reports: Buffer[] = []
  const [voice, names] = await Promise.all([
    open(atEnd, address, port, card),
    open(atEnd, address, port + 1, card),
  ])
  voice.on('message', (bytes) => {
    const packet = parseRtp(bytes)
    if (packet !== undefined && packet.ssrc !== ssrc) heard.push(packet)
  })
  names.on('message', (bytes) => reports.push(bytes))
  let sequence = randomInt(2 ** 16)
  let timestamp = randomInt(2 ** 32)
  return {
    ssrc,
    heard,
    reports,
    say: (packet = {}) => {
      sequence = ((packet.sequence ?? sequence) + 1) & 0xffff
      timestamp = ((packet.timestamp ?? timestamp) + FRAME_SAMPLES) >>> 0
      const whole = {
        marker: false,
        payloadType: payloadTypes.PCMA,
        ssrc,
        payload: encode('PCMA', sine(1_000, FRAME_SAMPLES)),
        sequence,
        timestamp,
        ...packet,
      }
      voice.send(writeRtp(whole), port, address)
    },
    sayName: (name, bye = false) =>
      names.send(
        writeRtcp({ ssrc, sender: undefined, reports: [] }, 'radio@test', bye, name),
        port + 1,
        address,
      ),
    sayEmergency: (name) =>
      names.send(
        Buffer.concat([
          writeRtcp({ ssrc, sender: undefined, reports: [] }, 'radio@test', false, name),
          floorTaken(ssrc),
        ]),
        port + 1,
        address,
      ),
    sendRaw: (bytes) => voice.send(bytes, port, address),
  }
}

/** 3GPP TS 24.380, 8.2.4: an application's packet `MCPT` of subtype 2, with a priority and the indicator of an emergency. */
function floorTaken(ssrc: number): Buffer {
  const packet = Buffer.from('82cc0004000000004d435054000207000d021000', 'hex')
  packet.writeUInt32BE(ssrc, 4)
  return packet
}

async function open(atEnd: AtEnd, address: string, port: number, card: string): Promise<Socket> {
  const socket = createSocket({ type: 'udp4', reuseAddr: true })
  atEnd(() => {
    socket.close()
  })
  await Promise.all([once(socket, 'listening'), socket.bind(port, address)])
  socket.addMembership(address, card)
  socket.setMulticastInterface(card)
  return socket
}
