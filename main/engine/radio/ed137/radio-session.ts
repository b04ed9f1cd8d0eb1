/**
 * The media of a session with an ED-137 gateway: voice and keep-alives over RTP, each packet with the radio header,
 * and the watch over the link. Whoever opens it decides what is keyed and heard.
 */
import { Continuity, type Numbers } from '../../media/continuity.ts'
import { FarSide } from '../../media/far-side.ts'
import { FRAME_SAMPLES, silence } from '../../media/g711.ts'
import type { VoicePacket } from '../../media/leg.ts'
import type { MediaSession } from '../../media/media-session.ts'
import { parseRtp, sequenceDistance, writeRtp } from '../../media/rtp.ts'
import type { RtpSockets } from '../../media/rtp-sockets.ts'
import { everyFrame } from '../../media/ticker.ts'
import { Transcoder } from '../../media/transcoder.ts'
import type { Address } from '../../media/voice-terms.ts'
import {
  type PttType,
  parseRadioHeader,
  type RadioHeader,
  silentHeader,
  writeRadioHeader,
} from './header-extension.ts'
import { RadioDescription, type RadioTerms, radioTermsOf } from './terms.ts'

export interface RadioSessionOptions {
  readonly sockets: RtpSockets
  /** 0 to 1. */
  readonly random: () => number
  /** Milliseconds, never going back. */
  readonly clock: () => number
  readonly ears: RadioSessionEars
}

interface RadioSessionEars {
  /** Of each packet that is newer than all before it. */
  header(header: RadioHeader): void
  voice(packet: VoicePacket): void
  /** Nothing has come for as long as was agreed; told once. */
  silent(): void
}

/** A packet so far behind the newest is none that comes late: the gateway began anew. */
const LATE_PACKETS = 50
/** Longer than any packet of G.711: 200 ms. */
const MOST_OCTETS = 1_600
/**
 * Nobody has said anything for so long: silence goes out, that the transmitter is not without a signal. Packets that
 * only come late, as a microphone's may, are not to find silence in their place, in ms.
 */
const QUIET_MS = 100

export class RadioSession implements MediaSession {
  readonly #options: RadioSessionOptions
  readonly #description: RadioDescription
  readonly #farSide = new FarSide()
  readonly #ssrc: number
  readonly #numbers: Continuity
  #terms: RadioTerms | undefined
  #speaking: Transcoder | undefined
  #ptt: PttType = 'off'
  /** Of the gateway's packets. */
  #newest: { readonly ssrc: number; readonly sequence: number } | undefined
  #heardAt = 0
  #spokeAt = -Infinity
  #watching: NodeJS.Timeout | undefined
  #silent = false
  #stopFrames: () => void = () => undefined

  constructor(options: RadioSessionOptions) {
    this.#options = options
    const { random, sockets } = options
    const bits = (count: number) => Math.floor(random() * 2 ** count)
    this.#ssrc = bits(32)
    this.#numbers = new Continuity({ sequence: bits(15), timestamp: bits(32) })
    this.#description = new RadioDescription(sockets.local)
    sockets.listen((kind, packet, from) => {
      if (kind === 'rtp') this.#take(packet, from)
    })
  }

  /** Once the gateway has described itself. */
  get terms(): RadioTerms | undefined {
    return this.#terms
  }

  async offer(): Promise<string> {
    return this.#description.write()
  }

  async answer(offer: string): Promise<string> {
    const terms = radioTermsOf(offer)
    this.#use(terms)
    return this.#description.write(terms)
  }

  async accept(answer: string): Promise<void> {
    this.#use(radioTermsOf(answer))
  }

  rollBack(): void {
    // What is offered is always the same: nothing of it is kept.
  }

