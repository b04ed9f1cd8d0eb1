/**
 * Where a leg's packets go (symmetric RTP, RFC 4961): to the address of the session description, until the first
 * packet shows from where the far side really sends; then there, and only what comes from there is heard.
 */
import type { Address } from './offer-answer.ts'

export class FarSide {
  #said: Address | undefined
  #seen: Address | undefined

  /** Where to send. */
  get address(): Address | undefined {
    return this.#said && (this.#seen ?? this.#said)
  }

  /** A new description: the same address changes nothing. */
  describe(said: Address | undefined): void {
    if (said !== undefined && !same(said, this.#said)) this.#seen = undefined
    this.#said = said
  }

  /** Whether a packet from there is to be heard. */
  admits(from: Address): boolean {
    return this.#seen === undefined || same(from, this.#seen)
  }

  /** A good packet came from there. Before anything was described nobody can tell who may send. */
  see(from: Address): void {
    if (this.#said !== undefined) this.#seen ??= from
  }
}

const same = (one: Address, other: Address | undefined): boolean =>
  one.host === other?.host && one.port === other.port
