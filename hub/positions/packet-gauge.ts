/**
 * Watches the lengths that MQTT packets announce (MQTT 3.1.1, 2.2.3 Remaining Length), so that nobody makes
 * the broker gather a packet of up to 256 MiB in memory. Pure but for where it is in the stream.
 */

/** The highest bit of a length byte: another one follows. */
const MORE = 0x80
const MOST_LENGTH_BYTES = 4

/** Gives a function that is shown the stream piece by piece, and says whether every packet so far is at most `longest` bytes. */
export function packetGauge(longest: number): (piece: Uint8Array) => boolean {
  /** Bytes of the packet's body still to come; undefined within a header. */
  let left: number | undefined
  /** Bytes of the header seen: the first is the packet's type, the others its length. */
  let seen = 0
  let length = 0
  return (piece) => {
    for (let at = 0; at < piece.length; ) {
      if (left !== undefined) {
        const step = Math.min(left, piece.length - at)
        at += step
        left -= step
        if (left === 0) left = undefined
        continue
      }
      const byte = piece[at++] ?? 0
      if (seen > 0) length += (byte & ~MORE) * 128 ** (seen - 1)
      seen++
      if (length > longest || seen > MOST_LENGTH_BYTES + 1) return false
      if (seen === 1 || byte >= MORE) continue
      if (length > 0) left = length
      seen = 0
      length = 0
    }
    return true
  }
}
