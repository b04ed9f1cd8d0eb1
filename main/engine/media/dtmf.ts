/** Telephone events (RFC 4733): the keys of a telephone as packets, out and in. */
import { FRAME_MS } from './codec.ts'
import { type RtpPacket, timestampDistance } from './rtp.ts'

const digits = '0123456789*#ABCD'

/** One key. */
export type Digit =
  | ('0' | '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | '9')
  | ('*' | '#' | 'A' | 'B' | 'C' | 'D')

export const isDigit = (text: string): text is Digit => text.length === 1 && digits.includes(text)

/** -10 dBm0 (RFC 4733, 2.3.4). */
const VOLUME = 10
/** The last packet goes out three times, for it tells the end (RFC 4733, 2.5.1.4). */
const REPEATS = 3

/**
 * The payloads of one key pressed for `frames` times 20 ms: one each 20 ms, and then the end, three times.
 * They share one timestamp; the first has the marker. `rate`: of their clock, time units a second.
 */
export function eventPayloads(digit: Digit, frames: number, rate: number): Uint8Array[] {
  const payload = (frame: number, end: boolean) => {
    const duration = (frame * FRAME_MS * rate) / 1000
    return Uint8Array.of(digits.indexOf(digit), (end ? 0x80 : 0) | VOLUME, duration >> 8, duration & 0xff)
  }
  return [
    ...Array.from({ length: frames - 1 }, (_, frame) => payload(frame + 1, false)),
    ...Array.from({ length: REPEATS }, () => payload(frames, true)),
  ]
}

/** Hears each key once, though it comes in many packets of which some are lost. */
export class DigitReceiver {
  #last: { readonly ssrc: number; readonly timestamp: number } | undefined

  /** The key, when its first packet comes. */
  take({ ssrc, timestamp, payload }: Pick<RtpPacket, 'ssrc' | 'timestamp' | 'payload'>): Digit | undefined {
    if (payload.length < 4) return undefined
    const digit = digits[payload[0] ?? 0xff]
    if (digit === undefined || !isDigit(digit)) return undefined
    // Those of a key before, that come late, are no new key.
    if (this.#last?.ssrc === ssrc && timestampDistance(this.#last.timestamp, timestamp) <= 0) return undefined
    this.#last = { ssrc, timestamp }
    return digit
  }
}
