import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Framing, FramingError, framed, LONGEST_MESSAGE } from './framing.ts'

describe('messages out of a stream', () => {
  it('come whole however the stream is cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 5 }),
        fc.infiniteStream(fc.integer({ min: 1, max: 30 })),
        (messages, cuts) => {
          const stream = Buffer.concat(messages.map(framed))
          const came: Uint8Array[] = []
          const framing = new Framing((message) => came.push(Uint8Array.from(message)))
          for (let at = 0; at < stream.length; ) {
            const length = cuts.next().value ?? 1
            framing.take(stream.subarray(at, at + length))
            at += length
          }
          expect(came).toEqual(messages)
        },
      ),
    )
  })

  it('end where a message says that it is longer than any', () => {
    const framing = new Framing(() => undefined)
    framing.take(framed(new Uint8Array(LONGEST_MESSAGE)))
    expect(() => framing.take(Buffer.from('00008001', 'hex'))).toThrow(FramingError)
  })
})
