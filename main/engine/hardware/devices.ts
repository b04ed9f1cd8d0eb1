/** The devices of this system, through libraries that are loaded when they are first needed. */
import type { HardwareDevice } from '../../../contract/hardware.ts'
import type { Devices } from './device.ts'
import { type HidLibrary, listHid, loadHid, openHid } from './hid.ts'
import { listSerial, loadSerial, openSerial, type SerialLibrary } from './serial.ts'

export interface DevicesOptions {
  /** A kind of devices can't be had on this system; the other can. */
  onTrouble(what: string, error: unknown): void
  readonly loadSerial?: () => Promise<SerialLibrary>
  readonly loadHid?: () => Promise<HidLibrary>
}

export function systemDevices(options: DevicesOptions): Devices {
  const serial = once(options.loadSerial ?? loadSerial)
  const hid = once(options.loadHid ?? loadHid)
  const listed = async (what: string, listing: Promise<HardwareDevice[]>) => {
    try {
      return await listing
    } catch (error) {
      options.onTrouble(what, error)
      return []
    }
  }
  return {
    list: async () =>
      (
        await Promise.all([
          listed('listing serial ports', serial().then(listSerial)),
          listed('listing USB devices', hid().then(listHid)),
        ])
      ).flat(),
    open: async (device) =>
      device.kind === 'serial'
        ? openSerial(await serial(), device.path)
        : openHid(await hid(), device.vendor, device.product),
  }
}

/** Loaded once; one that could not be loaded is tried again. */
function once<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | undefined
  return () => {
    loading ??= load().catch((error) => {
      loading = undefined
      throw error
    })
    return loading
  }
}
