/** A call as the telephone sees it: one SIP dialogue and its media, whoever began it. */
import type { CallEnd } from '../../../../contract/telephony.ts'
import type { MediaSession } from '../../media/media-session.ts'

/**
 * Out: `trying` (nothing but 100 heard), `ringing` (180), `early` (183 with sound of the exchange), then as in.
 * In: `waiting` (not answered yet), then `talking`. `holding`: asked for, not yet confirmed, so that the other
 * side may still hear us; `held`: confirmed, and it stays so until a resume is confirmed.
 */
export type SipCallState =
  | 'trying'
  | 'ringing'
  | 'early'
  | 'waiting'
  | 'talking'
  | 'holding'
  | 'held'
  | 'ended'

/** Text from outside: show it, believe nothing of it. */
export interface SipParty {
  /** The user part of its address. */
  readonly number: string
  readonly name: string | null
}

export interface SipCallEnd {
  readonly why: CallEnd
  /** The SIP status (RFC 3261, 21) it ended with, null where there was none. */
  readonly code: number | null
  /** What was said with it, as `Busy Here`: text from outside, maybe empty. */
  readonly reason: string
  /** Whether this side ended it. */
  readonly here: boolean
}

/** Something asked of the other side, or of the exchange, was refused or did not come about. */
export class SipRefused extends Error {
  override readonly name = 'SipRefused'
  /** The SIP status, null where nothing was heard. */
  readonly code: number | null

  constructor(code: number | null, reason: string) {
    super(reason)
    this.code = code
  }
}

/** Methods reject with `SipRefused`; a call that can't do what is asked in its state says so by that too. */
export interface SipCall<Media extends MediaSession = MediaSession> {
  readonly direction: 'out' | 'in'
  readonly remote: SipParty
  /** The number that was dialled; of a call in, one of those that the exchange sends here. */
  readonly called: string
  readonly state: SipCallState
  /** The other side holds us. */
  readonly heldThere: boolean
  /** Of `ended`. */
  readonly end: SipCallEnd | null
  readonly media: Media
  /** Tells of every change of state, heldThere and remote; returns how to stop listening. */
  onChange(hear: () => void): () => void
  /** In: says 180 Ringing. */
  ring(): void
  /** In: resolves when 200 is on its way. Media that can't be had ends the call with 488. */
  accept(): Promise<void>
  /** In: 486 Busy Here, 480 Temporarily Unavailable, 603 Decline and their like. */
  reject(code: number): void
  /** In: 302 Moved Temporarily (RFC 3261, 21.3.3): the exchange is to try this number instead. */
  redirect(number: string): void
  /** Ends it in any state: CANCEL, 603 or BYE. Resolves at once; `ended` may follow when the other side agrees. */
  hangUp(): void
  hold(): Promise<void>
  resume(): Promise<void>
  /** Offers the media again, in the direction of the state. */
  renegotiate(): Promise<void>
  /** Tells the other side something within the call (RFC 6086), and resolves when that has been taken. */
  inform(contentType: string, content: string): Promise<void>
  /**
   * To a number, without asking there first (RFC 3515). Resolves when it answers, and this call is then over;
   * rejects if it does not, and this call is then as before.
   */
  transfer(number: string, progress?: (code: number) => void): Promise<void>
  /** Joins the other sides of this call and another (RFC 3891), and ends both here. */
  transferTo(other: SipCall<Media>, progress?: (code: number) => void): Promise<void>
}