  /** Goes out at once, with silence until somebody speaks; the end is said several times. */
  key(ptt: PttType): void {
    if (ptt === this.#ptt) return
    this.#ptt = ptt
    this.#stopFrames()
    if (ptt === 'off') {
      this.#sendKeepAlive()
      this.#repeatEnd(this.#terms?.pttRepeats ?? 0)
    } else {
      this.#spokeAt = -Infinity
      this.#sendSilence()
      this.#stopFrames = everyFrame((frames) => {
        if (frames > 0 && this.#options.clock() - this.#spokeAt > QUIET_MS) this.#sendSilence()
      }, this.#options.clock)
    }
  }

  /** To the air while it is keyed, and else nowhere. */
  send(packet: VoicePacket): void {
    const terms = this.#terms
    if (terms === undefined || this.#ptt === 'off') return
    this.#spokeAt = this.#options.clock()
    for (const each of this.#speaking?.take(packet) ?? []) {
      const numbers = this.#numbers.map(each, this.#options.clock())
      if (numbers !== undefined) this.#sendPacket(terms.sendType, numbers, each.payload)
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#watching)
    this.#stopFrames()
    this.#speaking?.close()
    this.#speaking = undefined
    await this.#options.sockets.close()
  }

  #use(terms: RadioTerms): void {
    const isFirst = this.#terms === undefined
    this.#terms = terms
    if (this.#speaking?.codec !== terms.codec) {
      this.#speaking?.close()
      this.#speaking = new Transcoder(terms.codec)
    }
    this.#farSide.describe(terms.remote)
    if (!isFirst) return
    this.#heardAt = this.#options.clock()
    this.#sendKeepAlive()
    this.#watching = setInterval(() => this.#watch(terms), terms.keepAliveMs)
  }

  #watch({ keepAliveMs, keepAliveMultiplier }: RadioTerms): void {
    const now = this.#options.clock()
    if (this.#ptt === 'off') this.#sendKeepAlive()
    if (this.#silent || now - this.#heardAt <= keepAliveMs * keepAliveMultiplier) return
    this.#silent = true
    this.#options.ears.silent()
  }

  #repeatEnd(times: number): void {
    let left = times
    if (left === 0) return
    this.#stopFrames = everyFrame((frames) => {
      // The first tick comes with the first packet.
      if (frames === 0) return
      this.#sendKeepAlive()
      left -= 1
      if (left === 0) this.#stopFrames()
    }, this.#options.clock)
  }

  #sendKeepAlive(): void {
    const terms = this.#terms
    if (terms === undefined) return
    const numbers = this.#numbers.own(terms.codec, this.#options.clock())
    this.#sendPacket(terms.r2sType, { ...numbers, marker: false }, new Uint8Array())
  }

  #sendSilence(): void {
    const terms = this.#terms
    if (terms === undefined) return
    const numbers = this.#numbers.own(terms.codec, this.#options.clock())
    this.#sendPacket(terms.sendType, numbers, silence(terms.codec, FRAME_SAMPLES))
  }

  #sendPacket(payloadType: number, numbers: Numbers, payload: Uint8Array): void {
    const to = this.#farSide.address
    if (to === undefined) return
    const extension = writeRadioHeader({
      ...silentHeader,
      ptt: this.#ptt,
      pttId: this.#terms?.pttId ?? 0,
    })
    const { sockets } = this.#options
    sockets.send('rtp', writeRtp({ ...numbers, payloadType, ssrc: this.#ssrc, extension, payload }), to)
  }

  #take(bytes: Buffer, from: Address): void {
    const terms = this.#terms
    if (terms === undefined || !this.#farSide.admits(from)) return
    const packet = parseRtp(bytes)
    if (packet === undefined || packet.payload.length > MOST_OCTETS) return
    const { payloadType, marker, sequence, timestamp, ssrc, payload } = packet
    const codec = terms.receiveTypes.get(payloadType)
    if (codec === undefined && payloadType !== terms.r2sType) return
    if (!this.#farSide.see(from, sequence, false)) return
    this.#heardAt = this.#options.clock()
    const header = packet.extension && parseRadioHeader(packet.extension)
    if (header !== undefined && this.#isNewest(ssrc, sequence)) this.#options.ears.header(header)
    if (codec !== undefined && payload.length > 0)
      this.#options.ears.voice({ codec, marker, sequence, timestamp, ssrc, payload })
  }

  /** What comes late tells of what is over. */
  #isNewest(ssrc: number, sequence: number): boolean {
    const before = this.#newest
    const ahead = before?.ssrc === ssrc ? sequenceDistance(before.sequence, sequence) : 1
    if (ahead <= 0 && ahead > -LATE_PACKETS) return false
    this.#newest = { ssrc, sequence }
    return true
  }
}
