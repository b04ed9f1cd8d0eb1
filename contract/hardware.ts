/** Foot switches and keys beside the keyboard, as the console sees them. Which key what is in the seat's settings. */
import type { Instant } from './primitives.ts'
import type { HardwareKey } from './radio-settings.ts'

/** What is plugged in and may have keys. Keyboards and mice are not among it: those are the page's. */
export type HardwareDevice =
  | { readonly kind: 'serial'; readonly path: string; readonly name: string }
  | { readonly kind: 'hid'; readonly vendor: number; readonly product: number; readonly name: string }

/** `not-allowed`: the system does not let the officer's account at it. `busy`: another program has it. */
const deviceTroubles = ['absent', 'not-allowed', 'busy', 'failed'] as const
export type DeviceTrouble = (typeof deviceTroubles)[number]

/** A key of the settings as it is now. */
export interface HardwareKeyStatus {
  readonly key: HardwareKey
  /** `looking`: its device is not there, or can't be used; it is tried again by itself. */
  readonly state: 'ready' | 'looking'
  readonly since: Instant
  /** Of `looking`, once it has been tried: what is the matter, and what the system says. */
  readonly trouble: DeviceTrouble | null
  readonly why: string | null
  readonly down: boolean
}

type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never
/** A key that was pressed and let go, without what it is to key. */
export type FoundKey = Without<HardwareKey, 'keys'>

/** Behind the engine contract. Methods reject with a `Refusal` for what is expected to go wrong. */
export interface HardwarePort {
  list(): Promise<readonly HardwareDevice[]>
  /** All keys of the settings, in their order. */
  watch(signal: AbortSignal): AsyncIterable<readonly HardwareKeyStatus[]>
  /**
   * Looks at all devices, until the stream ends, for keys that are pressed and let go. Serial ports are opened for
   * it, which raises their RTS and DTR: what is attached to them may take note.
   */
  find(signal: AbortSignal): AsyncIterable<FoundKey>
}
