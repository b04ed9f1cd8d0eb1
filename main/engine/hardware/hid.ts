/** Foot switches and keys that are USB devices (HID 1.11). The library is loaded when it is first needed. */
import type { HardwareDevice } from '../../../contract/hardware.ts'
import type { Sample, Source } from './device.ts'

/** What is used of node-hid. */
export interface HidLibrary {
  devicesAsync(): Promise<readonly HidInterface[]>
  readonly HIDAsync: { open(path: string): Promise<HidDevice> }
}

interface HidInterface {
  readonly vendorId: number
  readonly productId: number
  readonly path?: string | undefined
  readonly manufacturer?: string | undefined
  readonly product?: string | undefined
  readonly usagePage?: number | undefined
  readonly usage?: number | undefined
}

interface HidDevice {
  on(event: 'data', listener: (report: Uint8Array) => void): unknown
  on(event: 'error', listener: (error: unknown) => void): unknown
  close(): Promise<void>
}

/** Generic desktop controls: pointer, mouse, keyboard and keypad (HID Usage Tables 1.5, 4). */
const DESKTOP = 0x01
const ofThePage = [0x01, 0x02, 0x06, 0x07]

export const loadHid = async (): Promise<HidLibrary> => (await import('node-hid')).default

/** Keys that prove who somebody is (FIDO CTAP 2.1, 11.2.8.1). */
const FIDO = 0xf1d0

/** What people write with is none of ours: its keys come to the page, and to nobody else. Nor is what they prove who they are with. */
const isOurs = ({ usagePage, usage }: HidInterface): boolean =>
  usagePage !== FIDO && (usagePage !== DESKTOP || usage === undefined || !ofThePage.includes(usage))

export async function listHid(library: HidLibrary): Promise<HardwareDevice[]> {
  const byDevice = new Map<string, HardwareDevice>()
  for (const found of (await library.devicesAsync()).filter(isOurs)) {
    const { vendorId: vendor, productId: product, manufacturer, product: name } = found
    const id = `${hex(vendor)}:${hex(product)}`
    const words = [manufacturer, name].filter((word) => word !== undefined && word !== '')
    byDevice.set(id, { kind: 'hid', vendor, product, name: words.join(' ') || id })
  }
  return [...byDevice.values()]
}

export async function openHid(library: HidLibrary, vendor: number, product: number): Promise<Source> {
  const found = (await library.devicesAsync()).find(
    (each) => each.vendorId === vendor && each.productId === product && isOurs(each),
  )
  if (found?.path === undefined) throw new Error(`no device ${hex(vendor)}:${hex(product)}`)
  const device = await library.HIDAsync.open(found.path)
  const { promise: lost, resolve: lose } = Promise.withResolvers<string>()
  const listeners = new Set<(sample: Sample) => void>()
  device.on('error', (error) => lose(error instanceof Error ? error.message : String(error)))
  device.on('data', (report) => {
    const sample: Sample = { kind: 'hid', report: Uint8Array.from(report) }
    for (const listener of listeners) listener(sample)
  })
  return {
    onSample: (listener) => void listeners.add(listener),
    lost,
    close: () => device.close(),
  }
}

const hex = (number: number): string => number.toString(16).padStart(4, '0')
