/** What a MESSAGE request may be (RFC 3428): which texts are read, which are sent, and which are the same. Pure. */
import { createHash } from 'node:crypto'
import type { IncomingRequestMessage } from 'sip.js/lib/core/index.js'

export const ACCEPT_TEXT = 'Accept: text/plain'

/** Of a request over UDP, in bytes (RFC 3428, 8): nobody knows what the paths behind the exchange can carry. */
export const MOST_BYTES = 1_300
/** What is not in the request yet when it is weighed: its Via, and the answer to a challenge. */
const STILL_TO_COME = 450

/** A text that is too long to be sent as a datagram. Nothing of it was sent. */
export class TextTooLong extends Error {
  override readonly name = 'TextTooLong'
  readonly bytes: number

  constructor(bytes: number) {
    super(`${bytes} bytes are more than ${MOST_BYTES}`)
    this.bytes = bytes
  }
}

/** Throws `TextTooLong` for a request that a datagram may not carry. */
export function requireSmall(request: string): void {
  const bytes = Buffer.byteLength(request) + STILL_TO_COME
  if (bytes > MOST_BYTES) throw new TextTooLong(bytes)
}

/** In UTF-8, of which US-ASCII is a part, and not packed. */
export function isPlainText(message: Pick<IncomingRequestMessage, 'getHeader'>): boolean {
  const [type = '', ...parameters] = (message.getHeader('content-type') ?? '')
    .split(';')
    .map((part) => part.trim().toLowerCase())
  const charset = parameters
    .find((parameter) => parameter.startsWith('charset='))
    ?.slice('charset='.length)
    .replaceAll('"', '')
  const packing = message.getHeader('content-encoding')?.trim().toLowerCase() ?? 'identity'
  return (
    type === 'text/plain' &&
    packing === 'identity' &&
    (charset === undefined || charset === 'utf-8' || charset === 'us-ascii')
  )
}

/** A UUID of version 8 (RFC 9562, 5.8). */
export function textId({
  from,
  fromTag,
  callId,
  cseq,
}: Pick<IncomingRequestMessage, 'from' | 'fromTag' | 'callId' | 'cseq'>): string {
  const named = JSON.stringify([from.uri.toString(), fromTag, callId, cseq])
  const digits = createHash('sha256').update(named).digest('hex')
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    `8${digits.slice(13, 16)}`,
    `a${digits.slice(17, 20)}`,
    digits.slice(20, 32),
  ].join('-')
}
