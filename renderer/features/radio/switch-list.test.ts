import { describe, expect, it } from 'vitest'
import type { HardwareKey } from '../../../contract/radio-settings.ts'
import { withSwitch } from './switch-list.ts'

const pedal = { kind: 'serial', path: '/dev/ttyUSB0', line: 'cts', down: 'on' } as const
const usb = { kind: 'hid', vendor: 1, product: 2, report: 0, octet: 0, bit: 3, down: 'on' } as const
const onNorth: HardwareKey = { ...pedal, keys: { kind: 'channel', channel: 'north' } }

describe('a foot switch that was found', () => {
  it('keys the selected channels at first', () => {
    expect(withSwitch([onNorth], usb)).toEqual([onNorth, { ...usb, keys: { kind: 'selected' } }])
  })

  it('is another on another line of the same port', () => {
    expect(withSwitch([onNorth], { ...pedal, line: 'dsr' })).toHaveLength(2)
    expect(withSwitch([{ ...usb, keys: { kind: 'selected' } }], { ...usb, bit: 4 })).toHaveLength(2)
  })

  it('is there once, keeps what it keys, and is taken the way round it was found', () => {
    expect(withSwitch([onNorth], { ...pedal, down: 'off' })).toEqual([{ ...onNorth, down: 'off' }])
  })
})
