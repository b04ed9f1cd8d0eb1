/** What the seat itself says on one channel: the keys that are down for it, the floor it asks for, and what goes out. */
import { randomUUID } from 'node:crypto'
import type { Id, Instant } from '../../../contract/primitives.ts'
import { Refusal } from '../../../contract/refusal.ts'
import type { Transmission } from '../../../contract/seat-radio.ts'
import { Watched } from '../../../contract/watched.ts'
import type { VoicePacket } from '../media/leg.ts'
import type { ChannelDriver } from './drivers/driver.ts'
import type { Ear } from './ear.ts'
import type { FloorLink } from './floor-link.ts'
import { KeysDown, type Presser, pressers } from './keys-down.ts'
import { permitTone } from './radio-tones.ts'
import {
  type Deed,
  notTransmitting,
  shownTransmission,
  stepTransmitting,
  type TransmitEvent,
  type TransmitFacts,
  type Transmitting,
  transmitDeadline,
} from './transmitting.ts'

/** The hub is told that a turn is alive, and the right to it is looked at again, this often. */
const ALIVE_EVERY_MS = 1_000

export interface OwnTransmissionOptions {
  readonly clock: () => Instant
  readonly channel: Id
  readonly floor: FloorLink
  readonly ear: Ear
  /** Undefined as long as there is none. */
  driver(): Pick<ChannelDriver, 'key' | 'unkey' | 'leg'> | undefined
  mayKey(): boolean
  /** How the channel stands. */
  facts(): Pick<TransmitFacts, 'linkUp' | 'busy' | 'timeOutMs'>
  onOver(emergency: boolean, startedAt: Instant): void
  onChange(): void
}

/** A key that is down. */
export interface Key {
  up(): void
  /** What held it is gone. */
  lost(): void
}

export class OwnTransmission {
  readonly #options: OwnTransmissionOptions
  readonly #keys = new KeysDown()
  readonly #events: TransmitEvent[] = []
  readonly #transmitting = new Watched<Transmitting>(notTransmitting)
  #stepping = false
  #closed = false
  #timer: NodeJS.Timeout | undefined
  #aliveAt = 0

  constructor(options: OwnTransmissionOptions) {
    this.#options = options
  }

  get shown(): Transmission {
    return shownTransmission(this.#transmitting.value)
  }

  /** What keys are down for was refused or cut. */
  get isKeyDownInVain(): boolean {
    const { state } = this.#transmitting.value
    return state === 'refused' || state === 'cut'
  }

  press(by: Presser, emergency: boolean): Key {
    const { key, first } = this.#keys.press(by)
    const transmitting = this.#transmitting.value
    const raises = emergency && 'emergency' in transmitting && !transmitting.emergency
    // What is said without haste makes room for the emergency.
    if (raises) this.step({ kind: 'released' })
    if (first || raises) this.step({ kind: 'pressed', turn: randomUUID(), emergency })
    else this.#openGate()
    const end = (event: 'released' | 'key-lost') => {
      if (this.#keys.release(key)) this.step({ kind: event })
      else this.#openGate()
    }
    return { up: () => end('released'), lost: () => end('key-lost') }
  }

  /** Goes to the air while this kind of presser is heard there. */
  say(packet: VoicePacket, by: Presser): void {
    if (this.#transmitting.value.state !== 'talking' || !this.#goesOut(by)) return
    this.#options.driver()?.leg.send(packet)
    this.#stayAlive()
  }

  /** Rejects with a `Refusal` as soon as it is known that nothing will come of it. */
  untilTalking(): Promise<void> {
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

  /** The hub can be asked for the floor from now on, or no more. */
  floorReachable(reachable: boolean): void {
    this.step(reachable ? { kind: 'floor-back', turn: randomUUID() } : { kind: 'floor-gone' })
  }

  /** Whoever sits here may have other rights now. */
  settle(): void {
    if (!this.#options.mayKey()) this.step({ kind: 'forbidden' })
  }

  /** One event after the other, those too that come of the deeds of one before. */
  step(event: TransmitEvent): void {
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

  close(): void {
    this.step({ kind: 'released' })
    this.#closed = true
    clearTimeout(this.#timer)
  }

  #stepOnce(event: TransmitEvent): void {
    const { clock, floor, mayKey, facts, onOver } = this.#options
    const before = this.#transmitting.value
    const { next, deeds } = stepTransmitting(before, event, {
      ...facts(),
      now: clock(),
      mayKey: mayKey(),
      keeper: floor.reachable.value ? 'hub' : 'channel',
    })
    if (next !== before && (next.state === 'refused' || next.state === 'cut')) this.#keys.spend()
    this.#transmitting.set(next)
    this.#openGate()
    for (const deed of deeds) this.#do(deed)
    if (before.state === 'talking' && next.state !== 'talking') onOver(before.emergency, before.at)
  }

  #do(deed: Deed): void {
    const { floor, channel, driver, ear } = this.#options
    switch (deed.do) {
      case 'ask':
        floor.request(channel, deed.turn, deed.emergency)
        break
      case 'give-back':
        floor.release(channel, deed.turn)
        break
      case 'key':
        driver()?.key(deed.emergency)
        break
      case 'unkey':
        driver()?.unkey()
        break
      case 'play':
        if (this.#keys.isDown('person')) ear.play(permitTone(deed.tone))
        break
    }
  }

  #goesOut(by: Presser): boolean {
    return pressers.find((each) => this.#keys.holds(each)) === by
  }

  #openGate(): void {
    this.#options.ear.microphone = this.#transmitting.value.state === 'talking' && this.#goesOut('person')
  }

  #stayAlive(): void {
    const { clock, floor, channel } = this.#options
    const now = clock()
    const transmitting = this.#transmitting.value
    if (transmitting.state !== 'talking' || now - this.#aliveAt < ALIVE_EVERY_MS) return
    this.#aliveAt = now
    const { turn } = transmitting
    if (turn !== null) floor.talking(channel, turn)
    this.settle()
  }

  #watchDeadline(): void {
    clearTimeout(this.#timer)
    const deadline = transmitDeadline(this.#transmitting.value)
    if (deadline === undefined || this.#closed) return
    const wait = Math.max(0, deadline - this.#options.clock())
    this.#timer = setTimeout(() => this.step({ kind: 'ticked' }), wait)
  }
}
