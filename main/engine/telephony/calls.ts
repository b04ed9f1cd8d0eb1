/** The calls of a seat: how each fares, what the officer hears of it, and that one talks to one at a time. */
import { randomUUID } from 'node:crypto'
import type { Command } from '../../../contract/commands.ts'
import type { Id, Instant } from '../../../contract/primitives.ts'
import { Refusal } from '../../../contract/refusal.ts'
import { type Call, type CallEnd, HISTORY_LENGTH } from '../../../contract/telephony.ts'
import type { MediaSession } from '../media/media-session.ts'
import type { Headset } from './headset.ts'
import type { CallLedger } from './ledger.ts'
import { endOf, failureTones, isAnswered, type OwnCall, shownState } from './own-call.ts'
import type { SipCall } from './sip/sip-call.ts'

/** How long a call that has ended is still shown among the others. */
const SHOWN_ENDED_MS = 6_000
const LOOK_EVERY_MS = 1_000
/** No packet of an answered call for so long, neither side holding: the other side has vanished. */
const VANISHED_MS = 20_000

export interface CallsOptions<Media extends MediaSession> {
  readonly clock: () => Instant
  readonly headset: Headset<Media>
  readonly vanishedMs?: number
  unitOf(number: string): Id | null
  isUrgent(line: Id): boolean
  /** Where open calls are kept, for the case that this engine is killed. */
  readonly ledger: Pick<CallLedger, 'keep' | 'strike'>
  /** As this account, whoever sits here by then. */
  submit(account: Id, command: Command): Promise<unknown>
  /** Something shown has changed. */
  onChange(): void
  /** This one has: its state, or how it ended. */
  onCall(call: Call): void
  onTrouble(what: string, error: unknown): void
}

/** What a call is to be from its beginning. */
export interface TakeHow {
  readonly account: Id
  readonly line: Id
  /** The group call that it belongs to. */
  readonly group?: string
  /** The others of its conference hear it; so unless told. */
  readonly heard?: boolean
  /** The officer hears it ring, and why it failed; so unless told. */
  readonly toned?: boolean
}

export class Calls<Media extends MediaSession> {
  history: readonly Call[] = []
  readonly #options: CallsOptions<Media>
  readonly #calls = new Map<string, OwnCall<Media>>()
  readonly #timer: NodeJS.Timeout

  constructor(options: CallsOptions<Media>) {
    this.#options = options
    this.#timer = setInterval(() => this.#lookAtMedia(), LOOK_EVERY_MS)
  }

