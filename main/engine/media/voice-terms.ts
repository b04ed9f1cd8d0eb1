/** What one line of the other side's description comes to (RFC 3264), where it is voice that we can have. */
import type { Fingerprint } from './dtls.ts'
import { type Codec, staticPayloadType } from './g711.ts'
import type { Direction } from './media-session.ts'
import { keyIn } from './sdes.ts'
import { type SdpLine, valuesOf } from './sdp.ts'

export interface Address {
  /** An IPv4 address. */
  readonly host: string
  readonly port: number
}

/** In the order in which we offer them. */
export const codecs: readonly Codec[] = ['PCMA', 'PCMU']

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

/** What one of their m-lines comes to. */
export interface Terms {
  readonly remote: Address | undefined
  readonly rtcp: Address | undefined
  readonly mux: boolean
  readonly codec: Codec
  readonly sendType: number
  readonly eventType: number | undefined
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
  const voice = line.formats.map(Number).find((type) => codecOf(named.get(type)) !== undefined)
  const codec = voice === undefined ? undefined : codecOf(named.get(voice))
  if (voice === undefined || codec === undefined) return undefined
  const noAddress = line.address === '0.0.0.0'
  const remote = noAddress ? undefined : { host: line.address, port: line.port }
  const mux = valuesOf(line, 'rtcp-mux').length > 0
  return {
    remote,
    rtcp: remote && (mux ? remote : rtcpOf(line, remote)),
    mux,
    codec,
    sendType: voice,
    eventType: line.formats.map(Number).find((type) => named.get(type) === 'TELEPHONE-EVENT/8000'),
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

/** The encodings by payload type, in capitals: what rtpmap says, or the table of RFC 3551. */
function namesOf(line: SdpLine): ReadonlyMap<number, string> {
  const names = new Map(codecs.map((codec) => [staticPayloadType[codec], `${codec}/8000`]))
  for (const value of valuesOf(line, 'rtpmap')) {
    const [, type, name] = /^(\d{1,3})\s+([^/\s]+\/\d+)(?:\/1)?\s*$/.exec(value) ?? []
    if (type !== undefined && name !== undefined && Number(type) < 128)
      names.set(Number(type), name.toUpperCase())
  }
  return names
}

const codecOf = (name: string | undefined): Codec | undefined =>
  codecs.find((codec) => name === `${codec}/8000`)

/** An IPv4 address that a packet can be sent to, or 0.0.0.0. */
function isUnicast(address: string): boolean {
  const octets = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(address)?.slice(1).map(Number)
  return octets?.every((octet) => octet <= 255) === true && (octets[0] ?? 0) < 224
}
