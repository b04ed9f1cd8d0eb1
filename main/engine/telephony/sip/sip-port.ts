/** One account at one server of an exchange: registration, calls, messages. The only door to SIP. */

import type {
  IncomingInviteRequest,
  IncomingMessageRequest,
  IncomingReferRequest,
  Session,
} from 'sip.js/lib/core/index.js'
import { URI } from 'sip.js/lib/core/index.js'
import type { NumberState } from '../../../../contract/favourites.ts'
import type { ExchangeServer } from '../../../../contract/telephony.ts'
import type { MediaSession } from '../../media/media-session.ts'
import type { Resolver } from '../locate.ts'
import { Agent } from './agent.ts'
import type { Call, CallHouse } from './call.ts'
import { CallIn } from './call-in.ts'
import { CallOut } from './call-out.ts'
import { ACCEPT_SDP, sdpOf } from './offer.ts'
import { partyOf } from './party.ts'
import { referralOf, replacesOf, reportReferral } from './referred.ts'
import { Registrant } from './registrant.ts'
import { LEAST_INTERVAL_S, sessionExpires } from './session-timer.ts'
import { type SipCall, type SipParty, SipRefused } from './sip-call.ts'
import { ACCEPT_TEXT, isPlainText, requireSmall, textId } from './text.ts'
import type { SipTransport, TransportEars, TransportOptions } from './transport.ts'
import { Watching } from './watching.ts'

export interface SipPortOptions<Media extends MediaSession = MediaSession> {
  readonly server: ExchangeServer
  /** Other hosts of the exchange, from which calls may come too: over UDP all others are not heard. */
  readonly otherHosts?: readonly string[]
  /** What stands behind the @ of its numbers, and where requests without a dialogue are addressed to. */
  readonly domain: string
  readonly user: string
  /** If the exchange knows the account under another name than the user. */
  readonly authUser?: string
  readonly password: string
  readonly displayName?: string
  /** Header lines, without their ends, that each of its messages has besides the usual ones. */
  readonly headers?: readonly string[]
  /**
   * The instance-id, a UUID (RFC 5626, 4.1): the same for this account at this seat whenever it is started again,
   * so that a registrar forgets where it was before. One of this port's own if not given.
   */
  readonly instance?: string
  /** The reg-id, from 1: which of the exchange's servers this is, to the same instance. */
  readonly flow?: number
  /** PEM of the authorities that may vouch for the server over TLS and WSS; the system's if not given. */
  readonly authorities?: string
  /** How long a registration is asked for, in seconds. */
  readonly expiresS?: number
  /** The session timer that is asked for in calls out, in seconds (RFC 4028); 0: none. */
  readonly sessionS?: number
  /** How often the server is asked whether it is there, and how long it may take to answer, in ms. */
  readonly keepAliveMs?: number
  readonly keepAliveAnswerMs?: number
  readonly random?: () => number
  /** Of host names; the system's if not given. */
  readonly resolver?: Resolver
  /** How messages travel; left out: as the server says. */
  openTransport?(options: TransportOptions, ears: TransportEars): SipTransport
  openMedia(): Media
  readonly ears: SipPortEars<Media>
}

interface SipPortEars<Media extends MediaSession = MediaSession> {
  /** A call comes in; it waits until it is accepted, rejected or given up over there. */
  incoming(call: SipCall<Media>): void
  /**
   * Left out: who sends a message is told that nobody here reads any. Once it returns, or what it returns
   * resolves, the message is confirmed; who rejects or throws a `SipRefused` with a status has that said, and anybody else that nobody can take it.
   */
  message?(message: SipText): unknown
  /**
   * The other side of a call has asked that somebody else of the domain be called instead (RFC 3515), and that
   * is being done. Such wishes are declined where nobody listens to them.
   */
  referred?(from: SipCall<Media>, to: SipCall<Media>): void
  registration(registration: Registration): void
  /** Whoever listens to this port or to its calls has thrown. */
  trouble?(error: unknown): void
}

/** A text sent with MESSAGE (RFC 3428): from outside, at most 8000 characters. */
export interface SipText {
  /** A UUID made of its From, Call-ID and CSeq: the same however often it comes, and wherever it is forked to. */
  readonly id: string
  readonly from: SipParty
  readonly text: string
}

