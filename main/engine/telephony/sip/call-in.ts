/** A call that comes in (RFC 3261, 13.3). */
import { type IncomingInviteRequest, URI } from 'sip.js/lib/core/index.js'
import { type MediaSession, NotAcceptable } from '../../media/media-session.ts'
import { Call, type CallHouse } from './call.ts'
import { endOf, reasonOf, takenElsewhere } from './call-end.ts'
import { calledNumber } from './hearing.ts'
import { sdp, sdpOf, timerFor } from './offer.ts'
import { partyOf } from './party.ts'
import { directionOf, receives } from './session-description.ts'
import { SipRefused } from './sip-call.ts'

export class CallIn<Media extends MediaSession> extends Call<Media> {
  readonly direction = 'in'
  readonly #request: IncomingInviteRequest
  #accepting = false

  constructor(house: CallHouse, request: IncomingInviteRequest, media: Media) {
    const { message } = request
    const called = calledNumber(message)
    const own = called === '' || called === house.agent.account.user
    super(house, partyOf(message), own ? (message.to.uri.user ?? '') : called, 'waiting', media)
    this.#request = request
    request.delegate = {
      onCancel: (cancel) => {
        if (this.end !== null) return
        request.reject({ statusCode: 487 })
        const reason = reasonOf(cancel.getHeader('reason'))
        const why = takenElsewhere(reason) ? 'elsewhere' : 'cancelled'
        this.finish({ why, code: 487, reason: reason?.text ?? '', here: false })
      },
    }
  }

  ring(): void {
    if (this.state === 'waiting' && !this.#accepting) this.#request.progress({ statusCode: 180 })
  }

  async accept(): Promise<void> {
    if (this.state !== 'waiting' || this.#accepting)
      throw new SipRefused(null, `not while it is ${this.state}`)
    this.#accepting = true
    const { message } = this.#request
    const offer = sdpOf(message)
    try {
      const answer =
        offer === undefined ? await this.media.offer('sendrecv') : await this.media.answer(offer, 'sendrecv')
      if (this.end !== null) throw new SipRefused(this.end.code, this.end.reason)
      this.#answer(answer, offer)
    } catch (error) {
      if (error instanceof SipRefused) throw error
      const code = error instanceof NotAcceptable ? 488 : 500
      this.#refuse(code)
      throw new SipRefused(code, error instanceof Error ? error.message : '')
    }
  }

  reject(code: number): void {
    if (this.state === 'waiting') this.#refuse(code)
  }

  redirect(number: string): void {
    if (this.state !== 'waiting' || this.#accepting) return
    const { agent } = this.house
    const { scheme, host } = agent.domain
    this.#request.redirect([new URI(scheme, number, host)], {
      statusCode: 302,
      extraHeaders: [`Diversion: <${scheme}:${agent.account.user}@${host}>;reason=no-answer`],
    })
    this.finish({ why: endOf(302), code: 302, reason: '', here: true })
  }

  protected giveUp(): void {
    this.#refuse(603)
  }

  #answer(answer: string, offer: string | undefined): void {
    const { message } = this.#request
    const timer = timerFor(message)
    const { session } = this.#request.accept({
      statusCode: 200,
      body: sdp(answer),
      extraHeaders: [...(timer?.headers ?? [])],
    })
    this.establish(session, timer?.interval)
    if (offer === undefined) this.awaitAnswerInAck()
    this.become('talking', { heldThere: offer !== undefined && !receives(directionOf(offer)) })
  }

  #refuse(code: number): void {
    if (this.end !== null) return
    this.#request.reject({ statusCode: code })
    this.finish({ why: endOf(code), code, reason: '', here: true })
  }
}
