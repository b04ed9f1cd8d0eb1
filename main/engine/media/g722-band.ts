/** One of the two bands of G.722: an adaptive quantizer around a predictor (ITU-T G.722, clause 6.2). */

import { within16Bits } from './codec.ts'

/** What is different in the two bands (clause 6.2.1, tables 13 to 22). */
export interface BandTables {
  /** The scale factor that both sides begin with. */
  readonly firstScale: number
  /** Where one step of the quantizer ends and the next begins, in 4,096ths of the scale; code by code from zero. */
  readonly decisions: Int32Array
  readonly positive: Uint8Array
  readonly negative: Uint8Array
  /** How many of a code's bits, from below, only listeners hear: the predictor does without. */
  readonly dropped: number
  /** What the predictor takes a code for, and what listeners hear, in 32,768ths of the scale. */
  readonly coarse: Int32Array
  readonly fine: Int32Array
  /** How each coarse code moves the scale's logarithm, how far that goes, and the shift by which it is undone. */
  readonly multiplier: Int32Array
  readonly mostLog: number
  readonly shift: number
}

/** A quantizer's codes for magnitudes from the least on: down from `from` to `to`. */
const downFrom = (from: number, to: number): number[] =>
  Array.from({ length: from - to + 1 }, (_, at) => from - at)

const lowerMagnitudes = [
  ...[136, 432, 728, 1_040, 1_360, 1_688, 2_032, 2_400, 2_776, 3_168, 3_576, 4_008, 4_464, 4_944, 5_456],
  ...[6_000, 6_576, 7_192, 7_856, 8_576, 9_360, 10_232, 11_192, 12_280, 13_512, 14_984, 16_704, 19_008],
  ...[21_904, 24_808],
]
const lowerPositive = downFrom(61, 32)
const lowerNegative = [63, 62, ...downFrom(31, 4)]
/** QQ6 and QQ4 by code: magnitudes with their signs. Codes that no encoder sends mean the least. */
const lowerFine = new Int32Array(64).fill(-136)
for (const [at, magnitude] of lowerMagnitudes.entries()) {
  lowerFine[lowerPositive[at] ?? 0] = magnitude
  lowerFine[lowerNegative[at] ?? 0] = -magnitude
}
const lowerCoarse = [20_456, 12_896, 8_968, 6_288, 4_240, 2_584, 1_200]
/** WL by the magnitude of the coarse code, the least first. */
const lowerSteps = [-60, -30, 58, 172, 334, 538, 1_198, 3_042]

export const lowerBand: BandTables = {
  firstScale: 32,
  // Q6.
  decisions: Int32Array.of(
    ...[35, 72, 110, 150, 190, 233, 276, 323, 370, 422, 473, 530, 587, 650, 714, 786, 858, 940, 1_023],
    ...[1_121, 1_219, 1_339, 1_458, 1_612, 1_765, 1_980, 2_195, 2_557, 2_919],
  ),
  positive: Uint8Array.from(lowerPositive),
  negative: Uint8Array.from(lowerNegative),
  dropped: 2,
  coarse: Int32Array.of(0, ...lowerCoarse.map((magnitude) => -magnitude), ...lowerCoarse, 0),
  fine: lowerFine,
  multiplier: Int32Array.of(
    lowerSteps[0] ?? 0,
    ...lowerSteps.slice(1).toReversed(),
    ...lowerSteps.slice(1).toReversed(),
    lowerSteps[0] ?? 0,
  ),
  mostLog: 18_432,
  shift: 8,
}

const higherLevels = Int32Array.of(-7_408, -1_616, 7_408, 1_616)

export const higherBand: BandTables = {
  firstScale: 8,
  decisions: Int32Array.of(564),
  positive: Uint8Array.of(3, 2),
  negative: Uint8Array.of(1, 0),
  dropped: 0,
  coarse: higherLevels,
  fine: higherLevels,
  // WH.
  multiplier: Int32Array.of(798, -214, 798, -214),
  mostLog: 22_528,
  shift: 10,
}

/** ILB: 2,048 times two to the power of so many 32nds. */
const antilogarithm = Int32Array.from({ length: 32 }, (_, at) => Math.round(2_048 * 2 ** (at / 32)))

const ZEROS = 6

