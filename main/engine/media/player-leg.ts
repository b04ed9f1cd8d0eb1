/** A leg that plays: tones, announcements. It hears nothing. */
import { encode, FRAME_SAMPLES } from './g711.ts'
import type { Leg, VoicePacket } from './leg.ts'
import { Listeners } from './listeners.ts'
import { everyFrame } from './ticker.ts'

export interface PlayerOptions {
  /** 16 bits, 8,000 a second. */
  readonly samples: Int16Array
  /** Over and over, until it is closed. */
  readonly loop?: boolean
  /** It was played to its end. */
  readonly onEnd?: () => void
}

export class PlayerLeg implements Leg {
  readonly #voice = new Listeners<VoicePacket>()
  readonly #stop: () => void

  /** Begins at once. */
  constructor({ samples, loop = false, onEnd }: PlayerOptions) {
    const ssrc = Math.floor(Math.random() * 2 ** 32)
    this.#stop = everyFrame((frames) => {
      const start = frames * FRAME_SAMPLES
      if (samples.length === 0 || (!loop && start >= samples.length)) {
        this.#stop()
        onEnd?.()
        return
      }
      this.#voice.tell({
        codec: 'PCMU',
        marker: frames === 0,
        sequence: frames & 0xffff,
        timestamp: start >>> 0,
        ssrc,
        payload: encode('PCMU', cut(samples, start, loop)),
      })
    })
  }

  send(): void {
    // A player has no ears.
  }

  onVoice(listener: (packet: VoicePacket) => void): () => void {
    return this.#voice.add(listener)
  }

  close(): void {
    this.#stop()
  }
}

/** 20 ms from `start` on: over the end from the beginning, or filled up with silence. */
const cut = (samples: Int16Array, start: number, loop: boolean): Int16Array =>
  Int16Array.from({ length: FRAME_SAMPLES }, (_, at) =>
    loop ? (samples[(start + at) % samples.length] ?? 0) : (samples[start + at] ?? 0),
  )
