/** Numbers, octets and texts as SvxLink packs them: most significant octet first, lengths in 16 bits. */

/** Reads on, one after the other. What isn't there any more is nothing. */
export class Octets {
  readonly #view: DataView
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  number16(): number | undefined {
    const at = this.#take(2)
    return at === undefined ? undefined : this.#view.getUint16(at)
  }

  number32(): number | undefined {
    const at = this.#take(4)
    return at === undefined ? undefined : this.#view.getUint32(at)
  }

  /** A view into what is read. */
  octets(): Uint8Array | undefined {
    const length = this.number16()
    const at = length === undefined ? undefined : this.#take(length)
    return at === undefined
      ? undefined
      : new Uint8Array(this.#view.buffer, this.#view.byteOffset + at, length)
  }

  text(): string | undefined {
    const octets = this.octets()
    return octets === undefined ? undefined : Buffer.from(octets).toString('utf8')
  }

  texts(): string[] | undefined {
    const count = this.number16()
    if (count === undefined) return undefined
    const texts: string[] = []
    for (let at = 0; at < count; at++) {
      const text = this.text()
      if (text === undefined) return undefined
      texts.push(text)
    }
    return texts
  }

  #take(length: number): number | undefined {
    if (this.#at + length > this.#view.byteLength) return undefined
    const at = this.#at
    this.#at += length
    return at
  }
}

export const number16 = (value: number): Buffer => {
  const octets = Buffer.alloc(2)
  octets.writeUInt16BE(value)
  return octets
}

export const number32 = (value: number): Buffer => {
  const octets = Buffer.alloc(4)
  octets.writeUInt32BE(value)
  return octets
}

/** With their length before them: at most 65,535. */
export const counted = (octets: Uint8Array): Buffer => Buffer.concat([number16(octets.length), octets])