export class Band {
  readonly #tables: BandTables
  /** NB and DET: the scale's logarithm in 2,048ths, and the scale. */
  #log = 0
  #scale: number
  /** The last differences, newest first, and the coefficients of the zeros. */
  readonly #differences = new Int32Array(ZEROS)
  readonly #zeros = new Int32Array(ZEROS)
  /** A1 and A2: the coefficients of the poles. */
  #pole1 = 0
  #pole2 = 0
  /** The last two signals as rebuilt, and as rebuilt without the poles. */
  #rebuilt1 = 0
  #rebuilt2 = 0
  #partial1 = 0
  #partial2 = 0
  /** SZ, and S: what the next sample should be. */
  #zeroPart = 0
  #foretold = 0

  constructor(tables: BandTables) {
    this.#tables = tables
    this.#scale = tables.firstScale
  }

  /** The code of a sample of 15 bits. */
  write(sample: number): number {
    const { decisions, positive, negative, dropped } = this.#tables
    const difference = within16Bits(sample - this.#foretold)
    const magnitude = difference < 0 ? -(difference + 1) : difference
    // QUANTL, QUANTH.
    let step = 0
    while (step < decisions.length && magnitude >= ((decisions[step] ?? 0) * this.#scale) >> 12) step++
    const code = (difference < 0 ? negative : positive)[step] ?? 0
    this.#adapt(code >> dropped)
    return code
  }

  /** The sample of a code. */
  read(code: number): number {
    const { fine, dropped } = this.#tables
    const sample = this.#foretold + ((this.#scale * (fine[code] ?? 0)) >> 15)
    this.#adapt(code >> dropped)
    return sample
  }

  /** Both sides do this alike, so that they go on foretelling the same. */
  #adapt(code: number): void {
    const { coarse, multiplier, mostLog, shift } = this.#tables
    // INVQAL, INVQAH.
    const difference = (this.#scale * (coarse[code] ?? 0)) >> 15
    // LOGSCL, LOGSCH: what was long ago counts ever less.
    const log = ((this.#log * 127) >> 7) + (multiplier[code] ?? 0)
    this.#log = log < 0 ? 0 : log > mostLog ? mostLog : log
    // SCALEL, SCALEH.
    const power = shift - (this.#log >> 11)
    const mantissa = antilogarithm[(this.#log >> 6) & 31] ?? 0
    this.#scale = (power < 0 ? mantissa << -power : mantissa >> power) << 2
    // RECONS, PARREC.
    const rebuilt = within16Bits(this.#foretold + difference)
    const partial = within16Bits(this.#zeroPart + difference)
    this.#movePoles(partial)
    this.#moveZeros(difference)
    this.#rebuilt2 = this.#rebuilt1
    this.#rebuilt1 = rebuilt
    this.#partial2 = this.#partial1
    this.#partial1 = partial
    // FILTEP, PREDIC.
    const poles =
      ((this.#pole1 * within16Bits(2 * this.#rebuilt1)) >> 15) +
      ((this.#pole2 * within16Bits(2 * this.#rebuilt2)) >> 15)
    this.#foretold = within16Bits(within16Bits(poles) + this.#zeroPart)
  }

  /** UPPOL2, UPPOL1: towards where signs repeat, within what is stable. */
  #movePoles(partial: number): void {
    const likeLast = partial >= 0 === this.#partial1 >= 0
    const likeBefore = partial >= 0 === this.#partial2 >= 0
    const four = within16Bits(4 * this.#pole1)
    const crossed = within16Bits(likeLast ? -four : four)
    const second = (crossed >> 7) + (likeBefore ? 128 : -128) + ((this.#pole2 * 32_512) >> 15)
    const pole2 = second > 12_288 ? 12_288 : second < -12_288 ? -12_288 : second
    const first = (likeLast ? 192 : -192) + ((this.#pole1 * 32_640) >> 15)
    const most = 15_360 - pole2
    this.#pole1 = first > most ? most : first < -most ? -most : first
    this.#pole2 = pole2
  }

  /** UPZERO, DELAYA, FILTEZ. */
  #moveZeros(difference: number): void {
    const differences = this.#differences
    const zeros = this.#zeros
    const step = difference === 0 ? 0 : 128
    let sum = 0
    for (let at = ZEROS - 1; at >= 0; at--) {
      const before = differences[at] ?? 0
      const alike = before >= 0 === difference >= 0
      const zero = within16Bits((alike ? step : -step) + (((zeros[at] ?? 0) * 32_640) >> 15))
      zeros[at] = zero
      const next = at === 0 ? difference : (differences[at - 1] ?? 0)
      differences[at] = next
      sum += (zero * within16Bits(2 * next)) >> 15
    }
    this.#zeroPart = within16Bits(sum)
  }
}
