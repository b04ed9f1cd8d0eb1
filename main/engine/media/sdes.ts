/** Keys for SRTP in the session description (RFC 4568). */
import { type SdpLine, valuesOf } from './sdp.ts'
import { KEY_MATERIAL_BYTES } from './srtp.ts'

/** The one suite we speak: every device that has SDES has it. */
const SUITE = 'AES_CM_128_HMAC_SHA1_80'

export interface OfferedKey {
  readonly tag: string
  readonly material: Buffer
}

/** The first key that we can use: one master key, no MKI, no session parameters. */
export function keyIn(line: SdpLine): OfferedKey | undefined {
  for (const value of valuesOf(line, 'crypto')) {
    const [, tag, suite, key, rest = ''] =
      /^(\d{1,9})\s+(\S+)\s+inline:([A-Za-z0-9+/=]+)(?:\|2\^\d+|\|\d+)?(?:\s+(.*))?$/.exec(value) ?? []
    const material = Buffer.from(key ?? '', 'base64')
    if (
      tag !== undefined &&
      suite?.toUpperCase() === SUITE &&
      material.length === KEY_MATERIAL_BYTES &&
      rest === ''
    )
      return { tag, material }
  }
  return undefined
}

export const cryptoAttribute = (tag: string, material: Uint8Array): string =>
  `crypto:${tag} ${SUITE} inline:${Buffer.from(material).toString('base64')}`
