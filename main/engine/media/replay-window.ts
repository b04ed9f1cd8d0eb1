/** Knows packets that came before (RFC 3711, 3.3.2): whoever recorded a protected call must not play it again. */
import { sequenceDistance } from './rtp.ts'

const WINDOW = 64
/** More sources than any one call has: the oldest is forgotten. */
const MOST_SOURCES = 16

interface Source {
  highest: number
  /** Which sequence number came last in each place; -1: none. */
  readonly seen: Int32Array
}

export class ReplayWindow {
  readonly #sources = new Map<number, Source>()

  /** Whether it is new. Ask only for packets that are known to be theirs. */
  admit(ssrc: number, sequence: number): boolean {
    const source = this.#sources.get(ssrc) ?? this.#begin(ssrc, sequence)
    const ahead = sequenceDistance(source.highest, sequence)
    if (ahead <= -WINDOW || source.seen[sequence % WINDOW] === sequence) return false
    source.seen[sequence % WINDOW] = sequence
    if (ahead > 0) source.highest = sequence
    return true
  }

  #begin(ssrc: number, sequence: number): Source {
    const source = { highest: sequence, seen: new Int32Array(WINDOW).fill(-1) }
    this.#sources.set(ssrc, source)
    const [oldest] = this.#sources.keys()
    if (this.#sources.size > MOST_SOURCES && oldest !== undefined) this.#sources.delete(oldest)
    return source
  }
}
