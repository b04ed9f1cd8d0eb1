import { describe, expect, it } from 'vitest'
import type { FoundKey } from '../../../contract/hardware.ts'
import type { Lines, Sample } from './device.ts'
import { isDown, KeyFinder } from './switches.ts'

const pedal = { kind: 'hid', vendor: 0x07b4, product: 0x0218 } as const
const port = { kind: 'serial', path: '/dev/ttyUSB0' } as const
const report = (...octets: number[]): Sample => ({ kind: 'hid', report: Uint8Array.from(octets) })
const lines = (on: Partial<Lines>): Sample => ({
  kind: 'serial',
  lines: { cts: false, dsr: false, dcd: false, ...on },
})

describe('a key', () => {
  it('on a line is down while the line is as it is to be', () => {
    const closing: FoundKey = { ...port, line: 'cts', down: 'on' }
    expect(isDown(closing, lines({ cts: true }))).toBe(true)
    expect(isDown(closing, lines({ dsr: true }))).toBe(false)
    expect(isDown({ ...closing, down: 'off' }, lines({}))).toBe(true)
  })

  it('in a report is a bit of it, and other reports say nothing of it', () => {
    const numbered: FoundKey = { ...pedal, report: 2, octet: 1, bit: 3, down: 'on' }
    expect(isDown(numbered, report(2, 0, 0b1000))).toBe(true)
    expect(isDown(numbered, report(2, 0, 0b0111))).toBe(false)
    expect(isDown(numbered, report(1, 0, 0b1000))).toBeUndefined()
    expect(isDown(numbered, report(2, 0))).toBeUndefined()
    const single: FoundKey = { ...pedal, report: 0, octet: 0, bit: 0, down: 'on' }
    expect(isDown(single, report(0b101))).toBe(true)
  })
})

describe('a key is found by being pressed and let go', () => {
  it.each<[what: string, samples: Sample[], found: FoundKey]>([
    [
      'on a line',
      [lines({ dcd: true }), lines({ dcd: true, cts: true }), lines({ dcd: true })],
      key('cts', 'on'),
    ],
    [
      'on a line that is on at rest',
      [lines({ dsr: true }), lines({}), lines({ dsr: true })],
      key('dsr', 'off'),
    ],
    ['in the first octet', [report(0b100), report(0)], bit(0, 0, 2)],
    ['in the first octet of several', [report(1, 0, 0), report(0, 0, 0)], bit(0, 0, 0)],
    ['in a report without a number', [report(0, 0, 0), report(0, 0, 0b10), report(0, 0, 0)], bit(0, 2, 1)],
    ['in a report with a number', [report(3, 0b100), report(3, 0)], bit(3, 0, 2)],
    ['in one after its state at rest', [report(3, 0, 0), report(3, 0, 1), report(3, 0, 0)], bit(3, 1, 0)],
    ['in one of two reports', [report(1, 5, 9), report(2, 0), report(2, 8), report(2, 0)], bit(2, 0, 3)],
  ])('%s', (_what, samples, found) => {
    expect(keysIn(samples)).toEqual([found])
  })

  it('and each only once, however often it tells that it is down', () => {
    const held = [report(3, 0, 0), report(3, 0, 1), report(3, 0, 1), report(3, 0, 0), report(3, 0, 0)]
    expect(keysIn(held)).toHaveLength(1)
  })

  it('not by a lever that is moved', () => {
    expect(keysIn([report(0, 120, 7), report(0, 124, 9), report(0, 120, 7), report(0, 90, 3)])).toEqual([])
  })
})

function key(line: 'cts' | 'dsr', down: 'on' | 'off'): FoundKey {
  return { ...port, line, down }
}

function bit(number: number, octet: number, at: number): FoundKey {
  return { ...pedal, report: number, octet, bit: at, down: 'on' }
}

function keysIn(samples: readonly Sample[]): FoundKey[] {
  const finder = new KeyFinder(samples[0]?.kind === 'serial' ? port : pedal)
  return samples.flatMap((sample) => finder.take(sample) ?? [])
}
