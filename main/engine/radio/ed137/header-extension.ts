/**
 * What every RTP packet between a seat and a radio gateway carries: who keys the transmitter, and whether the receiver
 * hears somebody (EUROCAE ED-137 Volume 1, releases A, B and C: `a=rtphe:1`; RFC 3550, 5.3.1). The document is sold, not
 * published: this is built from what two public programs that speak it agree on, Wireshark's dissector
 * (epan/dissectors/packet-rtp-ed137.c) and the open controllers that key real radios.
 *
 *      0                   1                   2                   3
 *      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *     +-------------------------------+-------------------------------+
 *     |         type = 0x0167         |    length in 32-bit words     |
 *     +-----+-+-----------+-+-+-+---+-+-------+-------+---------------+
 *     | PTT |S|  PTT-id   |M|P|C| 0 |X|feature| octets| value …       |
 *     +-----+-+-----------+-+-+-+---+-+-------+-------+---------------+
 */
import type { RtpPacket } from '../../media/rtp.ts'

/** Bits 0 to 2, by their value. */
const pttTypes = [
  'off',
  'normal',
  'coupling',
  'priority',
  'emergency',
  'test',
  'reserved-6',
  'reserved-7',
] as const
export type PttType = (typeof pttTypes)[number]

/** How a signal quality was found, by its value; 4 to 7 are the makers' own. */
const methods = ['rssi', 'agc', 'carrier-to-noise', 'spectral', 'own-4', 'own-5', 'own-6', 'own-7'] as const

/** What follows where X is set: a type and a length of four bits each, then as many octets. */
export type Feature =
  /** Type 1, one octet. `index`: 0 to 31, and by RSSI 0 (below -100 dBm) to 15 (above -70 dBm). */
  | { readonly kind: 'signal-quality'; readonly index: number; readonly method: (typeof methods)[number] }
  /** Type 2, one octet: the delay of this receiver or transmitter, in steps of 2 ms, 0 to 127. */
  | { readonly kind: 'climax-delay'; readonly absolute: boolean; readonly steps: number }
  /** Any other, 1 to 15, with 0 to 15 octets. */
  | { readonly kind: 'other'; readonly type: number; readonly value: Uint8Array }

export interface RadioHeader {
  /** Of a seat: how it keys. Of a gateway: how its transmitter is keyed. */
  readonly ptt: PttType
  /** SQU, bit 3: the receiver hears somebody. */
  readonly squelch: boolean
  /** Bits 4 to 9, 0 to 63: whose key it is, as the gateway numbered its sessions; 0: nobody's. */
  readonly pttId: number
  /** PM, bit 10: this session is keyed, and not sent. */
  readonly pttMute: boolean
  /** PTTS, bit 11: several keys are down, and summed. */
  readonly pttSummation: boolean
  /** SCT, bit 12: two stations were heard at once. */
  readonly simultaneousCalls: boolean
  readonly features: readonly Feature[]
}

/** Nobody keys, nobody is heard. */
export const silentHeader: RadioHeader = {
  ptt: 'off',
  squelch: false,
  pttId: 0,
  pttMute: false,
  pttSummation: false,
  simultaneousCalls: false,
  features: [],
}

export const HEADER_TYPE = 0x0167
const FIXED = 2
const SIGNAL_QUALITY = 1
const CLIMAX_DELAY = 2

/** Nothing where it is another extension, or too short for the fixed part. Features that don't fit are left out. */
export function parseRadioHeader({
  profile,
  data,
}: NonNullable<RtpPacket['extension']>): RadioHeader | undefined {
  const [high, low] = data
  if (profile !== HEADER_TYPE || high === undefined || low === undefined) return undefined
  const bits = (high << 8) | low
  return {
    ptt: pttTypes[bits >> 13] ?? 'off',
    squelch: (bits & 0x1000) !== 0,
    pttId: (bits >> 6) & 0x3f,
    pttMute: (bits & 0x0020) !== 0,
    pttSummation: (bits & 0x0010) !== 0,
    simultaneousCalls: (bits & 0x0008) !== 0,
    features: (bits & 0x0001) === 0 ? [] : parseFeatures(data.subarray(FIXED)),
  }
}

export function writeRadioHeader(header: RadioHeader): NonNullable<RtpPacket['extension']> {
  const features = header.features.map(writeFeature)
  const length = features.reduce((sum, { length }) => sum + length, FIXED)
  const data = new Uint8Array(Math.ceil(length / 4) * 4)
  const bits =
    (pttTypes.indexOf(header.ptt) << 13) |
    (header.squelch ? 0x1000 : 0) |
    ((header.pttId & 0x3f) << 6) |
    (header.pttMute ? 0x0020 : 0) |
    (header.pttSummation ? 0x0010 : 0) |
    (header.simultaneousCalls ? 0x0008 : 0) |
    (features.length > 0 ? 0x0001 : 0)
  data.set([bits >> 8, bits & 0xff])
  let offset = FIXED
  for (const feature of features) {
    data.set(feature, offset)
    offset += feature.length
  }
  return { profile: HEADER_TYPE, data }
}

/** How well the receiver hears, 0 to 1, where it tells. */
export function signalIn({ features }: RadioHeader): number | undefined {
  const quality = features.find((feature) => feature.kind === 'signal-quality')
  return quality && Math.min(1, quality.index / (quality.method === 'rssi' ? 15 : 31))
}

/** Type 0 is padding: nothing comes after it. */
function parseFeatures(data: Uint8Array): Feature[] {
  const features: Feature[] = []
  let offset = 0
  for (;;) {
    const head = data[offset] ?? 0
    const end = offset + 1 + (head & 0x0f)
    if (head >> 4 === 0 || end > data.length) return features
    features.push(parseFeature(head >> 4, data.slice(offset + 1, end)))
    offset = end
  }
}

function parseFeature(type: number, value: Uint8Array): Feature {
  const [octet] = value
  if (octet === undefined || value.length !== 1) return { kind: 'other', type, value }
  if (type === SIGNAL_QUALITY)
    return { kind: 'signal-quality', index: octet >> 3, method: methods[octet & 7] ?? 'rssi' }
  if (type === CLIMAX_DELAY)
    return { kind: 'climax-delay', absolute: (octet & 0x80) !== 0, steps: octet & 0x7f }
  return { kind: 'other', type, value }
}

function writeFeature(feature: Feature): Uint8Array {
  if (feature.kind === 'other')
    return Uint8Array.of((feature.type << 4) | feature.value.length, ...feature.value)
  if (feature.kind === 'climax-delay')
    return Uint8Array.of((CLIMAX_DELAY << 4) | 1, (feature.absolute ? 0x80 : 0) | feature.steps)
  return Uint8Array.of((SIGNAL_QUALITY << 4) | 1, (feature.index << 3) | methods.indexOf(feature.method))
}
