/** A leg that plays: tones, announcements. It hears nothing. */
import { type Codec, FRAME_MS, LINEAR_RATE } from './codec.ts'
import { linearPayload } from './codecs.ts'
import { encode, SAMPLE_RATE } from './g711.ts'
import type { Leg, VoicePacket } from './leg.ts'
import { Listeners } from './listeners.ts'
import { everyFrame } from './ticker.ts'

export interface PlayerOptions {
  /** 16 bits, 8,000 a second if not said otherwise. */
  readonly samples: Int16Array
  readonly rate?: typeof SAMPLE_RATE | typeof LINEAR_RATE
  /** Over and over, until it is closed. */
  readonly loop?: boolean
  /** It was played to its end. */
  readonly onEnd?: () => void
}

export class PlayerLeg implements Leg {
  readonly #voice = new Listeners<VoicePacket>()
  readonly #stop: () => void

  /** Begins at once. */
  constructor({ samples, rate = SAMPLE_RATE, loop = false, onEnd }: PlayerOptions) {
    const codec: Codec = rate === LINEAR_RATE ? 'linear' : 'PCMU'
    const length = (rate * FRAME_MS) / 1000
    const ssrc = Math.floor(Math.random() * 2 ** 32)
    this.#stop = everyFrame((frames) => {
      const start = frames * length
      if (samples.length === 0 || (!loop && start >= samples.length)) {
        this.#stop()
        onEnd?.()
        return
      }
      const frame = cut(samples, start, length, loop)
      this.#voice.tell({
        codec,
        marker: frames === 0,
        sequence: frames & 0xffff,
        timestamp: start >>> 0,
        ssrc,
        payload: codec === 'PCMU' ? encode(codec, frame) : linearPayload(frame),
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
const cut = (samples: Int16Array, start: number, length: number, loop: boolean): Int16Array =>
  Int16Array.from({ length }, (_, at) =>
    loop ? (samples[(start + at) % samples.length] ?? 0) : (samples[start + at] ?? 0),
  )