export type Registration =
  | { readonly state: 'none' }
  | { readonly state: 'registering' }
  /** Until when, in ms since 1970; it is refreshed before that. */
  | { readonly state: 'registered'; readonly until: number }
  | {
      readonly state: 'failing'
      /** The SIP status, null where nothing was heard. */
      readonly code: number | null
      readonly why: string
      /** What was said would be said again, here and elsewhere: a wrong password, no such account. */
      readonly lasting: boolean
    }

export interface SipPort<Media extends MediaSession = MediaSession> {
  readonly registration: Registration
  /** Those that have not ended, the oldest first. */
  readonly calls: readonly SipCall<Media>[]
  /** Connects if need be. Once registered it refreshes by itself; a refresh that fails ends in `failing`. */
  register(): Promise<void>
  unregister(): Promise<void>
  /** A number of this exchange's domain. `headers`: lines of the INVITE besides the usual ones. */
  call(number: string, headers?: readonly string[]): SipCall<Media>
  /**
   * Resolves with the status, 2xx. Rejects with a `SipRefused`, or with `TextTooLong` before anything is sent. A number
   * has one text at a time to answer (RFC 3428, 8): that is for the caller to see to.
   */
  sendMessage(number: string, text: string): Promise<number>
  /** Tells what a number is doing (RFC 4235), at once and with every change; returns how to stop. */
  watch(number: string, hear: (state: NumberState) => void): () => void
  /** Ends its calls, unregisters, and lets go of the network. */
  close(): Promise<void>
}

/** Nothing is sent until it is told to register, or to call. */
export function openSipPort<Media extends MediaSession>(options: SipPortOptions<Media>): SipPort<Media> {
  return new Port(options)
}

/** A text that needs more than this is no message (RFC 3428, 8), but a file. */
const LONGEST_TEXT = 8_000
const UNAVAILABLE = 480
/** More calls than this are nobody's to answer: each has ports of its own for its sound. */
const MOST_CALLS = 300
/** How long the other sides of its calls may take to confirm their ends when a port is closed, in ms. */
const FAREWELL_MS = 1_000

class Port<Media extends MediaSession> implements SipPort<Media> {
  readonly #options: SipPortOptions<Media>
  readonly #agent: Agent
  readonly #registrant: Registrant
  readonly #house: CallHouse
  readonly #calls = new Set<Call<Media>>()
  readonly #watchings = new Set<Watching>()
  #closed = false

