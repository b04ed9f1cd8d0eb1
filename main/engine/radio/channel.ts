/** One channel that the seat monitors: its driver, what is heard of it, the officer's ear, and who has the floor. */
import { randomUUID } from 'node:crypto'
import type { ChannelPatch } from '../../../contract/floor-service.ts'
import type { Id, Instant } from '../../../contract/primitives.ts'
import type { Channel, ChannelAccess, Talker, TransmissionRecord } from '../../../contract/radio.ts'
import { Refusal } from '../../../contract/refusal.ts'
import type {
  AlertTone,
  ChannelLink,
  RadioAct,
  Reception,
  SeatChannel,
} from '../../../contract/seat-radio.ts'
import type { VoicePacket } from '../media/leg.ts'
import { LevelMeter, SILENT } from '../media/level-meter.ts'
import { Listeners } from '../media/listeners.ts'
import { PlayerLeg } from '../media/player-leg.ts'
import type { ChannelDriver, DriverOptions, DriverReport } from './drivers/driver.ts'
import { Ear, type PageLeg } from './ear.ts'
import type { FloorLink, FloorNotice } from './floor-link.ts'
import type { Presser } from './keys-down.ts'
import { type Key, OwnTransmission } from './own-transmission.ts'
import { alertTone } from './radio-tones.ts'
import { type FloorTaken, notReceiving, stepReceiving, talkerTold } from './receiving.ts'

export interface RadioChannelOptions {
  readonly clock: () => Instant
  readonly floor: FloorLink
  /** Whoever sits here: the one who talks. */
  readonly account: Id
  readonly openDriver: (access: ChannelAccess, options: DriverOptions) => Promise<ChannelDriver>
  readonly driverOptions: Pick<DriverOptions, 'name' | 'callsign' | 'ownSources'>
  /** The seat's own password of the channel, null if it has none. */
  readPassword(channel: Id): Promise<string | null>
  openPageLeg(channel: Id): PageLeg
  mayKey(): boolean
  unitOf(radio: string): Id | null
  /** A transmission is over, heard or said. */
  onOver(record: TransmissionRecord): void
  /** A radio calls for help. */
  onAlarm(channel: Id, talker: Talker): void
  onChange(): void
  onTrouble(what: string, error: unknown): void
}

export class RadioChannel {
  readonly #options: RadioChannelOptions
  readonly #ear: Ear
  readonly #own: OwnTransmission
  readonly #voice = new Listeners<VoicePacket>()
  readonly #squelch = new Listeners<boolean>()
  #site: Channel
  #driver: ChannelDriver | undefined
  #meter: LevelMeter | undefined
  #link: ChannelLink
  #reception: Reception = notReceiving
  #taken: FloorTaken | null = null
  #patched: readonly ChannelPatch[] = []
  #lastHeard: SeatChannel['lastHeard'] = null
  #isHeard = true
  #closed = false

