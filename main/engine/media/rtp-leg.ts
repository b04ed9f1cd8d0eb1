/** The leg to an exchange, telephone or radio gateway: RTP and RTCP over UDP, plain or protected. */
import { clockRate, FRAME_MS } from './codec.ts'
import { Continuity, type Numbers } from './continuity.ts'
import { type Certificate, Handshake, isDtls } from './dtls.ts'
import { type Digit, DigitReceiver, eventPayloads } from './dtmf.ts'
import { FarSide } from './far-side.ts'
import type { Leg, VoicePacket } from './leg.ts'
import { Listeners } from './listeners.ts'
import { meanOpinionScore } from './mos.ts'
import type { Agreed, DtlsTerms } from './offer-answer.ts'
import { Reception } from './reception.ts'
import { middleOf, ntpOf, parseRtcp, roundTripOf, writeRtcp } from './rtcp.ts'
import { isRtcp, parseRtp, writeRtp } from './rtp.ts'
import type { RtpSockets } from './rtp-sockets.ts'
import { Opening, Sealing } from './srtp.ts'
import { Transcoder } from './transcoder.ts'
import type { Address } from './voice-terms.ts'

export interface RtpLegOptions {
  readonly sockets: RtpSockets
  /** Ours, where keys are agreed on by a handshake. */
  readonly certificate: Certificate
  /** 0 to 1. */
  readonly random: () => number
  /** Milliseconds, never going back. */
  readonly clock: () => number
  /** Milliseconds since 1970. */
  readonly wallClock: () => number
}

export interface LegStatistics {
  readonly packetsSent: number
  readonly packetsReceived: number
  /** Of what should have come, 0 to 1. */
  readonly lossShare: number
  /** Milliseconds. */
  readonly jitter: number
  /** Milliseconds; known only if the far side sends RTCP. */
  readonly roundTrip: number | undefined
  /** What the far side says that it lost, 0 to 1. */
  readonly lossShareThere: number | undefined
  /** 1 to 4.5: how good what comes here sounds. */
  readonly opinionScore: number
  /** Since when nothing has come that might have, by the leg's clock: while it held nothing could. */
  readonly silentSince: number | undefined
  readonly farSide: Address | undefined
}

const REPORT_EVERY_MS = 5_000
/** How long a key is pressed, and how long it is let go before the next. */
const DIGIT_FRAMES = 6
const PAUSE_MS = 60
/** Longer than any telephone's packets: 200 ms. */
const MOST_OCTETS = 1_600

export class RtpLeg implements Leg {
  readonly #options: RtpLegOptions
  readonly #ssrc: number
  readonly #numbers: Continuity
  readonly #voice = new Listeners<VoicePacket>()
  readonly #digits = new Listeners<Digit>()
  readonly #reception = new Reception()
  readonly #digitReceiver = new DigitReceiver()
  readonly #rtpSide = new FarSide()
  readonly #rtcpSide = new FarSide()
  #agreed: Agreed | undefined
  #sends = false
  #speaking: Transcoder | undefined
  #handshake: Handshake | undefined
  /** The newest that came before it was known what for: the other side begins when it has our answer. */
  #earlyHello: { readonly packet: Buffer; readonly from: Address } | undefined
  #keys: Keys | undefined
  #sealing: Sealing | undefined
  #opening: Opening | undefined
  readonly #failures = new Listeners<string>()
  #failure: string | undefined
  #pressing: Promise<void> = Promise.resolve()
  #pressed = false
  #closed = false
  #sent = { packets: 0, octets: 0, timestamp: 0, reported: 0 }
  #listensSince: number | undefined
  #reportedAt: number | undefined
  #heard: { readonly middle: number; readonly at: number } | undefined
  #roundTrip: number | undefined
  #lossShareThere: number | undefined
  #reporting: NodeJS.Timeout | undefined

  constructor(options: RtpLegOptions) {
    this.#options = options
    const { random, sockets } = options
    const bits = (count: number) => Math.floor(random() * 2 ** count)
    this.#ssrc = bits(32)
    // Half of the numbers' room is left before they wrap, which SRTP needs (RFC 3711, 3.3.1).
    this.#numbers = new Continuity({ sequence: bits(15), timestamp: bits(32) })
    sockets.listen((kind, packet, from) => {
      if (kind === 'rtp' && isDtls(packet)) this.#takeHandshake(packet, from)
      else if (kind === 'rtcp' || isRtcp(packet)) this.#takeReport(packet, from)
      else this.#takePacket(packet, from)
    })
    this.#reportLater()
  }

