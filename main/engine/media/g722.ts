/**
 * G.722 (ITU-T G.722, 09/2012) at 64 kbit/s, mode 1: voice at 16,000 samples a second. A filter splits it into two
 * bands; the lower is written with six bits a sample, the higher with two, both as steps from what was foretold.
 * Names in comments are those of the recommendation's blocks.
 */
import { type Decoder, type Encoder, within16Bits } from './codec.ts'
import { Band, higherBand, lowerBand } from './g722-band.ts'

/** Of the two filters (table 11), one half; the other is its mirror. In 8,192ths. */
const HALF = [3, -11, -11, 53, 12, -156, 32, 362, -210, -805, 951, 3_876]
/** Those of the even samples, newest first. Those of the odd are its mirror. */
const EVEN = Int32Array.from([...HALF, ...HALF.toReversed()].filter((_, at) => at % 2 === 0))
const TAPS = EVEN.length

/** A line of samples through which filters look back: `newest` first, twice beside itself so that it need not move. */
class DelayLine {
  readonly #samples = new Int32Array(2 * TAPS)
  #newest = 0

  push(sample: number): void {
    this.#newest = (this.#newest + TAPS - 1) % TAPS
    this.#samples[this.#newest] = sample
    this.#samples[this.#newest + TAPS] = sample
  }

  filtered(by: Int32Array): number {
    let sum = 0
    for (let at = 0; at < TAPS; at++) sum += (by[at] ?? 0) * (this.#samples[this.#newest + at] ?? 0)
    return sum
  }
}

const ODD = EVEN.toReversed()

const within15Bits = (value: number): number => (value > 16_383 ? 16_383 : value < -16_384 ? -16_384 : value)

export class G722Encoder implements Encoder {
  readonly #older = new DelayLine()
  readonly #newer = new DelayLine()
  readonly #lower = new Band(lowerBand)
  readonly #higher = new Band(higherBand)

  encode(samples: Int16Array): Uint8Array {
    const payload = new Uint8Array(samples.length >> 1)
    for (let at = 0; at < payload.length; at++) {
      // Transmit QMF: 16-bit samples come out as the 15 bits that the bands have.
      this.#older.push(samples[2 * at] ?? 0)
      this.#newer.push(samples[2 * at + 1] ?? 0)
      const one = this.#newer.filtered(EVEN)
      const other = this.#older.filtered(ODD)
      const low = this.#lower.write(within15Bits((one + other) >> 14))
      const high = this.#higher.write(within15Bits((one - other) >> 14))
      payload[at] = (high << 6) | low
    }
    return payload
  }
}

export class G722Decoder implements Decoder {
  readonly #sums = new DelayLine()
  readonly #differences = new DelayLine()
  readonly #lower = new Band(lowerBand)
  readonly #higher = new Band(higherBand)

  decode(payload: Uint8Array): Int16Array {
    const samples = new Int16Array(2 * payload.length)
    for (let at = 0; at < payload.length; at++) {
      const octet = payload[at] ?? 0
      const low = within15Bits(this.#lower.read(octet & 0x3f))
      const high = within15Bits(this.#higher.read(octet >> 6))
      // Receive QMF.
      this.#sums.push(low + high)
      this.#differences.push(low - high)
      samples[2 * at] = within16Bits(this.#differences.filtered(EVEN) >> 11)
      samples[2 * at + 1] = within16Bits(this.#sums.filtered(ODD) >> 11)
    }
    return samples
  }
}

/** Said over and over it moves no predictor, and is silent within 20 ms whatever was said before. */
export const SILENT_OCTET = 0xfd
