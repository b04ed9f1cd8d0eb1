/** One channel that the seat monitors: its driver, the officer's ear and key, and who has the floor. */
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
import { Watched } from '../../../contract/watched.ts'
import type { VoicePacket } from '../media/leg.ts'
import { LevelMeter, SILENT } from '../media/level-meter.ts'
import { Listeners } from '../media/listeners.ts'
import { PlayerLeg } from '../media/player-leg.ts'
import type { ChannelDriver, DriverOptions, DriverReport } from './drivers/driver.ts'
import { Ear, type PageLeg } from './ear.ts'
import type { FloorLink, FloorNotice } from './floor-link.ts'
import { KeysDown, type Presser } from './keys-down.ts'
import { alertTone, permitTone } from './radio-tones.ts'
import { type FloorTaken, notReceiving, stepReceiving, talkerTold } from './receiving.ts'
import {
  type Deed,
  notTransmitting,
  shownTransmission,
  stepTransmitting,
  type TransmitEvent,
  type Transmitting,
  transmitDeadline,
} from './transmitting.ts'

/** The hub is told that a turn is alive, and the right to it is looked at again, this often. */
const ALIVE_EVERY_MS = 1_000

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

/** A key that is down. */
export interface Key {
  up(): void
  /** What held it is gone. */
  lost(): void
}

export class RadioChannel {
  readonly #options: RadioChannelOptions
  readonly #ear: Ear
  readonly #keys = new KeysDown()
  readonly #voice = new Listeners<VoicePacket>()
  readonly #squelch = new Listeners<boolean>()
  readonly #events: TransmitEvent[] = []
  readonly #transmitting = new Watched<Transmitting>(notTransmitting)
  #site: Channel
  #driver: ChannelDriver | undefined
  #meter: LevelMeter | undefined
  #link: ChannelLink
  #reception: Reception = notReceiving
  #taken: FloorTaken | null = null
  #patched: readonly ChannelPatch[] = []
  #lastHeard: SeatChannel['lastHeard'] = null
  #isHeard = true
  #stepping = false
  #closed = false
  #timer: NodeJS.Timeout | undefined
  #aliveAt = 0

