/** One talker's linear samples on their way to a mixer: packets come when they like, 20 ms are taken at each tick. */
import { LINEAR_FRAME } from './codec.ts'
import { timestampDistance } from './rtp.ts'

const CAPACITY = 16 * LINEAR_FRAME
/** How long the first packet of a talk-spurt waits, so that the next may be late. */
const WAIT = 2 * LINEAR_FRAME
/** More than this and the talker's clock is faster than ours, or a stall is over: the surplus is left out. */
const MOST = 5 * LINEAR_FRAME
/** A lost packet sounds like the one before it, each time so much fainter: a hole would click. */
const FADE = 0.5

export interface PlayoutPacket {
  readonly ssrc: number
  /** In samples. */
  readonly timestamp: number
  readonly samples: Int16Array
}

export class PlayoutBuffer {
  /** A ring, by timestamp. */
  readonly #ring = new Int16Array(CAPACITY)
  /** Which places of the ring hold what came. */
  readonly #came = new Uint8Array(CAPACITY)
  #last = new Int16Array(LINEAR_FRAME)
  #ssrc: number | undefined
  /** The timestamp of the next sample to be taken, and of the first that has not come. */
  #read = 0
  #end = 0

  /** Samples that wait. */
  get waiting(): number {
    return this.#ssrc === undefined ? 0 : Math.max(0, timestampDistance(this.#read, this.#end))
  }

  push({ ssrc, timestamp, samples }: PlayoutPacket): void {
    if (samples.length === 0 || samples.length > CAPACITY / 2) return
    const offset = timestampDistance(this.#read, timestamp)
    if (this.#ssrc !== ssrc || offset < -CAPACITY || offset + samples.length > CAPACITY) {
      this.#restart(ssrc, timestamp)
    }
    for (let at = 0; at < samples.length; at++) {
      const place = (timestamp + at) >>> 0
      // Too late for its tick: it would be heard at the wrong time.
      if (timestampDistance(this.#read, place) < 0) continue
      this.#ring[place % CAPACITY] = samples[at] ?? 0
      this.#came[place % CAPACITY] = 1
    }
    const end = (timestamp + samples.length) >>> 0
    if (timestampDistance(this.#end, end) > 0) this.#end = end
    while (this.waiting > MOST) this.#drop()
  }

  /** The next 20 ms; nothing while the talker is silent. */
  take(): Int16Array | undefined {
    if (this.#ssrc === undefined) return undefined
    if (this.waiting === 0) {
      // Dry: the next packet begins anew, with its wait.
      this.#ssrc = undefined
      return undefined
    }
    const frame = new Int16Array(LINEAR_FRAME)
    for (let at = 0; at < LINEAR_FRAME; at++) {
      const place = ((this.#read + at) >>> 0) % CAPACITY
      frame[at] = this.#came[place] ? (this.#ring[place] ?? 0) : (this.#last[at] ?? 0) * FADE
    }
    this.#last = frame
    this.#drop()
    return frame
  }

  #drop(): void {
    for (let at = 0; at < LINEAR_FRAME; at++) this.#came[((this.#read + at) >>> 0) % CAPACITY] = 0
    this.#read = (this.#read + LINEAR_FRAME) >>> 0
  }

  #restart(ssrc: number, timestamp: number): void {
    this.#came.fill(0)
    this.#last = new Int16Array(LINEAR_FRAME)
    this.#ssrc = ssrc
    this.#read = (timestamp - WAIT) >>> 0
    this.#end = timestamp
  }
}
