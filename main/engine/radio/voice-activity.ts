/** Whether somebody speaks on a line that is always open, as a telephone's is. Pure. */

/** dBov: below it nothing is speech. */
const LEAST_LEVEL = -50
/** How much louder than the noise of the line speech is, dB. */
const ABOVE_NOISE = 12
/** So many frames in a row: a click is no speech. */
const ATTACK_FRAMES = 2
/** Between words. */
const HANG_MS = 700
/** How fast the noise is taken to rise, dB a frame of 20 ms: it is quieter between words than it ever is within them. */
const NOISE_RISE = 0.05
const LOUDEST_NOISE = -35

export class VoiceActivity {
  #noise = -70
  #loudFrames = 0
  #spokeAt: number | undefined

  /** When speech is over, if nothing more is taken. */
  get deadline(): number | undefined {
    return this.#spokeAt === undefined ? undefined : this.#spokeAt + HANG_MS
  }

  /** The level of a frame, dBov; `now` is in milliseconds and never goes back. */
  take(level: number, now: number): void {
    const loud = level > Math.max(LEAST_LEVEL, this.#noise + ABOVE_NOISE)
    this.#noise = Math.min(LOUDEST_NOISE, level < this.#noise ? level : this.#noise + NOISE_RISE)
    this.#loudFrames = loud ? this.#loudFrames + 1 : 0
    if (this.#loudFrames >= ATTACK_FRAMES) this.#spokeAt = now
    else this.speaks(now)
  }

  speaks(now: number): boolean {
    if (this.deadline !== undefined && now >= this.deadline) this.#spokeAt = undefined
    return this.#spokeAt !== undefined
  }
}
