/** A leg: one stream of voice in and out. */

import type { Codec } from './codec.ts'
import type { Numbers } from './continuity.ts'

/** A packet of voice, wherever it came from. Its numbers are its source's; time counts by the codec's `clockRate`. */
export interface VoicePacket extends Numbers {
  readonly codec: Codec
  readonly ssrc: number
  readonly payload: Uint8Array
}

export interface Leg {
  /** Says this to the leg's far side, in the codec and with the numbers that it has there. */
  send(packet: VoicePacket): void
  /** Calls `listener` with what the far side says. Returns its own undoing. */
  onVoice(listener: (packet: VoicePacket) => void): () => void
}
