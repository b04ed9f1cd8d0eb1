/**
 * A channel behind a radio gateway that is a SIP endpoint: called, and called again whenever it is lost. A radio is
 * half-duplex: while it is keyed nothing is heard.
 */
import type { ChannelAccess } from '../../../../contract/radio.ts'
import { Refusal } from '../../../../contract/refusal.ts'
import type { ExchangeServer } from '../../../../contract/telephony.ts'
import { backOff } from '../../back-off.ts'
import type { Leg, VoicePacket } from '../../media/leg.ts'
import { Listeners } from '../../media/listeners.ts'
import { openRtpSockets } from '../../media/rtp-sockets.ts'
import { openMediaSession } from '../../media/session.ts'
import { addressTowards, locate } from '../../telephony/locate.ts'
import type { SipCallEnd } from '../../telephony/sip/sip-call.ts'
import { openSipPort, type SipPort } from '../../telephony/sip/sip-port.ts'
import { Ed137Gateway, RADIO_HEADERS, RADIO_VERSION } from '../ed137/ed137-gateway.ts'
import type { ChannelDriver, DriverOptions } from './driver.ts'
import type { GatewayEars, GatewayReception, GatewaySession } from './gateway.ts'
import { SimpleGateway } from './simple-gateway.ts'

export type SipAccess = Extract<ChannelAccess, { kind: 'sip' }>

/** A gateway answers by itself; who says nothing for so long is called again, in ms. */
const ANSWERS_WITHIN_MS = 8_000
/** Between two calls of a gateway that doesn't answer, in ms. */
const FIRST_WAIT_MS = 500
const LONGEST_WAIT_MS = 15_000
/** Who was connected for so long is called again at once; who hangs up sooner, ever later, in ms. */
const LASTING_MS = 10_000
/** A wrong password said again and again locks accounts. */
const REFUSED_WAIT_MS = 60_000
/** How often news of the signal is worth telling, in ms. */
const SIGNAL_EVERY_MS = 500

export const openSipDriver = (access: SipAccess, options: DriverOptions): ChannelDriver =>
  new SipDriver(access, options)

/** One call of the gateway. */
interface Connection {
  readonly session: GatewaySession
  readonly port: SipPort
}

class SipDriver implements ChannelDriver {
  readonly acts = []
  readonly leg: Leg = {
    send: (packet) => this.#connection?.session.send(packet),
    onVoice: (listener) => this.#voice.add(listener),
  }
  readonly #access: SipAccess
  readonly #options: DriverOptions
  readonly #voice = new Listeners<VoicePacket>()
  #connection: Connection | undefined
  #isUp = false
  #upAt = 0
  #transmits = false
  /** As the gateway has it, and as it was reported. */
  #reception: GatewayReception = { squelch: 'closed' }
  #reported: GatewayReception = { squelch: 'closed' }
  #signalAt = 0
  #failures = 0
  #answering: NodeJS.Timeout | undefined
  #redialling: NodeJS.Timeout | undefined
  #closed = false

  constructor(access: SipAccess, options: DriverOptions) {
    this.#access = access
    this.#options = options
    void this.#dial()
  }

  key(emergency: boolean): void {
    if (!this.#isUp || this.#connection === undefined) {
      this.#options.onReport({ kind: 'unkeyed', why: 'lost' })
      return
    }
    this.#transmits = true
    this.#report()
    this.#connection.session.key(emergency)
  }

  unkey(): void {
    if (!this.#transmits) return
    this.#transmits = false
    this.#connection?.session.unkey()
  }

  async act(): Promise<void> {
    throw new Refusal('invalid', { why: 'a radio gateway has no such act' })
  }

  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#redialling)
    await this.#hangUp()
  }

  async #dial(): Promise<void> {
    try {
      const { host, port, transport, user, keying, authorities } = this.#access
      const server: ExchangeServer = { host, transport, ...(port !== undefined && { port }) }
      const session = await this.#open(server)
      if (this.#closed) return await session.media.close()
      const isRadio = keying === 'ed137'
      const sip = openSipPort({
        server,
        domain: host,
        user: this.#options.name,
        password: this.#options.password ?? '',
        ...(authorities !== undefined && { authorities }),
        ...(isRadio && { headers: [RADIO_VERSION] }),
        openMedia: () => session.media,
        ears: {
          incoming: (call) => call.reject(603),
          registration: () => undefined,
          trouble: (error) => this.#options.onTrouble('a radio gateway', error),
        },
      })
      this.#connection = { session, port: sip }
      const call = sip.call(user, isRadio ? RADIO_HEADERS : [])
      this.#answering = setTimeout(() => this.#lose(session, 'no answer', false), ANSWERS_WITHIN_MS)
      let isTalking = false
      call.onChange(() => {
        if (call.end !== null) this.#lose(session, whyOf(call.end), this.#isPasswordAsked(call.end))
        else if (call.state === 'talking' && !isTalking) {
          isTalking = true
          clearTimeout(this.#answering)
          session.begin(call)
        }
      })
    } catch (error) {
      this.#dialAgain(error instanceof Error ? error.message : String(error), false)
    }
  }

  async #open(server: ExchangeServer): Promise<GatewaySession> {
    const [place] = await locate(server)
    const host = await addressTowards(place)
    const { srtp } = this.#access
    const secure = srtp === true ? 'sdes' : srtp === 'dtls' ? 'dtls' : undefined
    const session: GatewaySession =
      this.#access.keying === 'ed137'
        ? new Ed137Gateway(
            await openRtpSockets(host),
            this.#earsOf(() => session),
          )
        : new SimpleGateway(
            await openMediaSession({ host, secure }),
            this.#access,
            this.#earsOf(() => session),
          )
    return session
  }

