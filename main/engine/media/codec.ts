/** What there is to know of each codec without running it: names, clocks and frames. */

/** By their names in SDP (RFC 3551, 4.5; RFC 7587, 7). */
export type NetworkCodec = 'PCMU' | 'PCMA' | 'G722' | 'opus'

/** `linear` never leaves this machine: 16-bit samples, `LINEAR_RATE` a second, in the machine's order of octets. */
export type Codec = NetworkCodec | 'linear'

/** Linear samples a second: what every codec is decoded to, what is mixed, and what every codec is encoded from. */
export const LINEAR_RATE = 16_000
/** One packet, one tick. */
export const FRAME_MS = 20
/** Linear samples of one tick. */
export const LINEAR_FRAME = (LINEAR_RATE * FRAME_MS) / 1000

/** RTP time units a second. G.722's is half of its samples, by an error that has become the rule (RFC 3551, 4.5.2). */
export const clockRate: Readonly<Record<Codec, number>> = {
  PCMU: 8_000,
  PCMA: 8_000,
  G722: 8_000,
  opus: 48_000,
  linear: LINEAR_RATE,
}

/** RTP time units of one tick. */
export const frameUnits = (codec: Codec): number => (clockRate[codec] * FRAME_MS) / 1000

/** As rtpmap says it (RFC 8866, 6.6). */
export const encodingName: Readonly<Record<NetworkCodec, string>> = {
  PCMU: 'PCMU/8000',
  PCMA: 'PCMA/8000',
  G722: 'G722/8000',
  opus: 'opus/48000/2',
}

/** Payload types: those that need no rtpmap (RFC 3551, table 4), and a dynamic one of our choice. */
export const payloadTypes: Readonly<Record<NetworkCodec, number>> = { PCMU: 0, PCMA: 8, G722: 9, opus: 111 }

/** Reads payloads of one stream, in their order. */
export interface Decoder {
  /** Linear samples; none where the payload is rubbish. */
  decode(payload: Uint8Array): Int16Array
  /** What was lost before this payload, which is decoded next, as far as that says it again. */
  repeated?(payload: Uint8Array): Int16Array
  close?(): void
}

/** Writes payloads of one stream. */
export interface Encoder {
  /** `frame`: `LINEAR_FRAME` samples. Nothing as long as the codec is still being loaded. */
  encode(frame: Int16Array): Uint8Array | undefined
  close?(): void
}

export function joined(one: Int16Array, other: Int16Array): Int16Array<ArrayBuffer> {
  const both = new Int16Array(one.length + other.length)
  both.set(one)
  both.set(other, one.length)
  return both
}

/** What is too loud is cut off, never wrapped. */
export const within16Bits = (value: number): number =>
  value > 32_767 ? 32_767 : value < -32_768 ? -32_768 : value
