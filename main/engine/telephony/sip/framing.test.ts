import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Framing, FramingError, LONGEST_BODY } from './framing.ts'

const message = (body: string) =>
  `MESSAGE sip:a@b SIP/2.0\r\nl: ${Buffer.byteLength(body)}\r\nCSeq: 1 MESSAGE\r\n\r\n${body}`

function frame(pieces: readonly Buffer[]) {
  const messages: string[] = []
  let emptyLines = 0
  const framing = new Framing({
    message: (text) => messages.push(text),
    emptyLine: () => {
      emptyLines += 1
    },
  })
  for (const piece of pieces) framing.take(piece)
  return { messages, emptyLines }
}

describe('messages out of a stream', () => {
  it('come whole however the stream is cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 4 }),
        fc.infiniteStream(fc.integer({ min: 1, max: 60 })),
        (bodies, cuts) => {
          const sent = bodies.map(message)
          const bytes = Buffer.from(sent.join('\r\n'))
          const pieces: Buffer[] = []
          for (let at = 0; at < bytes.length; ) {
            const length = cuts.next().value ?? 1
            pieces.push(bytes.subarray(at, at + length))
            at += length
          }
          expect(frame(pieces).messages).toEqual(sent)
        },
      ),
    )
  })

  it('may have empty lines between them', () => {
    expect(frame([Buffer.from(`\r\n\r\n${message('a')}\r\n\r\n`)])).toEqual({
      messages: [message('a')],
      emptyLines: 4,
    })
  })

  it.each([
    ['says nothing of its length', 'BYE sip:a@b SIP/2.0\r\nTo: a\r\n\r\n'],
    ['is too long', `BYE sip:a@b SIP/2.0\r\nContent-Length: ${LONGEST_BODY + 1}\r\n\r\n`],
    ['has no end of its headers', 'x'.repeat(40_000)],
  ])('end with one that %s', (_, text) => {
    expect(() => frame([Buffer.from(text)])).toThrow(FramingError)
  })
})
