import { describe, expect, it } from 'vitest'
import { freshRadio } from '../../../contract/radio-settings.ts'
import { type Scan, scanDeadline, scannedChannels, scanningOn, stepScan } from './scan.ts'

const scan = { on: true, channels: ['police-1', 'police-2', 'fire-1'], priority: 'fire-1' }

/** Where the scan rests after each of these. */
const rests = (...moments: readonly (readonly [number, readonly string[]])[]) => {
  let current: Scan = scanningOn
  return moments.map(([now, open]) => {
    current = stepScan(current, { open, priority: scan.priority, now })
    return current.restingOn
  })
}

describe('a scan', () => {
  it('is over the channels it is set to and the one with priority, but for those that are selected', () => {
    const { selected } = { selected: ['police-2'] }
    expect(scannedChannels({ scan, selected })).toEqual(new Set(['fire-1', 'police-1']))
    expect(scannedChannels({ scan: { ...scan, on: false }, selected })).toEqual(new Set())
    expect(scannedChannels(freshRadio)).toEqual(new Set())
  })

  it('rests on the first that is heard, and leaves the others out', () => {
    expect(rests([0, []], [10, ['police-2']], [20, ['police-2', 'police-1']])).toEqual([
      null,
      'police-2',
      'police-2',
    ])
  })

  it('stays for the answer, and goes on when none has come', () => {
    expect(
      rests([0, ['police-1']], [100, ['police-2']], [2_000, ['police-2']], [2_100, ['police-2']]),
    ).toEqual(['police-1', 'police-1', 'police-1', 'police-2'])
    expect(rests([0, ['police-1']], [100, []], [1_900, ['police-1']], [2_100, ['police-1']])).toEqual(
      Array(4).fill('police-1'),
    )
  })

  it('goes to the channel with priority at once', () => {
    expect(rests([0, ['police-1']], [10, ['police-1', 'fire-1']])).toEqual(['police-1', 'fire-1'])
  })

  it('is to be looked at again when it has stayed long enough', () => {
    const quiet = stepScan(
      { restingOn: 'police-1', quietSince: null },
      { open: [], priority: null, now: 500 },
    )
    expect(scanDeadline(quiet)).toBe(2_500)
    expect(stepScan(quiet, { open: [], priority: null, now: 2_500 })).toEqual(scanningOn)
  })
})
