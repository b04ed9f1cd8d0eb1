/** Offer and answer (RFC 3264) for one stream of voice: G.711, telephone events, hold; plain or with SDES. */
import { type Codec, staticPayloadType } from './g711.ts'
import { type Direction, NotAcceptable } from './media-session.ts'
import { cryptoAttribute, keyIn } from './sdes.ts'
import { type OwnLine, parseSdp, type SdpLine, valuesOf, writeSdp } from './sdp.ts'

export interface Address {
  /** An IPv4 address. */
  readonly host: string
  readonly port: number
}

/** What both sides agreed on. */
export interface Agreed {
  /** Where voice goes; nowhere if the other side gave no address to hold us (RFC 3264, 8.4). */
  readonly remote: Address | undefined
  readonly rtcp: Address | undefined
  /** RTCP shares RTP's ports (RFC 5761). */
  readonly mux: boolean
  readonly codec: Codec
  readonly sendType: number
  readonly receiveTypes: ReadonlyMap<number, Codec>
  /** Payload types of telephone events. */
  readonly events: { readonly send: number; readonly receive: number } | undefined
  /** As seen from here. */
  readonly direction: Direction
  /** They asked for `sendonly` or `inactive`. */
  readonly heldByThem: boolean
  /** Master keys and salts of both ways, where it is SRTP. */
  readonly keys: { readonly send: Uint8Array; readonly receive: Uint8Array } | undefined
}

export interface OfferAnswerOptions {
  /** Where we receive. */
  readonly local: Address
  /** The number in `o=`. */
  readonly sessionId: number
  /** Offers SRTP, and refuses what isn't. Without it SRTP is taken where it is offered. */
  readonly secure: boolean
  /** Our master key and salt. */
  readonly key: Uint8Array
}

const codecs: readonly Codec[] = ['PCMA', 'PCMU']
const EVENT_TYPE = 101
const CRYPTO_TAG = '1'

/** What goes which way. */
interface Ways {
  readonly send: boolean
  readonly receive: boolean
}

const waysOf = (direction: Direction): Ways => ({
  send: direction === 'sendrecv' || direction === 'sendonly',
  receive: direction === 'sendrecv' || direction === 'recvonly',
})

const directionOf = ({ send, receive }: Ways): Direction =>
  send ? (receive ? 'sendrecv' : 'sendonly') : receive ? 'recvonly' : 'inactive'

/** What we want, as far as they want it too. */
function meet(ours: Direction, theirs: Direction): Direction {
  const [own, other] = [waysOf(ours), waysOf(theirs)]
  return directionOf({ send: own.send && other.receive, receive: own.receive && other.send })
}

export class OfferAnswer {
  readonly #options: OfferAnswerOptions
  #agreed: Agreed | undefined
  #offered:
    | { readonly direction: Direction; readonly lines: readonly OwnLine[]; readonly protected: boolean }
    | undefined
  /** Our m-lines as last agreed, for later descriptions keep their number and order; and where voice is among them. */
  #lines: readonly OwnLine[] = []
  #place = 0
  #version = 0
  #said = ''

  constructor(options: OfferAnswerOptions) {
    this.#options = options
  }

  get agreed(): Agreed | undefined {
    return this.#agreed
  }

  offer(direction: Direction): string {
    const first = this.#agreed?.codec
    const order = first === undefined ? codecs : [first, ...codecs.filter((codec) => codec !== first)]
    const { key, secure } = this.#options
    const protectedNow = this.#agreed === undefined ? secure : this.#agreed.keys !== undefined
    const audio = this.#voice({
      types: order.map((codec) => [this.#typeOf(codec), codec]),
      eventType: this.#agreed?.events?.receive ?? EVENT_TYPE,
      direction,
      protocol: protectedNow ? 'RTP/SAVP' : 'RTP/AVP',
      more: protectedNow ? [cryptoAttribute(CRYPTO_TAG, key)] : [],
    })
    const lines = this.#lines.length === 0 ? [audio] : this.#lines.with(this.#place, audio)
    this.#offered = { direction, lines, protected: protectedNow }
    return this.#say(lines)
  }

