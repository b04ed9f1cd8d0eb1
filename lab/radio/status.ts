/**
 * The status that every packet of an ED-137 radio carries in its RTP header extension, as a gateway writes and reads
 * it; and the gateway's side of the session description. Pure, and written apart from the product's.
 */
import type { RtpPacket } from '../exchange/rtp.ts'
import type { Codec, LocalAudio, RemoteAudio } from '../exchange/sdp.ts'

/** How a seat keys: 0 not at all, 1 normal, 2 coupling, 3 priority, 4 emergency, 5 test. */
export type Ptt = number

export interface Status {
  readonly ptt: Ptt
  /** 1 to 63; 0: nobody's. */
  readonly pttId: number
  readonly squelch: boolean
  /** RSSI, 0 to 15. */
  readonly quality?: number
}

const TYPE = 0x0167
/** Payload type of packets that only tell the status. */
export const R2S = 123
const KEEP_ALIVE_MS = 200
const MULTIPLIER = 10
/** Nothing heard for longer: the link is down. */
export const LINK_LOST_MS = KEEP_ALIVE_MS * MULTIPLIER
export const KEEP_ALIVE_TICKS = KEEP_ALIVE_MS / 20

export function writeStatus({ ptt, pttId, squelch, quality }: Status): NonNullable<RtpPacket['extension']> {
  const words = new DataView(new ArrayBuffer(4))
  const extended = quality !== undefined
  words.setUint16(0, ptt * 0x2000 + (squelch ? 0x1000 : 0) + pttId * 0x40 + (extended ? 1 : 0))
  // Feature 1 of one octet: five bits of quality, three of how it was measured, 0 being RSSI.
  if (extended) words.setUint16(2, 0x1100 + quality * 8)
  return { type: TYPE, words: new Uint8Array(words.buffer) }
}

/** What a seat says; undefined if it says nothing of a radio. */
export function readStatus(extension: RtpPacket['extension']): Status | undefined {
  if (extension === undefined || extension.type !== TYPE || extension.words.length < 2) return undefined
  const [high = 0, low = 0] = extension.words
  return {
    ptt: Math.floor(high / 0x20),
    squelch: Math.floor(high / 0x10) % 2 === 1,
    pttId: (high % 0x10) * 4 + Math.floor(low / 0x40),
  }
}

interface Radio {
  readonly pttId: number
  /** Its frequency, as it is written. */
  readonly fid: string
  readonly mode: 'Rx' | 'TxRx'
}

/** The answer of a radio to a seat that has offered its audio, which is the first and only stream. */
export function describeRadio(offer: RemoteAudio, local: LocalAudio, { pttId, fid, mode }: Radio): Buffer {
  const { codec, payload } = offer
  return Buffer.from(
    [
      'v=0',
      `o=radio ${local.session} ${local.version} IN IP4 ${local.address}`,
      's=radio',
      `c=IN IP4 ${local.address}`,
      't=0 0',
      `m=audio ${local.port} RTP/AVP ${payload} ${R2S}`,
      `a=rtpmap:${payload} ${codec satisfies Codec}/8000`,
      `a=rtpmap:${R2S} R2S/8000`,
      `a=${mode === 'Rx' ? 'sendonly' : 'sendrecv'}`,
      'a=type:Radio-TxRx',
      `a=txrxmode:${mode}`,
      'a=bss:RSSI',
      'a=sigtime:1',
      'a=ptt_rep:1',
      'a=rtphe:1',
      `a=ptt-id:${pttId}`,
      `a=fid:${fid}`,
      `a=R2S-KeepAlivePeriod:${KEEP_ALIVE_MS}`,
      `a=R2S-KeepAliveMultiplier:${MULTIPLIER}`,
      '',
    ].join('\r\n'),
  )
}
