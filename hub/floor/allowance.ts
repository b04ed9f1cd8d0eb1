/** How much one seat may say in a while: far more than an officer at 32 channels has to, far less than hurts others. */
import type { Instant } from '../../contract/primitives.ts'

const AT_ONCE = 256
const A_SECOND = 128

export class Allowance {
  #left = AT_ONCE
  #at: Instant

  constructor(now: Instant) {
    this.#at = now
  }

  /** Whether one more may be said now; then it counts. */
  take(now: Instant): boolean {
    this.#left = Math.min(AT_ONCE, this.#left + (Math.max(0, now - this.#at) * A_SECOND) / 1000)
    this.#at = now
    if (this.#left < 1) return false
    this.#left--
    return true
  }
}
