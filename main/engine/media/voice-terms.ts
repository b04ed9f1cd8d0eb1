/** What one line of the other side's description comes to (RFC 3264), where it is voice that we can have. */

import { clockRate, encodingName, type NetworkCodec, payloadTypes } from './codec.ts'
import type { Fingerprint } from './dtls.ts'
import type { Direction } from './media-session.ts'
import { keyIn } from './sdes.ts'
import { type SdpLine, valuesOf } from './sdp.ts'

export interface Address {
  /** An IPv4 address. */
  readonly host: string
  readonly port: number
}

/**
 * In the order in which we offer them. Of those that sound alike, what costs least is first: the page's microphone
 * speaks G.722.
 */
export const preference: readonly NetworkCodec[] = ['G722', 'opus', 'PCMA', 'PCMU']

const isWide = (codec: NetworkCodec): boolean => codec === 'G722' || codec === 'opus'

/** What goes which way. */
interface Ways {
  readonly send: boolean
  readonly receive: boolean
}

export const waysOf = (direction: Direction): Ways => ({
  send: direction === 'sendrecv' || direction === 'sendonly',
  receive: direction === 'sendrecv' || direction === 'recvonly',
})

export const directionOf = ({ send, receive }: Ways): Direction =>
  send ? (receive ? 'sendrecv' : 'sendonly') : receive ? 'recvonly' : 'inactive'

/** Telephone events (RFC 4733). */
interface EventTerms {
  readonly type: number
  /** Time units a second: the voice's, but for telephones that know no other than 8,000. */
  readonly rate: number
}

/** What one of their m-lines comes to. */
export interface Terms {
  readonly remote: Address | undefined
  readonly rtcp: Address | undefined
  readonly mux: boolean
  readonly codec: NetworkCodec
  readonly sendType: number
  readonly events: EventTerms | undefined
  /** As seen from them. */
  readonly theirs: Direction
  readonly key: ReturnType<typeof keyIn>
  readonly dtls: { readonly fingerprints: readonly Fingerprint[]; readonly setup: Setup } | undefined
}

const setups = ['active', 'passive', 'actpass'] as const
export type Setup = (typeof setups)[number]

/** Nothing if it isn't voice that we can have. */
export function termsOf(line: SdpLine): Terms | undefined {
  if (line.kind !== 'audio' || line.port === 0) return undefined
  const [, handshake, secure] = /^(UDP\/TLS\/)?RTP\/(S)?AVPF?$/.exec(line.protocol) ?? [undefined, 'none']
  if (handshake === 'none' || (handshake !== undefined && secure === undefined)) return undefined
  const dtls = handshake === undefined ? undefined : dtlsIn(line)
  const key = secure !== undefined && handshake === undefined ? keyIn(line) : undefined
  if (secure !== undefined && dtls === undefined && key === undefined) return undefined
  if (line.address === undefined || !isUnicast(line.address)) return undefined
  const named = namesOf(line)
  const voices = line.formats.map(Number).flatMap((type) => {
    const codec = codecOf(named.get(type))
    return codec === undefined ? [] : [{ type, codec }]
  })
  // In their order, but wideband before what is not.
  const voice = voices.find(({ codec }) => isWide(codec)) ?? voices[0]
  if (voice === undefined) return undefined
  const noAddress = line.address === '0.0.0.0'
  const remote = noAddress ? undefined : { host: line.address, port: line.port }
  const mux = valuesOf(line, 'rtcp-mux').length > 0
  return {
    remote,
    rtcp: remote && (mux ? remote : rtcpOf(line, remote)),
    mux,
    codec: voice.codec,
    sendType: voice.type,
    events: eventsIn(line, named, clockRate[voice.codec]),
    theirs: noAddress ? directionOf({ ...waysOf(line.direction), receive: false }) : line.direction,
    key,
    dtls,
  }
}

/** Fingerprints of a kind that we can check, and who is to begin (RFC 5763, 5). */
function dtlsIn(line: SdpLine): Terms['dtls'] {
  const fingerprints = valuesOf(line, 'fingerprint').flatMap((value) => {
    const [, hash, octets] = /^(\S+)\s+([0-9A-Fa-f:]+)\s*$/.exec(value) ?? []
    return hash?.toLowerCase() === 'sha-256' && octets !== undefined
      ? [{ hash: 'sha-256', value: octets.toUpperCase() }]
      : []
  })
  const setup = setups.find((each) => each === valuesOf(line, 'setup')[0]?.trim().toLowerCase())
  return fingerprints.length === 0 || setup === undefined ? undefined : { fingerprints, setup }
}

/** RTCP is one port above RTP, or where `a=rtcp` says (RFC 3605). */
function rtcpOf(line: SdpLine, { host, port }: Address): Address | undefined {
  const [given = ''] = valuesOf(line, 'rtcp')
  const [, said, address = host] = /^(\d{1,5})(?:\s+IN\s+IP4\s+(\S+))?/i.exec(given) ?? []
  const rtcp = said === undefined ? port + 1 : Number(said)
  return rtcp > 0 && rtcp <= 65_535 && isUnicast(address) ? { host: address, port: rtcp } : undefined
}

/** Those by the voice's clock (RFC 4733, 2.1), or what else they have. */
function eventsIn(line: SdpLine, named: ReadonlyMap<number, string>, rate: number): EventTerms | undefined {
  const events = line.formats.map(Number).flatMap((type) => {
    const [, said] = /^TELEPHONE-EVENT\/(8000|16000|48000)$/.exec(named.get(type) ?? '') ?? []
    return said === undefined ? [] : [{ type, rate: Number(said) }]
  })
  return events.find((each) => each.rate === rate) ?? events[0]
}

/** The encodings by payload type, in capitals: what rtpmap says, or the table of RFC 3551. */
function namesOf(line: SdpLine): ReadonlyMap<number, string> {
  const names = new Map(
    (['PCMU', 'PCMA', 'G722'] as const).map((codec) => [payloadTypes[codec], encodingName[codec]]),
  )
  for (const value of valuesOf(line, 'rtpmap')) {
    const [, type, name] = /^(\d{1,3})\s+([^/\s]+\/\d+(?:\/2)?)(?:\/1)?\s*$/.exec(value) ?? []
    if (type !== undefined && name !== undefined && Number(type) < 128)
      names.set(Number(type), name.toUpperCase())
  }
  return names
}

const codecOf = (name: string | undefined): NetworkCodec | undefined =>
  preference.find((codec) => name === encodingName[codec].toUpperCase())

/** An IPv4 address that a packet can be sent to, or 0.0.0.0. */
function isUnicast(address: string): boolean {
  const octets = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(address)?.slice(1).map(Number)
  return octets?.every((octet) => octet <= 255) === true && (octets[0] ?? 0) < 224
}
