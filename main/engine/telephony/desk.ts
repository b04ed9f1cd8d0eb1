/** The officer's ears and mouth at the telephone: rooms, each a bridge of one or more calls and a leg to the page. */
import type { CallQuality } from '../../../contract/telephony.ts'
import { Bridge, type Member } from '../media/bridge.ts'
import type { ConsoleLeg } from '../media/console-leg.ts'
import { isDigit } from '../media/dtmf.ts'
import type { Leg } from '../media/leg.ts'
import { LevelMeter, SILENT } from '../media/level-meter.ts'
import { PlayerLeg } from '../media/player-leg.ts'
import type { VoiceSession } from '../media/session.ts'
import { tone } from '../media/tones.ts'
import type { CallVoice } from './call-voice.ts'
import type { Visitor } from './guest.ts'
import type { Headset, HeadsetPlace } from './headset.ts'

/** What the desk uses of a leg to the page. */
type DeskLeg = Pick<ConsoleLeg, 'open' | 'send' | 'onVoice' | 'close'>

export interface DeskOptions {
  /** To the page: what is sent to it is heard there, what comes from it is the microphone. */
  openConsoleLeg(call: string): DeskLeg
  /** Milliseconds, never going back: the clock of the legs. */
  readonly clock?: () => number
}

export interface Desk extends Headset<CallVoice> {
  /** Lets somebody into the conversation of a call. False if the officer isn't in it. */
  admit(call: string, guest: Visitor): boolean
}

export function openDesk({ openConsoleLeg, clock = () => performance.now() }: DeskOptions): Desk {
  const places = new Map<string, Place>()
  return {
    play: (call, name) => {
      const page = openConsoleLeg(call)
      const player = new PlayerLeg({ samples: tone(name), loop: true })
      const stop = player.onVoice((packet) => page.send(packet))
      return () => {
        stop()
        player.close()
        page.close()
      }
    },
    join: (call, media) => {
      const place = new Place(new Room(openConsoleLeg(call)), media, clock, () => places.delete(call))
      places.set(call, place)
      return place
    },
    admit: (call, guest) => places.get(call)?.admit(guest) ?? false,
  }
}

/** Whoever is in it hears all the others; the officer is in it as long as anybody is. */
class Room {
  readonly bridge = new Bridge()
  /** The leg to the page. */
  readonly officer: Leg
  readonly #page: DeskLeg
  readonly #officer: Member
  readonly #present = new Set<Place>()

  constructor(page: DeskLeg) {
    this.#page = page
    this.officer = page
    // What comes through the gate is silenced in the bridge: the other side sees that the call is alive.
    page.open = true
    this.#officer = this.bridge.add(page)
    this.#officer.muted = true
  }

  enter(place: Place): void {
    this.#present.add(place)
    this.settle()
  }

  go(place: Place): void {
    this.#present.delete(place)
    this.settle()
    if (this.#present.size > 0) return
    this.bridge.close()
    this.#page.close()
  }

  /** The microphone is heard by all as long as it is to be heard by one. */
  settle(): void {
    this.#officer.muted = ![...this.#present].some(({ isOpen }) => isOpen)
  }
}

class Place implements HeadsetPlace {
  isOpen = false
  readonly #clock: () => number
  readonly #joinedAt: number
  #isHeard = true
  #meter: LevelMeter | undefined
  #room: Room
  #session: VoiceSession | undefined
  #member: Member | undefined
  #left = false
  readonly #guests = new Set<Visitor>()
  readonly #onLeave: () => void

  constructor(room: Room, media: CallVoice, clock: () => number, onLeave: () => void) {
    this.#room = room
    this.#clock = clock
    this.#onLeave = onLeave
    this.#joinedAt = clock()
    room.enter(this)
    media.opened.then(
      (session) => {
        if (this.#left) return
        this.#session = session
        this.#meter = new LevelMeter(session.leg)
        this.#sitDown()
      },
      // The dialogue fails by it too, and tells.
      () => undefined,
    )
  }

  setOpen(open: boolean): void {
    this.isOpen = open
    this.#room.settle()
  }

  moveTo(other: HeadsetPlace): void {
    if (!(other instanceof Place) || other.#room === this.#room) return
    const before = this.#room
    this.#member?.remove()
    this.#room = other.#room
    this.#sitDown()
    for (const guest of this.#guests) guest.enter(this.#room)
    before.go(this)
    this.#room.enter(this)
  }

  setHeard(heard: boolean): void {
    this.#isHeard = heard
    if (this.#member !== undefined) this.#member.muted = !heard
  }

  sendDtmf(digits: string): void {
    this.#session?.leg.sendDigits([...digits].filter(isDigit))
  }

  quality(): CallQuality | null {
    if (this.#session === undefined) return null
    const { packetsReceived, lossShare, jitter, opinionScore } = this.#session.leg.statistics
    return packetsReceived === 0 ? null : { loss: lossShare, jitterMs: jitter, mos: opinionScore }
  }

  level(): number {
    return this.#meter?.read() ?? SILENT
  }

  silentMs(): number {
    return this.#clock() - (this.#session?.leg.statistics.silentSince ?? this.#joinedAt)
  }

  /** The guest goes where this call goes, and with it. */
  admit(guest: Visitor): boolean {
    this.#guests.add(guest)
    guest.onLeave(() => this.#guests.delete(guest))
    guest.enter(this.#room)
    return true
  }

  leave(): void {
    this.#left = true
    this.#onLeave()
    for (const guest of this.#guests) guest.callOver()
    this.#meter?.close()
    this.#member?.remove()
    this.#room.go(this)
  }

  #sitDown(): void {
    if (this.#session === undefined) return
    this.#member = this.#room.bridge.add(this.#session.leg)
    this.#member.muted = !this.#isHeard
  }
}
