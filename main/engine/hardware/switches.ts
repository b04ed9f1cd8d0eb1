/** What samples of a device say about keys. Pure. */
import type { FoundKey } from '../../../contract/hardware.ts'
import { serialLines } from '../../../contract/radio-settings.ts'
import type { DeviceId, Sample } from './device.ts'

/** Whether the key is down; undefined: the sample says nothing about it. */
export function isDown(key: FoundKey, sample: Sample): boolean | undefined {
  const on = key.kind === 'serial' ? lineOn(key, sample) : bitOn(key, sample)
  return on === undefined ? undefined : on === (key.down === 'on')
}

const lineOn = ({ line }: Extract<FoundKey, { kind: 'serial' }>, sample: Sample): boolean | undefined =>
  sample.kind === 'serial' ? sample.lines[line] : undefined

function bitOn(
  { report, octet, bit }: Extract<FoundKey, { kind: 'hid' }>,
  sample: Sample,
): boolean | undefined {
  if (sample.kind !== 'hid' || (report !== 0 && sample.report[0] !== report)) return undefined
  const value = sample.report[report === 0 ? octet : octet + 1]
  return value === undefined ? undefined : ((value >> bit) & 1) === 1
}

/** Finds keys by what changes on a device and changes back. */
export class KeyFinder {
  readonly #device: DeviceId
  /** The last of each length. */
  readonly #last = new Map<number, Sample>()
  #pressed: FoundKey | undefined

  constructor(device: DeviceId) {
    this.#device = device
  }

  /** The key that was let go with this sample. */
  take(sample: Sample): FoundKey | undefined {
    const length = sample.kind === 'hid' ? sample.report.length : 0
    const before = this.#last.get(length) ?? atRest(sample)
    this.#last.set(length, sample)
    const pressed = this.#pressed
    if (pressed !== undefined && isDown(pressed, sample) === false) {
      this.#pressed = undefined
      return pressed
    }
    // What looked like a key in the first octet was the number of the report.
    if (pressed === undefined || (isFirst(pressed) && changes(before, sample).length > 0))
      this.#pressed = this.#change(before, sample)
    return undefined
  }

  #change(before: Sample, sample: Sample): FoundKey | undefined {
    const device = this.#device
    if (device.kind === 'serial' && before.kind === 'serial' && sample.kind === 'serial') {
      const line = serialLines.find((each) => before.lines[each] !== sample.lines[each])
      return line && { ...device, line, down: sample.lines[line] ? 'on' : 'off' }
    }
    if (device.kind !== 'hid' || before.kind !== 'hid' || sample.kind !== 'hid') return undefined
    const changed = changes(before, sample)
    const isNew = before.report.every((octet) => octet === 0)
    const at = changed[0] === 0 && changed.length === 2 && isNew ? changed[1] : changed[0]
    // Where more changes at once something is moved rather than pressed.
    if (at === undefined || (changed.length > 1 && at === changed[0])) return undefined
    const was = before.report[at] ?? 0
    const is = sample.report[at] ?? 0
    const bit = 31 - Math.clz32(lowestOf(was ^ is))
    const report = at === 0 ? 0 : (sample.report[0] ?? 0)
    const octet = report === 0 ? at : at - 1
    if (octet > LAST_OCTET) return undefined
    return { ...device, report, octet, bit, down: ((is >> bit) & 1) === 1 ? 'on' : 'off' }
  }
}

/** As far as the settings can say where a key is. */
const LAST_OCTET = 63

/**
 * A device says which report it is in the first octet, if it has several (HID 1.11, 5.6), and never whether it does:
 * an octet that stays the same is as good as a number. Before anything was heard of it no bit of it is set.
 */
const atRest = (sample: Sample): Sample =>
  sample.kind === 'serial' ? sample : { kind: 'hid', report: new Uint8Array(sample.report.length) }

const changes = (before: Sample, sample: Sample): number[] =>
  before.kind === 'hid' && sample.kind === 'hid'
    ? [...sample.report.keys()].filter((at) => before.report[at] !== sample.report[at])
    : []

const isFirst = (key: FoundKey): boolean => key.kind === 'hid' && key.report === 0 && key.octet === 0

const lowestOf = (bits: number): number => bits & -bits
