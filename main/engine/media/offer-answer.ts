/** Offer and answer (RFC 3264) for one stream of voice: codecs, telephone events, hold; plain, with SDES or with DTLS. */
import { encodingName, type NetworkCodec } from './codec.ts'
import type { Fingerprint } from './dtls.ts'
import { type Direction, NotAcceptable } from './media-session.ts'
import { PayloadTypes } from './payload-types.ts'
import { cryptoAttribute } from './sdes.ts'
import { type OwnLine, parseSdp, type SdpLine, writeSdp } from './sdp.ts'
import {
  type Address,
  directionOf,
  preference,
  type Setup,
  type Terms,
  termsOf,
  waysOf,
} from './voice-terms.ts'

/** What both sides agreed on. */
export interface Agreed {
  /** Where voice goes; nowhere if the other side gave no address to hold us (RFC 3264, 8.4). */
  readonly remote: Address | undefined
  readonly rtcp: Address | undefined
  /** RTCP shares RTP's ports (RFC 5761). */
  readonly mux: boolean
  readonly codec: NetworkCodec
  readonly sendType: number
  readonly receiveTypes: ReadonlyMap<number, NetworkCodec>
  /** Payload types of telephone events, and the time units a second in which they last. */
  readonly events: { readonly send: number; readonly receive: number; readonly rate: number } | undefined
  /** As seen from here. */
  readonly direction: Direction
  /** They asked for `sendonly` or `inactive`. */
  readonly heldByThem: boolean
  /** Master keys and salts of both ways, where they are in the descriptions. */
  readonly keys: { readonly send: Uint8Array; readonly receive: Uint8Array } | undefined
  /** Where a handshake gives the keys: nothing is said or heard before. */
  readonly dtls: DtlsTerms | undefined
}

export interface DtlsTerms {
  readonly fingerprints: readonly Fingerprint[]
  /** Whether this side begins. */
  readonly active: boolean
}

/** How keys are agreed on: not at all, in the description (RFC 4568), by a handshake (RFC 5763). */
type Protection = 'none' | 'sdes' | 'dtls'

export interface OfferAnswerOptions {
  /** Where we receive. */
  readonly local: Address
  /** The number in `o=`. */
  readonly sessionId: number
  /** Offers SRTP, in which of both ways, and refuses plain RTP. Without it SRTP is taken where it is offered. */
  readonly secure: Exclude<Protection, 'none'> | undefined
  /** Our master key and salt. */
  readonly key: Uint8Array
  /** Of our certificate (SHA-256). */
  readonly fingerprint: string
}

const CRYPTO_TAG = '1'

/** What we want, as far as they want it too. */
function meet(ours: Direction, theirs: Direction): Direction {
  const [own, other] = [waysOf(ours), waysOf(theirs)]
  return directionOf({ send: own.send && other.receive, receive: own.receive && other.send })
}

