/**
 * Opus (RFC 6716) by libopus in WebAssembly. It is loaded when the first stream needs it, some 10 ms; what comes before
 * is lost, which is a packet at most.
 */
import type { DecodeOptions, OpusDecoderHandle, OpusEncoderHandle } from 'libopus-wasm'
import { type Decoder, type Encoder, LINEAR_RATE } from './codec.ts'

const library = () => import('libopus-wasm')

/** Voice sounds no better with more, and no exchange wants less. Bits a second. */
const BITRATE = 32_000
/** 0 to 10. Half of the work of 10, and hardly to be told from it. */
const COMPLEXITY = 5

export class OpusEncoder implements Encoder {
  #encoder: OpusEncoderHandle | undefined
  #closed = false

  constructor() {
    void this.#open()
  }

  encode(frame: Int16Array): Uint8Array | undefined {
    return this.#encoder?.encode(frame)
  }

  close(): void {
    this.#closed = true
    this.#encoder?.free()
    this.#encoder = undefined
  }

  async #open(): Promise<void> {
    const { Application, createEncoder } = await library()
    const encoder = await createEncoder({
      sampleRate: LINEAR_RATE,
      channels: 1,
      application: Application.Voip,
      bitrate: BITRATE,
      complexity: COMPLEXITY,
      fec: true,
      packetLossPercent: 5,
    })
    if (this.#closed) encoder.free()
    else this.#encoder = encoder
  }
}

export class OpusDecoder implements Decoder {
  #decoder: OpusDecoderHandle | undefined
  #closed = false

  constructor() {
    void this.#open()
  }

  decode(payload: Uint8Array): Int16Array {
    return this.#read(payload, {})
  }

  /** The end of what was lost, as long as this packet; guessed, where it is not said again. */
  repeated(payload: Uint8Array): Int16Array {
    const frameSize = (lengthOfOpus(payload) * LINEAR_RATE) / 1000
    return this.#read(payload, { decodeFec: true, frameSize })
  }

  #read(payload: Uint8Array, options: DecodeOptions): Int16Array {
    if (this.#decoder === undefined || payload.length === 0) return new Int16Array()
    try {
      return this.#decoder.decode(payload, options)
    } catch {
      // Whatever it says of the payload, it is no sound, and the next may be one again.
      return new Int16Array()
    }
  }

  close(): void {
    this.#closed = true
    this.#decoder?.free()
    this.#decoder = undefined
  }

  async #open(): Promise<void> {
    const { createDecoder } = await library()
    const decoder = await createDecoder({ sampleRate: LINEAR_RATE, channels: 1 })
    if (this.#closed) decoder.free()
    else this.#decoder = decoder
  }
}

/** Configurations of a frame that CELT wrote over the whole band (RFC 6716, table 2), by its length in ms. */
const celtOf: ReadonlyMap<number, number> = new Map([
  [2.5, 28],
  [5, 29],
  [10, 30],
  [20, 31],
])
/** A frame whose first symbol says that it is silent (RFC 6716, 4.3). */
const SILENT_FRAME = [0xff, 0xfe]
const LONGEST_FRAMES = 6

/** A packet that is silent for so many milliseconds: those that a packet may have, 2.5 to 120. */
export function silentOpus(ms: number): Uint8Array {
  const config = celtOf.get(ms)
  if (config !== undefined) return Uint8Array.of(config << 3, ...SILENT_FRAME)
  const frames = Math.max(1, Math.min(LONGEST_FRAMES, Math.round(ms / 20)))
  // Code 3, all of one length (RFC 6716, 3.2.5).
  return Uint8Array.of((31 << 3) | 3, frames, ...Array.from({ length: frames }, () => SILENT_FRAME).flat())
}

/** How long frames are by configuration, in ms: SILK, both, CELT (RFC 6716, table 2). */
const frameMs = (config: number): number => {
  const among = config & 3
  if (config < 12) return [10, 20, 40, 60][among] ?? 20
  return config < 16 ? ([10, 20][config & 1] ?? 20) : ([2.5, 5, 10, 20][among] ?? 20)
}

/** How long a packet sounds, in ms, by its first octets (RFC 6716, 3). */
export function lengthOfOpus([toc = 0, count = 0]: Uint8Array): number {
  const code = toc & 3
  return frameMs(toc >> 3) * (code === 0 ? 1 : code === 3 ? count & 0x3f : 2)
}
