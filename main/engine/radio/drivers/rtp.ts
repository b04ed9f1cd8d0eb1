/**
 * A channel by RTP: G.711 to a gateway or in a multicast group. Whoever sends talks; who it is is told by RTCP on the
 * next port: the NAME of the source, or its CNAME (RFC 3550, 6.5), or that of the first contributing source if a
 * gateway names one. Whoever is in an emergency says so there, too, by Floor Taken of 3GPP TS 24.380.
 */
import { randomInt } from 'node:crypto'
import { Refusal } from '../../../../contract/refusal.ts'
import { backOff } from '../../back-off.ts'
import { payloadTypes } from '../../media/codec.ts'
import { Continuity } from '../../media/continuity.ts'
import { decode, type Law } from '../../media/g711.ts'
import type { Leg, VoicePacket } from '../../media/leg.ts'
import { Listeners } from '../../media/listeners.ts'
import { parseSourceNews, writeRtcp } from '../../media/rtcp.ts'
import { parseRtp, type RtpPacket, writeRtp } from '../../media/rtp.ts'
import { Transcoder } from '../../media/transcoder.ts'
import { type ChannelSockets, openChannelSockets, type RtpAccess } from './channel-sockets.ts'
import type { ChannelDriver, DriverOptions } from './driver.ts'
import { TalkSpurt } from './talk-spurt.ts'

/** Longer than anything that talks sends: 200 ms. */
const MOST_OCTETS = 1_600
/** Whoever comes late learns within so long who talks. */
const NAME_EVERY_MS = 1_000
const MOST_NAMES = 256
/** Whoever is in an emergency says so every second; so long after the last time it is over, ms. */
const EMERGENCY_MS = 5_000
const MOST_EMERGENCIES = 16
/** Samples this near to none are digital silence, in either law. */
const SILENT_SAMPLE = 32

const laws = new Map<number, Law>([
  [payloadTypes.PCMU, 'PCMU'],
  [payloadTypes.PCMA, 'PCMA'],
])

export const openRtpDriver = (access: RtpAccess, options: DriverOptions): ChannelDriver =>
  new RtpDriver(access, options)

class RtpDriver implements ChannelDriver {
  readonly acts = []
  readonly leg: Leg = {
    send: (packet) => this.#say(packet),
    onVoice: (listener) => this.#voice.add(listener),
  }
  readonly #access: RtpAccess
  readonly #options: DriverOptions
  readonly #voice = new Listeners<VoicePacket>()
  readonly #ssrc = randomInt(2 ** 32)
  readonly #numbers = new Continuity({ sequence: randomInt(2 ** 16), timestamp: randomInt(2 ** 32) })
  readonly #toChannel: Transcoder
  readonly #spurt = new TalkSpurt()
  readonly #names = new Map<number, string>()
  /** When each last said so. */
  readonly #emergencies = new Map<number, number>()
  #told: string | null = null
  #sockets: ChannelSockets | undefined
  #closed = false
  #retry: NodeJS.Timeout | undefined
  #squelch: NodeJS.Timeout | undefined
  #naming: NodeJS.Timeout | undefined

