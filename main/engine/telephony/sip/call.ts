/** What calls out and in have in common: the dialogue once it is there, its media, its end. */
import type {
  IncomingInviteRequest,
  IncomingMessageRequest,
  IncomingReferRequest,
  IncomingResponseMessage,
  Session,
} from 'sip.js/lib/core/index.js'
import { type Direction, type MediaSession, NotAcceptable } from '../../media/media-session.ts'
import { type Agent, isOurOwn } from './agent.ts'
import { reasonHeader, reasonOf } from './call-end.ts'
import { ACCEPT_SDP, glareWait, type Offering, offerAgain, sdp, sdpOf, timerFor } from './offer.ts'
import { partyOf } from './party.ts'
import { type Referral, refer } from './referral.ts'
import { directionOf, receives } from './session-description.ts'
import { deadlines, LEAST_INTERVAL_S, type SessionInterval, sessionExpires } from './session-timer.ts'
import { type SipCall, type SipCallEnd, type SipCallState, type SipParty, SipRefused } from './sip-call.ts'

/** How often an offer is made again that crossed with one of the other side. */
const MOST_GLARES = 6

export interface CallHouse {
  readonly agent: Agent
  /** Asked for in calls out; 0: no session timer. */
  readonly sessionS: number
  readonly random: () => number
  message(from: SipParty, request: IncomingMessageRequest): void
  /** The other side of a call asks that somebody else be called instead. */
  referred(call: object, session: Session, request: IncomingReferRequest): void
  ended(call: object): void
  /** Does what others have asked to be done, whatever they throw. */
  guard(act: () => void): void
}

export abstract class Call<Media extends MediaSession> implements SipCall<Media> {
  abstract readonly direction: 'out' | 'in'
  remote: SipParty
  readonly called: string
  readonly media: Media
  heldThere = false
  end: SipCallEnd | null = null
  protected readonly house: CallHouse
  protected session: Session | undefined
  #state: SipCallState
  /** What this side wants, whether or not the other has agreed yet. */
  #holds = false
  readonly #listeners = new Set<() => void>()
  /** One offer and answer at a time. */
  #turn: Promise<unknown> = Promise.resolve()
  #timers: NodeJS.Timeout[] = []
  #interval: SessionInterval | undefined
  #referral: Referral | undefined
  /** The next ACK has the answer to an offer of this side. */
  #answerInAck = false
  /** Resolves when the other side has acknowledged that this side answered. */
  #acknowledge: () => void = () => undefined
  readonly #acknowledged: Promise<void>

