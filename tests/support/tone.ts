/** Tones for tests: made, and found again in what was heard. */

const RATE = 8_000

/**
 * A sine of `length` samples, that goes on from `start`. `amplitude` is a share of full scale, `rate` samples a
 * second.
 */
export const sine = (
  frequency: number,
  length: number,
  start = 0,
  amplitude = 0.3,
  rate = RATE,
): Int16Array =>
  Int16Array.from({ length }, (_, at) =>
    Math.round(32_767 * amplitude * Math.sin((2 * Math.PI * frequency * (start + at)) / rate)),
  )

/** Root mean square, a share of full scale. */
export const loudness = (samples: Int16Array): number =>
  Math.sqrt(samples.reduce((sum, sample) => sum + (sample / 32_768) ** 2, 0) / Math.max(1, samples.length))

/** How much of the sound's energy is at `frequency`, 0 to 1 (Goertzel). */
export function shareOf(frequency: number, samples: Int16Array, rate = RATE): number {
  const coefficient = 2 * Math.cos((2 * Math.PI * frequency) / rate)
  let [before, last, energy] = [0, 0, 0]
  for (const sample of samples) {
    const next = sample + coefficient * last - before
    before = last
    last = next
    energy += sample * sample
  }
  if (energy === 0) return 0
  const power = last * last + before * before - coefficient * last * before
  return (2 * power) / (samples.length * energy)
}
