/** One account at one server of an exchange: registration, calls, messages. The only door to SIP. */
import type { ExchangeServer } from '../../../../contract/telephony.ts'
import type { MediaSession } from '../../media/media-session.ts'
import type { SipCall, SipParty } from './sip-call.ts'

export interface SipPortOptions<Media extends MediaSession = MediaSession> {
  readonly server: ExchangeServer
  /** What stands behind the @ of its numbers, and where requests without a dialogue are addressed to. */
  readonly domain: string
  readonly user: string
  /** If the exchange knows the account under another name than the user. */
  readonly authUser?: string
  readonly password: string
  readonly displayName?: string
  /** PEM of the authorities that may vouch for the server over TLS and WSS; the system's if not given. */
  readonly authorities?: string
  /** How long a registration is asked for, in seconds. */
  readonly expiresS?: number
  openMedia(): Media
  readonly ears: SipPortEars<Media>
}

export interface SipPortEars<Media extends MediaSession = MediaSession> {
  /** A call comes in; it waits until it is accepted, rejected or given up over there. */
  incoming(call: SipCall<Media>): void
  message(message: SipText): void
  registration(registration: Registration): void
}

/** A text sent with MESSAGE (RFC 3428): from outside, at most 64 KB. */
export interface SipText {
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

/** Of a watched number (RFC 4235). */
export type NumberState = 'unknown' | 'idle' | 'ringing' | 'busy' | 'offline'

export interface SipPort<Media extends MediaSession = MediaSession> {
  readonly registration: Registration
  /** Those that have not ended, the oldest first. */
  readonly calls: readonly SipCall<Media>[]
  /** Connects if need be. Once registered it refreshes by itself; a refresh that fails ends in `failing`. */
  register(): Promise<void>
  unregister(): Promise<void>
  /** A number of this exchange's domain. */
  call(number: string): SipCall<Media>
  sendMessage(number: string, text: string): Promise<void>
  /** Tells the state at once and with every change; returns how to stop. */
  watch(number: string, hear: (state: NumberState) => void): () => void
  /** Ends its calls, unregisters, and lets go of the network. */
  close(): Promise<void>
}
