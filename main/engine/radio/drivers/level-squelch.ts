/** Squelch by loudness, for gateways that tell nothing of it: open while somebody speaks. Pure. */

/** Mean square of 16-bit samples at -45 dBov: above the hiss of an open receiver, below any voice. */
const LOUD = 32_768 ** 2 * 10 ** (-45 / 10)
/** A single loud packet is a click, in packets one after the other. */
const OPENS_AFTER = 2
/** Between words nobody stops talking, in ms. */
const HANG_MS = 500

export class LevelSquelch {
  #loudRun = 0
  #loudAt: number | undefined

  /** `now` in milliseconds, never going back. */
  isOpen(now: number): boolean {
    return this.#loudAt !== undefined && now - this.#loudAt < HANG_MS
  }

  take(samples: Int16Array, now: number): void {
    const energy = samples.reduce((sum, sample) => sum + sample * sample, 0)
    const isLoud = energy > LOUD * samples.length
    this.#loudRun = isLoud ? this.#loudRun + 1 : 0
    if (this.#loudRun >= OPENS_AFTER || (isLoud && this.isOpen(now))) this.#loudAt = now
  }

  /** Forgets what was heard. */
  reset(): void {
    this.#loudRun = 0
    this.#loudAt = undefined
  }
}
