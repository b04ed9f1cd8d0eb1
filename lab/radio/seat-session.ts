/** One seat at a gateway: its RTP, and when its key is down. */
import { randomInt } from 'node:crypto'
import { linear, muLawToALaw } from '../exchange/g711.ts'
import { endedKey, parseRtp, type RtpPacket, writeRtp } from '../exchange/rtp.ts'
import type { RemoteAudio } from '../exchange/sdp.ts'
import { bindEven, SAMPLES } from '../exchange/voice.ts'
import {
  KEEP_ALIVE_TICKS,
  LINK_LOST_MS,
  type Ptt,
  R2S,
  readStatus,
  type Status,
  writeStatus,
} from './status.ts'

/** How seats key, and how they learn who is heard: a radio's own way, or the ways of simpler gateways. */
export type Keying = 'ed137' | 'dtmf' | 'info' | 'voice'

export interface SeatSession {
  readonly pttId: number
  /** An even port. */
  readonly port: number
  /** Who called: the user of its address. */
  readonly user: string
  /** How its key is down; 0: it is up. */
  readonly ptt: Ptt
  follow(remote: RemoteAudio): void
  /** Every 20 ms: a packet of mu-law if something is heard, and how the radio is. */
  tick(frame: Uint8Array | undefined, status: Status): void
  /** At once, for the radio is not as before. */
  tell(status: Status): void
  /** A key of a telephone, pressed in whichever way. */
  press(digit: string): void
  /** Whether nothing has come for as long as a link may be silent. */
  isLost(): boolean
  close(): void
}

export interface SeatSessionOptions {
  readonly host: string
  readonly keying: Keying
  readonly pttId: number
  readonly user: string
  readonly remote: RemoteAudio
  now(): number
  /** The key went down or up, or down in another way. */
  keyed(): void
  /** 20 ms of it, linear. */
  spoke(samples: Int16Array): void
}

const KEY = '*'
const UNKEY = '#'
/** Voice keys when it is louder than this, a share of full scale, and for so long after. */
const LOUD = 0.01
const HANG_MS = 400
const SILENCE = new Uint8Array(SAMPLES).fill(0xff)

export async function openSeatSession(options: SeatSessionOptions): Promise<SeatSession> {
  const { host, keying, pttId, user, now } = options
  const socket = await bindEven(host)
  let remote = options.remote
  let ptt: Ptt = 0
  let heardAt = now()
  let loudAt = -Infinity
  let sequence = randomInt(0x1_0000)
  let timestamp = randomInt(0x1_0000_0000 - 1)
  const source = randomInt(0x1_0000_0000 - 1)
  let [quietTicks, isFirst, closed] = [0, true, false]

  const put = (payloadType: number, payload: Uint8Array, marker: boolean, status: Status) => {
    if (closed) return
    const packet = writeRtp({
      payloadType,
      sequence,
      timestamp,
      source,
      marker,
      payload,
      ...(keying === 'ed137' && { extension: writeStatus(status) }),
    })
    sequence = (sequence + 1) & 0xffff
    socket.send(packet, remote.port, remote.address, () => undefined)
  }
  const say = (frame: Uint8Array, status: Status) => {
    put(remote.payload, remote.codec === 'PCMA' ? muLawToALaw(frame) : frame, isFirst, status)
    isFirst = false
    quietTicks = 0
  }
  const tell = (status: Status) => {
    put(R2S, new Uint8Array(), false, status)
    quietTicks = 0
  }
  const setKey = (next: Ptt) => {
    if (ptt === next) return
    ptt = next
    options.keyed()
  }
  const press = (digit: string) => {
    if (digit === KEY) setKey(1)
    if (digit === UNKEY) setKey(0)
  }
  const hearVoice = ({ payload }: RtpPacket) => {
    const samples = Int16Array.from(payload, (octet) => linear[remote.codec][octet] ?? 0)
    if (keying === 'voice' && loudness(samples) > LOUD) {
      loudAt = now()
      setKey(1)
    }
    if (ptt !== 0) options.spoke(samples)
  }
  socket.on('error', () => undefined)
  socket.on('message', (datagram) => {
    const packet = parseRtp(datagram)
    if (packet === undefined) return
    heardAt = now()
    if (packet.payloadType === remote.telephoneEvent) {
      const digit = endedKey(packet.payload)
      if (keying === 'dtmf' && digit !== undefined) press(digit)
      return
    }
    if (keying === 'ed137') setKey(readStatus(packet.extension)?.ptt ?? 0)
    if (packet.payloadType === remote.payload && packet.payload.length > 0) hearVoice(packet)
  })

  return {
    pttId,
    user,
    port: socket.address().port,
    get ptt() {
      return ptt
    },
    follow: (next) => {
      remote = next
    },
    tick: (frame, status) => {
      timestamp = (timestamp + SAMPLES) >>> 0
      if (keying === 'voice' && ptt !== 0 && now() - loudAt > HANG_MS) setKey(0)
      if (frame !== undefined) return say(frame, status)
      // Simpler gateways speak all the time.
      if (keying !== 'ed137') return say(SILENCE, status)
      isFirst = true
      if (++quietTicks >= KEEP_ALIVE_TICKS) tell(status)
    },
    tell,
    press,
    isLost: () => keying === 'ed137' && now() - heardAt > LINK_LOST_MS,
    close: () => {
      if (closed) return
      closed = true
      socket.close()
      setKey(0)
    },
  }
}

const loudness = (samples: Int16Array): number =>
  Math.sqrt(samples.reduce((sum, sample) => sum + (sample / 32_768) ** 2, 0) / samples.length)
