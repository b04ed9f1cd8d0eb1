/** The transport that a server asks for. */
import { StreamTransport } from './stream-transport.ts'
import type { SipTransport, TransportEars, TransportOptions } from './transport.ts'
import { UdpTransport } from './udp-transport.ts'
import { WebSocketTransport } from './websocket-transport.ts'

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
