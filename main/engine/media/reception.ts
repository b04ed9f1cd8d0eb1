/** What is received of a stream: loss and jitter (RFC 3550, A.1, A.3, A.8). */
import type { ReceptionReport } from './rtcp.ts'
import { type RtpPacket, sequenceDistance, timestampDistance } from './rtp.ts'

/** A jump larger than this is a sender that began anew. */
const JUMP_PACKETS = 3_000

interface Source {
  readonly ssrc: number
  /** Sequence numbers with their wraps counted. */
  readonly first: number
  highest: number
  received: number
  /** Up to the last report. */
  expectedBefore: number
  receivedBefore: number
}

export class Reception {
  #source: Source | undefined
  /** Time units a second of the newest packet's clock, and the jitter in them. */
  #rate = 8_000
  #jitter = 0
  #transit: number | undefined
  #lastAt: number | undefined
  /** Of sources before this one. */
  #past = { expected: 0, received: 0 }

  /** When the newest packet came. */
  get lastAt(): number | undefined {
    return this.#lastAt
  }

  get received(): number {
    return this.#past.received + (this.#source?.received ?? 0)
  }

  /** Packets that never came, over all sources. */
  get lost(): number {
    return Math.max(0, this.#expected() - this.received)
  }

  /** Of what should have come, 0 to 1. */
  get lossShare(): number {
    const expected = this.#expected()
    return expected === 0 ? 0 : this.lost / expected
  }

  /** In milliseconds. */
  get jitter(): number {
    return (this.#jitter * 1000) / this.#rate
  }

  /**
   * `now` in milliseconds, by any clock that never goes back. `timed`: whether the timestamp says when it was sent;
   * those of one telephone event are all the same. `rate`: of the timestamp's clock, in units a second.
   */
  take(
    { ssrc, sequence, timestamp }: Pick<RtpPacket, 'ssrc' | 'sequence' | 'timestamp'>,
    now: number,
    rate: number,
    timed = true,
  ): void {
    this.#lastAt = now
    const known = this.#source
    const ahead = known === undefined ? 0 : sequenceDistance(known.highest & 0xffff, sequence)
    if (known === undefined || known.ssrc !== ssrc || Math.abs(ahead) > JUMP_PACKETS) {
      this.#past = { expected: this.#expected(), received: this.received }
      this.#source = {
        ssrc,
        first: sequence,
        highest: sequence,
        received: 1,
        expectedBefore: 0,
        receivedBefore: 0,
      }
      this.#transit = undefined
    } else {
      known.received++
      if (ahead > 0) known.highest += ahead
    }
    if (!timed) return
    if (rate !== this.#rate) {
      this.#jitter *= rate / this.#rate
      this.#rate = rate
      this.#transit = undefined
    }
    const transit = (Math.round((now * rate) / 1000) - timestamp) | 0
    // Speech that begins again after a silence may have a new time base: it is no jitter.
    const moved = this.#transit === undefined ? 0 : Math.abs(timestampDistance(this.#transit, transit))
    if (moved < rate) this.#jitter += (moved - this.#jitter) / 16
    this.#transit = transit
  }

  /** What RTCP says of it since the last report; `heard`: the middle of their newest report's time and when it came. */
  report(
    heard: { readonly middle: number; readonly at: number } | undefined,
    now: number,
  ): ReceptionReport[] {
    const source = this.#source
    if (source === undefined) return []
    const expected = source.highest - source.first + 1
    const expectedNow = expected - source.expectedBefore
    const lostNow = expectedNow - (source.received - source.receivedBefore)
    source.expectedBefore = expected
    source.receivedBefore = source.received
    return [
      {
        ssrc: source.ssrc,
        fractionLost:
          lostNow <= 0 || expectedNow <= 0 ? 0 : Math.min(255, Math.floor((lostNow * 256) / expectedNow)),
        lost: expected - source.received,
        highestSequence: source.highest >>> 0,
        jitter: Math.round(this.#jitter),
        lastSenderReport: heard?.middle ?? 0,
        delaySince: heard === undefined ? 0 : Math.round(((now - heard.at) * 65_536) / 1000),
      },
    ]
  }

  #expected(): number {
    const source = this.#source
    return this.#past.expected + (source === undefined ? 0 : source.highest - source.first + 1)
  }
}
