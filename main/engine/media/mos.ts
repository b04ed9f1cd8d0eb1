/**
 * How good a call sounds, 1 to 4.5, estimated from the network alone: the E-model (ITU-T G.107) with everything at
 * its default but delay and loss, and G.711's figures (ITU-T G.113, appendix I), whatever the codec: calls can be
 * compared.
 */

/** The rating with nothing amiss. */
const BEST = 93.2
/** How well G.711 with concealment bears random loss. */
const LOSS_ROBUSTNESS = 25.1
/** What codec, packet and sound card add to the network's delay, in milliseconds. */
const OWN_DELAY_MS = 40

export interface Path {
  /** Of all packets, 0 to 1. */
  readonly lossShare: number
  /** In milliseconds: the receiver waits about twice as long. */
  readonly jitter: number
  /** In milliseconds; undefined if nobody measured it. */
  readonly roundTrip: number | undefined
}

export function meanOpinionScore({ lossShare, jitter, roundTrip = 0 }: Path): number {
  const delay = roundTrip / 2 + 2 * jitter + OWN_DELAY_MS
  const delayImpairment = 0.024 * delay + (delay > 177.3 ? 0.11 * (delay - 177.3) : 0)
  const lossPercent = lossShare * 100
  const lossImpairment = (95 * lossPercent) / (lossPercent + LOSS_ROBUSTNESS)
  const rating = Math.min(100, Math.max(0, BEST - delayImpairment - lossImpairment))
  return Math.max(1, 1 + 0.035 * rating + rating * (rating - 60) * (100 - rating) * 7e-6)
}
