/** SIP messages out of a stream of bytes, by Content-Length (RFC 3261, 18.3; RFC 5626, 3.5.1). */
import { LONGEST_HEAD } from './wire.ts'

export const LONGEST_BODY = 64 * 1024

/** The stream can't be made sense of any more, and is to be closed. */
export class FramingError extends Error {
  override readonly name = 'FramingError'
}

export interface StreamEars {
  message(text: string): void
  /** One between messages: two ask whether we are there, one is the answer (RFC 5626, 3.5.1). */
  emptyLine(): void
}

const END_OF_HEAD = Buffer.from('\r\n\r\n')

export class Framing {
  #rest: Buffer = Buffer.alloc(0)
  /** Up to where the rest has been searched for the end of its head. */
  #searched = 0
  readonly #ears: StreamEars

  constructor(ears: StreamEars) {
    this.#ears = ears
  }

  /** Throws `FramingError`. Keeps at most one message that is not complete. */
  take(bytes: Buffer): void {
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes])
    while (this.#dropEmptyLines() && this.#takeOne());
  }

  /** Whether anything is left. */
  #dropEmptyLines(): boolean {
    let at = 0
    while (this.#rest[at] === 0x0d && this.#rest[at + 1] === 0x0a) {
      at += 2
      this.#ears.emptyLine()
    }
    if (at > 0) this.#keep(at)
    return this.#rest.length > 0
  }

  #takeOne(): boolean {
    const head = this.#rest.indexOf(END_OF_HEAD, Math.max(0, this.#searched - 3))
    if ((head < 0 ? this.#rest.length : head) > LONGEST_HEAD) throw new FramingError('a head too long')
    if (head < 0) {
      this.#searched = this.#rest.length
      return false
    }
    const length = contentLength(this.#rest.toString('latin1', 0, head))
    const end = head + END_OF_HEAD.length + length
    if (this.#rest.length < end) {
      this.#searched = head
      return false
    }
    const message = this.#rest.toString('utf8', 0, end)
    this.#keep(end)
    this.#ears.message(message)
    return true
  }

  #keep(from: number): void {
    this.#rest = this.#rest.subarray(from)
    this.#searched = 0
  }
}

function contentLength(head: string): number {
  const text = /^(?:content-length|l)[ \t]*:[ \t]*(\d{1,9})[ \t]*$/im.exec(head)?.[1]
  if (text === undefined) throw new FramingError('no Content-Length')
  const length = Number(text)
  if (length > LONGEST_BODY) throw new FramingError('a body too long')
  return length
}
