/** How SIP messages travel: UDP, TCP, TLS (RFC 3261, 18), and WebSocket (RFC 7118). */
import type { ExchangeServer } from '../../../../contract/telephony.ts'
import { StreamTransport } from './stream-transport.ts'
import { UdpTransport } from './udp-transport.ts'
import { WebSocketTransport } from './websocket-transport.ts'

export interface SipTransport {
  /** As the Via says it. */
  readonly protocol: 'UDP' | 'TCP' | 'TLS' | 'WS' | 'WSS'
  /** Where others reach this side, for Via and Contact: known once it is open, and anew after each opening. */
  readonly local: LocalAddress
  /** Does nothing if it is open. Rejects with the reason. */
  open(): Promise<void>
  /** Requests by Route, Request-URI or to the server; responses whence the request came. */
  send(message: string): Promise<void>
  close(): Promise<void>
}

export interface LocalAddress {
  readonly host: string
  /** Undefined where the name is one that nobody can look up. */
  readonly port: number | undefined
}

export interface TransportEars {
  /** A whole message with its headers unfolded; of a request, the Via says where it came from. */
  message(text: string): void
  /** It was open, and is not any more, though nobody closed it. */
  lost(why: string): void
}

export interface TransportOptions {
  readonly server: ExchangeServer
  readonly domain: string
  readonly authorities?: string
}

/** Not open yet. */
export function transportTo(options: TransportOptions, ears: TransportEars): SipTransport {
  switch (options.server.transport) {
    case 'udp':
      return new UdpTransport(options, ears)
    case 'tcp':
    case 'tls':
      return new StreamTransport(options, ears)
    case 'ws':
    case 'wss':
      return new WebSocketTransport(options, ears)
  }
}

export const notOpen = () => new Error('not connected')
