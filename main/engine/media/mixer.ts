/** The N-1 mixer: each source hears the sum of all others, 20 ms at a tick. */
import { FRAME_SAMPLES } from './g711.ts'
import { PlayoutBuffer, type PlayoutPacket } from './playout-buffer.ts'

const MOST = 32_767
const LEAST = -32_768

export class Mixer<Source> {
  readonly #buffers = new Map<Source, PlayoutBuffer>()

  add(source: Source): void {
    this.#buffers.set(source, new PlayoutBuffer())
  }

  remove(source: Source): void {
    this.#buffers.delete(source)
  }

  push(source: Source, packet: PlayoutPacket): void {
    this.#buffers.get(source)?.push(packet)
  }

  /** What each is to hear of these 20 ms. Those who said nothing share one and the same frame. */
  tick(): ReadonlyMap<Source, Int16Array> {
    const heard = new Map<Source, Int16Array | undefined>()
    const sum = new Int32Array(FRAME_SAMPLES)
    for (const [source, buffer] of this.#buffers) {
      const frame = buffer.take()
      heard.set(source, frame)
      if (frame !== undefined)
        for (let at = 0; at < FRAME_SAMPLES; at++) sum[at] = (sum[at] ?? 0) + (frame[at] ?? 0)
    }
    const everyone = clipped(sum)
    return new Map(
      [...heard].map(([source, own]) => [source, own === undefined ? everyone : clipped(sum, own)]),
    )
  }
}

/** The sum without one's own, kept within 16 bits: too loud is cut off, never wrapped. */
function clipped(sum: Int32Array, own?: Int16Array): Int16Array {
  const mix = new Int16Array(FRAME_SAMPLES)
  for (let at = 0; at < FRAME_SAMPLES; at++) {
    const sample = (sum[at] ?? 0) - (own?.[at] ?? 0)
    mix[at] = sample > MOST ? MOST : sample < LEAST ? LEAST : sample
  }
  return mix
}
