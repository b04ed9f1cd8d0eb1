/**
 * A channel by multicast RTP on the loopback interface, with the radios in it. Each is a source of its own, and says
 * which it is by RTCP on the port above.
 */
import { randomInt } from 'node:crypto'
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import type { ChannelAccess } from '../../contract/radio.ts'
import type { Chance } from '../city/random.ts'
import type { Clips } from '../exchange/clips.ts'
import { MU_LAW_SILENCE, muLawToALaw } from '../exchange/g711.ts'
import { createPacketClock } from '../exchange/packet-clock.ts'
import { parseRtp, writeRtp } from '../exchange/rtp.ts'
import type { Time } from '../exchange/time.ts'
import { timersOn } from '../exchange/time.ts'
import { SAMPLES } from '../exchange/voice.ts'
import type { Air, Words } from './patrols.ts'
import { writeNews } from './rtcp.ts'
import { weakened } from './weak.ts'

export type GroupAccess = Extract<ChannelAccess, { kind: 'rtp' }>

export interface GroupOptions {
  readonly access: GroupAccess
  readonly clips: Clips
  readonly chance: Chance
  readonly time: Time
  /** A seat begins to talk, or is over. */
  onSeat(talks: boolean): void
}

export interface Group extends Air {
  close(): void
}

const LOOPBACK = '127.0.0.1'
const payloadTypes = { PCMU: 0, PCMA: 8 } as const
/** No packet for so long: whoever talked is over. */
const SILENT_MS = 400
/** Packets between two times that a radio says which it is. */
const NAME_EVERY = 50

/** Rejects where there is no way to the group. */
export async function openGroup({ access, clips, chance, time, onSeat }: GroupOptions): Promise<Group> {
  const { address, port, codec } = access
  const sources = new Map<string, number>()
  const clock = createPacketClock<object>()
  const timers = timersOn(time)
  let [seat, closed] = [false, false]
  const voice = await join(address, port)
  const names = await join(address, port + 1).catch((error: unknown) => {
    voice.close()
    throw error
  })
  const over = () => {
    seat = false
    onSeat(false)
  }
  voice.on('message', (datagram) => {
    const packet = parseRtp(datagram)
    if (packet === undefined || [...sources.values()].includes(packet.source)) return
    timers.set('seat', SILENT_MS, over)
    if (seat) return
    seat = true
    onSeat(true)
  })
  const sourceOf = (radio: string): number => {
    const known = sources.get(radio) ?? randomInt(2 ** 32)
    sources.set(radio, known)
    return known
  }
  // What can't be sent is lost.
  const send = (socket: Socket, bytes: Buffer, to: number) => {
    if (!closed) socket.send(bytes, to, address, () => undefined)
  }

  const transmit = ({ radio, clip, weak, emergency }: Words): Promise<void> => {
    const known = clips.get(clip)
    if (known === undefined) throw new Error(`no clip is called ${clip}`)
    const said = weak ? weakened(known, chance) : known
    const source = sourceOf(radio)
    const [firstSequence, firstTimestamp] = [randomInt(2 ** 16), randomInt(2 ** 32)]
    const { promise, resolve } = Promise.withResolvers<void>()
    const speaker = {}
    let sent = 0
    const tell = (isOver: boolean) =>
      send(names, writeNews({ source, radio, emergency, over: isOver }), port + 1)
    tell(false)
    clock.add(speaker, () => {
      const piece = said.subarray(sent * SAMPLES, (sent + 1) * SAMPLES)
      if (piece.length === 0 || closed) {
        clock.remove(speaker)
        tell(true)
        return resolve()
      }
      if (sent > 0 && sent % NAME_EVERY === 0) tell(false)
      const packet = new Uint8Array(SAMPLES).fill(MU_LAW_SILENCE)
      packet.set(piece)
      const header = {
        payloadType: payloadTypes[codec],
        sequence: (firstSequence + sent) & 0xffff,
        timestamp: (firstTimestamp + sent * SAMPLES) >>> 0,
        source,
        marker: sent === 0,
      }
      sent++
      send(voice, writeRtp({ ...header, payload: codec === 'PCMA' ? muLawToALaw(packet) : packet }), port)
    })
    return promise
  }

  return {
    transmit,
    close: () => {
      closed = true
      timers.clearAll()
      for (const speaker of clock.speakers) clock.remove(speaker)
      voice.close()
      names.close()
    },
  }
}

async function join(address: string, port: number): Promise<Socket> {
  const socket = createSocket({ type: 'udp4', reuseAddr: true })
  socket.on('error', () => undefined)
  // Bound to the group it hears no others at its port; Windows can't do that.
  socket.bind(port, process.platform === 'win32' ? undefined : address)
  await once(socket, 'listening')
  try {
    socket.addMembership(address, LOOPBACK)
    socket.setMulticastInterface(LOOPBACK)
    socket.setMulticastTTL(0)
    return socket
  } catch (error) {
    socket.close()
    throw error
  }
}
