/** Keeps the scan going over the channels of a seat. */
import type { Id, Instant } from '../../../contract/primitives.ts'
import { freshRadio, type OfficersRadio } from '../../../contract/radio-settings.ts'
import type { RadioChannel } from './channel.ts'
import { type Scan, scanDeadline, scannedChannels, scanningOn, stepScan } from './scan.ts'

export class Scanner {
  readonly #channels: ReadonlyMap<Id, RadioChannel>
  readonly #clock: () => Instant
  #settings: OfficersRadio = freshRadio
  #scan: Scan = scanningOn
  #timer: NodeJS.Timeout | undefined

  constructor(channels: ReadonlyMap<Id, RadioChannel>, clock: () => Instant) {
    this.#channels = channels
    this.#clock = clock
  }

  use(settings: OfficersRadio): void {
    this.#settings = settings
    this.look()
  }

  /** Something changed on a channel. */
  look(): void {
    const scanned = scannedChannels(this.#settings)
    const open = [...this.#channels.values()]
      .filter(({ site }) => scanned.has(site.id))
      .flatMap(({ site, shown: { reception } }) =>
        reception.squelch === 'open' ? [{ id: site.id, since: reception.since }] : [],
      )
      .sort((one, other) => one.since - other.since)
      .map(({ id }) => id)
    this.#scan = stepScan(this.#scan, {
      open,
      priority: this.#settings.scan.priority,
      now: this.#clock(),
    })
    for (const [id, channel] of this.#channels)
      channel.setHeard(!scanned.has(id) || this.#scan.restingOn === id)
    clearTimeout(this.#timer)
    const deadline = scanDeadline(this.#scan)
    if (deadline !== undefined)
      this.#timer = setTimeout(() => this.look(), Math.max(0, deadline - this.#clock()))
  }

  close(): void {
    clearTimeout(this.#timer)
  }
}
