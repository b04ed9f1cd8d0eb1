import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Key, transmitting } from './air.ts'
import { readStatus, type Status, writeStatus } from './status.ts'

const hex = (status: Status) => Buffer.from(writeStatus(status).words).toString('hex')

describe('the status in a radio’s packets', () => {
  it('has the key’s type in three bits, squelch in one, and whose key it is in six', () => {
    expect(writeStatus({ ptt: 0, pttId: 0, squelch: false }).type).toBe(0x0167)
    expect(hex({ ptt: 0, pttId: 0, squelch: false })).toBe('00000000')
    expect(hex({ ptt: 4, pttId: 0, squelch: false })).toBe('80000000')
    expect(hex({ ptt: 0, pttId: 0, squelch: true })).toBe('10000000')
    expect(hex({ ptt: 1, pttId: 63, squelch: false })).toBe('2fc00000')
  })

  it('has the signal’s quality behind it, by RSSI', () => {
    expect(hex({ ptt: 0, pttId: 0, squelch: true, quality: 15 })).toBe('10011178')
  })

  it('is read as it was written, and from nothing else', () => {
    const status = { ptt: 3, pttId: 42, squelch: true }
    expect(readStatus(writeStatus(status))).toEqual(status)
    expect(readStatus(undefined)).toBeUndefined()
    expect(readStatus({ type: 0xbede, words: new Uint8Array(4) })).toBeUndefined()
    expect(readStatus({ type: 0x0167, words: new Uint8Array() })).toBeUndefined()
  })
})

describe('the frequency', () => {
  const key = (pttId: number, ptt: number, place: number): Key => ({ pttId, ptt, place })

  it('is whose key went down first', () => {
    expect(transmitting([])).toBeUndefined()
    expect(transmitting([key(1, 1, 9), key(2, 1, 4)])?.pttId).toBe(2)
  })

  it('is taken by priority, and from that by emergency', () => {
    const keys = [key(1, 1, 1), key(2, 3, 2)]
    expect(transmitting(keys)?.pttId).toBe(2)
    expect(transmitting([...keys, key(3, 4, 3)])?.pttId).toBe(3)
  })

  it('is always of one of those that key, and of none that weighs less than another', () => {
    const keys = fc.uniqueArray(
      fc.record({
        pttId: fc.integer({ min: 1, max: 63 }),
        ptt: fc.integer({ min: 1, max: 5 }),
        place: fc.nat(),
      }),
      { selector: ({ pttId }) => pttId },
    )
    const weight = ({ ptt }: Key) => (ptt === 3 || ptt === 4 ? ptt : 0)
    fc.assert(
      fc.property(keys, (all) => {
        const one = transmitting(all)
        expect(one === undefined).toBe(all.length === 0)
        if (one === undefined) return
        expect(all).toContain(one)
        for (const other of all) expect(weight(other)).toBeLessThanOrEqual(weight(one))
      }),
    )
  })

  it('is not taken by coupling or a test', () => {
    expect(transmitting([key(1, 1, 1), key(2, 2, 2), key(3, 5, 3)])?.pttId).toBe(1)
  })
})
