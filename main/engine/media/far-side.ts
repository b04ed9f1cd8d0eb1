/**
 * Where a leg's packets go (symmetric RTP, RFC 4961): to the address of the session description, until packets show
 * from where the far side really sends, as behind a translator of addresses; then there, and only what comes from
 * there is heard. Anybody can send packets, so whoever speaks first has not won: the address of the description
 * takes the stream back from its host's other ports, and both from strangers (RFC 7362, 5).
 */

import { sequenceDistance } from './rtp.ts'
import type { Address } from './voice-terms.ts'

/** A stranger is heard after so many packets in a row: one that tries all ports sends fewer to each. */
const STRANGER_RUN = 5

interface Stranger {
  readonly from: Address
  readonly sequence: number
  readonly run: number
}

export class FarSide {
  #said: Address | undefined
  #seen: Address | undefined
  #stranger: Stranger | undefined

  /** Where to send. */
  get address(): Address | undefined {
    return this.#said && (this.#seen ?? this.#said)
  }

  /** A new description: the same address changes nothing. */
  describe(said: Address | undefined): void {
    if (said !== undefined && !same(said, this.#said)) {
      this.#seen = undefined
      this.#stranger = undefined
    }
    this.#said = said
  }

  /** Whether a packet from there may be the far side's. */
  admits(from: Address): boolean {
    if (this.#said === undefined || this.#seen === undefined) return true
    return same(from, this.#seen) || this.#nearness(from) > this.#nearness(this.#seen)
  }

  /** A good packet came from there: whether it is the far side's. `proven`: only the far side can have made it. */
  see(from: Address, sequence: number, proven: boolean): boolean {
    if (!this.admits(from)) return false
    // Held by a description without an address: nobody can tell who may send.
    if (this.#said === undefined || same(from, this.#seen)) return true
    if (!proven && this.#nearness(from) === 0 && !this.#persists(from, sequence)) return false
    this.#seen = from
    return true
  }

  #persists(from: Address, sequence: number): boolean {
    const before = this.#stranger
    const goesOn =
      before !== undefined && same(from, before.from) && sequenceDistance(before.sequence, sequence) === 1
    const run = goesOn ? before.run + 1 : 1
    this.#stranger = { from, sequence, run }
    return run >= STRANGER_RUN
  }

  /** To the description: its very address, its host, or neither. */
  #nearness(from: Address): 0 | 1 | 2 {
    if (same(from, this.#said)) return 2
    return from.host === this.#said?.host ? 1 : 0
  }
}

const same = (one: Address, other: Address | undefined): boolean =>
  one.host === other?.host && one.port === other.port