  /** Goes by this from now on. `sends`: whether voice may go out, for a hold agrees on more than it uses. */
  use(agreed: Agreed, sends: boolean): void {
    const before = this.#agreed
    if (agreed.direction !== before?.direction || agreed.heldByThem !== before?.heldByThem)
      this.#listensSince = this.#options.clock()
    this.#agreed = agreed
    this.#sends = sends
    if (this.#speaking?.codec !== agreed.codec) {
      this.#speaking?.close()
      this.#speaking = new Transcoder(agreed.codec)
    }
    this.#rtpSide.describe(agreed.remote)
    this.#rtcpSide.describe(agreed.rtcp)
    if (agreed.dtls === undefined || !sameTerms(agreed.dtls, before?.dtls)) {
      this.#handshake?.close()
      this.#handshake = undefined
      this.#changeKeys(agreed.keys)
    }
    if (agreed.dtls !== undefined) this.#handshake ??= this.#shakeHands(agreed.dtls)
    this.#earlyHello = undefined
  }

  /** Tells, at once if it has happened, why no keys could be agreed on: there is no sound then. */
  onFailure(listener: (why: string) => void): () => void {
    if (this.#failure !== undefined) listener(this.#failure)
    return this.#failures.add(listener)
  }

  get statistics(): LegStatistics {
    const { received, lossShare, jitter, lastAt } = this.#reception
    const signs = [lastAt, this.#reportedAt, this.#listensSince].filter((at) => at !== undefined)
    return {
      packetsSent: this.#sent.packets,
      packetsReceived: received,
      lossShare,
      jitter,
      roundTrip: this.#roundTrip,
      lossShareThere: this.#lossShareThere,
      opinionScore: meanOpinionScore({ lossShare, jitter, roundTrip: this.#roundTrip }),
      silentSince: signs.length === 0 ? undefined : Math.max(...signs),
      farSide: this.#rtpSide.address,
    }
  }

  onVoice(listener: (packet: VoicePacket) => void): () => void {
    return this.#voice.add(listener)
  }

  onDigit(listener: (digit: Digit) => void): () => void {
    return this.#digits.add(listener)
  }

  send(packet: VoicePacket): void {
    const agreed = this.#agreed
    if (agreed === undefined || !this.#sends || this.#pressed) return
    for (const each of this.#speaking?.take(packet) ?? []) {
      const numbers = this.#numbers.map(each, this.#options.clock())
      if (numbers !== undefined) this.#sendPacket(agreed.sendType, numbers, each.payload)
    }
  }

  /** Presses keys, one after the other, instead of voice. False, at once, if the far side can't hear them now. */
  sendDigits(digits: readonly Digit[]): boolean {
    if (this.#agreed?.events === undefined || !this.#sends) return false
    for (const digit of digits) this.#pressing = this.#pressing.then(() => this.#press(digit))
    return true
  }

  /** Resolves when all keys that were pressed are up again, and voice goes out. */
  get digitsSent(): Promise<void> {
    return this.#pressing
  }

  async close(): Promise<void> {
    clearTimeout(this.#reporting)
    this.#handshake?.close()
    this.#speaking?.close()
    this.#speaking = undefined
    if (!this.#closed && this.#agreed !== undefined) this.#report(true)
    this.#closed = true
    await this.#options.sockets.close()
  }

  async #press(digit: Digit): Promise<void> {
    this.#pressed = true
    let timestamp: number | undefined
    for (const payload of eventPayloads(digit, DIGIT_FRAMES, this.#agreed?.events?.rate ?? clockRate.PCMU)) {
      const { codec, events } = this.#agreed ?? {}
      if (this.#closed || codec === undefined || events === undefined || !this.#sends) break
      const numbers = this.#numbers.own(codec, this.#options.clock(), timestamp)
      timestamp = numbers.timestamp
      this.#sendPacket(events.send, numbers, payload)
      await after(FRAME_MS)
    }
    this.#pressed = false
    if (!this.#closed) await after(PAUSE_MS)
  }

  #sendPacket(payloadType: number, numbers: Numbers, payload: Uint8Array): void {
    const to = this.#rtpSide.address
    if (to === undefined || (this.#isProtected && this.#sealing === undefined)) return
    const packet = writeRtp({ ...numbers, payloadType, ssrc: this.#ssrc, payload })
    this.#sent.packets++
    this.#sent.octets += payload.length
    this.#sent.timestamp = numbers.timestamp
    this.#options.sockets.send('rtp', this.#sealing?.seal(packet) ?? packet, to)
  }

  get #isProtected(): boolean {
    return this.#agreed?.keys !== undefined || this.#agreed?.dtls !== undefined
  }

  /** A key that stays keeps its count of packets: the same key stream twice would give both away. */
  #changeKeys(keys: Keys | undefined): void {
    const before = this.#keys
    if (!same(keys?.send, before?.send)) this.#sealing = keys && new Sealing(keys.send)
    if (!same(keys?.receive, before?.receive)) this.#opening = keys && new Opening(keys.receive)
    this.#keys = keys
  }

  #shakeHands({ fingerprints, active }: DtlsTerms): Handshake {
    const { certificate, sockets } = this.#options
    const early = this.#earlyHello
    const handshake: Handshake = new Handshake({
      certificate,
      active,
      fingerprints,
      send: (packet) => {
        const to = this.#rtpSide.address
        if (to !== undefined) sockets.send('rtp', packet, to)
      },
      onKeys: (keys) => this.#changeKeys(keys),
      onFailure: (why) => {
        this.#failure = why
        this.#failures.tell(why)
      },
    })
    if (early !== undefined && early.from.host === this.#rtpSide.address?.host) handshake.take(early.packet)
    return handshake
  }

  /** From the host of the description only: whoever shakes hands with another certificate ends the call. */
  #takeHandshake(packet: Buffer, from: Address): void {
    if (this.#agreed === undefined) this.#earlyHello = { packet, from }
    else if (from.host === this.#rtpSide.address?.host) this.#handshake?.take(packet)
  }

  /** Nobody is heard before it is agreed who may speak. */
  #takePacket(bytes: Buffer, from: Address): void {
    const agreed = this.#agreed
    if (agreed === undefined || !this.#rtpSide.admits(from)) return
    const plain = this.#isProtected ? this.#opening?.open(bytes) : bytes
    const packet = plain && parseRtp(plain)
    if (packet === undefined || packet.payload.length === 0 || packet.payload.length > MOST_OCTETS) return
    const codec = agreed.receiveTypes.get(packet.payloadType)
    const isEvent = codec === undefined && packet.payloadType === agreed.events?.receive
    if (codec === undefined && !isEvent) return
    if (!this.#rtpSide.see(from, packet.sequence, this.#isProtected)) return
    this.#reception.take(packet, this.#options.clock(), clockRate[codec ?? agreed.codec], !isEvent)
    if (agreed.direction !== 'sendrecv' && agreed.direction !== 'recvonly') return
    if (codec !== undefined) {
      const { marker, sequence, timestamp, ssrc, payload } = packet
      this.#voice.tell({ codec, marker, sequence, timestamp, ssrc, payload })
      return
    }
    const digit = this.#digitReceiver.take(packet)
    if (digit !== undefined) this.#digits.tell(digit)
  }

  /** Reports decide nothing about where voice goes: they are taken from the host that voice comes from. */
  #takeReport(bytes: Buffer, from: Address): void {
    const agreed = this.#agreed
    const hosts = [this.#rtpSide.address?.host, agreed?.rtcp?.host]
    if (agreed === undefined || !hosts.includes(from.host)) return
    const plain = this.#isProtected ? this.#opening?.openReport(bytes) : bytes
    const reports = plain === undefined ? [] : parseRtcp(plain)
    if (reports.length === 0 || !this.#rtcpSide.see(from, 0, true)) return
    // Who says nothing and sends no silence is there as long as it reports (RFC 3550, 6.3.5).
    this.#reportedAt = this.#options.clock()
    for (const { sender, reports: receptions } of reports) {
      if (sender !== undefined) this.#heard = { middle: middleOf(sender), at: this.#options.clock() }
      const ours = receptions.find(({ ssrc }) => ssrc === this.#ssrc)
      if (ours === undefined) continue
      this.#lossShareThere = ours.fractionLost / 256
      this.#roundTrip = roundTripOf(ours, this.#options.wallClock()) ?? this.#roundTrip
    }
  }

  /** Between half and one and a half times the interval, so that no two go in step (RFC 3550, 6.3.1). */
  #reportLater(): void {
    this.#reporting = setTimeout(
      () => {
        this.#report(false)
        this.#reportLater()
      },
      REPORT_EVERY_MS * (0.5 + this.#options.random()),
    )
  }

  #report(bye: boolean): void {
    const mux = this.#agreed?.mux === true
    const to = mux ? this.#rtpSide.address : this.#rtcpSide.address
    if (to === undefined || (this.#isProtected && this.#sealing === undefined)) return
    const { clock, wallClock, sockets } = this.#options
    const { packets, octets, timestamp, reported } = this.#sent
    const sender = packets === reported ? undefined : { ...ntpOf(wallClock()), timestamp, packets, octets }
    this.#sent.reported = packets
    const report = {
      ssrc: this.#ssrc,
      sender,
      reports: this.#reception.report(this.#heard, clock()),
    }
    const packet = writeRtcp(report, `watchfloor@${sockets.local.host}`, bye)
    sockets.send(mux ? 'rtp' : 'rtcp', this.#sealing?.sealReport(packet) ?? packet, to)
  }
}

type Keys = NonNullable<Agreed['keys']>

const after = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

const same = (key: Uint8Array | undefined, other: Uint8Array | undefined): boolean =>
  key === undefined || other === undefined ? key === other : Buffer.from(key).equals(other)

const sameTerms = (one: DtlsTerms, other: DtlsTerms | undefined): boolean =>
  one.active === other?.active &&
  one.fingerprints.length === other.fingerprints.length &&
  one.fingerprints.every(({ value }, at) => value === other.fingerprints[at]?.value)
