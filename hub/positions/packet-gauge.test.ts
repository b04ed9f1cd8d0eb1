import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { packetGauge } from './packet-gauge.ts'

const LONGEST = 1_000

describe('the gauge of MQTT packets', () => {
  it('lets through what is short enough, in whatever pieces it comes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(LONGEST)),
        fc.infiniteStream(fc.integer({ min: 1, max: 400 })),
        (lengths, sizes) => {
          const stream = lengths.flatMap((length) => [...packet(length)])
          const fits = packetGauge(LONGEST)
          for (let at = 0; at < stream.length; ) {
            const size = sizes.next().value ?? 1
            expect(fits(Uint8Array.from(stream.slice(at, at + size)))).toBe(true)
            at += size
          }
        },
      ),
    )
  })

  it('stops what is too long as soon as it says so, before its contents have come', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(LONGEST)),
        fc.integer({ min: LONGEST + 1, max: 2 ** 28 - 1 }),
        (lengths, long) => {
          const fits = packetGauge(LONGEST)
          for (const length of lengths) expect(fits(packet(length))).toBe(true)
          expect(fits(header(long))).toBe(false)
        },
      ),
    )
  })

  it('stops a length that has no end', () => {
    expect(packetGauge(LONGEST)(Uint8Array.from([0x30, 0x80, 0x80, 0x80, 0x80, 0x80]))).toBe(false)
  })
})

const packet = (length: number) => Uint8Array.from([...header(length), ...new Uint8Array(length).fill(0xff)])

/** MQTT 3.1.1, 2.2.3: seven bits a byte, the lowest first. */
function header(length: number): Uint8Array {
  const bytes = [0x30]
  let rest = length
  do {
    const low = rest % 128
    rest = Math.floor(rest / 128)
    bytes.push(rest > 0 ? low + 128 : low)
  } while (rest > 0)
  return Uint8Array.from(bytes)
}