  constructor(site: Channel, options: RadioChannelOptions) {
    this.#site = site
    this.#options = options
    this.#link = { state: 'connecting', since: options.clock(), why: null }
    this.#ear = new Ear(options.openPageLeg(site.id), (packet) => this.say(packet, 'person'))
    const { clock, floor, account, mayKey, onChange } = options
    this.#own = new OwnTransmission({
      clock,
      channel: site.id,
      floor,
      ear: this.#ear,
      driver: () => this.#driver,
      mayKey,
      facts: () => ({
        linkUp: this.#link.state === 'up' && this.#driver !== undefined,
        busy: this.#reception.squelch === 'open',
        timeOutMs: this.#site.timeOutS * 1000,
      }),
      onOver: (emergency, startedAt) =>
        this.#over('out', { radio: null, unit: null, account }, emergency, startedAt),
      onChange,
    })
    this.#open().catch((error) => {
      options.onTrouble(`opening channel ${site.id}`, error)
      this.#setLink('down', error instanceof Error ? error.message : String(error))
    })
  }

  get site(): Channel {
    return this.#site
  }

  get shown(): SeatChannel {
    return {
      id: this.#site.id,
      link: this.#link,
      reception: this.#reception,
      transmission: this.#own.shown,
      floor: this.#options.floor.reachable.value ? 'hub' : 'channel',
      taken: this.#taken,
      patched: this.#patched,
      heard: this.#isHeard,
      lastHeard: this.#lastHeard,
      acts: this.#driver?.acts ?? [],
    }
  }

  /** What is said of it in the site changed, but not how it is reached. */
  describe(site: Channel): void {
    this.#site = site
  }

  /** Whoever sits here may have other rights now. */
  settle(): void {
    this.#own.settle()
  }

  /** The hub can be asked for the floor from now on, or no more. */
  floorReachable(reachable: boolean): void {
    this.#taken = null
    this.#patched = []
    if (reachable) this.#tellFloor()
    this.#own.floorReachable(reachable)
    this.#options.onChange()
  }

  noticed(notice: FloorNotice): void {
    if (notice.kind === 'taken' || notice.kind === 'idle') {
      this.#taken = notice.kind === 'taken' ? { by: notice.by, emergency: notice.emergency } : null
      this.#reception = talkerTold(this.#reception, this.#facts())
      this.#options.onChange()
    } else if (notice.kind === 'patched') {
      this.#patched = notice.patches
      this.#options.onChange()
    } else this.#own.step(notice)
  }

  /** Whether the officer hears what is said. */
  setHeard(heard: boolean): void {
    if (heard === this.#isHeard) return
    this.#isHeard = heard
    this.#options.onChange()
  }

  press(by: Presser, emergency = false): Key {
    return this.#own.press(by, emergency)
  }

  /** Goes to the air while this kind of presser is heard there. */
  say(packet: VoicePacket, by: Presser): void {
    this.#own.say(packet, by)
  }

  /** Calls `listener` with what is heard on the channel. Returns its own undoing. */
  onVoice(listener: (packet: VoicePacket) => void): () => void {
    return this.#voice.add(listener)
  }

  /** Calls `listener` when somebody begins to be heard, and when nobody is any more. Returns its own undoing. */
  onSquelch(listener: (open: boolean) => void): () => void {
    return this.#squelch.add(listener)
  }

  /** What keys are down for was refused or cut. */
  get isKeyDownInVain(): boolean {
    return this.#own.isKeyDownInVain
  }

  /** Sent as if somebody talked. Rejects with a `Refusal` if the channel can't be keyed. */
  async sendTone(tone: AlertTone): Promise<void> {
    const key = this.press('tone')
    try {
      await this.#own.untilTalking()
      await new Promise<void>((resolve) => {
        const player = new PlayerLeg({ samples: alertTone(tone), onEnd: resolve })
        player.onVoice((packet) => {
          this.say(packet, 'tone')
          this.#ear.hear(packet)
        })
      })
    } finally {
      key.up()
    }
  }

  async act(act: RadioAct, radio: string): Promise<void> {
    if (this.#driver === undefined || !this.#driver.acts.includes(act))
      throw new Refusal('invalid', { why: 'the channel can do no such thing' })
    await this.#driver.act(act, radio)
  }

  /** dBov, the loudest since the last reading. */
  level(): number {
    return this.#meter?.read() ?? SILENT
  }

  async close(): Promise<void> {
    this.#own.close()
    this.#endReception()
    this.#closed = true
    this.#meter?.close()
    this.#ear.close()
    await this.#driver?.close()
  }

  async #open(): Promise<void> {
    const { clock, openDriver, driverOptions, readPassword, onTrouble } = this.#options
    const { id, access } = this.#site
    const password = access.kind === 'rtp' ? null : await readPassword(id)
    const onReport = (report: DriverReport) => this.#take(report)
    const driver = await openDriver(access, { ...driverOptions, password, clock, onReport, onTrouble })
    if (this.#closed) {
      await driver.close()
      return
    }
    this.#driver = driver
    this.#meter = new LevelMeter(driver.leg)
    driver.leg.onVoice((packet) => {
      if (this.#isHeard) this.#ear.hear(packet)
      this.#voice.tell(packet)
    })
    this.#options.onChange()
  }

  #take(report: DriverReport): void {
    if (this.#closed) return
    switch (report.kind) {
      case 'up':
        this.#setLink('up', null)
        break
      case 'down':
        this.#setLink(report.password === true ? 'no-password' : 'down', report.why)
        this.#endReception()
        this.#own.step({ kind: 'link-lost' })
        break
      case 'squelch-closed':
        this.#endReception()
        break
      case 'squelch-open':
      case 'heard':
        this.#reception = stepReceiving(this.#reception, report, this.#facts())
        this.#tellFloor()
        if (report.kind === 'squelch-open') this.#squelch.tell(true)
        break
      case 'keyed':
      case 'unkeyed':
        this.#own.step(report)
        break
      case 'alarm': {
        const { radio } = report
        const talker = { radio, unit: this.#options.unitOf(radio), account: null }
        this.#options.onAlarm(this.#site.id, talker)
        break
      }
    }
    this.#options.onChange()
  }

  #setLink(state: ChannelLink['state'], why: string | null): void {
    const { clock, onChange } = this.#options
    const since = state === this.#link.state ? this.#link.since : clock()
    this.#link = { state, since, why }
    onChange()
  }

  #endReception(): void {
    if (this.#reception.squelch === 'closed') return
    const { since, talker, emergency } = this.#reception
    const at = this.#options.clock()
    this.#lastHeard = { talker, at, ms: at - since }
    this.#reception = notReceiving
    this.#tellFloor()
    this.#squelch.tell(false)
    this.#over('in', talker, emergency, since)
  }

  #over(direction: 'in' | 'out', talker: Talker, emergency: boolean, startedAt: Instant): void {
    const { id: channel } = this.#site
    const endedAt = this.#options.clock()
    this.#options.onOver({ id: randomUUID(), channel, direction, talker, emergency, startedAt, endedAt })
  }

  /** Radios ask nobody for the floor; seats have. */
  #tellFloor(): void {
    if (this.#taken !== null) return
    const reception = this.#reception
    this.#options.floor.heard(this.#site.id, reception.squelch === 'open' ? reception.talker : null)
  }

  #facts() {
    const { clock, unitOf } = this.#options
    return { now: clock(), taken: this.#taken, unitOf }
  }
}
