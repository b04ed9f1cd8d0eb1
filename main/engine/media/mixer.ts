/** The N-1 mixer: each source hears the sum of all others, 20 ms of linear samples at a tick. */
import { LINEAR_FRAME, within16Bits } from './codec.ts'
import { PlayoutBuffer, type PlayoutPacket } from './playout-buffer.ts'

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

  /**
   * What each is to hear of these 20 ms; `audience`: who alone hears a source, if not all. Those who hear the same
   * share one frame.
   */
  tick(
    audience: (source: Source) => readonly Source[] | undefined = () => undefined,
  ): ReadonlyMap<Source, Int16Array> {
    const open = new Map<Source, Int16Array>()
    const whispers: { readonly frame: Int16Array; readonly to: readonly Source[] }[] = []
    const sum = new Int32Array(LINEAR_FRAME)
    for (const [source, buffer] of this.#buffers) {
      const frame = buffer.take()
      const to = audience(source)
      if (frame === undefined) continue
      if (to !== undefined) whispers.push({ frame, to: to.filter((each) => each !== source) })
      else {
        open.set(source, frame)
        add(sum, frame, 1)
      }
    }
    const everyone = clipped(sum)
    return new Map(
      [...this.#buffers.keys()].map((source) => {
        const own = open.get(source)
        const whispered = whispers.filter(({ to }) => to.includes(source))
        if (own === undefined && whispered.length === 0) return [source, everyone]
        const heard = Int32Array.from(sum)
        if (own !== undefined) add(heard, own, -1)
        for (const { frame } of whispered) add(heard, frame, 1)
        return [source, clipped(heard)]
      }),
    )
  }
}

function add(sum: Int32Array, frame: Int16Array, sign: 1 | -1): void {
  for (let at = 0; at < LINEAR_FRAME; at++) sum[at] = (sum[at] ?? 0) + sign * (frame[at] ?? 0)
}

function clipped(sum: Int32Array): Int16Array {
  // A loop, for `from` takes thirty times as long.
  const mix = new Int16Array(LINEAR_FRAME)
  for (let at = 0; at < LINEAR_FRAME; at++) mix[at] = within16Bits(sum[at] ?? 0)
  return mix
}