  /** Throws `NotAcceptable`. */
  answer(offer: string, direction: Direction): string {
    const offered = parseSdp(offer)
    const usable = offered.map((line) => this.#understand(line)).filter((each) => each !== undefined)
    const found = usable.find(({ terms }) => terms.key !== undefined) ?? usable[0]
    if (found === undefined) throw new NotAcceptable('no voice that we can have was offered')
    const { line, terms } = found
    const given = meet(direction, terms.theirs)
    const audio = this.#voice({
      types: [[terms.sendType, terms.codec]],
      eventType: terms.eventType,
      direction: given,
      protocol: line.protocol,
      more: [
        ...(terms.key === undefined ? [] : [cryptoAttribute(terms.key.tag, this.#options.key)]),
        ...(terms.mux ? ['rtcp-mux'] : []),
      ],
    })
    const lines = offered.map((each) => (each === line ? audio : refusedLine(each)))
    this.#agreed = this.#agreement(terms, given, terms.eventType, !waysOf(terms.theirs).receive)
    this.#offered = undefined
    this.#lines = lines
    this.#place = offered.indexOf(line)
    return this.#say(lines)
  }

  /**
   * Throws `NotAcceptable`; what was agreed before then stays. The same offer may be answered again: by a 183 and then
   * by the 200, or by another telephone that the call was forked to.
   */
  accept(answer: string): void {
    const offered = this.#offered
    if (offered === undefined) throw new NotAcceptable('nothing was offered')
    const found = parseSdp(answer)
      .map((line) => this.#understand(line))
      .find((each) => each !== undefined)
    if (found === undefined) throw new NotAcceptable('the answer has no voice that was offered')
    const { terms } = found
    // Plain where a key was offered, everybody could listen; a key where none was, nobody.
    if ((terms.key !== undefined) !== offered.protected)
      throw new NotAcceptable('the answer is for other protection than was offered')
    const eventType =
      terms.eventType === undefined ? undefined : (this.#agreed?.events?.receive ?? EVENT_TYPE)
    // Who is offered nothing can't say that he would take none.
    const held = waysOf(offered.direction).send
      ? !waysOf(terms.theirs).receive
      : (this.#agreed?.heldByThem ?? false)
    this.#agreed = this.#agreement(terms, meet(offered.direction, terms.theirs), eventType, held)
    this.#lines = offered.lines
  }

  /** Forgets an offer that was refused. */
  rollBack(): void {
    this.#offered = undefined
  }

  /** The number that goes up with every change (RFC 3264, 8). */
  #say(lines: readonly OwnLine[]): string {
    const { sessionId, local } = this.#options
    const said = JSON.stringify(lines)
    if (said !== this.#said) this.#version++
    this.#said = said
    return writeSdp({ id: sessionId, version: this.#version, host: local.host }, lines)
  }

  #typeOf(codec: Codec): number {
    const agreed = this.#agreed
    return agreed?.codec === codec ? agreed.sendType : staticPayloadType[codec]
  }

  #voice(voice: {
    readonly types: readonly (readonly [type: number, codec: Codec])[]
    readonly eventType: number | undefined
    readonly direction: Direction
    readonly protocol: string
    readonly more: readonly string[]
  }): OwnLine {
    const { types, eventType, direction, protocol, more } = voice
    return {
      kind: 'audio',
      port: this.#options.local.port,
      protocol,
      formats: [...types.map(([type]) => type), ...(eventType === undefined ? [] : [eventType])].map(String),
      attributes: [
        ...types.map(([type, codec]) => `rtpmap:${type} ${codec}/8000`),
        ...(eventType === undefined
          ? []
          : [`rtpmap:${eventType} telephone-event/8000`, `fmtp:${eventType} 0-15`]),
        ...more,
        'ptime:20',
        direction,
      ],
    }
  }

  #understand(line: SdpLine): { line: SdpLine; terms: Terms } | undefined {
    const terms = termsOf(line)
    if (terms === undefined || (this.#options.secure && terms.key === undefined)) return undefined
    return { line, terms }
  }

  #agreement(
    terms: Terms,
    direction: Direction,
    receiveEvents: number | undefined,
    heldByThem: boolean,
  ): Agreed {
    const { remote, rtcp, mux, codec, sendType, eventType, key } = terms
    return {
      remote,
      rtcp,
      mux,
      codec,
      sendType,
      receiveTypes: new Map([
        ...codecs.map((each) => [staticPayloadType[each], each] as const),
        [sendType, codec],
      ]),
      events:
        eventType === undefined || receiveEvents === undefined
          ? undefined
          : { send: eventType, receive: receiveEvents },
      direction,
      heldByThem,
      keys: key === undefined ? undefined : { send: this.#options.key, receive: key.material },
    }
  }
}

/** What one of their m-lines comes to. */
interface Terms {
  readonly remote: Address | undefined
  readonly rtcp: Address | undefined
  readonly mux: boolean
  readonly codec: Codec
  readonly sendType: number
  readonly eventType: number | undefined
  /** As seen from them. */
  readonly theirs: Direction
  readonly key: ReturnType<typeof keyIn>
}

/** Nothing if it isn't voice that we can have. */
function termsOf(line: SdpLine): Terms | undefined {
  if (line.kind !== 'audio' || line.port === 0) return undefined
  if (!/^RTP\/S?AVPF?$/.test(line.protocol)) return undefined
  const secure = line.protocol.includes('SAVP')
  const key = secure ? keyIn(line) : undefined
  if (secure && key === undefined) return undefined
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
  }
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

/** Refused by port 0, in its place (RFC 3264, 6). */
const refusedLine = ({ kind, protocol, formats }: SdpLine): OwnLine => ({
  kind,
  port: 0,
  protocol,
  formats: formats.length === 0 ? ['0'] : formats,
  attributes: [],
})
