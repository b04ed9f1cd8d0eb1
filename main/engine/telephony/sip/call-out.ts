/** A call that begins here (RFC 3261, 13.2). */
import {
  type IncomingResponseMessage,
  type OutgoingInviteRequest,
  type OutgoingRequestMessage,
  type Session,
  URI,
} from 'sip.js/lib/core/index.js'
import type { MediaSession } from '../../media/media-session.ts'
import { isOurOwn } from './agent.ts'
import { Call, type CallHouse } from './call.ts'
import { endOf, reasonOf } from './call-end.ts'
import { sdp, sdpOf } from './offer.ts'
import { directionOf, receives } from './session-description.ts'
import { agreedAsClient, LEAST_INTERVAL_S } from './session-timer.ts'

/** How often a call is sent on: whoever is forwarded to may forward, too (RFC 3261, 8.1.3.4). */
const MOST_REDIRECTS = 5
/** How long an exchange may take to confirm that a call was given up. */
const GIVEN_UP_MS = 32_000

export class CallOut<Media extends MediaSession> extends Call<Media> {
  readonly direction = 'out'
  readonly #target: URI
  readonly #headers: readonly string[]
  #invite: OutgoingInviteRequest | undefined
  #isHeardOf = false
  readonly #redirectedTo = new Set<string>()
  /** The branch of the INVITE that has been cancelled. */
  #cancelled: string | undefined
  /** What the media has been told already, of sound before the call is answered. */
  #heard: string | undefined

  constructor(house: CallHouse, target: URI, number: string, media: Media, headers: readonly string[] = []) {
    super(house, { number, name: null }, number, 'trying', media)
    this.#target = target
    this.#headers = headers
  }

  async begin(): Promise<void> {
    try {
      await this.house.agent.open()
      const offer = await this.media.offer('sendrecv')
      if (this.end === null) this.#send(offer, this.house.sessionS)
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      this.finish({ why: 'failed', code: null, reason, here: true })
    }
  }

  ring(): void {}

  redirect(): void {}

  async accept(): Promise<void> {}

  reject(): void {
    this.hangUp()
  }

  protected giveUp(): void {
    const invite = this.#invite
    this.finish({ why: 'cancelled', code: null, reason: '', here: true })
    if (this.#isHeardOf) this.#cancel()
    // An exchange that never confirms it must not keep the transaction for ever.
    if (invite !== undefined) setTimeout(() => invite.dispose(), GIVEN_UP_MS).unref()
  }

  #send(offer: string, sessionS: number, again?: OutgoingRequestMessage, target = this.#target): void {
    const { agent } = this.house
    const message = agent.compose('INVITE', target, {
      headers: [
        ...this.#headers,
        agent.allow,
        ...(sessionS > 0 ? [`Session-Expires: ${sessionS}`, `Min-SE: ${LEAST_INTERVAL_S}`] : []),
      ],
      body: sdp(offer),
      to: this.#target,
      ...(again !== undefined && { callId: again.callId, fromTag: again.fromTag, cseq: again.cseq + 1 }),
    })
    this.#invite = agent.core.invite(message, {
      onTrying: () => this.#heardOf(),
      onProgress: ({ message }) => {
        this.#heardOf()
        void this.#progress(message)
      },
      onAccept: ({ message, session, ack }) => {
        ack()
        // Given up meanwhile, or answered by a second phone.
        if (this.end !== null || this.session !== undefined) session.bye()
        else void this.#answered(session, message)
      },
      onRedirect: ({ message: answer }) => {
        const next = this.end === null ? this.#redirected(answer) : undefined
        if (next === undefined) this.#refused(answer)
        else this.#send(offer, sessionS, message, next)
      },
      onReject: ({ message: answer }) => {
        const least = Number(answer.getHeader('min-se'))
        const mends = answer.statusCode === 422 && least > sessionS && this.end === null
        if (mends) this.#send(offer, least, message, target)
        else this.#refused(answer)
      },
    })
  }

  /** Where it is to go instead; nowhere it has been sent to before, and nothing but the address is taken over. */
  #redirected(message: IncomingResponseMessage): URI | undefined {
    const uri = message.parseHeader('contact')?.uri
    if (!(uri instanceof URI) || uri.user === undefined) return undefined
    const next = new URI(this.#target.scheme, uri.user, uri.host, uri.port)
    const key = next.toString()
    if (this.#redirectedTo.has(key) || this.#redirectedTo.size >= MOST_REDIRECTS) return undefined
    this.#redirectedTo.add(key)
    return next
  }

  /**
   * Only now can it be cancelled (RFC 3261, 9.1). It may have been given up meanwhile, also while sip.js
   * answered a challenge, which makes another INVITE of it.
   */
  #heardOf(): void {
    this.#isHeardOf = true
    if (this.end !== null) this.#cancel()
  }

  #cancel(): void {
    const invite = this.#invite
    if (invite === undefined || invite.message.branch === this.#cancelled) return
    this.#cancelled = invite.message.branch
    invite.cancel()
  }

  async #progress(message: IncomingResponseMessage): Promise<void> {
    if (this.session !== undefined || this.end !== null) return
    const answer = sdpOf(message)
    if (answer !== undefined && this.#heard === undefined) {
      this.#heard = answer
      // Sound that can't be had before the answer is no reason to end the call.
      const can = await this.media.accept(answer).then(
        () => true,
        () => false,
      )
      if (!can) this.#heard = undefined
      if (this.session !== undefined || this.end !== null) return
    }
    if (this.#heard !== undefined) this.become('early')
    else if (message.statusCode === 180) this.become('ringing')
  }

  async #answered(session: Session, message: IncomingResponseMessage): Promise<void> {
    this.establish(session, agreedAsClient(message.getHeader('session-expires')))
    this.acknowledged()
    const answer = sdpOf(message) ?? this.#heard
    try {
      if (answer === undefined) throw new Error('no answer')
      if (answer !== this.#heard) await this.media.accept(answer)
      this.become('talking', { heldThere: !receives(directionOf(answer)) })
    } catch {
      if (this.end === null) this.bye({ why: 'media', code: 488, reason: 'Not Acceptable Here', here: true })
    }
  }

  #refused(message: IncomingResponseMessage): void {
    const { statusCode = 0, reasonPhrase = '' } = message
    if (isOurOwn(message)) {
      this.finish({ why: 'failed', code: null, reason: reasonPhrase, here: false })
      return
    }
    const reason = reasonOf(message.getHeader('reason'))?.text || reasonPhrase
    this.finish({ why: endOf(statusCode), code: statusCode, reason, here: false })
  }
}