  constructor(options: SipPortOptions<Media>) {
    this.#options = options
    const { message } = options.ears
    this.#agent = new Agent(options, {
      invite: (request) => this.#called(request),
      ...(message !== undefined && {
        message: (request: IncomingMessageRequest) => this.#heard(partyOf(request.message), request),
      }),
      lost: (why) => this.#registrant.lost(why),
    })
    this.#registrant = new Registrant(this.#agent, {
      expiresS: options.expiresS ?? 300,
      keepAliveMs: options.keepAliveMs ?? 25_000,
      keepAliveAnswerMs: options.keepAliveAnswerMs ?? 8_000,
      tell: (registration) => this.#tell(registration),
    })
    this.#house = {
      agent: this.#agent,
      sessionS: options.sessionS ?? 1_800,
      random: options.random ?? Math.random,
      message: (from, request) => this.#heard(from, request),
      referred: (call, session, request) => this.#referred(call as Call<Media>, session, request),
      ended: (call) => this.#calls.delete(call as Call<Media>),
      guard: (act) => this.#guard(act),
    }
  }

  get registration(): Registration {
    return this.#registrant.state
  }

  get calls(): readonly SipCall<Media>[] {
    return [...this.#calls]
  }

  async register(): Promise<void> {
    const before = this.#agent.contact
    await this.#registrant.register()
    if (this.#agent.contact === before) return
    // The other sides of its calls would not find it any more at the end of a new connection.
    for (const call of this.#calls) call.renegotiate().catch(() => undefined)
  }

  unregister(): Promise<void> {
    return this.#registrant.unregister()
  }

  call(number: string, headers?: readonly string[]): SipCall<Media> {
    const call = new CallOut(this.#house, this.#uriOf(number), number, this.#options.openMedia(), headers)
    this.#calls.add(call)
    void call.begin()
    return call
  }

  async sendMessage(number: string, text: string): Promise<number> {
    await this.#agent.open()
    const body = { contentDisposition: 'render', contentType: 'text/plain;charset=UTF-8', content: text }
    const message = this.#agent.compose('MESSAGE', this.#uriOf(number), { body, contact: null })
    if (this.#options.server.transport === 'udp') requireSmall(message.toString())
    const answer = await this.#agent.ask(message)
    if (answer.status >= 300) throw new SipRefused(answer.status, answer.reason)
    return answer.status
  }

  watch(number: string, hear: (state: NumberState) => void): () => void {
    const told = (state: NumberState) => void this.#guard(() => hear(state))
    const watching = new Watching(this.#agent, number, told, this.#house.random)
    this.#watchings.add(watching)
    return () => {
      this.#watchings.delete(watching)
      watching.stop()
    }
  }

  async close(): Promise<void> {
    this.#closed = true
    for (const watching of this.#watchings) watching.stop()
    for (const call of this.#calls) call.hangUp()
    await this.#registrant.unregister()
    await this.#agent.settled(FAREWELL_MS)
    await this.#agent.close()
  }

  #tell(registration: Registration): void {
    if (this.#closed) return
    for (const watching of this.#watchings) {
      if (registration.state === 'failing') watching.doubt()
      if (registration.state === 'registered') watching.hurry()
    }
    this.#guard(() => this.#options.ears.registration(registration))
  }

  #uriOf(number: string): URI {
    return new URI('sip', number, this.#options.domain)
  }

  #called(request: IncomingInviteRequest): void {
    const { message } = request
    const asked = sessionExpires(message.getHeader('session-expires'))
    const replaces = message.getHeader('replaces')
    if (this.#closed) request.reject({ statusCode: 480 })
    else if (message.body !== '' && sdpOf(message) === undefined)
      request.reject({ statusCode: 415, extraHeaders: [ACCEPT_SDP] })
    else if (asked !== undefined && asked.seconds < LEAST_INTERVAL_S)
      request.reject({ statusCode: 422, extraHeaders: [`Min-SE: ${LEAST_INTERVAL_S}`] })
    else if (replaces !== undefined) this.#replaced(replaces, request)
    else if (this.#calls.size >= MOST_CALLS) request.reject({ statusCode: 486 })
    else {
      request.trying()
      const call = new CallIn(this.#house, request, this.#options.openMedia())
      this.#calls.add(call)
      if (!this.#guard(() => this.#options.ears.incoming(call))) call.reject(500)
    }
  }

  /** Whether it came about. What others do here is no fault of the message that led to it. */
  #guard(act: () => void): boolean {
    try {
      act()
      return true
    } catch (error) {
      this.#options.ears.trouble?.(error)
      return false
    }
  }

  /** Another phone takes the place of the other side of a call (RFC 3891). */
  #replaced(header: string, request: IncomingInviteRequest): void {
    const named = replacesOf(header)
    const call = named && [...this.#calls].find((one) => one.isDialogue(...named))
    if (call === undefined) request.reject({ statusCode: 481 })
    else if (/;\s*early-only/i.test(header)) request.reject({ statusCode: 486 })
    else {
      request.trying()
      void call.takeOver(request)
    }
  }

  #referred(from: Call<Media>, session: Session, request: IncomingReferRequest): void {
    const { referred } = this.#options.ears
    const target = referralOf(request.message)
    const ours = target?.uri.host.toLowerCase() === this.#options.domain.toLowerCase()
    if (target === undefined || !ours || referred === undefined) {
      request.reject({ statusCode: target === undefined ? 400 : 603 })
      return
    }
    request.accept({ statusCode: 202 })
    const media = this.#options.openMedia()
    const number = target.uri.user ?? ''
    const to = new CallOut(this.#house, target.uri, number, media, target.headers)
    this.#calls.add(to)
    reportReferral(from, session, to)
    if (this.#guard(() => referred(from, to))) void to.begin()
    else to.hangUp()
  }

  #heard(from: SipParty, request: IncomingMessageRequest): void {
    const { message } = request
    const refuse = (error: unknown) => {
      const status = error instanceof SipRefused ? error.code : null
      if (status === null) this.#options.ears.trouble?.(error)
      request.reject({ statusCode: status ?? UNAVAILABLE })
    }
    if (!isPlainText(message)) request.reject({ statusCode: 415, extraHeaders: [ACCEPT_TEXT] })
    else if (message.body.length > LONGEST_TEXT) request.reject({ statusCode: 413 })
    // It is confirmed when it has been taken: nobody sends again what was confirmed.
    else
      try {
        const taken = this.#options.ears.message?.({ id: textId(message), from, text: message.body })
        // Whoever sent it can't be answered any more where this was closed meanwhile.
        if (taken instanceof Promise) taken.then(() => request.accept(), refuse).catch(() => undefined)
        else request.accept()
      } catch (error) {
        refuse(error)
      }
  }
}
