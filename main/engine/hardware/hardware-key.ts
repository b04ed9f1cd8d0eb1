/** One key of the settings: down and up, without the bouncing of its contact, and up at once when its device is lost. */
import type { HardwareKeyStatus } from '../../../contract/hardware.ts'
import type { HardwareKey, Keyed } from '../../../contract/radio-settings.ts'
import { deviceOf, type Sample } from './device.ts'
import type { DevicePool, DeviceUse } from './device-watch.ts'
import { isDown } from './switches.ts'

/** A contact that opens for less than this has bounced. */
const BOUNCES_MS = 20

export interface HardwareKeyOptions {
  readonly pool: DevicePool
  /** The key went down. Returns what is to be done when it comes up. */
  press(what: Keyed): () => void
  onChange(): void
}

export class KeyWatch {
  readonly key: HardwareKey
  readonly #options: HardwareKeyOptions
  readonly #device: DeviceUse
  readonly #undo: (() => void)[]
  #up: (() => void) | undefined
  #opening: NodeJS.Timeout | undefined
  /** A switch that is found closed keys nothing until it has been opened: nobody pressed it. */
  #armed: boolean

  constructor(key: HardwareKey, options: HardwareKeyOptions) {
    this.key = key
    this.#armed = tellsChangesOnly(key)
    this.#options = options
    this.#device = options.pool.use(deviceOf(key))
    this.#undo = [
      this.#device.state.onChange(({ state }) => {
        if (state !== 'ready') {
          this.#armed = tellsChangesOnly(key)
          this.#lift()
        }
        options.onChange()
      }),
      this.#device.onSample((sample) => this.#take(sample)),
    ]
  }

  get status(): HardwareKeyStatus {
    return { key: this.key, ...this.#device.state.value, down: this.#up !== undefined }
  }

  close(): void {
    for (const each of this.#undo) each()
    this.#device.release()
    this.#lift()
  }

  #take(sample: Sample): void {
    const down = isDown(this.key, sample)
    if (down === undefined) return
    if (!down) this.#armed = true
    if (!this.#armed) return
    if (down) {
      clearTimeout(this.#opening)
      this.#opening = undefined
      if (this.#up !== undefined) return
      this.#up = this.#options.press(this.key.keys)
      this.#options.onChange()
    } else if (this.#up !== undefined) this.#opening ??= setTimeout(() => this.#lift(), BOUNCES_MS)
  }

  #lift(): void {
    clearTimeout(this.#opening)
    this.#opening = undefined
    const up = this.#up
    if (up === undefined) return
    this.#up = undefined
    up()
    this.#options.onChange()
  }
}

const tellsChangesOnly = ({ kind }: HardwareKey): boolean => kind === 'hid'