  /** Of the session that is spoken with; what an older one says is over. */
  #earsOf(session: () => GatewaySession): GatewayEars {
    const whileCurrent =
      <Args extends readonly unknown[]>(act: (...args: Args) => void) =>
      (...args: Args) => {
        if (this.#connection?.session === session()) act(...args)
      }
    return {
      up: whileCurrent(() => {
        this.#isUp = true
        this.#upAt = this.#options.clock()
        this.#options.onReport({ kind: 'up' })
      }),
      lost: whileCurrent((why: string) => this.#lose(session(), why, false)),
      keyed: whileCurrent(() => {
        if (this.#transmits) this.#options.onReport({ kind: 'keyed' })
      }),
      unkeyed: whileCurrent((why) => {
        if (!this.#transmits) return
        this.#transmits = false
        this.#options.onReport({ kind: 'unkeyed', why })
      }),
      reception: whileCurrent((reception: GatewayReception) => {
        this.#reception = reception
        this.#report()
      }),
      voice: whileCurrent((packet: VoicePacket) => {
        if (this.#reported.squelch === 'open') this.#voice.tell(packet)
      }),
    }
  }

  /** Tells what is new of what is heard. */
  #report(): void {
    const now = this.#options.clock()
    const before = this.#reported
    const after: GatewayReception = this.#isUp && !this.#transmits ? this.#reception : { squelch: 'closed' }
    this.#reported = after
    const { onReport } = this.#options
    if (after.squelch === 'closed') {
      if (before.squelch === 'open') onReport({ kind: 'squelch-closed' })
      return
    }
    const { radio, emergency, signal } = after
    const known = before.squelch === 'open' ? before : undefined
    if (known === undefined) {
      onReport({ kind: 'squelch-open', radio, emergency })
      this.#signalAt = 0
    } else if (radio !== known.radio || emergency !== known.emergency)
      onReport({ kind: 'heard', emergency, ...(radio !== null && { radio }) })
    if (signal === null || now - this.#signalAt < SIGNAL_EVERY_MS) return
    this.#signalAt = now
    onReport({ kind: 'heard', signal })
  }

  #lose(session: GatewaySession, why: string, password: boolean): void {
    if (this.#connection?.session !== session || this.#closed) return
    const wasTransmitting = this.#transmits
    if (this.#isUp && this.#options.clock() - this.#upAt > LASTING_MS) this.#failures = 0
    void this.#hangUp().catch((error: unknown) => this.#options.onTrouble('a radio gateway', error))
    if (wasTransmitting) this.#options.onReport({ kind: 'unkeyed', why: 'lost' })
    this.#dialAgain(why, password)
  }

  #dialAgain(why: string, password: boolean): void {
    if (this.#closed) return
    this.#options.onReport({ kind: 'down', why, ...(password && { password }) })
    const wait = password ? REFUSED_WAIT_MS : backOff(this.#failures, FIRST_WAIT_MS, LONGEST_WAIT_MS)
    this.#failures += 1
    this.#redialling = setTimeout(() => void this.#dial(), wait)
  }

  /** It was challenged without a password, or with a wrong one, which some forbid. */
  #isPasswordAsked({ code }: SipCallEnd): boolean {
    return code === 401 || code === 407 || (code === 403 && this.#options.password !== null)
  }

  async #hangUp(): Promise<void> {
    const connection = this.#connection
    this.#transmits = false
    this.#isUp = false
    this.#reception = { squelch: 'closed' }
    this.#report()
    this.#connection = undefined
    clearTimeout(this.#answering)
    connection?.session.end()
    await connection?.port.close()
  }
}

const whyOf = ({ code, reason, why }: SipCallEnd): string =>
  [code, reason].filter((part) => part !== null && part !== '').join(' ') || why
