/** The payload types of one session as this side gave them: a number once given means the same for ever (RFC 3264, 8.3.2). */
import { encodingName, type NetworkCodec, payloadTypes } from './codec.ts'

/** Which numbers are ours to choose (RFC 3551, 6). */
const DYNAMIC = { first: 96, last: 127 }

const wanted: ReadonlyMap<string, number> = new Map([
  ...(Object.keys(payloadTypes) as NetworkCodec[]).map(
    (codec) => [encodingName[codec], payloadTypes[codec]] as const,
  ),
  ['telephone-event/8000', 101],
  ['telephone-event/48000', 110],
])

export class PayloadTypes {
  readonly #types = new Map<string, number>()

  /** The number of an encoding, by its name in rtpmap. */
  of(name: string): number {
    const type = this.#types.get(name) ?? this.#free(wanted.get(name))
    this.#types.set(name, type)
    return type
  }

  /** Whether this side uses the number. */
  isGiven(type: number): boolean {
    return [...this.#types.values()].includes(type)
  }

  /** The other side calls it so, and the answer does, too. */
  learn(name: string, type: number): void {
    for (const [other, taken] of this.#types) if (taken === type) this.#types.delete(other)
    this.#types.set(name, type)
  }

  #free(preferred: number | undefined): number {
    const given = new Set(this.#types.values())
    if (preferred !== undefined && !given.has(preferred)) return preferred
    const taken = new Set([...given, ...wanted.values()])
    let type = DYNAMIC.first
    while (type < DYNAMIC.last && taken.has(type)) type++
    return type
  }
}
