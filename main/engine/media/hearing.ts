/** Understands what a leg says, in whichever codec, whoever speaks there: as linear samples. */
import { clockRate, type Decoder, LINEAR_RATE } from './codec.ts'
import { codecs } from './codecs.ts'
import type { VoicePacket } from './leg.ts'
import { sequenceDistance, timestampDistance } from './rtp.ts'

/** `LINEAR_RATE` samples a second. */
export interface Heard {
  readonly ssrc: number
  /** Of the first sample, in samples. */
  readonly timestamp: number
  readonly samples: Int16Array
  /** Nothing of this talker was heard before: time has nothing to do with that of others. */
  readonly begins: boolean
  /** Packets that are missing before this one. */
  readonly missing: number
}

/** A packet further ahead or behind than this belongs to a stream that began anew. */
const JUMP_PACKETS = 50
/** So many late packets one after the other are a sender that began anew a little lower. */
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
}

export class Hearing {
  #talker: Talker | undefined

  /** Nothing where there is nothing in it to be heard. */
  hear(packet: VoicePacket): Heard | undefined {
    const { codec, ssrc, sequence, timestamp } = packet
    const known = this.#known(packet)
    if (known === undefined) {
      this.close()
      const at = samplesOf(timestamp, codec) >>> 0
      const decoder = codecs[codec].decoder()
      this.#talker = { codec, ssrc, decoder, sequence, timestamp, at, lateRun: 0 }
      return heard(packet, decoder, { at, begins: true, missing: 0 })
    }
    const ahead = sequenceDistance(known.sequence, sequence)
    const at = (known.at + samplesOf(timestampDistance(known.timestamp, timestamp), codec)) >>> 0
    if (ahead <= 0) {
      known.lateRun = ahead === 0 ? 0 : known.lateRun + 1
      return ahead === 0 || codecs[codec].remembers
        ? undefined
        : heard(packet, known.decoder, { at, begins: false, missing: 0 })
    }
    known.lateRun = 0
    known.sequence = sequence
    known.timestamp = timestamp
    known.at = at
    return heard(packet, known.decoder, { at, begins: false, missing: ahead - 1 })
  }

  close(): void {
    this.#talker?.decoder.close?.()
    this.#talker = undefined
  }

  /** The one who spoke last, if the packet goes on with that. */
  #known({ codec, ssrc, sequence }: VoicePacket): Talker | undefined {
    const talker = this.#talker
    if (talker?.codec !== codec || talker.ssrc !== ssrc || talker.lateRun >= LATE_RUN) return undefined
    return Math.abs(sequenceDistance(talker.sequence, sequence)) > JUMP_PACKETS ? undefined : talker
  }
}

const samplesOf = (units: number, codec: VoicePacket['codec']): number =>
  Math.round((units * LINEAR_RATE) / clockRate[codec])

function heard(
  { ssrc, payload }: VoicePacket,
  decoder: Decoder,
  { at, begins, missing }: { readonly at: number; readonly begins: boolean; readonly missing: number },
): Heard | undefined {
  const samples = decoder.decode(payload)
  return samples.length === 0 ? undefined : { ssrc, timestamp: at, samples, begins, missing }
}
