/** G.711: mu-law and A-law to and from linear samples (ITU-T G.711). Pure. */

/** Octets that say nothing. */
export const MU_LAW_SILENCE = 0xff

/** -32124 to 32124. */
export function fromMuLaw(octet: number): number {
  const inverted = ~octet & 0xff
  const exponent = (inverted >> 4) & 7
  const magnitude = ((((inverted & 15) << 3) + 132) << exponent) - 132
  return inverted & 0x80 ? -magnitude : magnitude
}

/** -32256 to 32256. */
export function fromALaw(octet: number): number {
  const even = octet ^ 0x55
  const exponent = (even >> 4) & 7
  const mantissa = ((even & 15) << 4) + 8
  const magnitude = exponent === 0 ? mantissa : (mantissa + 256) << (exponent - 1)
  return even & 0x80 ? magnitude : -magnitude
}

/** From a 16-bit sample. */
export function toMuLaw(sample: number): number {
  const magnitude = Math.min(Math.abs(sample), 32_635) + 132
  const exponent = Math.max(0, 31 - Math.clz32(magnitude) - 7)
  const octet = (sample < 0 ? 0x80 : 0) | (exponent << 4) | ((magnitude >> (exponent + 3)) & 15)
  return ~octet & 0xff
}

/** From a 16-bit sample. */
export function toALaw(sample: number): number {
  const magnitude = Math.min(Math.abs(sample), 32_767)
  const exponent = Math.max(0, 31 - Math.clz32(magnitude) - 7)
  const mantissa = (exponent === 0 ? magnitude >> 4 : magnitude >> (exponent + 3)) & 15
  return ((sample < 0 ? 0 : 0x80) | (exponent << 4) | mantissa) ^ 0x55
}

const octets = Array.from({ length: 256 }, (_nothing, octet) => octet)
const aLaw = Uint8Array.from(octets, (octet) => toALaw(fromMuLaw(octet)))
/** What each octet stands for. */
export const linear = {
  PCMU: Int16Array.from(octets, fromMuLaw),
  PCMA: Int16Array.from(octets, fromALaw),
} as const

export const muLawToALaw = (speech: Uint8Array): Uint8Array => speech.map((octet) => aLaw[octet] ?? 0)
