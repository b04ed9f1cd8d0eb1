/** What a SIP dialogue asks of its media (RFC 3264): descriptions go in and out, sound stays here. */

/** As seen from here: `sendonly` and `inactive` are a hold. */
export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive'

export interface MediaSession {
  /** An SDP offer, for the first time or again. */
  offer(direction: Direction): Promise<string>
  /** The SDP answer to an offer. Rejects with `NotAcceptable` where nothing offered can be had. */
  answer(offer: string, direction: Direction): Promise<string>
  /** Takes the other side's answer to the last offer. Rejects with `NotAcceptable`. */
  accept(answer: string): Promise<void>
  /** Forgets an offer that was refused; what was agreed before stays. */
  rollBack(): void
  /** Tells, once there can be no sound, why; nothing by itself ends a call. */
  onFailure?(listener: (why: string) => void): void
  close(): Promise<void>
}

/** Answered with 488 Not Acceptable Here (RFC 3261, 21.4.26). */
export class NotAcceptable extends Error {
  override readonly name = 'NotAcceptable'
}
