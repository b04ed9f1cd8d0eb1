/**
 * Between 8,000 and 16,000 samples a second: a filter that lets half of the band through. Every other coefficient of
 * such a filter is zero but for the middle one, so it takes half of the work.
 */
import { joined, within16Bits } from './codec.ts'

/** Coefficients on each side of the middle that are not zero: level up to 3.5 kHz, 60 dB down from 4.5 kHz on. */
const SIDE = 14
/** How far back it looks, in samples of the lower rate. */
const SPAN = 2 * SIDE

/** Bessel's function, for Kaiser's window. */
function bessel(x: number): number {
  let [sum, term] = [1, 1]
  for (let k = 1; term > 1e-9 * sum; k++) {
    term *= (x / (2 * k)) ** 2
    sum += term
  }
  return sum
}

const KAISER = 5.6

/** The coefficients of odd places from the middle outwards, with both sides' sum one half. */
function halfBand(): Float32Array {
  const raw = Array.from({ length: SIDE }, (_, at) => {
    const place = 2 * at + 1
    const window = bessel(KAISER * Math.sqrt(1 - (place / SPAN) ** 2)) / bessel(KAISER)
    return ((at % 2 === 0 ? 1 : -1) / (Math.PI * place)) * window
  })
  const sum = raw.reduce((total, value) => total + value, 0)
  return Float32Array.from(raw, (value) => value / (4 * sum))
}

const sides = halfBand()

/** What stands `SIDE` places before and after the middle, each pair once. */
function outside(samples: Int16Array, middle: number): number {
  let sum = 0
  for (let at = 0; at < SIDE; at++)
    sum += (sides[at] ?? 0) * ((samples[middle - at] ?? 0) + (samples[middle + 1 + at] ?? 0))
  return sum
}

/** From 8,000 samples a second to twice as many. */
export class Upsampler {
  #before = new Int16Array(SPAN)

  take(samples: Int16Array): Int16Array {
    const line = joined(this.#before, samples)
    const result = new Int16Array(2 * samples.length)
    for (let at = 0; at < samples.length; at++) {
      const middle = at + SIDE
      result[2 * at] = line[middle] ?? 0
      result[2 * at + 1] = within16Bits(Math.round(2 * outside(line, middle)))
    }
    this.#before = line.slice(line.length - SPAN)
    return result
  }
}

/** From 16,000 samples a second, an even number of them, to half as many. */
export class Downsampler {
  /** Those of even places and those of odd ones. */
  #even = new Int16Array(SPAN)
  #odd = new Int16Array(SPAN)

  take(samples: Int16Array): Int16Array {
    const half = samples.length >> 1
    const [even, odd] = [new Int16Array(half), new Int16Array(half)]
    for (let at = 0; at < half; at++) {
      even[at] = samples[2 * at] ?? 0
      odd[at] = samples[2 * at + 1] ?? 0
    }
    const evenLine = joined(this.#even, even)
    const oddLine = joined(this.#odd, odd)
    const result = new Int16Array(half)
    for (let at = 0; at < half; at++) {
      const middle = at + SIDE
      result[at] = within16Bits(Math.round((evenLine[middle] ?? 0) / 2 + outside(oddLine, middle - 1)))
    }
    this.#even = evenLine.slice(evenLine.length - SPAN)
    this.#odd = oddLine.slice(oddLine.length - SPAN)
    return result
  }
}
