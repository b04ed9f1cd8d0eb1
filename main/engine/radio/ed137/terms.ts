/**
 * What a seat and a radio gateway agree on (ED-137 Volume 1 over RFC 3264): voice, the keep-alive of the link
 * (`R2S`, real-time session supervision), and which key is this session's.
 */
import { randomInt } from 'node:crypto'
import { payloadTypes } from '../../media/codec.ts'
import type { Law } from '../../media/g711.ts'
import { NotAcceptable } from '../../media/media-session.ts'
import { parseSdp, type SdpLine, valuesOf, writeSdp } from '../../media/sdp.ts'
import { type Address, type Terms, termsOf, waysOf } from '../../media/voice-terms.ts'

/** The payload type that gateways expect of keep-alives, which have no payload. */
const R2S_TYPE = 123

export interface RadioTerms {
  /** Where the gateway's RTP is. */
  readonly remote: Address
  readonly codec: Law
  /** Of voice. */
  readonly sendType: number
  readonly receiveTypes: ReadonlyMap<number, Law>
  /** Of keep-alives. */
  readonly r2sType: number
  /** It has a transmitter; a receiver alone is heard, and can't be keyed. */
  readonly transmits: boolean
  /** The number of this session's key, 1 to 63; undefined: the gateway gave none, and tells nothing of keys. */
  readonly pttId: number | undefined
  /** How often the end of a transmission is said again, 0 to 3. */
  readonly pttRepeats: number
  /** Between two packets at most, in milliseconds, 20 to 1000. */
  readonly keepAliveMs: number
  /** After so many periods without a packet the link is down, 2 to 50. */
  readonly keepAliveMultiplier: number
}

/** In the order in which they are offered. */
const laws: readonly Law[] = ['PCMA', 'PCMU']
const KEEP_ALIVE_MS = 200
const KEEP_ALIVE_MULTIPLIER = 10
const PTT_REPEATS = 3

/** One session's descriptions: what is offered stays the same, so that a gateway's refresh changes nothing. */
export class RadioDescription {
  readonly #local: Address
  readonly #id = randomInt(2 ** 31)

  constructor(local: Address) {
    this.#local = local
  }

  /** Of this side: an offer, or the answer to a gateway's, which names what was chosen. */
  write(chosen?: RadioTerms): string {
    const types = chosen === undefined ? laws.map(typeOf) : [[chosen.sendType, chosen.codec] as const]
    const r2s = chosen?.r2sType ?? R2S_TYPE
    return writeSdp({ id: this.#id, version: 1, host: this.#local.host }, [
      {
        kind: 'audio',
        port: this.#local.port,
        protocol: 'RTP/AVP',
        formats: [...types.map(([type]) => type), r2s].map(String),
        attributes: [
          ...types.map(([type, codec]) => `rtpmap:${type} ${codec}/8000`),
          `rtpmap:${r2s} R2S/8000`,
          'ptime:20',
          'type:Radio-TxRx',
          'txrxmode:TxRx',
          'bss:RSSI',
          'interval:20',
          'sigtime:1',
          `ptt_rep:${PTT_REPEATS}`,
          'rtphe:1',
          `R2S-KeepAlivePeriod:${KEEP_ALIVE_MS}`,
          `R2S-KeepAliveMultiplier:${KEEP_ALIVE_MULTIPLIER}`,
          'sendrecv',
        ],
      },
    ])
  }
}

/** Of the gateway's description. Throws `NotAcceptable` where it is no radio that can be had. */
export function radioTermsOf(description: string): RadioTerms {
  for (const line of parseSdp(description)) {
    const voice = lawIn(line)
    if (voice?.remote === undefined) continue
    const { remote, codec, sendType, theirs } = voice
    if (theirs === 'inactive') throw new NotAcceptable('a radio that is inactive')
    const isReceiver = valuesOf(line, 'txrxmode')[0]?.trim().toLowerCase() === 'rx'
    return {
      remote,
      transmits: waysOf(theirs).receive && !isReceiver,
      codec,
      sendType,
      receiveTypes: new Map([...laws.map(typeOf), [sendType, codec]]),
      r2sType: r2sTypeOf(line),
      pttId: numberIn(line, 'ptt-id', 1, 63),
      pttRepeats: numberIn(line, 'ptt_rep', 0, 3) ?? PTT_REPEATS,
      keepAliveMs: numberIn(line, 'r2s-keepaliveperiod', 20, 1000) ?? KEEP_ALIVE_MS,
      keepAliveMultiplier: numberIn(line, 'r2s-keepalivemultiplier', 2, 50) ?? KEEP_ALIVE_MULTIPLIER,
    }
  }
  throw new NotAcceptable('no voice of a radio')
}

const typeOf = (codec: Law): readonly [number, Law] => [payloadTypes[codec], codec]

/** The first of its formats that radios speak. */
function lawIn(line: SdpLine): (Terms & { readonly codec: Law }) | undefined {
  for (const format of line.formats) {
    const terms = termsOf({ ...line, formats: [format] })
    const codec = laws.find((law) => law === terms?.codec)
    if (terms !== undefined && codec !== undefined) return { ...terms, codec }
  }
  return undefined
}

function r2sTypeOf(line: SdpLine): number {
  const found = valuesOf(line, 'rtpmap').map((value) => /^(\d{1,3})\s+R2S\/8000/i.exec(value)?.[1])
  const type = Number(found.find((each) => each !== undefined) ?? R2S_TYPE)
  return type < 128 ? type : R2S_TYPE
}

/** Nothing where it isn't said, or out of bounds. */
function numberIn(line: SdpLine, name: string, least: number, most: number): number | undefined {
  const [value = ''] = valuesOf(line, name)
  const number = /^\d{1,5}$/.test(value.trim()) ? Number(value) : Number.NaN
  return number >= least && number <= most ? number : undefined
}
