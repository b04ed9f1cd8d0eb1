import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isKeyFrame, readIvf } from './ivf.ts'
import { payloadsOf } from './vp8.ts'

describe('what a camera of the city sees', () => {
  it.each(['day', 'night', 'rain'])('can be begun with every second (%s)', (name) => {
    const { rate, frames } = readIvf(
      readFileSync(new URL(`../../resources/lab-scenes/${name}.ivf`, import.meta.url)),
    )
    expect(rate).toBe(10)
    expect(frames).toHaveLength(80)
    expect(frames.flatMap((frame, at) => (isKeyFrame(frame) ? [at] : []))).toEqual([
      0, 10, 20, 30, 40, 50, 60, 70,
    ])
  })

  it('is no other file', () => {
    expect(() => readIvf(Buffer.alloc(100))).toThrow('not VP8')
  })
})

describe('a frame in packets', () => {
  it('is whole when they are put together, and begins once', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 5_000 }), (bytes) => {
        const payloads = payloadsOf(Buffer.from(bytes))
        expect(Buffer.concat(payloads.map((payload) => payload.subarray(1)))).toEqual(Buffer.from(bytes))
        expect(payloads.map(([descriptor]) => descriptor)).toEqual(
          payloads.map((_, at) => (at === 0 ? 0x10 : 0)),
        )
        for (const payload of payloads) expect(payload.length).toBeLessThanOrEqual(1_101)
      }),
    )
  })
})
