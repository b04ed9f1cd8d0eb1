/** RTP packets (RFC 3550 5.1) and telephone events (RFC 4733). Pure. */

export interface RtpPacket {
  readonly payloadType: number
  readonly sequence: number
  readonly timestamp: number
  readonly source: number
  readonly marker: boolean
  /** RFC 3550 5.3.1; whole words of 32 bits. */
  readonly extension?: { readonly type: number; readonly words: Uint8Array }
  readonly payload: Buffer
}

const HEADER = 12

/** Undefined if it isn't RTP. */
export function parseRtp(datagram: Buffer): RtpPacket | undefined {
  if (datagram.length < HEADER || datagram.readUInt8(0) >> 6 !== 2) return undefined
  const [first, second] = [datagram.readUInt8(0), datagram.readUInt8(1)]
  // Payload types 64 to 95 with the marker are RTCP's (RFC 5761 4).
  if (second >= 192 && second <= 223) return undefined
  let start = HEADER + (first & 15) * 4
  let extension: RtpPacket['extension']
  if (first & 0x10) {
    if (datagram.length < start + 4) return undefined
    const end = start + 4 + datagram.readUInt16BE(start + 2) * 4
    extension = { type: datagram.readUInt16BE(start), words: datagram.subarray(start + 4, end) }
    start = end
  }
  const padding = first & 0x20 ? datagram.readUInt8(datagram.length - 1) : 0
  const end = datagram.length - padding
  if (start > end) return undefined
  return {
    payloadType: second & 0x7f,
    marker: (second & 0x80) !== 0,
    sequence: datagram.readUInt16BE(2),
    timestamp: datagram.readUInt32BE(4),
    source: datagram.readUInt32BE(8),
    ...(extension === undefined ? {} : { extension }),
    payload: datagram.subarray(start, end),
  }
}

export function writeRtp(packet: Omit<RtpPacket, 'payload'> & { readonly payload: Uint8Array }): Buffer {
  const { extension } = packet
  const start = HEADER + (extension === undefined ? 0 : 4 + extension.words.length)
  const datagram = Buffer.allocUnsafe(start + packet.payload.length)
  datagram.writeUInt8(extension === undefined ? 0x80 : 0x90, 0)
  datagram.writeUInt8((packet.marker ? 0x80 : 0) | packet.payloadType, 1)
  datagram.writeUInt16BE(packet.sequence, 2)
  datagram.writeUInt32BE(packet.timestamp, 4)
  datagram.writeUInt32BE(packet.source, 8)
  if (extension !== undefined) {
    datagram.writeUInt16BE(extension.type, HEADER)
    datagram.writeUInt16BE(extension.words.length / 4, HEADER + 2)
    datagram.set(extension.words, HEADER + 4)
  }
  datagram.set(packet.payload, start)
  return datagram
}

const keys = '0123456789*#ABCD'

/** The key that an event's payload ends, or undefined: an event comes in several packets, of one timestamp. */
export function endedKey(payload: Buffer): string | undefined {
  if (payload.length < 4 || (payload.readUInt8(1) & 0x80) === 0) return undefined
  return keys[payload.readUInt8(0)]
}
