/**
 * Keeps one outgoing stream's sequence numbers and timestamps contiguous, whatever comes in: a receiver that sees
 * them jump may stay silent for good.
 */
import { type Codec, clockRate, FRAME_MS, frameUnits } from './codec.ts'
import { sequenceDistance, timestampDistance } from './rtp.ts'

export interface Numbers {
  readonly marker: boolean
  readonly sequence: number
  readonly timestamp: number
}

/** A packet further ahead or behind than this belongs to a stream that began anew. */
const JUMP_PACKETS = 50
/** After such a silence time is taken from the clock, not from the packet. */
const GAP_MS = 400
/** How far timestamps may run ahead of the clock. */
const AHEAD_MS = 200
/** Nobody plays what is later than this. */
const LATE_MS = 1_000
/** So many late packets one after the other are no late packets: the sender began anew a little lower. */
const OLD_RUN = 3

/** A packet's numbers as they came in. */
export interface Incoming extends Numbers {
  readonly codec: Codec
  readonly ssrc: number
}

interface Anchored {
  readonly codec: Codec
  readonly ssrc: number
  /** The newest that came in, and when. */
  sequence: number
  timestamp: number
  at: number
  /** What has to be added to incoming numbers to get outgoing ones. */
  readonly sequenceShift: number
  readonly timestampShift: number
  readonly firstSequence: number
}

export interface ContinuityOptions {
  /** Where the outgoing numbers begin: random (RFC 3550, 5.1). */
  readonly sequence: number
  readonly timestamp: number
  /** While the one talker was heard within so many milliseconds, other sources are left out. */
  readonly holdTalkerMs?: number
}

/** One for each outgoing stream. `now` is in milliseconds and never goes back. */
export class Continuity {
  #in: Anchored | undefined
  /** The newest that went out. */
  #out: { sequence: number; timestamp: number; at: number } | undefined
  readonly #first: { readonly sequence: number; readonly timestamp: number }
  readonly #holdTalkerMs: number
  /** Of the newest that went out: its clock is ours. */
  #codec: Codec = 'PCMU'
  /** Which outgoing number was last sent in each place. */
  readonly #sent = new Int32Array(64)
  #oldRun = 0
  #lastOld = -1

  constructor({ sequence, timestamp, holdTalkerMs = 0 }: ContinuityOptions) {
    this.#first = { sequence, timestamp }
    this.#holdTalkerMs = holdTalkerMs
  }

  /** The numbers a packet is to go out with; none where it must not go out. */
  map(packet: Incoming, now: number): Numbers | undefined {
    const anchored = this.#in
    if (anchored === undefined) return this.#anchor(packet, now)
    if (packet.ssrc !== anchored.ssrc)
      return now - anchored.at < this.#holdTalkerMs ? undefined : this.#anchor(packet, now)
    const ahead = sequenceDistance(anchored.sequence, packet.sequence)
    if (ahead === 0) return undefined
    // The other codec's time may run at another rate.
    if (Math.abs(ahead) > JUMP_PACKETS || packet.codec !== anchored.codec) return this.#anchor(packet, now)
    if (ahead < 0) return this.#late(packet, anchored, now)
    this.#oldRun = 0
    const elapsed = now - anchored.at
    const later = timestampDistance(anchored.timestamp, packet.timestamp) / unitsPerMs(packet.codec)
    if (elapsed > GAP_MS || later <= 0 || later > elapsed + AHEAD_MS) return this.#anchor(packet, now)
    anchored.sequence = packet.sequence
    anchored.timestamp = packet.timestamp
    anchored.at = now
    return this.#send(
      packet.marker,
      (packet.sequence + anchored.sequenceShift) & 0xffff,
      (packet.timestamp + anchored.timestampShift) >>> 0,
      now,
    )
  }

  /**
   * Numbers for a packet of our own between the others, which are of this codec. Without a timestamp it is the time of
   * now; events that last repeat the first one's (RFC 4733, 2.2).
   */
  own(codec: Codec, now: number, timestamp?: number): Numbers {
    this.#codec = codec
    const out = this.#next(now)
    const own = timestamp ?? out.timestamp
    // What comes after is placed by the clock, counted from here.
    this.#in = undefined
    const at = timestamp === undefined ? now : (this.#out?.at ?? now)
    this.#sent[out.sequence % 64] = out.sequence + 1
    this.#out = { sequence: out.sequence, timestamp: own, at }
    return { marker: timestamp === undefined, sequence: out.sequence, timestamp: own }
  }

  /** Late packets keep their place, as long as it was theirs. */
  #late(packet: Incoming, anchored: Anchored, now: number): Numbers | undefined {
    this.#oldRun = sequenceDistance(this.#lastOld, packet.sequence) === 1 ? this.#oldRun + 1 : 1
    this.#lastOld = packet.sequence
    if (this.#oldRun >= OLD_RUN) return this.#anchor(packet, now)
    if (sequenceDistance(anchored.firstSequence, packet.sequence) < 0) return undefined
    const before = timestampDistance(packet.timestamp, anchored.timestamp) / unitsPerMs(packet.codec)
    if (before <= 0 || before > LATE_MS) return undefined
    const sequence = (packet.sequence + anchored.sequenceShift) & 0xffff
    if (this.#sent[sequence % 64] === sequence + 1) return undefined
    this.#sent[sequence % 64] = sequence + 1
    return {
      marker: packet.marker,
      sequence,
      timestamp: (packet.timestamp + anchored.timestampShift) >>> 0,
    }
  }

  #anchor(packet: Incoming, now: number): Numbers {
    this.#codec = packet.codec
    const { sequence, timestamp } = this.#next(now)
    this.#oldRun = 0
    this.#in = {
      codec: packet.codec,
      ssrc: packet.ssrc,
      sequence: packet.sequence,
      timestamp: packet.timestamp,
      at: now,
      sequenceShift: sequence - packet.sequence,
      timestampShift: timestamp - packet.timestamp,
      firstSequence: packet.sequence,
    }
    return this.#send(true, sequence, timestamp, now)
  }

  /** One further in sequence, and in time by the clock: whole frames, at least one. */
  #next(now: number): { sequence: number; timestamp: number } {
    const out = this.#out
    if (out === undefined) return this.#first
    const frames = Math.max(1, Math.round((now - out.at) / FRAME_MS))
    return {
      sequence: (out.sequence + 1) & 0xffff,
      timestamp: (out.timestamp + frames * frameUnits(this.#codec)) >>> 0,
    }
  }

  #send(marker: boolean, sequence: number, timestamp: number, now: number): Numbers {
    this.#sent[sequence % 64] = sequence + 1
    this.#out = { sequence, timestamp, at: now }
    return { marker, sequence, timestamp }
  }
}

const unitsPerMs = (codec: Codec): number => clockRate[codec] / 1000
