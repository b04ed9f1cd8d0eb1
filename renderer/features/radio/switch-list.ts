/** The foot switches of a seat as a list. Pure. */
import type { FoundKey } from '../../../contract/hardware.ts'
import type { HardwareKey } from '../../../contract/radio-settings.ts'

/** Whatever it is set to key, and whichever way round it works. */
export function isSameSwitch(one: FoundKey, other: FoundKey): boolean {
  if (one.kind === 'serial')
    return other.kind === 'serial' && one.path === other.path && one.line === other.line
  return (
    other.kind === 'hid' &&
    one.vendor === other.vendor &&
    one.product === other.product &&
    one.report === other.report &&
    one.octet === other.octet &&
    one.bit === other.bit
  )
}

/** A switch that was found keys the selected channels; one that is there already keeps what it keys. */
export function withSwitch(keys: readonly HardwareKey[], found: FoundKey): readonly HardwareKey[] {
  const at = keys.findIndex((key) => isSameSwitch(key, found))
  const before = keys[at]
  const next: HardwareKey = { ...found, keys: before?.keys ?? { kind: 'selected' } }
  return before === undefined ? [...keys, next] : keys.with(at, next)
}
