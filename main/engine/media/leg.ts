/** A leg: one stream of voice in and out. */

import type { Numbers } from './continuity.ts'
import type { Codec } from './g711.ts'

/** A packet of voice, wherever it came from. Its numbers are its source's. */
export interface VoicePacket extends Numbers {
  readonly codec: Codec
  readonly ssrc: number
  readonly payload: Uint8Array
}

export interface Leg {
  /** Says this to the leg's far side, in the law and with the numbers that it has there. */
  send(packet: VoicePacket): void
  /** Calls `listener` with what the far side says. Returns its own undoing. */
  onVoice(listener: (packet: VoicePacket) => void): () => void
}