  /** Those that have ended a moment ago included. */
  get shown(): readonly Call[] {
    return [...this.#calls.values()].map(({ shown }) => shown)
  }

  /** Those that have not ended. */
  get open(): readonly OwnCall<Media>[] {
    return [...this.#calls.values()].filter(({ shown }) => shown.state !== 'ended')
  }

  take(sip: SipCall<Media>, how: TakeHow): OwnCall<Media> {
    const { account, line, group = null, heard = true, toned = true } = how
    const now = this.#options.clock()
    const own: OwnCall<Media> = {
      sip,
      account,
      toned,
      place: undefined,
      quiet: undefined,
      accepting: false,
      passing: false,
      because: undefined,
      forget: undefined,
      shown: {
        id: randomUUID(),
        line,
        direction: sip.direction,
        number: sip.remote.number,
        name: sip.remote.name,
        unit: this.#options.unitOf(sip.remote.number),
        priority: this.#options.isUrgent(line),
        state: shownState(sip),
        since: now,
        startedAt: now,
        answeredAt: null,
        heldThere: false,
        muted: false,
        conference: null,
        group,
        heard,
        quality: null,
        end: null,
      },
    }
    this.#calls.set(own.shown.id, own)
    sip.onChange(() => this.#follow(own))
    this.#keep(own)
    this.#follow(own)
    return own
  }

  /** Throws a `Refusal` if it is over. */
  find(id: string): OwnCall<Media> {
    const own = this.#calls.get(id)
    if (own === undefined || own.shown.state === 'ended') throw new Refusal('call-over')
    return own
  }

  async accept(own: OwnCall<Media>): Promise<void> {
    own.accepting = true
    await own.sip.accept()
  }

  /**
   * Answers a call that waits and has the caller call this number instead (RFC 3515), while the officer talks on.
   * If that does not come about the caller is on hold here.
   */
  async passOn(own: OwnCall<Media>, number: string): Promise<void> {
    own.passing = true
    try {
      await this.accept(own)
      own.because = 'forwarded'
      await own.sip.transfer(number)
    } catch (error) {
      own.because = undefined
      // If even a hold is refused, the officer talks to the caller: whatever happens, nobody is left alone.
      await own.sip.hold().catch(() => undefined)
      own.passing = false
      this.#follow(own)
      throw error
    }
  }

  /** `because`: what is told and kept instead of what SIP says. */
  hangUp(own: OwnCall<Media>, because?: CallEnd): void {
    own.because ??= because
    own.sip.hangUp()
  }

  /** Of a conference all: what the officer says, each of it hears or none. */
  mute(id: string, muted: boolean): void {
    for (const own of this.#companions(this.find(id))) {
      own.shown = { ...own.shown, muted }
      this.#openMicrophone(own)
    }
    this.#options.onChange()
  }

  setHeard(id: string, heard: boolean): void {
    const own = this.find(id)
    own.shown = { ...own.shown, heard }
    own.place?.setHeard(heard)
    this.#options.onChange()
  }

  /** All of these and whoever is in a conference with one of them. Throws a `Refusal` where one has not answered. */
  confer(ids: readonly string[]): readonly OwnCall<Media>[] {
    const chosen = ids.map((id) => this.find(id))
    const known = chosen.find(({ shown }) => shown.conference !== null)?.shown.conference
    const conference = known ?? randomUUID()
    const present = this.open.filter(({ shown }) => shown.conference === conference)
    const [host, ...others] = [...new Set([...present, ...chosen])]
    if (host?.place === undefined || others.some(({ place }) => place === undefined))
      throw new Refusal('not-answered')
    const muted = host.shown.muted
    for (const one of [host, ...others]) {
      one.shown = { ...one.shown, conference, muted }
      if (one !== host) one.place?.moveTo(host.place)
      this.#openMicrophone(one)
    }
    this.#options.onChange()
    return chosen
  }

  /** How loud each far side has been since the last look, dBov. */
  levels(): Record<string, number> {
    return Object.fromEntries(
      this.open.flatMap(({ place, shown }) => (place === undefined ? [] : [[shown.id, place.level()]])),
    )
  }

  close(): void {
    clearInterval(this.#timer)
    for (const own of this.#calls.values()) {
      clearTimeout(own.forget)
      hush(own)
      if (own.shown.state !== 'ended') own.sip.hangUp()
    }
  }

  /** Brings what is shown, and what is heard, up to date with the dialogue. */
  #follow(own: OwnCall<Media>): void {
    const { sip, shown } = own
    if (shown.state === 'ended') return
    const state = shownState(sip)
    const now = this.#options.clock()
    const answered = isAnswered({ state })
    own.shown = {
      ...shown,
      name: sip.remote.name ?? shown.name,
      heldThere: sip.heldThere,
      state,
      since: state === shown.state ? shown.since : now,
      answeredAt: shown.answeredAt ?? (answered ? now : null),
      end: endOf(own),
    }
    // What an exchange says before one of many has answered is not for all of them.
    if (
      own.place === undefined &&
      !own.passing &&
      (answered || (sip.state === 'early' && shown.group === null))
    )
      this.#enter(own)
    if (own.toned && sip.direction === 'out' && sip.state === 'ringing')
      own.quiet ??= this.#options.headset.play(shown.id, 'ringBack')
    else hush(own)
    this.#openMicrophone(own)
    if (state === 'talking' && shown.state !== 'talking' && !own.passing) this.#holdOthers(own.shown)
    if (state === 'ended') this.#over(own)
    else if (own.shown.answeredAt !== shown.answeredAt) this.#keep(own)
    this.#options.onCall(own.shown)
    this.#options.onChange()
  }

  #enter(own: OwnCall<Media>): void {
    const { shown, sip } = own
    own.place = this.#options.headset.join(shown.id, sip.media)
    own.place.setHeard(shown.heard)
    if (shown.group === null) return
    const companion = this.open.find((other) => other !== own && other.shown.conference === shown.group)
    own.shown = { ...own.shown, conference: shown.group, muted: companion?.shown.muted ?? false }
    if (companion?.place !== undefined) own.place.moveTo(companion.place)
  }

  #openMicrophone({ place, shown }: OwnCall<Media>): void {
    place?.setOpen(shown.state === 'talking' && !shown.muted)
  }

  #over(own: OwnCall<Media>): void {
    own.shown = { ...own.shown, quality: own.place?.quality() ?? own.shown.quality }
    own.place?.leave()
    own.place = undefined
    const { shown } = own
    if (shown.conference !== null) this.#thin(shown.conference)
    this.history = [shown, ...this.history].slice(0, HISTORY_LENGTH)
    const sound = own.toned && shown.direction === 'out' && shown.end && failureTones[shown.end.why]
    if (sound && shown.answeredAt === null) own.quiet = this.#options.headset.play(shown.id, sound)
    own.forget = setTimeout(() => {
      hush(own)
      this.#calls.delete(shown.id)
      this.#options.onChange()
    }, SHOWN_ENDED_MS)
    this.#record(own)
  }