export class OfferAnswer {
  readonly #options: OfferAnswerOptions
  #agreed: Agreed | undefined
  #offered:
    | { readonly direction: Direction; readonly lines: readonly OwnLine[]; readonly protection: Protection }
    | undefined
  /** Our m-lines as last agreed, for later descriptions keep their number and order; and where voice is among them. */
  #lines: readonly OwnLine[] = []
  #place = 0
  readonly #types = new PayloadTypes()
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
    const order = first === undefined ? preference : [first, ...preference.filter((codec) => codec !== first)]
    const { secure = 'none' } = this.#options
    const protection = this.#agreed === undefined ? secure : protectionOf(this.#agreed)
    const audio = this.#voice({
      formats: [...order.map((codec) => encodingName[codec]), ...EVENT_RATES.map(eventName)].map((name) => ({
        name,
        type: this.#types.of(name),
      })),
      direction,
      protocol: protocols[protection],
      more: [
        ...this.#protected(protection, CRYPTO_TAG, 'actpass'),
        // Then one handshake is enough.
        ...(protection === 'dtls' ? ['rtcp-mux'] : []),
      ],
    })
    const lines = this.#lines.length === 0 ? [audio] : this.#lines.with(this.#place, audio)
    this.#offered = { direction, lines, protection }
    return this.#say(lines)
  }

  /** Throws `NotAcceptable`. */
  answer(offer: string, direction: Direction): string {
    const offered = parseSdp(offer)
    const usable = offered.map((line) => this.#understand(line)).filter((each) => each !== undefined)
    const found = usable.find(({ terms }) => protectionOf(terms) !== 'none') ?? usable[0]
    if (found === undefined) throw new NotAcceptable('no voice that we can have was offered')
    const { line, terms } = found
    const given = meet(direction, terms.theirs)
    const active = this.#begins(terms)
    const audio = this.#voice({
      formats: formatsIn(terms),
      direction: given,
      protocol: line.protocol,
      more: [
        ...this.#protected(protectionOf(terms), terms.key?.tag ?? CRYPTO_TAG, active ? 'active' : 'passive'),
        ...(terms.mux ? ['rtcp-mux'] : []),
      ],
    })
    const lines = offered.map((each) => (each === line ? audio : refusedLine(each)))
    for (const { name, type } of formatsIn(terms)) this.#types.learn(name, type)
    this.#agreed = this.#agreement(terms, given, !waysOf(terms.theirs).receive, active)
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
    if (protectionOf(terms) !== offered.protection)
      throw new NotAcceptable('the answer is for other protection than was offered')
    // Who is offered nothing can't say that he would take none.
    const held = waysOf(offered.direction).send
      ? !waysOf(terms.theirs).receive
      : (this.#agreed?.heldByThem ?? false)
    const direction = meet(offered.direction, terms.theirs)
    this.#agreed = this.#agreement(terms, direction, held, terms.dtls?.setup === 'passive')
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

  #voice(voice: {
    readonly formats: readonly Format[]
    readonly direction: Direction
    readonly protocol: string
    readonly more: readonly string[]
  }): OwnLine {
    const { formats, direction, protocol, more } = voice
    return {
      kind: 'audio',
      port: this.#options.local.port,
      protocol,
      formats: formats.map(({ type }) => String(type)),
      attributes: [
        ...formats.flatMap(({ name, type }) => [`rtpmap:${type} ${name}`, ...parametersOf(name, type)]),
        ...more,
        'ptime:20',
        direction,
      ],
    }
  }

  #understand(line: SdpLine): { line: SdpLine; terms: Terms } | undefined {
    const terms = termsOf(line)
    const { secure } = this.#options
    if (terms === undefined) return undefined
    const given = protectionOf(terms)
    if (secure === 'dtls' ? given !== 'dtls' : secure === 'sdes' && given === 'none') return undefined
    return { line, terms }
  }

  /** The part that each side has in a handshake stays through later descriptions (RFC 5763, 6.6). */
  #begins({ dtls }: Terms): boolean {
    const before = this.#agreed?.dtls
    if (dtls?.setup === 'actpass' && before !== undefined) return before.active
    return dtls?.setup !== 'active'
  }

  /** What a description says of protection. */
  #protected(protection: Protection, tag: string, setup: Setup): string[] {
    const { key, fingerprint } = this.#options
    if (protection === 'none') return []
    if (protection === 'sdes') return [cryptoAttribute(tag, key)]
    return [`fingerprint:sha-256 ${fingerprint}`, `setup:${setup}`]
  }

  #agreement(terms: Terms, direction: Direction, heldByThem: boolean, active: boolean): Agreed {
    const { remote, rtcp, mux, codec, sendType, events, key, dtls } = terms
    return {
      remote,
      // On a port of its own it would need a handshake of its own.
      rtcp: dtls === undefined || mux ? rtcp : undefined,
      mux,
      codec,
      sendType,
      receiveTypes: new Map([
        // Some send by the number that they gave, not by ours.
        ...(this.#types.isGiven(sendType) ? [] : [[sendType, codec] as const]),
        ...preference.map((each) => [this.#types.of(encodingName[each]), each] as const),
      ]),
      events: events && {
        send: events.type,
        receive: this.#types.of(eventName(events.rate)),
        rate: events.rate,
      },
      direction,
      heldByThem,
      keys: key === undefined ? undefined : { send: this.#options.key, receive: key.material },
      dtls: dtls && { fingerprints: dtls.fingerprints, active },
    }
  }
}

/** One that a line lists: its name as rtpmap says it, and its payload type. */
interface Format {
  readonly name: string
  readonly type: number
}

/** By each clock that a voice of ours has (RFC 4733, 2.1). */
const EVENT_RATES = [8_000, 48_000]
const eventName = (rate: number): string => `telephone-event/${rate}`

/** What we answer with: the voice, and the events that go with it. */
const formatsIn = ({ codec, sendType, events }: Terms): Format[] => [
  { name: encodingName[codec], type: sendType },
  ...(events === undefined ? [] : [{ name: eventName(events.rate), type: events.type }]),
]

/** The sixteen keys; and that an Opus packet may say again what the one before it said (RFC 7587, 6.1). */
function parametersOf(name: string, type: number): string[] {
  if (name === encodingName.opus) return [`fmtp:${type} useinbandfec=1`]
  return name.startsWith('telephone-event/') ? [`fmtp:${type} 0-15`] : []
}

const protocols: Readonly<Record<Protection, string>> = {
  none: 'RTP/AVP',
  sdes: 'RTP/SAVP',
  dtls: 'UDP/TLS/RTP/SAVP',
}

const protectionOf = ({
  keys,
  key,
  dtls,
}: {
  readonly keys?: Agreed['keys']
  readonly key?: Terms['key']
  readonly dtls: unknown
}): Protection => {
  if (dtls !== undefined) return 'dtls'
  return keys !== undefined || key !== undefined ? 'sdes' : 'none'
}

/** Refused by port 0, in its place (RFC 3264, 6). */
const refusedLine = ({ kind, protocol, formats }: SdpLine): OwnLine => ({
  kind,
  port: 0,
  protocol,
  formats: formats.length === 0 ? ['0'] : formats,
  attributes: [],
})
