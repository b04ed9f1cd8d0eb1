/** The seat's telephone: its lines, its calls, and the rules between them. */
import { randomUUID } from 'node:crypto'
import type { Command } from '../../../contract/commands.ts'
import type { Dial } from '../../../contract/engine.ts'
import type { Id, Instant } from '../../../contract/primitives.ts'
import { Refusal } from '../../../contract/refusal.ts'
import type { SharedState } from '../../../contract/state.ts'
import {
  type Call,
  type CallEnd,
  type CallState,
  firstWaiting,
  HISTORY_LENGTH,
  type LineStatus,
  type Telephone,
  unitWithNumber,
} from '../../../contract/telephony.ts'
import { Watched } from '../../../contract/watched.ts'
import type { MediaSession } from '../media/media-session.ts'
import type { Headset, HeadsetPlace, ProgressTone } from './headset.ts'
import { type Lines, type LinesOptions, openLines } from './lines.ts'
import { type SipCall, SipRefused } from './sip/sip-call.ts'

/** How long a call that has ended is still shown among the others. */
const SHOWN_ENDED_MS = 6_000
const LOOK_EVERY_MS = 1_000
/** No packet of an answered call for so long, neither side holding: the other side has vanished. */
const VANISHED_MS = 20_000
const BUSY_HERE = 486
const none: readonly never[] = []

export interface TelephoneOptions<Media extends MediaSession> {
  readonly clock: () => Instant
  readonly headset: Headset<Media>
  readonly lines: Pick<LinesOptions<Media>, 'readPassword' | 'openLine'>
  /** As this account, whoever sits here by then. */
  submit(account: Id, command: Command): Promise<unknown>
  onTrouble(what: string, error: unknown): void
}

export interface Switchboard {
  readonly state: Watched<Telephone>
  /** Who sits here and what is known of the site; null: nobody. */
  sit(account: Id | null, state: SharedState): void
  /** The password of a line was set: it tries again. */
  passwordSet(line: Id): void
  dial(what: Dial): string
  answer(call: string | null): Promise<void>
  reject(call: string): void
  hangUp(call: string): void
  hold(call: string): Promise<void>
  resume(call: string): Promise<void>
  mute(call: string, muted: boolean): void
  sendDtmf(call: string, digits: string): void
  transfer(call: string, number: string): Promise<void>
  transferTo(call: string, other: string): Promise<void>
  confer(calls: readonly string[]): Promise<void>
  close(): Promise<void>
}

/** A call with what belongs to it here. */
interface OwnCall<Media extends MediaSession> {
  readonly sip: SipCall<Media>
  /** Who sat here when it began. */
  readonly account: Id
  place: HeadsetPlace | undefined
  /** Stops the tone that the officer hears in place of the other side. */
  quiet: (() => void) | undefined
  /** Nothing has come from the other side for too long. */
  vanished: boolean
  shown: Call
  forget: NodeJS.Timeout | undefined
}

