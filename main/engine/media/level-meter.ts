/** How loud a leg's far side is, for a meter beside its name. */
import { Hearing } from './hearing.ts'
import type { Leg } from './leg.ts'

export const SILENT = -127

export class LevelMeter {
  readonly #hearing = new Hearing()
  readonly #stop: () => void
  #loudest = 0

  constructor(leg: Leg) {
    this.#stop = leg.onVoice((packet) => {
      const samples = this.#hearing.hear(packet)?.samples
      if (samples === undefined) return
      const energy = samples.reduce((sum, sample) => sum + sample * sample, 0)
      this.#loudest = Math.max(this.#loudest, energy / samples.length)
    })
  }

  /** The loudest packet since the last reading: -127 to 0 dBov, as in RFC 6464. */
  read(): number {
    const level = 10 * Math.log10(this.#loudest / 32_768 ** 2)
    this.#loudest = 0
    return Math.round(Math.max(SILENT, level))
  }

  close(): void {
    this.#stop()
    this.#hearing.close()
  }
}
