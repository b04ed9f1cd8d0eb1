/** How SIP messages travel: UDP, TCP, TLS (RFC 3261, 18), and WebSocket (RFC 7118). */
import type { ExchangeServer } from '../../../../contract/telephony.ts'
import type { Resolver } from '../locate.ts'

export interface SipTransport {
  /** As the Via says it. */
  readonly protocol: 'UDP' | 'TCP' | 'TLS' | 'WS' | 'WSS'
  /** Where others reach this side, for Via and Contact: known once it is open, and anew after each opening. */
  readonly local: LocalAddress
  /** Does nothing if it is open. Rejects with the reason. */
  open(): Promise<void>
  /** As `open`; and where it is open, looks whether this machine and the exchange still have their addresses. */
  refresh(): Promise<void>
  /** Requests by Route, Request-URI or to the server; responses whence the request came. */
  send(message: string): Promise<void>
  /**
   * Asks the other end of a connection whether it is there, below SIP (RFC 5626, 3.5.1; RFC 7118, 6). Rejects if
   * there is no connection; may never resolve. Undefined where there are no connections.
   */
  readonly ping: (() => Promise<void>) | undefined
  /** Nobody answers over it: a connection is given up; the next opening, or refreshing, tries another place first. */
  doubt(): void
  close(): Promise<void>
}

export interface LocalAddress {
  /** Of IPv6 without brackets. */
  readonly host: string
  /** Undefined where the name is one that nobody can look up. */
  readonly port: number | undefined
}

/** Over UDP anybody may send. */
export type Sender = 'exchange' | 'stranger'

export interface TransportEars {
  /** A whole message with its headers unfolded; of a request, the Via says where it came from. */
  message(text: string, from: Sender): void
  /** It was open, and is not any more, though nobody closed it. */
  lost(why: string): void
}

export interface TransportOptions {
  readonly server: ExchangeServer
  /** Other hosts of the exchange that may send here, by name or address. */
  readonly otherHosts?: readonly string[]
  readonly domain: string
  /** PEM; the system's if not given. */
  readonly authorities?: string
  /** Of host names; the system's if not given. */
  readonly resolver?: Resolver
}

/** The same places, those behind which nobody answered put last. */
export const turned = <T>(places: readonly [T, ...T[]], turns: number): [T, ...T[]] => {
  const at = turns % places.length
  return [...places.slice(at), ...places.slice(0, at)] as [T, ...T[]]
}

export const notOpen = () => new Error('not connected')
