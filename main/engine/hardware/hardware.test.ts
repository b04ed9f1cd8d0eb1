import { setImmediate as nextTurn } from 'node:timers/promises'
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import type { FoundKey, HardwareKeyStatus } from '../../../contract/hardware.ts'
import type { HardwareKey } from '../../../contract/radio-settings.ts'
import { type FakeDevices, fakeDevices } from '../../../tests/support/fake-devices.ts'
import type { Lines, Sample } from './device.ts'
import { type Hardware, openHardware } from './hardware.ts'

const port = { kind: 'serial', path: '/dev/ttyUSB0', name: 'USB serial' } as const
const pedal = { kind: 'hid', vendor: 1, product: 2, name: 'Pedal' } as const
const selected = { kind: 'selected' } as const
const footSwitch: HardwareKey = { kind: 'serial', path: port.path, line: 'cts', down: 'on', keys: selected }
const left: HardwareKey = {
  kind: 'hid',
  vendor: 1,
  product: 2,
  report: 0,
  octet: 0,
  bit: 0,
  down: 'on',
  keys: { kind: 'channel', channel: 'tac-1' },
}
const right: HardwareKey = { ...left, bit: 1, keys: { kind: 'channel', channel: 'tac-2' } }
const lines = (on: Partial<Lines> = {}): Sample => ({
  kind: 'serial',
  lines: { cts: false, dsr: false, dcd: false, ...on },
})
const report = (...octets: number[]): Sample => ({ kind: 'hid', report: Uint8Array.from(octets) })

let devices: FakeDevices
let hardware: Hardware
let radio: string[]
let shown: readonly HardwareKeyStatus[]
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
  devices = fakeDevices()
  radio = []
  hardware = openHardware({
    devices,
    clock: Date.now,
    press: (what) => {
      const name = what.kind === 'channel' ? what.channel : 'selected'
      radio.push(`${name} down`)
      return () => radio.push(`${name} up`)
    },
  })
  const over = new AbortController()
  void (async () => {
    for await (const next of hardware.port.watch(over.signal)) shown = next
  })()
  onTestFinished(() => {
    over.abort()
    hardware.close()
    vi.useRealTimers()
  })
})

describe('a foot switch', () => {
  it('keys the radio while it is down', async () => {
    devices.plugIn(port, lines())
    hardware.use([footSwitch])
    await settled()
    devices.tell(port, lines({ cts: true }))
    expect(radio).toEqual(['selected down'])
    await settled()
    expect(shown).toMatchObject([{ state: 'ready', down: true }])
    devices.tell(port, lines())
    await vi.advanceTimersByTimeAsync(20)
    expect(radio).toEqual(['selected down', 'selected up'])
  })

  it('does not let go for as long as its contact bounces', async () => {
    devices.plugIn(port, lines())
    hardware.use([footSwitch])
    await settled()
    for (const cts of [true, false, true, false, true]) {
      devices.tell(port, lines({ cts }))
      await vi.advanceTimersByTimeAsync(5)
    }
    await vi.advanceTimersByTimeAsync(100)
    expect(radio).toEqual(['selected down'])
  })

  it('that is closed when it is found keys nothing until it has been opened', async () => {
    devices.plugIn(port, lines({ cts: true }))
    hardware.use([footSwitch])
    await settled()
    expect(radio).toEqual([])
    devices.tell(port, lines())
    devices.tell(port, lines({ cts: true }))
    expect(radio).toEqual(['selected down'])
  })

  it('lets go at once when it is pulled out, says so, and is found again by itself', async () => {
    devices.plugIn(port, lines())
    hardware.use([footSwitch])
    await settled()
    devices.tell(port, lines({ cts: true }))
    devices.pullOut(port)
    await settled()
    expect(radio).toEqual(['selected down', 'selected up'])
    expect(shown).toMatchObject([{ state: 'looking', trouble: 'absent', why: 'device gone', down: false }])
    await vi.advanceTimersByTimeAsync(1000)
    expect(shown).toMatchObject([{ state: 'looking', why: 'no such device' }])
    devices.plugIn(port, lines({ cts: true }))
    await vi.advanceTimersByTimeAsync(1000)
    expect(shown).toMatchObject([{ state: 'ready', why: null, down: false }])
    expect(radio).toHaveLength(2)
  })
})

describe('keys of one device', () => {
  it('key each its own channel', async () => {
    devices.plugIn(pedal)
    hardware.use([left, right])
    await settled()
    expect(devices.inUse).toBe(1)
    devices.tell(pedal, report(0b01))
    devices.tell(pedal, report(0b11))
    devices.tell(pedal, report(0b10))
    await vi.advanceTimersByTimeAsync(20)
    expect(radio).toEqual(['tac-1 down', 'tac-2 down', 'tac-1 up'])
  })

  it('that are taken out of the settings let go, and the others stay', async () => {
    devices.plugIn(pedal)
    hardware.use([left, right])
    await settled()
    devices.tell(pedal, report(0b11))
    hardware.use([right])
    expect(radio).toEqual(['tac-1 down', 'tac-2 down', 'tac-1 up'])
    hardware.use([])
    expect(radio.at(-1)).toBe('tac-2 up')
    await settled()
    expect(devices.inUse).toBe(0)
  })
})

describe('a key that is looked for', () => {
  it('is found by being pressed, beside those that are in use', async () => {
    devices.plugIn(port, lines())
    devices.plugIn(pedal)
    hardware.use([footSwitch])
    const over = new AbortController()
    const found: FoundKey[] = []
    void (async () => {
      for await (const key of hardware.port.find(over.signal)) found.push(key)
    })()
    await settled()
    devices.tell(port, lines({ dsr: true }))
    devices.tell(port, lines())
    devices.tell(pedal, report(0b10))
    devices.tell(pedal, report(0))
    await settled()
    const { keys: _, ...switchAtRight } = right
    expect(found).toEqual([{ kind: 'serial', path: port.path, line: 'dsr', down: 'on' }, switchAtRight])
    over.abort()
    await settled()
    expect(devices.inUse).toBe(1)
    expect(radio).toEqual([])
  })
})

/** What was begun is done. */
async function settled() {
  for (let turn = 0; turn < 5; turn++) await nextTurn()
}
