import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Digit, DigitReceiver, eventPayloads, isDigit } from './dtmf.ts'

const packets = (digit: Digit, timestamp: number, frames = 5) =>
  eventPayloads(digit, frames, 8_000).map((payload) => ({ ssrc: 1, timestamp, payload }))

describe('a telephone event', () => {
  it('grows every 20 ms and says its end three times', () => {
    const payloads = eventPayloads('#', 3, 8_000)
    expect(payloads.map((payload) => [...payload])).toEqual([
      [11, 10, 0, 160],
      [11, 10, 1, 64],
      [11, 0x8a, 1, 224],
      [11, 0x8a, 1, 224],
      [11, 0x8a, 1, 224],
    ])
  })

  it('is heard once, whichever of its packets come', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 14, maxLength: 14 }), (lost) => {
        const receiver = new DigitReceiver()
        const first = packets('4', 800).filter((_, at) => !lost[at])
        const second = packets('4', 2_400).filter((_, at) => !lost[at + 7])
        const heard = [...first, ...second].map((packet) => receiver.take(packet)).filter(Boolean)
        expect(heard).toHaveLength([first, second].filter(({ length }) => length > 0).length)
      }),
    )
  })

  it('is not heard again when a packet of it comes late, after the next', () => {
    const receiver = new DigitReceiver()
    const [first, second] = [packets('4', 0xffff_ff00), packets('4', 2_400)]
    const late = first.pop()
    expect([...first, ...second].map((packet) => receiver.take(packet)).filter(Boolean)).toEqual(['4', '4'])
    expect(late && receiver.take(late)).toBeUndefined()
  })

  it('is not heard in rubbish or in other events than keys', () => {
    const receiver = new DigitReceiver()
    expect(receiver.take({ ssrc: 1, timestamp: 1, payload: Uint8Array.of(3, 0) })).toBeUndefined()
    expect(receiver.take({ ssrc: 1, timestamp: 1, payload: Uint8Array.of(16, 0, 0, 0) })).toBeUndefined()
  })

  it('knows its keys', () => {
    expect(['7', '*', 'D', 'E', '', '12'].filter(isDigit)).toEqual(['7', '*', 'D'])
  })
})
