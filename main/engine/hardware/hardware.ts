/** Foot switches and keys: those of the settings key the radio, and others are found by being pressed. */
import type { FoundKey, HardwareKeyStatus, HardwarePort } from '../../../contract/hardware.ts'
import { Inbox } from '../../../contract/inbox.ts'
import type { Instant } from '../../../contract/primitives.ts'
import type { HardwareKey, Keyed } from '../../../contract/radio-settings.ts'
import { Watched } from '../../../contract/watched.ts'
import type { Devices } from './device.ts'
import { DevicePool } from './device-watch.ts'
import { KeyWatch } from './hardware-key.ts'
import { KeyFinder } from './switches.ts'

export interface Hardware {
  readonly port: HardwarePort
  /** These keys and no others from now on. */
  use(keys: readonly HardwareKey[]): void
  close(): void
}

export interface HardwareOptions {
  readonly devices: Devices
  readonly clock: () => Instant
  /** A key went down. Returns what is to be done when it comes up. */
  press(what: Keyed): () => void
}

export function openHardware({ devices, clock, press }: HardwareOptions): Hardware {
  const pool = new DevicePool(devices, clock)
  const shown = new Watched<readonly HardwareKeyStatus[]>([])
  let keys: readonly KeyWatch[] = []
  const show = () => shown.set(keys.map(({ status }) => status))

  return {
    use: (wanted) => {
      const before = new Map(keys.map((key) => [JSON.stringify(key.key), key]))
      keys = wanted.map((key) => {
        const name = JSON.stringify(key)
        const known = before.get(name)
        before.delete(name)
        return known ?? new KeyWatch(key, { pool, press, onChange: show })
      })
      for (const gone of before.values()) gone.close()
      show()
    },
    port: {
      list: () => devices.list(),
      watch: (signal) => shown.watch(signal),
      async *find(signal) {
        const found = new Inbox<FoundKey>(signal)
        const releases = (await devices.list()).map(({ name: _, ...device }) => {
          const use = pool.use(device)
          const finder = new KeyFinder(device)
          const stop = use.onSample((sample) => {
            const key = finder.take(sample)
            if (key !== undefined) found.push(key)
          })
          return () => {
            stop()
            use.release()
          }
        })
        try {
          yield* found
        } finally {
          for (const release of releases) release()
        }
      },
    },
    close: () => {
      for (const key of keys) key.close()
      keys = []
    },
  }
}
