/** Devices that a test plugs in and pulls out: a fake of this system's, at the edge where its libraries are used. */
import type { HardwareDevice } from '../../contract/hardware.ts'
import { type DeviceId, type Devices, deviceName, type Sample } from '../../main/engine/hardware/device.ts'

export interface FakeDevices extends Devices {
  plugIn(device: HardwareDevice, atRest?: Sample): void
  pullOut(device: DeviceId): void
  tell(device: DeviceId, sample: Sample): void
  /** How many are open now. */
  readonly inUse: number
}

export function fakeDevices(): FakeDevices {
  interface Plugged {
    readonly device: HardwareDevice
    last: Sample | undefined
    listener: ((sample: Sample) => void) | undefined
    lose: ((why: string) => void) | undefined
  }
  const plugged = new Map<string, Plugged>()
  let inUse = 0
  return {
    get inUse() {
      return inUse
    },
    list: async () => [...plugged.values()].map(({ device }) => device),
    open: async (device) => {
      const found = plugged.get(deviceName(device))
      if (found === undefined) throw new Error('no such device')
      if (found.lose !== undefined) throw new Error('resource busy')
      const { promise: lost, resolve } = Promise.withResolvers<string>()
      found.lose = resolve
      inUse++
      return {
        lost,
        onSample: (listener) => {
          found.listener = listener
          if (found.last !== undefined) listener(found.last)
        },
        close: async () => {
          inUse--
          found.lose = undefined
          found.listener = undefined
        },
      }
    },
    plugIn: (device, atRest) => {
      const fresh = { device, last: atRest, listener: undefined, lose: undefined }
      plugged.set(deviceName(device), fresh)
    },
    pullOut: (device) => {
      const found = plugged.get(deviceName(device))
      plugged.delete(deviceName(device))
      found?.lose?.('device gone')
    },
    tell: (device, sample) => {
      const found = plugged.get(deviceName(device))
      if (found === undefined) return
      found.last = sample
      found.listener?.(sample)
    },
  }
}
