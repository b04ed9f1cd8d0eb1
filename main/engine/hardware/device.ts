/** Devices that keys are on: what one tells, and how it is named and opened. */
import type { HardwareDevice } from '../../../contract/hardware.ts'
import type { HardwareKey, serialLines } from '../../../contract/radio-settings.ts'

/** Which lines of a serial port are on. */
export type Lines = Readonly<Record<(typeof serialLines)[number], boolean>>

/** How a device is at one moment. `report`: with its number in front where the device numbers its reports. */
export type Sample =
  | { readonly kind: 'serial'; readonly lines: Lines }
  | { readonly kind: 'hid'; readonly report: Uint8Array }

/** A device that is open. */
export interface Source {
  onSample(listener: (sample: Sample) => void): void
  /** Resolves, with what the system says, when the device can't be used any more. */
  readonly lost: Promise<string>
  close(): Promise<void>
}

type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never
/** Enough to find a device again after it was unplugged. */
export type DeviceId = Without<HardwareDevice, 'name'>

/** All kinds of devices there are, on this system. */
export interface Devices {
  list(): Promise<HardwareDevice[]>
  /** Rejects if it is not there, or may not be used. */
  open(device: DeviceId): Promise<Source>
}

export const deviceOf = (key: HardwareKey): DeviceId =>
  key.kind === 'serial'
    ? { kind: 'serial', path: key.path }
    : { kind: 'hid', vendor: key.vendor, product: key.product }

export const deviceName = (device: DeviceId): string =>
  device.kind === 'serial' ? `serial ${device.path}` : `hid ${device.vendor}:${device.product}`
