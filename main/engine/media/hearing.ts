/** Understands what a leg says, in whichever codec, whoever speaks there: as linear samples. */
import { clockRate, type Decoder, joined, LINEAR_RATE } from './codec.ts'
import { codecs } from './codecs.ts'
import type { VoicePacket } from './leg.ts'
import { sequenceDistance, timestampDistance } from './rtp.ts'

/** `LINEAR_RATE` samples a second. */
export interface Heard {
  readonly ssrc: number
  /** Of the first sample, in samples. */
  readonly timestamp: number
  readonly samples: Int16Array
  /** `first` of this talker, whose time has nothing to do with that of others; `late`: others came before it. */
  readonly order: 'first' | 'next' | 'late'
  /** Packets that are missing before this one. */
  readonly missing: number
}

/** A packet further ahead or behind than this belongs to a stream that began anew. */
const JUMP_PACKETS = 50
/** After so many late packets one after the other a further one is of a sender that began anew a little lower. */
const LATE_RUN = 3

interface Talker {
  readonly codec: VoicePacket['codec']
  readonly ssrc: number
  readonly decoder: Decoder
  /** Of the newest packet, and its timestamp in linear samples. */
  sequence: number
  timestamp: number
  at: number
  lateRun: number
  wasHeard: boolean
}

export class Hearing {
  #talker: Talker | undefined

  /** Nothing where there is nothing in it to be heard. */
  hear(packet: VoicePacket): Heard | undefined {
    const talker = this.#known(packet) ?? this.#meet(packet)
    const ahead = sequenceDistance(talker.sequence, packet.sequence)
    const at = talker.at + samplesOf(timestampDistance(talker.timestamp, packet.timestamp), packet.codec)
    if (ahead <= 0 && talker.wasHeard) {
      if (ahead < 0) talker.lateRun++
      return ahead === 0 || codecs[packet.codec].remembers
        ? undefined
        : understood(talker, packet, at, 'late', 0)
    }
    talker.lateRun = 0
    talker.sequence = packet.sequence
    talker.timestamp = packet.timestamp
    talker.at = at >>> 0
    const heard = understood(talker, packet, at, talker.wasHeard ? 'next' : 'first', Math.max(0, ahead - 1))
    talker.wasHeard ||= heard !== undefined
    return heard
  }

  close(): void {
    this.#talker?.decoder.close?.()
    this.#talker = undefined
  }

  /** The one who spoke last, if the packet goes on with that. */
  #known({ codec, ssrc, sequence }: VoicePacket): Talker | undefined {
    const talker = this.#talker
    if (talker?.codec !== codec || talker.ssrc !== ssrc) return undefined
    const ahead = sequenceDistance(talker.sequence, sequence)
    if (Math.abs(ahead) > JUMP_PACKETS || (ahead < 0 && talker.lateRun >= LATE_RUN)) return undefined
    return talker
  }

  #meet({ codec, ssrc, sequence, timestamp }: VoicePacket): Talker {
    this.close()
    const decoder = codecs[codec].decoder()
    const at = samplesOf(timestamp, codec) >>> 0
    this.#talker = { codec, ssrc, decoder, sequence, timestamp, at, lateRun: 0, wasHeard: false }
    return this.#talker
  }
}

const samplesOf = (units: number, codec: VoicePacket['codec']): number =>
  Math.round((units * LINEAR_RATE) / clockRate[codec])

function understood(
  { decoder }: Talker,
  { ssrc, payload }: VoicePacket,
  at: number,
  order: Heard['order'],
  missing: number,
): Heard | undefined {
  const repeated = missing > 0 ? decoder.repeated?.(payload) : undefined
  const samples = decoder.decode(payload)
  if (samples.length === 0) return undefined
  if (repeated === undefined || repeated.length === 0)
    return { ssrc, timestamp: at >>> 0, samples, order, missing }
  const timestamp = (at - repeated.length) >>> 0
  return { ssrc, timestamp, samples: joined(repeated, samples), order, missing: missing - 1 }
}