export function openTelephone<Media extends MediaSession>(options: TelephoneOptions<Media>): Switchboard {
  const { clock, headset, submit, onTrouble } = options
  const state = new Watched<Telephone>({ lines: [], calls: [], history: [] })
  const calls = new Map<string, OwnCall<Media>>()
  let history: readonly Call[] = []
  let shared: SharedState | undefined
  let seated: Id | undefined
  let lastSeated: Id | undefined
  let closed = false

  const lines: Lines<Media> = openLines({
    ...options.lines,
    clock,
    onChange: () => tell(),
    onIncoming: (line, sip) => {
      take(line, sip)
      sip.ring()
    },
    onReferred: take,
    onTrouble,
  })
  const timer = setInterval(() => lookAtMedia(), LOOK_EVERY_MS)

  function tell(): void {
    if (closed) return
    const statuses: readonly LineStatus[] = lines.statuses()
    state.set({ lines: statuses, calls: [...calls.values()].map(({ shown }) => shown), history })
  }

  function take(line: Id, sip: SipCall<Media>): string {
    if (seated === undefined) throw new Refusal('not-signed-in')
    const id = randomUUID()
    const now = clock()
    const own: OwnCall<Media> = {
      sip,
      account: seated,
      place: undefined,
      quiet: undefined,
      vanished: false,
      forget: undefined,
      shown: {
        id,
        line,
        direction: sip.direction,
        number: sip.remote.number,
        name: sip.remote.name,
        unit: shared === undefined ? null : unitWithNumber(shared.directory, sip.remote.number),
        priority: lines.isUrgent(line),
        state: shownState(sip),
        since: now,
        startedAt: now,
        answeredAt: null,
        heldThere: false,
        muted: false,
        conference: null,
        quality: null,
        end: null,
      },
    }
    calls.set(id, own)
    sip.onChange(() => follow(own))
    follow(own)
    tell()
    return id
  }

  /** Brings what is shown, and what is heard, up to date with the dialogue. */
  function follow(own: OwnCall<Media>): void {
    const { sip, shown } = own
    if (shown.state === 'ended') return
    const next = shownState(sip)
    const now = clock()
    const answered = next === 'talking' || next === 'holding' || next === 'held'
    own.shown = {
      ...shown,
      name: sip.remote.name ?? shown.name,
      heldThere: sip.heldThere,
      state: next,
      since: next === shown.state ? shown.since : now,
      answeredAt: shown.answeredAt ?? (answered ? now : null),
      end: endOf(own),
    }
    if ((answered || sip.state === 'early') && own.place === undefined)
      own.place = headset.join(shown.id, sip.media)
    if (sip.direction === 'out' && sip.state === 'ringing') own.quiet ??= headset.play(shown.id, 'ringBack')
    else hush(own)
    own.place?.setOpen(next === 'talking' && !own.shown.muted)
    if (next === 'talking' && shown.state !== 'talking') holdOthers(own.shown)
    if (next === 'ended') over(own)
    tell()
  }

  function hush(own: OwnCall<Media>): void {
    own.quiet?.()
    own.quiet = undefined
  }

  function over(own: OwnCall<Media>): void {
    own.shown = { ...own.shown, quality: own.place?.quality() ?? own.shown.quality }
    own.place?.leave()
    own.place = undefined
    const { shown } = own
    if (shown.conference !== null) thin(shown.conference)
    history = [shown, ...history].slice(0, HISTORY_LENGTH)
    const sound = shown.direction === 'out' && shown.end !== null ? failureTones[shown.end.why] : undefined
    if (sound !== undefined && shown.answeredAt === null) own.quiet = headset.play(shown.id, sound)
    own.forget = setTimeout(() => {
      hush(own)
      calls.delete(shown.id)
      tell()
    }, SHOWN_ENDED_MS)
    const { id, line, direction, number, unit, startedAt, answeredAt, since, end, quality } = shown
    if (end === null) return
    const call = { id, line, direction, number, unit, startedAt, answeredAt, endedAt: since, quality }
    submit(own.account, { kind: 'call.record', call: { ...call, end: end.why, code: end.code } }).catch(
      (error) => onTrouble('recording a call', error),
    )
  }

  /** One conversation at a time: who talks in one holds the others. */
  function holdOthers({ id, conference }: Call): void {
    for (const { sip, shown } of calls.values())
      if (
        shown.id !== id &&
        shown.state === 'talking' &&
        (conference === null || shown.conference !== conference)
      )
        sip.hold().catch((error) => onTrouble('holding a call for another', error))
  }

  /** One alone is in no conference. */
  function thin(conference: string): void {
    const left = [...calls.values()].filter(
      ({ shown }) => shown.conference === conference && shown.state !== 'ended',
    )
    if (left.length > 1) return
    for (const one of left) one.shown = { ...one.shown, conference: null }
  }

  async function confer(ids: readonly string[]): Promise<void> {
    const chosen = ids.map(find)
    const known = chosen.find(({ shown }) => shown.conference !== null)?.shown.conference
    const conference = known ?? randomUUID()
    const present = [...calls.values()].filter(({ shown }) => shown.conference === conference)
    const [host, ...others] = [...new Set([...present, ...chosen])]
    if (host?.place === undefined || others.some(({ place }) => place === undefined))
      throw new Refusal('not-answered')
    for (const one of [host, ...others]) one.shown = { ...one.shown, conference }
    for (const { place } of others) place?.moveTo(host.place)
    tell()
    await Promise.all(
      chosen.filter(({ sip }) => sip.state === 'held').map(({ sip }) => attempt(() => sip.resume())),
    )
  }

  function lookAtMedia(): void {
    let changed = false
    for (const own of calls.values()) {
      const { place, sip, shown } = own
      if (place === undefined || shown.state === 'ended') continue
      const quality = place.quality()
      if (quality !== null) own.shown = { ...shown, quality }
      changed ||= quality !== null
      const silentMs = place.silentMs()
      if (shown.state === 'talking' && !sip.heldThere && silentMs > VANISHED_MS) {
        own.vanished = true
        sip.hangUp()
      }
    }
    if (changed) tell()
  }

  const find = (id: string): OwnCall<Media> => {
    const own = calls.get(id)
    if (own === undefined || own.shown.state === 'ended') throw new Refusal('call-over')
    return own
  }

  const attempt = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work()
    } catch (error) {
      if (error instanceof SipRefused)
        throw new Refusal('exchange-refused', { why: error.message, code: error.code ?? 0 })
      throw error
    }
  }

  return {
    state,
    sit: (account, next) => {
      shared = next
      // What one officer has talked about is not the next one's to read.
      if (account !== null && lastSeated !== undefined && account !== lastSeated) {
        history = []
        tell()
      }
      seated = account ?? undefined
      lastSeated = seated ?? lastSeated
      if (account === null)
        for (const { sip, shown } of calls.values()) if (shown.state !== 'ended') sip.hangUp()
      const own = account === null ? undefined : next.access.accounts[account]
      lines.use(own?.lines ?? none, next.site?.exchanges ?? none)
    },
    passwordSet: (line) => lines.passwordSet(line),
    dial: (what) => {
      const number = 'number' in what ? what.number : numberOf(shared, what.unit)
      const { line, call } = lines.call(number, 'number' in what ? what.line : undefined)
      return take(line, call)
    },
    answer: async (id) => {
      const waiting = [...calls.values()].filter(({ shown }) => shown.state === 'waiting')
      const chosen = id ?? firstWaiting(waiting.map(({ shown }) => shown))?.id
      const own = waiting.find(({ shown }) => shown.id === chosen)
      if (own === undefined) throw new Refusal('call-over')
      await attempt(() => own.sip.accept())
    },
    reject: (id) => find(id).sip.reject(BUSY_HERE),
    hangUp: (id) => find(id).sip.hangUp(),
    hold: (id) => attempt(() => find(id).sip.hold()),
    resume: (id) => attempt(() => find(id).sip.resume()),
    mute: (id, muted) => {
      const own = find(id)
      own.shown = { ...own.shown, muted }
      own.place?.setOpen(own.shown.state === 'talking' && !muted)
      tell()
    },
    sendDtmf: (id, digits) => find(id).place?.sendDtmf(digits),
    transfer: (id, number) => attempt(() => find(id).sip.transfer(number)),
    transferTo: (id, other) => attempt(() => find(id).sip.transferTo(find(other).sip)),
    confer,
    close: async () => {
      closed = true
      clearInterval(timer)
      for (const own of calls.values()) {
        const { forget, sip, shown } = own
        clearTimeout(forget)
        hush(own)
        if (shown.state !== 'ended') sip.hangUp()
      }
      await lines.close()
    },
  }
}

const shown: Readonly<Record<SipCall['state'], CallState>> = {
  trying: 'dialling',
  ringing: 'ringing',
  early: 'ringing',
  waiting: 'waiting',
  talking: 'talking',
  holding: 'holding',
  held: 'held',
  ended: 'ended',
}

/** Of calls that did not come about. */
const failureTones: Partial<Record<CallEnd, ProgressTone>> = {
  busy: 'busy',
  declined: 'busy',
  'not-found': 'vacant',
  failed: 'congestion',
  media: 'congestion',
}

const endOf = <Media extends MediaSession>({ sip: { end }, vanished }: OwnCall<Media>): Call['end'] =>
  end && { why: vanished ? 'lost' : end.why, code: end.code, reason: end.reason }

const shownState = ({ state }: Pick<SipCall, 'state'>): CallState => shown[state]

function numberOf(state: SharedState | undefined, id: Id): string {
  const unit = state?.directory.units[id]
  if (unit === undefined) throw new Refusal('not-found', { what: 'unit', id })
  const terminal = unit.terminals.find(({ kind }) => kind === 'sip')
  if (terminal?.kind !== 'sip') throw new Refusal('no-number', { id })
  return terminal.number
}