  constructor(access: RtpAccess, options: DriverOptions) {
    this.#access = access
    this.#options = options
    this.#toChannel = new Transcoder(access.codec)
    options.ownSources.add(this.#ssrc)
    void this.#connect(0)
  }

  key(): void {
    if (this.#sockets === undefined) {
      this.#options.onReport({ kind: 'unkeyed', why: 'lost' })
      return
    }
    clearInterval(this.#naming)
    this.#naming = setInterval(() => this.#sayName(), NAME_EVERY_MS)
    this.#sayName()
    this.#options.onReport({ kind: 'keyed' })
  }

  unkey(): void {
    if (this.#naming === undefined) return
    clearInterval(this.#naming)
    this.#naming = undefined
    this.#sayName(true)
  }

  async act(): Promise<void> {
    throw new Refusal('invalid', { why: 'a channel by RTP has no such act' })
  }

  async close(): Promise<void> {
    this.unkey()
    this.#closed = true
    clearTimeout(this.#retry)
    clearTimeout(this.#squelch)
    this.#sockets?.close()
    this.#sockets = undefined
    this.#toChannel.close()
    this.#options.ownSources.delete(this.#ssrc)
  }

  async #connect(attempt: number): Promise<void> {
    try {
      const sockets = await openChannelSockets(this.#access, {
        onPacket: (kind, packet) => (kind === 'rtp' ? this.#hear(packet) : this.#learn(packet)),
        onFailure: (error) => this.#lose(error, 0),
      })
      if (this.#closed) {
        sockets.close()
        return
      }
      this.#sockets = sockets
      this.#options.onReport({ kind: 'up' })
    } catch (error) {
      this.#lose(error, attempt + 1)
    }
  }

  #lose(error: unknown, attempt: number): void {
    if (this.#closed) return
    if (this.#naming !== undefined) {
      clearInterval(this.#naming)
      this.#naming = undefined
      this.#options.onReport({ kind: 'unkeyed', why: 'lost' })
    }
    this.#sockets = undefined
    this.#options.onReport({ kind: 'down', why: error instanceof Error ? error.message : String(error) })
    this.#retry = setTimeout(() => void this.#connect(attempt), backOff(attempt))
  }

  #hear(bytes: Buffer): void {
    const packet = parseRtp(bytes)
    const codec = packet && laws.get(packet.payloadType)
    if (packet === undefined || codec === undefined || !isVoice(packet)) return
    if (this.#options.ownSources.has(packet.ssrc)) return
    const silent = decode(codec, packet.payload).every((sample) => Math.abs(sample) < SILENT_SAMPLE)
    const now = performance.now()
    const before = this.#spurt.talker
    const verdict = this.#spurt.take({ ssrc: packet.ssrc, silent }, now)
    if (verdict === 'left-out') return
    if (verdict === 'begun') {
      if (before !== undefined) this.#options.onReport({ kind: 'squelch-closed' })
      this.#told = this.#nameOf(packet)
      const emergency = this.#isEmergency(packet.ssrc, now)
      this.#options.onReport({ kind: 'squelch-open', radio: this.#told, emergency })
      this.#watchSpurt()
    } else this.#tellName(packet)
    const { marker, sequence, timestamp, ssrc, payload } = packet
    this.#voice.tell({ codec, marker, sequence, timestamp, ssrc, payload })
  }

  /** More may have become known of whoever is heard. */
  #tellName(packet: RtpPacket): void {
    const name = this.#nameOf(packet)
    if (name === null || name === this.#told) return
    this.#told = name
    this.#options.onReport({ kind: 'heard', radio: name })
  }

  #nameOf({ ssrc, csrcs }: RtpPacket): string | null {
    return this.#names.get(csrcs?.[0] ?? ssrc) ?? null
  }

  #learn(bytes: Buffer): void {
    const { names, gone, emergencies } = parseSourceNews(bytes)
    for (const [ssrc, name] of names) {
      const readable = name
        .replaceAll(/\p{Cc}/gu, '')
        .trim()
        .slice(0, 64)
      if (readable === '' || this.#options.ownSources.has(ssrc)) continue
      this.#names.delete(ssrc)
      this.#names.set(ssrc, readable)
    }
    for (const ssrc of this.#names.keys()) {
      if (this.#names.size <= MOST_NAMES) break
      this.#names.delete(ssrc)
    }
    for (const ssrc of emergencies) this.#noteEmergency(ssrc, performance.now())
    for (const ssrc of gone) this.#emergencies.delete(ssrc)
    if (gone.some((ssrc) => this.#spurt.leave(ssrc))) this.#closeSquelch()
  }

  #isEmergency(ssrc: number, now: number): boolean {
    return now - (this.#emergencies.get(ssrc) ?? -Infinity) < EMERGENCY_MS
  }

  #noteEmergency(ssrc: number, now: number): void {
    if (this.#options.ownSources.has(ssrc)) return
    const isNew = !this.#isEmergency(ssrc, now)
    for (const each of this.#emergencies.keys())
      if (!this.#isEmergency(each, now)) this.#emergencies.delete(each)
    if (isNew && this.#emergencies.size >= MOST_EMERGENCIES) return
    this.#emergencies.set(ssrc, now)
    if (!isNew) return
    const radio = this.#names.get(ssrc)
    if (radio !== undefined) this.#options.onReport({ kind: 'alarm', radio })
    if (this.#spurt.talker === ssrc) this.#options.onReport({ kind: 'heard', emergency: true })
  }

  #watchSpurt(): void {
    clearTimeout(this.#squelch)
    const { deadline } = this.#spurt
    if (deadline === undefined) return
    this.#squelch = setTimeout(
      () => {
        if (this.#spurt.isOver(performance.now())) this.#closeSquelch()
        else this.#watchSpurt()
      },
      Math.max(0, deadline - performance.now()),
    )
  }

  #closeSquelch(): void {
    clearTimeout(this.#squelch)
    this.#options.onReport({ kind: 'squelch-closed' })
  }

  #say(packet: VoicePacket): void {
    if (this.#naming === undefined) return
    for (const said of this.#toChannel.take(packet)) {
      const numbers = this.#numbers.map(said, performance.now())
      if (numbers === undefined) continue
      const payloadType = payloadTypes[this.#access.codec]
      const { payload } = said
      this.#sockets?.send('rtp', writeRtp({ ...numbers, payloadType, ssrc: this.#ssrc, payload }))
    }
  }

  #sayName(bye = false): void {
    const report = { ssrc: this.#ssrc, sender: undefined, reports: [] }
    const { name } = this.#options
    this.#sockets?.send('rtcp', writeRtcp(report, `${name}-${this.#ssrc.toString(16)}`, bye, name))
  }
}

const isVoice = ({ payload }: RtpPacket): boolean => payload.length > 0 && payload.length <= MOST_OCTETS