  constructor(site: Channel, options: RadioChannelOptions) {
    this.#site = site
    this.#options = options
    this.#link = { state: 'connecting', since: options.clock(), why: null }
    this.#ear = new Ear(options.openPageLeg(site.id), (packet) => this.say(packet, 'person'))
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
      transmission: shownTransmission(this.#transmitting.value),
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
    if (!this.#options.mayKey()) this.#step({ kind: 'forbidden' })
  }

  /** The hub can be asked for the floor from now on, or no more. */
  floorReachable(reachable: boolean): void {
    this.#taken = null
    this.#patched = []
    if (reachable) {
      this.#tellFloor()
      this.#step({ kind: 'floor-back', turn: randomUUID() })
    } else this.#step({ kind: 'floor-gone' })
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
    } else this.#step(notice)
  }

  /** Whether the officer hears what is said. */
  setHeard(heard: boolean): void {
    if (heard === this.#isHeard) return
    this.#isHeard = heard
    this.#options.onChange()
  }

  press(by: Presser, emergency = false): Key {
    const { key, first } = this.#keys.press(by)
    const transmitting = this.#transmitting.value
    const raises = emergency && 'emergency' in transmitting && !transmitting.emergency
    // What is said without haste makes room for the emergency.
    if (raises) this.#step({ kind: 'released' })
    if (first || raises) this.#step({ kind: 'pressed', turn: randomUUID(), emergency })
    else this.#openGate()
    const end = (event: 'released' | 'key-lost') => {
      if (this.#keys.release(key)) this.#step({ kind: event })
      else this.#openGate()
    }
    return { up: () => end('released'), lost: () => end('key-lost') }
  }

  /** Goes to the air while this kind of presser is heard there. */
  say(packet: VoicePacket, by: Presser): void {
    if (this.#transmitting.value.state !== 'talking' || !this.#goesOut(by)) return
    this.#driver?.leg.send(packet)
    this.#stayAlive()
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
    const { state } = this.#transmitting.value
    return state === 'refused' || state === 'cut'
  }

  /** Sent as if somebody talked. Rejects with a `Refusal` if the channel can't be keyed. */
  async sendTone(tone: AlertTone): Promise<void> {
    const key = this.press('tone')
    try {
      await this.#untilTalking()
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
    this.#step({ kind: 'released' })
    this.#endReception()
    this.#closed = true
    clearTimeout(this.#timer)
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
        this.#step({ kind: 'link-lost' })
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
        this.#step(report)
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

  /** One event after the other, those too that come of the deeds of one before. */
  #step(event: TransmitEvent): void {
    this.#events.push(event)
    if (this.#stepping || this.#closed) return
    this.#stepping = true
    try {
      for (let each = this.#events.shift(); each !== undefined; each = this.#events.shift())
        this.#stepOnce(each)
    } finally {
      this.#stepping = false
      this.#watchDeadline()
      this.#options.onChange()
    }
  }

  #stepOnce(event: TransmitEvent): void {
    const before = this.#transmitting.value
    const { next, deeds } = stepTransmitting(before, event, {
      ...this.#facts(),
      linkUp: this.#link.state === 'up' && this.#driver !== undefined,
      mayKey: this.#options.mayKey(),
      keeper: this.#options.floor.reachable.value ? 'hub' : 'channel',
      busy: this.#reception.squelch === 'open',
      timeOutMs: this.#site.timeOutS * 1000,
    })
    if (next !== before && (next.state === 'refused' || next.state === 'cut')) this.#keys.spend()
    this.#transmitting.set(next)
    this.#openGate()
    for (const deed of deeds) this.#do(deed)
    if (before.state === 'talking' && next.state !== 'talking') {
      const talker = { radio: null, unit: null, account: this.#options.account }
      this.#over('out', talker, before.emergency, before.at)
    }
  }

  /** Rejects with a `Refusal` as soon as it is known that nothing will come of it. */
  #untilTalking(): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = ({ state }: Transmitting) => {
        if (state === 'talking') resolve()
        else if (state === 'asking' || state === 'queued' || state === 'keying') return
        else reject(new Refusal('channel-refused'))
        stop()
      }
      const stop = this.#transmitting.onChange(look)
      look(this.#transmitting.value)
    })
  }

  #do(deed: Deed): void {
    const { floor } = this.#options
    const { id } = this.#site
    switch (deed.do) {
      case 'ask':
        floor.request(id, deed.turn, deed.emergency)
        break
      case 'give-back':
        floor.release(id, deed.turn)
        break
      case 'key':
        this.#driver?.key(deed.emergency)
        break
      case 'unkey':
        this.#driver?.unkey()
        break
      case 'play':
        if (this.#keys.isDown('person')) this.#ear.play(permitTone(deed.tone))
        break
    }
  }

  /** The officer goes before a patch. */
  #goesOut(by: Presser): boolean {
    if (!this.#keys.holds(by)) return false
    return by === 'tone' || (!this.#keys.holds('tone') && (by === 'person' || !this.#keys.holds('person')))
  }

  #openGate(): void {
    this.#ear.microphone = this.#transmitting.value.state === 'talking' && this.#goesOut('person')
  }

  #stayAlive(): void {
    const now = this.#options.clock()
    const transmitting = this.#transmitting.value
    if (transmitting.state !== 'talking' || now - this.#aliveAt < ALIVE_EVERY_MS) return
    this.#aliveAt = now
    const { turn } = transmitting
    if (turn !== null) this.#options.floor.talking(this.#site.id, turn)
    this.settle()
  }

  #watchDeadline(): void {
    clearTimeout(this.#timer)
    const deadline = transmitDeadline(this.#transmitting.value)
    if (deadline === undefined || this.#closed) return
    const wait = Math.max(0, deadline - this.#options.clock())
    this.#timer = setTimeout(() => this.#step({ kind: 'ticked' }), wait)
  }

  #facts() {
    const { clock, unitOf } = this.#options
    return { now: clock(), taken: this.#taken, unitOf }
  }
}
