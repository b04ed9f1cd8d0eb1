import { describe, expect, it } from 'vitest'
import type { Sample } from './device.ts'
import { systemDevices } from './devices.ts'
import type { HidLibrary } from './hid.ts'

/** Generic desktop keyboard and mouse, a security key, and a consumer control (HID Usage Tables 1.5, 4 and 15). */
const plugged = [
  {
    vendorId: 0x046d,
    productId: 0xc31c,
    path: 'keyboard',
    product: 'Keyboard',
    usagePage: 0x01,
    usage: 0x06,
  },
  { vendorId: 0x046d, productId: 0xc077, path: 'mouse', product: 'Mouse', usagePage: 0x01, usage: 0x02 },
  {
    vendorId: 0x1050,
    productId: 0x0407,
    path: 'token',
    product: 'Security Key',
    usagePage: 0xf1d0,
    usage: 1,
  },
  { vendorId: 0x05f3, productId: 0x00ff, path: 'pedal-keys', usagePage: 0x01, usage: 0x06 },
  { vendorId: 0x05f3, productId: 0x00ff, path: 'pedal', product: 'Foot Pedal', usagePage: 0x0c, usage: 0x03 },
]
const pedal = { kind: 'hid', vendor: 0x05f3, product: 0x00ff } as const

describe('USB devices', () => {
  it('are those that are no keyboard, no mouse and no security key', async () => {
    expect(await devicesOf(fakeLibrary()).list()).toEqual([{ ...pedal, name: 'Foot Pedal' }])
  })

  it('tell their reports as they come, and that they are gone', async () => {
    const library = fakeLibrary()
    const source = await devicesOf(library).open(pedal)
    expect(library.opened).toEqual(['pedal'])
    const samples: Sample[] = []
    source.onSample((sample) => samples.push(sample))
    for (const octets of recorded) library.says('data', Buffer.from(octets))
    expect(samples).toEqual(recorded.map((octets) => ({ kind: 'hid', report: Uint8Array.from(octets) })))
    library.says('error', new Error('could not read from HID device'))
    expect(await source.lost).toBe('could not read from HID device')
  })

  it('that are not there are not opened', async () => {
    const opening = devicesOf(fakeLibrary()).open({ kind: 'hid', vendor: 1, product: 2 })
    await expect(opening).rejects.toThrow('no device 0001:0002')
  })

  it('are none where the library can’t be had, and serial ports are there all the same', async () => {
    const troubles: string[] = []
    const devices = systemDevices({
      onTrouble: (what) => troubles.push(what),
      loadSerial: async () => ({
        list: async () => [{ path: 'COM3', manufacturer: 'FTDI' }, { path: 'COM1' }],
        open: () => Promise.reject(new Error('access denied')),
      }),
      loadHid: () => Promise.reject(new Error('libusb-1.0.so.0: cannot open shared object file')),
    })
    expect(await devices.list()).toEqual([
      { kind: 'serial', path: 'COM3', name: 'COM3 (FTDI)' },
      { kind: 'serial', path: 'COM1', name: 'COM1' },
    ])
    expect(troubles).toEqual(['listing USB devices'])
    await expect(devices.open({ kind: 'serial', path: 'COM1' })).rejects.toThrow('access denied')
  })
})

/** What a pedal of three keys sends as each is pressed and let go: one bit a key, padded to an octet (HID 1.11, 5.6). */
const recorded = [
  [0x01, 0x00],
  [0x00, 0x00],
  [0x02, 0x00],
  [0x00, 0x00],
  [0x04, 0x00],
  [0x00, 0x00],
]

const devicesOf = (library: HidLibrary) =>
  systemDevices({
    onTrouble: () => undefined,
    loadHid: async () => library,
    loadSerial: async () => ({ list: async () => [], open: () => Promise.reject(new Error('none')) }),
  })

/** A fake of node-hid at its edge: what it lists and emits, without a device. */
function fakeLibrary() {
  const opened: string[] = []
  const listeners = new Map<string, (value: never) => void>()
  const device = {
    on: (event: string, listener: (value: never) => void) => listeners.set(event, listener),
    close: async () => undefined,
  }
  return {
    opened,
    says: (event: 'data' | 'error', value: unknown) => listeners.get(event)?.(value as never),
    devicesAsync: async () => plugged,
    HIDAsync: {
      open: async (path: string) => {
        opened.push(path)
        return device
      },
    },
  }
}
