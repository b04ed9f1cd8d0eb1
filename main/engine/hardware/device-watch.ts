/** One device, watched: opened, looked for again once it is lost, shared by all who want to know of it. */
import type { DeviceTrouble } from '../../../contract/hardware.ts'
import type { Instant } from '../../../contract/primitives.ts'
import { Watched } from '../../../contract/watched.ts'
import { type DeviceId, type Devices, deviceName, type Sample, type Source } from './device.ts'
import { troubleOf } from './trouble.ts'

/** A device that is plugged in again is back within a moment; looking costs little. */
const LOOK_AGAIN_MS = 1_000

interface DeviceState {
  readonly state: 'ready' | 'looking'
  readonly since: Instant
  readonly trouble: DeviceTrouble | null
  readonly why: string | null
}

class DeviceWatch {
  readonly state: Watched<DeviceState>
  readonly #device: DeviceId
  readonly #devices: Devices
  readonly #clock: () => Instant
  readonly #listeners = new Set<(sample: Sample) => void>()
  readonly #over = new AbortController()
  #last: Sample | undefined

  constructor(device: DeviceId, devices: Devices, clock: () => Instant) {
    this.#device = device
    this.#devices = devices
    this.#clock = clock
    this.state = new Watched<DeviceState>({ state: 'looking', since: clock(), trouble: null, why: null })
    void this.#run()
  }

  /** Tells how the device is now, if that is known, and how it becomes. Returns its own undoing. */
  onSample(listener: (sample: Sample) => void): () => void {
    this.#listeners.add(listener)
    if (this.#last !== undefined) listener(this.#last)
    return () => this.#listeners.delete(listener)
  }

  close(): void {
    this.#over.abort()
  }

  async #run(): Promise<void> {
    const { signal } = this.#over
    const over = new Promise<undefined>((resolve) =>
      signal.addEventListener('abort', () => resolve(undefined), { once: true }),
    )
    while (!signal.aborted) {
      const why = await this.#untilLost(over)
      this.#last = undefined
      if (signal.aborted) return
      if (this.state.value.why !== why || this.state.value.state === 'ready')
        this.state.set({ state: 'looking', since: this.#clock(), trouble: troubleOf(why), why })
      const { promise: again, resolve } = Promise.withResolvers<void>()
      const timer = setTimeout(resolve, LOOK_AGAIN_MS)
      await Promise.race([over, again])
      clearTimeout(timer)
    }
  }

  /** Resolves with why the device can't be used, or not any more. */
  async #untilLost(over: Promise<undefined>): Promise<string> {
    let source: Source | undefined
    try {
      source = await this.#devices.open(this.#device)
      this.state.set({ state: 'ready', since: this.#clock(), trouble: null, why: null })
      source.onSample((sample) => {
        this.#last = sample
        for (const listener of this.#listeners) listener(sample)
      })
      return (await Promise.race([source.lost, over])) ?? ''
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    } finally {
      // A device that is gone may have no more to say to its being closed.
      await source?.close().catch(() => undefined)
    }
  }
}

/** A device in use: until `release`. */
export interface DeviceUse extends Pick<DeviceWatch, 'state' | 'onSample'> {
  release(): void
}

/** Each device is opened once, however many look at it: a serial port can't be opened twice. */
export class DevicePool {
  readonly #devices: Devices
  readonly #clock: () => Instant
  readonly #watches = new Map<string, { readonly watch: DeviceWatch; users: number }>()

  constructor(devices: Devices, clock: () => Instant) {
    this.#devices = devices
    this.#clock = clock
  }

  use(device: DeviceId): DeviceUse {
    const name = deviceName(device)
    const known = this.#watches.get(name) ?? {
      watch: new DeviceWatch(device, this.#devices, this.#clock),
      users: 0,
    }
    known.users++
    this.#watches.set(name, known)
    const { watch } = known
    let released = false
    return {
      state: watch.state,
      onSample: (listener) => watch.onSample(listener),
      release: () => {
        if (released) return
        released = true
        known.users--
        if (known.users > 0) return
        this.#watches.delete(name)
        watch.close()
      },
    }
  }
}
