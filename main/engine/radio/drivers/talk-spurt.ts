/**
 * Who is heard among the streams that come to one place: whoever begins keeps it until the talk-spurt is over, and
 * that is what squelch means where nothing else tells of it.
 */

/** No packet for so long, and the talk-spurt is over: fifteen lost in a row are no loss. */
const HANG_MS = 300
/** A gateway may send silence for ever; a talker only draws breath. */
const SILENCE_MS = 2_000

export interface SpurtPacket {
  readonly ssrc: number
  /** Digital silence: no sound at all. */
  readonly silent: boolean
}

/** `begun`: its talk-spurt begins, another's may have ended by it. `left-out`: it is not to be heard. */
export type SpurtVerdict = 'begun' | 'heard' | 'left-out'

/** `now` is in milliseconds and never goes back. */
export class TalkSpurt {
  #talker: { readonly ssrc: number; packetAt: number; soundAt: number } | undefined

  get talker(): number | undefined {
    return this.#talker?.ssrc
  }

  /** When `isOver` is worth asking. */
  get deadline(): number | undefined {
    return this.#talker && Math.min(this.#talker.packetAt + HANG_MS, this.#talker.soundAt + SILENCE_MS)
  }

  take({ ssrc, silent }: SpurtPacket, now: number): SpurtVerdict {
    const talker = this.#talker
    if (talker !== undefined && !this.#isStale(now)) {
      if (talker.ssrc !== ssrc) return 'left-out'
      talker.packetAt = now
      if (!silent) talker.soundAt = now
      return 'heard'
    }
    // What follows a silence within one stream is not begun by more of it.
    if (silent) return 'left-out'
    this.#talker = { ssrc, packetAt: now, soundAt: now }
    return 'begun'
  }

  /** A source takes its leave. True if the talk-spurt was its own, and is over. */
  leave(ssrc: number): boolean {
    if (this.#talker?.ssrc !== ssrc) return false
    this.#talker = undefined
    return true
  }

  /** True once, when nothing has been said for long enough. */
  isOver(now: number): boolean {
    if (this.#talker === undefined || !this.#isStale(now)) return false
    this.#talker = undefined
    return true
  }

  #isStale(now: number): boolean {
    return this.deadline !== undefined && now >= this.deadline
  }
}
