/** G.711 (ITU-T G.711, 11/88): eight-bit voice at 8,000 samples a second, from and to 16-bit linear samples. */

import type { Decoder, Encoder } from './codec.ts'
import { Downsampler, Upsampler } from './resampling.ts'

/** µ-law and A-law, by their names in SDP (RFC 3551, 4.5.14). */
export type Law = 'PCMU' | 'PCMA'

/** Samples a second, and so also RTP time units a second. */
export const SAMPLE_RATE = 8_000
/** One packet, one tick: 20 ms. */
export const FRAME_SAMPLES = 160

/** What each law says for silence. */
const silentOctet: Readonly<Record<Law, number>> = { PCMU: 0xff, PCMA: 0xd5 }

/** Makes the µ-law's segments line up with powers of two. */
const BIAS = 0x84
const CLIP = 32_635

function muLawToLinear(octet: number): number {
  const inverted = ~octet & 0xff
  const magnitude = ((((inverted & 0x0f) << 3) + BIAS) << ((inverted >> 4) & 7)) - BIAS
  return inverted & 0x80 ? -magnitude : magnitude
}

function aLawToLinear(octet: number): number {
  const even = octet ^ 0x55
  const segment = (even >> 4) & 7
  const step = (even & 0x0f) << 4
  const magnitude = segment === 0 ? step + 8 : (step + 0x108) << (segment - 1)
  return even & 0x80 ? magnitude : -magnitude
}

function linearToMuLaw(sample: number): number {
  const biased = Math.min(Math.abs(sample), CLIP) + BIAS
  const segment = 31 - Math.clz32(biased) - 7
  return ~((sample < 0 ? 0x80 : 0) | (segment << 4) | ((biased >> (segment + 3)) & 0x0f)) & 0xff
}

function linearToALaw(sample: number): number {
  const magnitude = sample < 0 ? -sample - 1 : sample
  const segment = Math.max(0, 31 - Math.clz32(magnitude | 1) - 7)
  const mantissa = (magnitude >> (segment === 0 ? 4 : segment + 3)) & 0x0f
  return ((sample < 0 ? 0 : 0x80) | (segment << 4) | mantissa) ^ 0x55
}

const linear: Readonly<Record<Law, Int16Array>> = {
  PCMU: Int16Array.from({ length: 256 }, (_, octet) => muLawToLinear(octet)),
  PCMA: Int16Array.from({ length: 256 }, (_, octet) => aLawToLinear(octet)),
}

/** Indexed by the sample as an unsigned number. */
const octets: Readonly<Record<Law, Uint8Array>> = {
  PCMU: Uint8Array.from({ length: 65_536 }, (_, sample) => linearToMuLaw((sample << 16) >> 16)),
  PCMA: Uint8Array.from({ length: 65_536 }, (_, sample) => linearToALaw((sample << 16) >> 16)),
}

/** From each law to the other, by way of the linear value. */
const crossed: Readonly<Record<Law, Uint8Array>> = {
  PCMU: Uint8Array.from(linear.PCMA, (sample) => octets.PCMU[sample & 0xffff] ?? 0),
  PCMA: Uint8Array.from(linear.PCMU, (sample) => octets.PCMA[sample & 0xffff] ?? 0),
}

export function decode(law: Law, payload: Uint8Array): Int16Array {
  const table = linear[law]
  const samples = new Int16Array(payload.length)
  for (let at = 0; at < payload.length; at++) samples[at] = table[payload[at] ?? 0] ?? 0
  return samples
}

export function encode(law: Law, samples: Int16Array): Uint8Array {
  const table = octets[law]
  const payload = new Uint8Array(samples.length)
  for (let at = 0; at < samples.length; at++) payload[at] = table[(samples[at] ?? 0) & 0xffff] ?? 0
  return payload
}

/** The same sound under `to`; the payload itself where nothing changes. */
export function transcode(from: Law, to: Law, payload: Uint8Array): Uint8Array {
  if (from === to) return payload
  const table = crossed[to]
  const result = new Uint8Array(payload.length)
  for (let at = 0; at < payload.length; at++) result[at] = table[payload[at] ?? 0] ?? 0
  return result
}

/** As much silence as the payload had sound. */
export const silence = (law: Law, length: number): Uint8Array => new Uint8Array(length).fill(silentOctet[law])

export class G711Decoder implements Decoder {
  readonly #law: Law
  readonly #upsampler = new Upsampler()

  constructor(law: Law) {
    this.#law = law
  }

  decode(payload: Uint8Array): Int16Array {
    return this.#upsampler.take(decode(this.#law, payload))
  }
}

export class G711Encoder implements Encoder {
  readonly #law: Law
  readonly #downsampler = new Downsampler()

  constructor(law: Law) {
    this.#law = law
  }

  encode(frame: Int16Array): Uint8Array {
    return encode(this.#law, this.#downsampler.take(frame))
  }
}
