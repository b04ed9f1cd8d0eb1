/** What the telephone asks of the officer's sound. */
import type { CallQuality } from '../../../contract/telephony.ts'

/**
 * What the officer hears of a call that nobody has answered, or that did not come about; `autoAnswer`: somebody is
 * on the line in a moment.
 */
export type ProgressTone = 'ringBack' | 'busy' | 'congestion' | 'vacant' | 'autoAnswer'

export interface Headset<Media> {
  /** Over and over, until the answer stops it. */
  play(call: string, tone: ProgressTone): () => void
  /** The officer hears this call from now on; the microphone stays shut. */
  join(call: string, media: Media): HeadsetPlace
}

export interface HeadsetPlace {
  /** Whether the microphone goes into the call. */
  setOpen(open: boolean): void
  /** Whether the others of the conversation, the officer too, hear this call; so from its beginning. */
  setHeard(heard: boolean): void
  /** Into the same conversation as the other: each hears everybody but itself. */
  moveTo(other: HeadsetPlace): void
  /** RFC 4733 events to the other side. */
  sendDtmf(digits: string): void
  /** Of what comes in; null before the first packets. */
  quality(): CallQuality | null
  /** How loud it has been at most since this was asked last, dBov (RFC 6464). */
  level(): number
  /** How long nothing has come in, ms. */
  silentMs(): number
  leave(): void
}
