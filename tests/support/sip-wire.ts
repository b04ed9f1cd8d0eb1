/** A SIP port of the engine's without a network: a test writes what it hears and reads what it says. */
import type { MediaSession } from '../../main/engine/media/media-session.ts'
import type { SipCall } from '../../main/engine/telephony/sip/sip-call.ts'
import {
  openSipPort,
  type SipPort,
  type SipPortOptions,
  type SipText,
} from '../../main/engine/telephony/sip/sip-port.ts'
import type { Sender, SipTransport } from '../../main/engine/telephony/sip/transport.ts'
import { unfolded } from '../../main/engine/telephony/sip/wire.ts'
import type { AtEnd } from './at-end.ts'

export interface WiredPort {
  readonly port: SipPort
  readonly incoming: readonly SipCall[]
  readonly messages: readonly SipText[]
  readonly troubles: readonly unknown[]
  /** All that it has said, the oldest first. */
  readonly sent: string[]
  /** How often its connection was doubted. */
  readonly doubted: () => number
  hear(message: string, from?: Sender): void
}

const silentMedia: MediaSession = {
  offer: async () => 'v=0\r\nm=audio 4000 RTP/AVP 0\r\n',
  answer: async () => 'v=0\r\nm=audio 4000 RTP/AVP 0\r\n',
  accept: async () => undefined,
  rollBack: () => undefined,
  close: async () => undefined,
}

export function openWiredPort(
  atEnd: AtEnd,
  options: Partial<Omit<SipPortOptions, 'ears'>> & {
    readonly ears?: Partial<SipPortOptions['ears']>
    readonly readsMessages?: boolean
  } = {},
): WiredPort {
  const { ears, readsMessages = true, ...rest } = options
  const sent: string[] = []
  const incoming: SipCall[] = []
  const messages: SipText[] = []
  const troubles: unknown[] = []
  let doubted = 0
  let ending = false
  let hear: WiredPort['hear'] = () => undefined
  const port = openSipPort({
    server: { transport: 'udp', host: '192.0.2.1', port: 5060 },
    domain: 'pbx.test',
    user: 'desk',
    password: 'none',
    openMedia: () => silentMedia,
    openTransport: (_, { message }): SipTransport => {
      hear = (text, from = 'exchange') => message(unfolded(text) ?? '', from)
      return {
        protocol: 'UDP',
        ping: undefined,
        local: { host: '192.0.2.2', port: 5060 },
        open: async () => undefined,
        refresh: async () => undefined,
        send: async (text) => {
          sent.push(text)
          // Nobody waits for farewells that a test does not look at.
          if (ending && !text.startsWith('SIP/2.0 ')) queueMicrotask(() => hear(sipAnswer(text, '200 OK')))
        },
        doubt: () => {
          doubted += 1
        },
        close: async () => undefined,
      }
    },
    ...rest,
    ears: {
      incoming: (call) => incoming.push(call),
      ...(readsMessages && { message: (message: SipText) => messages.push(message) }),
      registration: () => undefined,
      trouble: (error) => troubles.push(error),
      ...ears,
    },
  })
  atEnd(() => {
    ending = true
    return port.close()
  })
  return {
    port,
    incoming,
    messages,
    troubles,
    sent,
    doubted: () => doubted,
    hear: (message, from) => hear(message, from),
  }
}

/** A request as an exchange at 192.0.2.1 sends it to the desk; lines and body may be put in place of the usual. */
export function sipRequest(
  method: string,
  {
    id = 'one',
    toTag = '',
    cseq = 1,
    headers = [],
    body = '',
    uri = 'sip:desk@192.0.2.2',
  }: Partial<{
    id: string
    toTag: string
    cseq: number
    headers: readonly string[]
    body: string
    uri: string
  }> = {},
): string {
  return [
    `${method} ${uri} SIP/2.0`,
    `Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK-${method}-${id}-${cseq};rport`,
    'From: <sip:caller@pbx.test>;tag=theirs',
    `To: <sip:desk@pbx.test>${toTag === '' ? '' : `;tag=${toTag}`}`,
    `Call-ID: ${id}`,
    `CSeq: ${cseq} ${method}`,
    'Contact: <sip:caller@192.0.2.9>',
    'Max-Forwards: 70',
    ...headers,
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n')
}

/** An answer to a request that a port has sent. */
export function sipAnswer(
  request: string,
  status: string,
  headers: readonly string[] = [],
  body = '',
): string {
  const line = (name: string) => new RegExp(`^${name}:.*$`, 'im').exec(request)?.[0] ?? ''
  return [
    `SIP/2.0 ${status}`,
    ...['via', 'from'].map(line),
    `${line('to')}${/;tag=/.test(line('to')) ? '' : ';tag=theirs'}`,
    ...['call-id', 'cseq'].map(line),
    ...headers,
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n')
}

/** The status of an answer, or the method of a request. */
export const kindOf = (message: string): string =>
  message.startsWith('SIP/2.0 ') ? message.slice(8, 11) : (message.split(' ')[0] ?? '')
