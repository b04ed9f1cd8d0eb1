/** What a patch joins, as the patch sees it: somebody who speaks, and is spoken to. */
import type { VoicePacket } from '../media/leg.ts'

/** A way for what others say; shut when they are done. */
export interface Opening {
  say(packet: VoicePacket): void
  shut(): void
}

export interface OpenPatchEnd {
  /** Since when somebody speaks there, ms by the clock of the patches; undefined: nobody does. */
  readonly speaksSince: number | undefined
  /** Somebody begins or ends to speak. Returns its own undoing. */
  onSpeaking(listener: () => void): () => void
  onVoice(listener: (packet: VoicePacket) => void): () => void
  open(): Opening
  close(): void
}
