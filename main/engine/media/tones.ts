/**
 * Call-progress tones as they sound in China (GB/T 3380, and ITU-T E.180 supplement 2): 450 Hz in a cadence, each
 * one cycle of PCM to be played over and over.
 */
import { SAMPLE_RATE } from './g711.ts'

const FREQUENCY = 450
/** -10 dBm0, with G.711's full scale at 3.14 dBm0. */
const AMPLITUDE = 32_768 * 10 ** (-(10 + 3.14) / 20)

/** On and off, in seconds, in turn. */
const cadences = {
  dial: [1],
  ringBack: [1, 4],
  busy: [0.35, 0.35],
  congestion: [0.7, 0.7],
  /** No such number. */
  vacant: [0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.4, 0.4],
  callWaiting: [0.4, 4],
  /** Of our own: two short ones before a hotline is answered by itself. */
  autoAnswer: [0.1, 0.1, 0.1, 10],
} as const

export type Tone = keyof typeof cadences

/** One cycle, 8,000 samples a second. */
export function tone(name: Tone): Int16Array {
  const seconds: readonly number[] = cadences[name]
  const samples = new Int16Array(Math.round(seconds.reduce((sum, length) => sum + length, 0) * SAMPLE_RATE))
  let start = 0
  seconds.forEach((length, at) => {
    const end = start + Math.round(length * SAMPLE_RATE)
    if (at % 2 === 0) fill(samples.subarray(start, end))
    start = end
  })
  return samples
}

function fill(samples: Int16Array): void {
  for (let at = 0; at < samples.length; at++)
    samples[at] = Math.round(AMPLITUDE * Math.sin((2 * Math.PI * FREQUENCY * at) / SAMPLE_RATE))
}