  constructor(house: CallHouse, remote: SipParty, called: string, state: SipCallState, media: Media) {
    this.house = house
    this.remote = remote
    this.called = called
    this.media = media
    this.#state = state
    this.#acknowledged = new Promise((resolve) => {
      this.#acknowledge = resolve
    })
  }

  get state(): SipCallState {
    return this.#state
  }

  abstract ring(): void
  abstract accept(): Promise<void>
  abstract reject(code: number): void
  abstract redirect(number: string): void
  /** Ends what is no dialogue yet. */
  protected abstract giveUp(): void

  onChange(hear: () => void): () => void {
    this.#listeners.add(hear)
    return () => this.#listeners.delete(hear)
  }

  hangUp(): void {
    if (this.end !== null) return
    if (this.session === undefined) this.giveUp()
    else this.bye({ why: 'hung-up', code: null, reason: '', here: true })
  }

  async hold(): Promise<void> {
    this.#expect('talking')
    this.#holds = true
    this.become('holding')
    await this.#settle('held', 'talking')
  }

  async resume(): Promise<void> {
    this.#expect('held')
    this.#holds = false
    await this.#settle('talking', 'held')
  }

  async renegotiate(): Promise<void> {
    this.#expect('talking', 'held')
    await this.#offer()
  }

  async inform(contentType: string, content: string): Promise<void> {
    const { session } = this
    if (session === undefined || this.end !== null) throw new SipRefused(null, 'it is not there')
    await this.#acknowledged
    await new Promise<void>((resolve, reject) => {
      const refused = ({ message }: { message: IncomingResponseMessage }) =>
        reject(
          new SipRefused(isOurOwn(message) ? null : (message.statusCode ?? null), message.reasonPhrase ?? ''),
        )
      session.info(
        { onAccept: () => resolve(), onRedirect: refused, onReject: refused },
        { body: { contentDisposition: 'render', contentType, content } },
      )
    })
  }

  transfer(number: string, progress?: (code: number) => void): Promise<void> {
    const { agent } = this.house
    return this.#refer(`<sip:${encodeURIComponent(number)}@${agent.domain.host}>`, progress)
  }

  async transferTo(other: SipCall<Media>, progress?: (code: number) => void): Promise<void> {
    const session = other instanceof Call ? other.session : undefined
    if (session === undefined) throw new SipRefused(null, 'the other call is not there yet')
    const { callId, localTag, remoteTag, remoteURI } = session
    const replaces = encodeURIComponent(`${callId};to-tag=${remoteTag};from-tag=${localTag}`)
    await this.#refer(`<${remoteURI.toRaw()}?Replaces=${replaces}>`, progress)
    other.hangUp()
  }

  /** Whether it is the dialogue that a Replaces names, as the other side sees it (RFC 3891, 3). */
  isDialogue(callId: string, toTag: string, fromTag: string): boolean {
    const { session } = this
    return session?.callId === callId && session.localTag === toTag && session.remoteTag === fromTag
  }

  /** Another takes the place of the other side. */
  async takeOver(request: IncomingInviteRequest): Promise<void> {
    const offer = sdpOf(request.message)
    try {
      const body = await this.#inTurn(() =>
        offer === undefined ? this.media.offer('sendrecv') : this.media.answer(offer, 'sendrecv'),
      )
      const old = this.session
      if (this.end !== null) return void request.reject({ statusCode: 481 })
      const timer = timerFor(request.message)
      const extraHeaders = [...(timer?.headers ?? [])]
      const { session } = request.accept({ statusCode: 200, body: sdp(body), extraHeaders })
      if (old !== undefined) {
        old.delegate = {}
        if (old.sessionState === 'Confirmed') old.bye()
      }
      this.#holds = false
      this.remote = partyOf(request.message)
      this.establish(session, timer?.interval)
      this.#answerInAck = offer === undefined
      this.become('talking', { heldThere: offer !== undefined && !receives(directionOf(offer)) })
    } catch (error) {
      request.reject({ statusCode: error instanceof NotAcceptable ? 488 : 500 })
    }
  }

  /** From now on the dialogue is this one. */
  protected establish(session: Session, interval: SessionInterval | undefined): void {
    this.session = session
    session.delegate = {
      onAck: ({ message }) => {
        this.#acknowledge()
        const answer = sdpOf(message)
        return this.#answerInAck ? this.#takeAnswer(answer) : undefined
      },
      onAckTimeout: () => this.bye({ why: 'lost', code: 408, reason: 'no acknowledgement', here: true }),
      onBye: (request) => {
        request.accept()
        const reason = reasonOf(request.message.getHeader('reason'))
        const code = reason?.cause ?? null
        this.finish({ why: 'hung-up', code, reason: reason?.text ?? '', here: false })
      },
      onInvite: (request) => void this.#inTurn(() => this.#answerOffer(request)),
      onMessage: (request) => this.house.message(this.remote, request),
      onNotify: (request) => {
        request.accept()
        this.#referral?.notified(request.message)
      },
      onRefer: (request) => this.house.referred(this, session, request),
    }
    this.#keep(interval)
    this.media.onFailure?.((reason) => this.bye({ why: 'media', code: null, reason, here: true }))
  }

  /** The other side knows that the call is there. */
  protected acknowledged(): void {
    this.#acknowledge()
  }

  /** The offer was made in the answer to an INVITE without one; what comes with its ACK is the answer. */
  protected awaitAnswerInAck(): void {
    this.#answerInAck = true
  }

  protected become(state: SipCallState, change: { heldThere?: boolean } = {}): void {
    if (this.end !== null) return
    this.#state = state
    this.heldThere = change.heldThere ?? this.heldThere
    this.#tell()
  }

  /** BYE, as soon as it may be said (RFC 3261, 15), and the end at once. */
  protected bye(end: SipCallEnd): void {
    const { session } = this
    const extraHeaders = [...reasonHeader(end.code)]
    const say = () => {
      if (session?.sessionState === 'Confirmed') session.bye(undefined, { extraHeaders })
    }
    if (session?.sessionState === 'AckWait')
      session.delegate = { onAck: say, onAckTimeout: () => session.bye(undefined, { extraHeaders }) }
    else say()
    this.finish(end)
  }

  protected finish(end: SipCallEnd): void {
    if (this.end !== null) return
    this.end = end
    this.#state = 'ended'
    for (const timer of this.#timers) clearTimeout(timer)
    this.#acknowledge()
    this.#referral?.callEnded(end)
    this.media.close().catch(() => undefined)
    this.house.ended(this)
    this.#tell()
    this.#listeners.clear()
  }

  #tell(): void {
    for (const hear of [...this.#listeners]) this.house.guard(hear)
  }

  #expect(...states: readonly SipCallState[]): void {
    if (!states.includes(this.#state)) throw new SipRefused(null, `not while it is ${this.#state}`)
  }

  async #settle(then: SipCallState, otherwise: SipCallState): Promise<void> {
    try {
      await this.#offer()
      this.become(then)
    } catch (error) {
      this.#holds = otherwise === 'held'
      this.become(otherwise)
      throw error
    }
  }

  #wish(): Direction {
    return this.#holds ? 'sendonly' : 'sendrecv'
  }

  #inTurn<T>(act: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(act)
    this.#turn = done.catch(() => undefined)
    return done
  }

  /** Offers the media in the direction wished until it is agreed (RFC 3261, 14.1). */
  async #offer(): Promise<void> {
    await this.#acknowledged
    for (let glares = 0; ; glares++) {
      const result = await this.#inTurn(() => this.#offerOnce())
      if (result.kind === 'agreed') return
      if (result.kind === 'refused') {
        // The other side knows nothing of this call any more (RFC 5057, 5.1).
        if (result.code === 481 || result.code === 408 || result.code === null)
          this.bye({ why: 'lost', code: result.code, reason: result.reason, here: false })
        throw new SipRefused(result.code, result.reason)
      }
      if (glares >= MOST_GLARES) throw new SipRefused(491, 'Request Pending')
      const wait = result.afterMs ?? glareWait(this.direction === 'out', this.house.random)
      await new Promise<void>((resolve) => setTimeout(resolve, wait))
    }
  }

  async #offerOnce(): Promise<Exclude<Offering, { kind: 'failed' }>> {
    const { session, media, house } = this
    if (session === undefined || this.end !== null) throw new SipRefused(null, 'it has ended')
    const wish = this.#wish()
    const interval = this.#interval
    const result = await offerAgain(session, media, wish, [
      `Contact: ${house.agent.contact}`,
      ...(interval === undefined
        ? []
        : [`Session-Expires: ${interval.seconds};refresher=${interval.ours ? 'uac' : 'uas'}`]),
    ])
    if (result.kind === 'failed') {
      this.bye({ why: 'media', code: 488, reason: 'Not Acceptable Here', here: true })
      throw new SipRefused(488, 'the answer can’t be had')
    }
    if (result.kind !== 'agreed') return result
    this.#keep(result.interval)
    if (wish === 'sendrecv') this.become(this.#state, { heldThere: !receives(directionOf(result.answer)) })
    return result
  }

  async #answerOffer(request: IncomingInviteRequest): Promise<void> {
    const { message } = request
    if (this.end !== null) return
    const asked = sessionExpires(message.getHeader('session-expires'))
    if (asked !== undefined && asked.seconds < LEAST_INTERVAL_S) {
      request.reject({ statusCode: 422, extraHeaders: [`Min-SE: ${LEAST_INTERVAL_S}`] })
      return
    }
    const offer = sdpOf(message)
    if (offer === undefined && message.body !== '') {
      request.reject({ statusCode: 415, extraHeaders: [ACCEPT_SDP] })
      return
    }
    try {
      const body =
        offer === undefined
          ? await this.media.offer(this.#wish())
          : await this.media.answer(offer, this.#wish())
      if (this.end !== null) return
      const timer = timerFor(message)
      this.#answerInAck = offer === undefined
      request.accept({
        statusCode: 200,
        body: sdp(body),
        extraHeaders: [`Contact: ${this.house.agent.contact}`, ...(timer?.headers ?? [])],
      })
      this.#keep(timer?.interval)
      if (offer !== undefined) this.become(this.#state, { heldThere: !receives(directionOf(offer)) })
    } catch (error) {
      if (this.end === null) request.reject({ statusCode: error instanceof NotAcceptable ? 488 : 500 })
    }
  }

  async #takeAnswer(answer: string | undefined): Promise<void> {
    this.#answerInAck = false
    try {
      if (answer === undefined) throw new NotAcceptable('no answer')
      await this.media.accept(answer)
      this.become(this.#state, { heldThere: !receives(directionOf(answer)) })
    } catch {
      this.bye({ why: 'media', code: 488, reason: 'Not Acceptable Here', here: true })
    }
  }

  /** Refreshes the session in time, or ends it when nobody did (RFC 4028, 10). */
  #keep(interval: SessionInterval | undefined): void {
    this.#interval = interval
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers = []
    if (interval === undefined || this.end !== null) return
    const { refresh, over } = deadlines(interval)
    const lapse = () => this.bye({ why: 'lost', code: 408, reason: 'session expired', here: true })
    this.#timers.push(setTimeout(lapse, over))
    if (refresh !== null) this.#timers.push(setTimeout(() => this.#offer().catch(() => undefined), refresh))
  }

  async #refer(target: string, progress: ((code: number) => void) | undefined): Promise<void> {
    this.#expect('talking', 'held')
    await this.#acknowledged
    const { session, house } = this
    if (session === undefined || this.#referral !== undefined || this.end !== null)
      throw new SipRefused(null, 'a transfer is under way')
    const referral = refer(session, target, house.agent, progress)
    this.#referral = referral
    try {
      await referral.done
    } finally {
      this.#referral = undefined
    }
    this.hangUp()
  }
}
