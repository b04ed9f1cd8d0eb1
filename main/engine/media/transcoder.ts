/** Says what one leg says in the codec of another: as it is where they have the same. */
import { type Codec, clockRate, type Encoder, joined, LINEAR_FRAME, LINEAR_RATE } from './codec.ts'
import { codecs } from './codecs.ts'
import { type Law, transcode } from './g711.ts'
import { type Heard, Hearing } from './hearing.ts'
import type { VoicePacket } from './leg.ts'
import { timestampDistance } from './rtp.ts'

const isLaw = (codec: Codec): codec is Law => codec === 'PCMU' || codec === 'PCMA'

/** Silence that is not sent moves time on; after this much of it the stream has a new beginning. */
const LONGEST_GAP = LINEAR_RATE

export class Transcoder {
  readonly codec: Codec
  readonly #hearing = new Hearing()
  #encoder: Encoder | undefined
  /** What is not a whole frame yet, and the time of its first sample. */
  #pending = new Int16Array()
  #at = 0
  /** The numbers of what goes out. */
  #sequence = 0
  #timestamp = 0

  /** To this codec. */
  constructor(codec: Codec) {
    this.codec = codec
  }

  /** None, one or more packets: what was heard is cut into frames of 20 ms. */
  take(packet: VoicePacket): readonly VoicePacket[] {
    const to = this.codec
    if (packet.codec === to) return [packet]
    if (isLaw(packet.codec) && isLaw(to))
      return [{ ...packet, codec: to, payload: transcode(packet.codec, to, packet.payload) }]
    const heard = this.#hearing.hear(packet)
    if (heard === undefined || heard.order === 'late') return []
    this.#place(heard)
    return this.#frames(heard.ssrc, packet.marker)
  }

  close(): void {
    this.#hearing.close()
    this.#encoder?.close?.()
    this.#encoder = undefined
  }

  /** Puts it behind what is pending: where time goes back, or slower than sound, there is no gap. */
  #place({ timestamp, samples, order, missing }: Heard): void {
    const gap = timestampDistance(this.#at + this.#pending.length, timestamp)
    const isNew = order === 'first' || Math.abs(gap) > LONGEST_GAP
    if (isNew || gap > 0) {
      this.#pending = new Int16Array()
      this.#moveTo(timestamp, isNew)
      // Whoever hears it conceals what is lost, and not what was not said.
      if (!isNew && missing > 0) this.#sequence += Math.max(1, Math.round(gap / LINEAR_FRAME))
    }
    this.#pending = joined(this.#pending, samples)
  }

  #frames(ssrc: number, marker: boolean): VoicePacket[] {
    this.#encoder ??= codecs[this.codec].encoder()
    const packets: VoicePacket[] = []
    let from = 0
    for (; from + LINEAR_FRAME <= this.#pending.length; from += LINEAR_FRAME) {
      const payload = this.#encoder.encode(this.#pending.subarray(from, from + LINEAR_FRAME))
      if (payload !== undefined)
        packets.push({
          codec: this.codec,
          marker: marker && from === 0,
          sequence: this.#sequence & 0xffff,
          timestamp: this.#timestamp >>> 0,
          ssrc,
          payload,
        })
      this.#sequence++
      this.#moveTo(this.#at + LINEAR_FRAME, false)
    }
    this.#pending = this.#pending.slice(from)
    return packets
  }

  /** `isNew`: time that has nothing to do with what was before. */
  #moveTo(at: number, isNew: boolean): void {
    const samples = isNew ? LINEAR_FRAME : timestampDistance(this.#at, at)
    this.#timestamp += Math.round((samples * clockRate[this.codec]) / LINEAR_RATE)
    this.#at = at >>> 0
  }
}
