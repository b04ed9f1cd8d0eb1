/** The voices of the simulated phones: one clock for all, one RTP port for each call. */
import { randomInt } from 'node:crypto'
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { linear, MU_LAW_SILENCE, muLawToALaw } from './g711.ts'
import { createPacketClock } from './packet-clock.ts'
import { endedKey, parseRtp, writeRtp } from './rtp.ts'
import type { Codec, RemoteAudio } from './sdp.ts'

/** Samples in a packet: 20 ms at 8 kHz. */
export const SAMPLES = 160

/** What a phone has heard since its call was answered. */
export interface Heard {
  /** RTP packets of sound. */
  readonly packets: number
  /** Of them those louder than -45 dB of full scale. */
  readonly loud: number
  /** Keys pressed at the other side (RFC 4733). */
  readonly keys: string
  /** The last second of sound, 8 kHz. */
  readonly samples: Int16Array
}

/** What is to be said next: a packet of mu-law, or undefined for a pause. */
export type Script = () => Uint8Array | undefined
/** Begins to speak. */
export type Speaker = () => Script

export interface Voice {
  /** An even port; RTP comes in and goes out here. */
  readonly port: number
  /** Speaks to them from now on, as their direction lets it. */
  follow(remote: RemoteAudio): void
  heard(): Heard
  /** Packets sent so far. */
  readonly sent: number
  close(): void
}

export interface Voices {
  open(script: Script): Promise<Voice>
  readonly count: number
  close(): void
}

/** Squared sample value of -45 dB. */
const LOUD = (32_768 * 10 ** (-45 / 20)) ** 2
const MOST_KEYS = 64
const SECOND = 8_000
const TRIES = 20

export function openVoices(host: string): Voices {
  const clock = createPacketClock<Voice>()
  return {
    open: async (script) => {
      const socket = await bindEven(host)
      const ear = openEar()
      let remote: RemoteAudio | undefined
      /** Where sound really comes from takes the place of what was said (symmetric RTP). */
      let to = { address: '', port: 0 }
      let isSettled = false
      let isFirst = true
      let sent = 0
      let sequence = randomInt(0x1_0000)
      const firstTimestamp = randomInt(0x1_0000_0000 - 1)
      const source = randomInt(0x1_0000_0000 - 1)
      socket.on('error', () => undefined)
      socket.on('message', (datagram, from) => {
        if (remote === undefined || !ear.hear(datagram, remote)) return
        if (isSettled) return
        isSettled = true
        to = { address: from.address, port: from.port }
      })
      const speak = (tick: number) => {
        const packet = script()
        const timestamp = (firstTimestamp + tick * SAMPLES) >>> 0
        if (remote === undefined || !maySpeak(remote)) {
          isFirst = true
          return
        }
        const payload = packet === undefined ? silence[remote.codec] : inCodec[remote.codec](packet)
        const header = { payloadType: remote.payload, sequence, timestamp, source, marker: isFirst }
        // What can't be sent is lost.
        socket.send(writeRtp({ ...header, payload }), to.port, to.address, () => undefined)
        sequence = (sequence + 1) & 0xffff
        isFirst = false
        sent++
      }
      const voice: Voice = {
        port: socket.address().port,
        follow: (next) => {
          if (next.address !== remote?.address || next.port !== remote.port) {
            to = { address: next.address, port: next.port }
            isSettled = false
          }
          remote = next
        },
        heard: ear.heard,
        get sent() {
          return sent
        },
        close: () => {
          if (!clock.has(voice)) return
          clock.remove(voice)
          socket.close()
        },
      }
      clock.add(voice, speak)
      return voice
    },
    get count() {
      return clock.speakers.length
    },
    close: () => {
      for (const voice of clock.speakers) voice.close()
    },
  }
}

const maySpeak = ({ direction }: RemoteAudio) => direction === 'sendrecv' || direction === 'recvonly'

const muLawSilence = new Uint8Array(SAMPLES).fill(MU_LAW_SILENCE)
const silence: Readonly<Record<Codec, Uint8Array>> = { PCMU: muLawSilence, PCMA: muLawToALaw(muLawSilence) }
const inCodec: Readonly<Record<Codec, (packet: Uint8Array) => Uint8Array>> = {
  PCMU: (packet) => packet,
  PCMA: muLawToALaw,
}

/** Counts what comes in, in bounded memory. */
function openEar() {
  const samples = new Int16Array(SECOND)
  let [packets, loud, keys, written] = [0, 0, '', 0]
  let lastEvent: number | undefined
  const hear = (datagram: Buffer, remote: RemoteAudio): boolean => {
    const packet = parseRtp(datagram)
    if (packet === undefined) return false
    if (packet.payloadType === remote.telephoneEvent) {
      const key = endedKey(packet.payload)
      if (key !== undefined && packet.timestamp !== lastEvent) {
        lastEvent = packet.timestamp
        keys = (keys + key).slice(-MOST_KEYS)
      }
      return true
    }
    if (packet.payloadType !== remote.payload || packet.payload.length === 0) return false
    packets++
    let energy = 0
    for (const octet of packet.payload) {
      const sample = linear[remote.codec][octet] ?? 0
      energy += sample * sample
      samples[written++ % SECOND] = sample
    }
    if (energy / packet.payload.length > LOUD) loud++
    return true
  }
  return {
    hear,
    heard: (): Heard => {
      const at = written % SECOND
      const last =
        written < SECOND
          ? samples.slice(0, written)
          : Int16Array.of(...samples.subarray(at), ...samples.subarray(0, at))
      return { packets, loud, keys, samples: last }
    },
  }
}

/** RTP has even ports (RFC 3550 11); the system is asked until it gives one. */
export async function bindEven(host: string): Promise<Socket> {
  for (let tries = 0; tries < TRIES; tries++) {
    const socket = createSocket('udp4').bind(0, host)
    await once(socket, 'listening')
    if (socket.address().port % 2 === 0) return socket
    socket.close()
  }
  throw new Error(`no even port is free on ${host}`)
}
