/** RTP packets (RFC 3550, 5.1). */

export interface RtpPacket {
  readonly marker: boolean
  /** 0 to 127. */
  readonly payloadType: number
  /** 16 bits. */
  readonly sequence: number
  /** 32 bits, in units of the payload's clock. */
  readonly timestamp: number
  /** 32 bits. */
  readonly ssrc: number
  readonly csrcs?: readonly number[]
  /** RFC 3550, 5.3.1; the data is whole 32-bit words. */
  readonly extension?: { readonly profile: number; readonly data: Uint8Array }
  readonly payload: Uint8Array
}

const HEADER = 12

/** Nothing where it isn't a packet. The payload is a view into `bytes`. */
export function parseRtp(bytes: Uint8Array): RtpPacket | undefined {
  if (bytes.length < HEADER) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const first = view.getUint8(0)
  const second = view.getUint8(1)
  // With rtcp-mux these are RTCP's packet types (RFC 5761, 4).
  if (first >> 6 !== 2 || isRtcp(bytes)) return undefined
  let offset = HEADER + (first & 0x0f) * 4
  if (bytes.length < offset) return undefined
  const csrcs = Array.from({ length: first & 0x0f }, (_, at) => view.getUint32(HEADER + at * 4))
  let extension: RtpPacket['extension']
  if (first & 0x10) {
    if (bytes.length < offset + 4) return undefined
    const length = view.getUint16(offset + 2) * 4
    if (bytes.length < offset + 4 + length) return undefined
    extension = {
      profile: view.getUint16(offset),
      data: bytes.subarray(offset + 4, offset + 4 + length),
    }
    offset += 4 + length
  }
  let end = bytes.length
  if (first & 0x20) {
    const padding = view.getUint8(end - 1)
    if (padding === 0 || end - padding < offset) return undefined
    end -= padding
  }
  return {
    marker: (second & 0x80) !== 0,
    payloadType: second & 0x7f,
    sequence: view.getUint16(2),
    timestamp: view.getUint32(4),
    ssrc: view.getUint32(8),
    ...(csrcs.length === 0 ? {} : { csrcs }),
    ...(extension === undefined ? {} : { extension }),
    payload: bytes.subarray(offset, end),
  }
}

/** Whether it is RTCP that came on RTP's port (RFC 5761, 4). */
export function isRtcp(bytes: Uint8Array): boolean {
  const type = bytes[1] ?? 0
  return type >= 192 && type <= 223
}

export function writeRtp({ csrcs = [], extension, payload, ...packet }: RtpPacket): Buffer {
  const extended = extension === undefined ? 0 : 4 + extension.data.length
  const bytes = Buffer.alloc(HEADER + csrcs.length * 4 + extended + payload.length)
  bytes[0] = 0x80 | (extension === undefined ? 0 : 0x10) | csrcs.length
  bytes[1] = (packet.marker ? 0x80 : 0) | packet.payloadType
  bytes.writeUInt16BE(packet.sequence, 2)
  bytes.writeUInt32BE(packet.timestamp, 4)
  bytes.writeUInt32BE(packet.ssrc, 8)
  let offset = HEADER
  for (const csrc of csrcs) offset = bytes.writeUInt32BE(csrc, offset)
  if (extension !== undefined) {
    bytes.writeUInt16BE(extension.profile, offset)
    bytes.writeUInt16BE(extension.data.length / 4, offset + 2)
    bytes.set(extension.data, offset + 4)
    offset += extended
  }
  bytes.set(payload, offset)
  return bytes
}

/** How far `to` is after `from`, -32,768 to 32,767. */
export const sequenceDistance = (from: number, to: number): number => ((to - from) << 16) >> 16

/** How far `to` is after `from` in time units, negative if before. */
export const timestampDistance = (from: number, to: number): number => (to - from) | 0