  #keep({ account, shown }: OwnCall<Media>): void {
    this.#options.ledger.keep({ account, call: factsOf(shown) })
  }

  #record({ account, shown }: OwnCall<Media>): void {
    const { id, since, end, quality } = shown
    if (end === null) return
    const { submit, onTrouble, ledger } = this.#options
    submit(account, {
      kind: 'call.record',
      call: { ...factsOf(shown), endedAt: since, quality, end: end.why, code: end.code },
    })
      .then(() => ledger.strike(id))
      .catch((error) => onTrouble('recording a call', error))
  }

  #companions(own: OwnCall<Media>): readonly OwnCall<Media>[] {
    const { conference } = own.shown
    return conference === null ? [own] : this.open.filter(({ shown }) => shown.conference === conference)
  }

  /** One conversation at a time: who talks in one holds the others. */
  #holdOthers({ id, conference }: Call): void {
    for (const { sip, shown } of this.open)
      if (
        shown.id !== id &&
        shown.state === 'talking' &&
        (conference === null || shown.conference !== conference)
      )
        sip.hold().catch((error) => this.#options.onTrouble('holding a call for another', error))
  }

  /** One alone is in no conference, unless others of its group may come. */
  #thin(conference: string): void {
    const left = this.open.filter(({ shown }) => shown.conference === conference)
    if (left.length > 1) return
    for (const one of left) if (one.shown.group !== conference) one.shown = { ...one.shown, conference: null }
  }

  #lookAtMedia(): void {
    const { clock, vanishedMs = VANISHED_MS, onChange } = this.#options
    let changed = false
    for (const own of this.open) {
      const { place, sip, shown } = own
      if (place === undefined) continue
      const quality = place.quality()
      if (quality !== null) own.shown = { ...shown, quality }
      changed ||= quality !== null
      // Silence before it was answered, or while it was held, says nothing.
      const silentMs = Math.min(place.silentMs(), clock() - shown.since)
      if (shown.state === 'talking' && !sip.heldThere && silentMs > vanishedMs) this.hangUp(own, 'lost')
    }
    if (changed) onChange()
  }
}

/** What is known of a call before its end. */
const factsOf = ({ id, line, direction, number, unit, startedAt, answeredAt, group }: Call) => ({
  ...{ id, line, direction, number, unit, startedAt, answeredAt },
  ...(group !== null && { group }),
})

function hush<Media extends MediaSession>(own: OwnCall<Media>): void {
  own.quiet?.()
  own.quiet = undefined
}
