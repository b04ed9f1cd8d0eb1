/** Messages out of a stream of bytes: each with its length before it, in 32 bits. */

/** As long as the reflector's own limit. */
export const LONGEST_MESSAGE = 32_768
const LENGTH_OCTETS = 4

/** The stream can't be made sense of any more, and is to be closed. */
export class FramingError extends Error {
  override readonly name = 'FramingError'
}

export class Framing {
  #rest: Buffer = Buffer.alloc(0)
  readonly #onMessage: (message: Uint8Array) => void

  constructor(onMessage: (message: Uint8Array) => void) {
    this.#onMessage = onMessage
  }

  /** Throws `FramingError`. Keeps at most one message that is not complete. */
  take(bytes: Buffer): void {
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes])
    while (this.#rest.length >= LENGTH_OCTETS) {
      const length = this.#rest.readUInt32BE(0)
      if (length > LONGEST_MESSAGE) throw new FramingError('a message too long')
      const end = LENGTH_OCTETS + length
      if (this.#rest.length < end) return
      const message = this.#rest.subarray(LENGTH_OCTETS, end)
      this.#rest = this.#rest.subarray(end)
      this.#onMessage(message)
    }
  }
}

export function framed(message: Uint8Array): Buffer {
  const length = Buffer.alloc(LENGTH_OCTETS)
  length.writeUInt32BE(message.length)
  return Buffer.concat([length, message])
}
