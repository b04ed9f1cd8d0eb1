/** The seat's telephone: the lines of whoever sits here, their calls, and what the officer does with them. */
import type { Command } from '../../../contract/commands.ts'
import { telephonesOf } from '../../../contract/directory.ts'
import type { Id, Instant } from '../../../contract/primitives.ts'
import { Refusal } from '../../../contract/refusal.ts'
import type {
  Callee as CalleeName,
  Dial,
  GroupCallOrder,
  TextCarriage,
} from '../../../contract/seat-telephone.ts'
import type { SharedState } from '../../../contract/state.ts'
import {
  type Call,
  type Forwarding,
  firstWaiting,
  isUnreached,
  noTelephone,
  type Telephone,
  unitWithNumber,
} from '../../../contract/telephony.ts'
import { Watched } from '../../../contract/watched.ts'
import type { MediaSession } from '../media/media-session.ts'
import { Calls, type CallsOptions, type TakeHow } from './calls.ts'
import { type Callee, GroupCalls } from './group-calls.ts'
import type { Headset } from './headset.ts'
import { type Lines, type LinesOptions, openLines } from './lines.ts'
import type { OwnCall } from './own-call.ts'
import { openReception } from './reception.ts'
import { type SipCall, SipRefused } from './sip/sip-call.ts'
import { Texts, type TextsOptions } from './texts.ts'
import type { NumberWatcher } from './watches.ts'

const BUSY_HERE = 486
const none: readonly never[] = []

export interface TelephoneOptions<Media extends MediaSession> {
  readonly clock: () => Instant
  readonly headset: Headset<Media>
  readonly ledger: CallsOptions<Media>['ledger']
  readonly lines: Pick<LinesOptions<Media>, 'readPassword' | 'openLine'>
  /** How long a party of a group call, and a call in, ring at most, and when a silent call is over, ms. */
  readonly limits?: { readonly partyMs?: number; readonly ringMs?: number; readonly vanishedMs?: number }
  /** As this account, whoever sits here by then. */
  submit(account: Id, command: Command): Promise<unknown>
  readonly claim: TextsOptions['claim']
  onTrouble(what: string, error: unknown): void
}

export interface Switchboard extends NumberWatcher {
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
  /** A call that waits goes to another seat, without disturbing the officer. */
  passOn(call: string, number: string): Promise<void>
  /** The next call in from this number is answered by itself. Returns its own undoing. */
  expect(number: string): () => void
  confer(calls: readonly string[]): Promise<void>
  setDoNotDisturb(on: boolean): void
  setForwarding(forwarding: Forwarding | null): void
  startGroup(order: GroupCallOrder): string
  addToGroup(group: string, callees: readonly CalleeName[]): void
  readonly groups: Pick<GroupCalls, 'ringAgain' | 'drop' | 'setHeard' | 'next' | 'gather' | 'end' | 'dismiss'>
  /** How loud the far side of each call has been since the last look, dBov. */
  levels(): Record<string, number>
  /** See `TelephonePort`. */
  carryMessage(what: TextCarriage): Promise<void>
  close(): Promise<void>
}

export function openTelephone<Media extends MediaSession>(options: TelephoneOptions<Media>): Switchboard {
  const { clock, headset, ledger, submit, claim, onTrouble, limits } = options
  const state = new Watched<Telephone>(noTelephone)
  let shared: SharedState | undefined
  let seated: Id | undefined
  let lastSeated: Id | undefined
  let closed = false

  const tell = () => {
    if (closed) return
    texts.look()
    state.set({
      lines: lines.statuses(),
      calls: calls.shown,
      history: calls.history,
      groups: groups.shown,
      reception: reception.state,
    })
  }
  const unitOf = (number: string) => (shared === undefined ? null : unitWithNumber(shared.directory, number))

  const lines: Lines<Media> = openLines({
    ...options.lines,
    clock,
    onChange: tell,
    onIncoming: (line, sip) => reception.receive(take(sip, { line }), lines.isHotline(line)),
    onReferred: (line, sip) => take(sip, { line }),
    onMessage: (message) => texts.takeIn(message),
    onTrouble,
  })
  const texts = new Texts({ lines, claim, submit, onTrouble })
  const calls = new Calls<Media>({
    clock,
    headset,
    ledger,
    unitOf,
    submit,
    onTrouble,
    ...(limits?.vanishedMs !== undefined && { vanishedMs: limits.vanishedMs }),
    isUrgent: (line) => lines.isUrgent(line),
    onCall: (call) => {
      groups.follow(call)
      dialNext(call)
    },
    onChange: () => tell(),
  })
  const reception = openReception({
    calls,
    clock,
    headset,
    onTrouble,
    onChange: tell,
    ...(limits?.ringMs !== undefined && { ringMs: limits.ringMs }),
  })
  const groups: GroupCalls = new GroupCalls({
    clock,
    ...(limits?.partyMs !== undefined && { ringMs: limits.partyMs }),
    ring: ({ number }, group, heard) => {
      const { line, call } = lines.call(number, undefined)
      // Of many that ring at once the officer sees who does; one after another are heard.
      return take(call, { line, group: group.id, heard, toned: group.kind === 'roll-call' }).shown
    },
    hangUp: (call, because) => calls.hangUp(calls.find(call), because),
    setHeard: (call, heard) => calls.setHeard(call, heard),
    record: ({ id, kind, startedAt, endedAt, parties }) => {
      const account = seated ?? lastSeated
      if (account === undefined || endedAt === null) return
      const kept = parties.map(({ number, unit, answeredAt, end }) => ({ number, unit, answeredAt, end }))
      const groupCall = { id, kind, startedAt, endedAt, parties: kept }
      submit(account, { kind: 'group-call.record', groupCall }).catch((error) =>
        onTrouble('recording a group call', error),
      )
    },
    onChange: () => tell(),
  })

  function take(sip: SipCall<Media>, how: Omit<TakeHow, 'account'>): OwnCall<Media> {
    if (seated === undefined) throw new Refusal('not-signed-in')
    return calls.take(sip, { ...how, account: seated })
  }

  /** By call: the numbers that are dialled next if it reaches nobody. */
  const further = new Map<string, readonly string[]>()
  const dialFirst = ([number = '', ...rest]: readonly string[]): string => {
    const { line, call } = lines.call(number, undefined)
    const { id } = take(call, { line }).shown
    if (rest.length > 0) further.set(id, rest)
    return id
  }
  const dialNext = ({ id, answeredAt, end }: Call) => {
    const rest = further.get(id)
    if (rest === undefined || (end === null && answeredAt === null)) return
    further.delete(id)
    if (end === null || answeredAt !== null || !isUnreached(end.why) || seated === undefined) return
    try {
      dialFirst(rest)
    } catch (error) {
      // The line may have gone meanwhile: the call that failed says why nobody was reached.
      if (!(error instanceof Refusal)) throw error
    }
  }

  const calleesOf = (names: readonly CalleeName[]): Callee[] =>
    names.map((name) =>
      'number' in name
        ? { number: name.number, unit: unitOf(name.number) }
        : { ...numbersOf(shared, name.unit), unit: name.unit },
    )

  return {
    state,
    groups,
    sit: (account, next) => {
      shared = next
      // What one officer has talked about is not the next one's to read.
      if (account !== null && lastSeated !== undefined && account !== lastSeated) {
        calls.history = []
        groups.forget()
        tell()
      }
      if (account === null || account !== seated) {
        groups.endAll()
        reception.reset()
      }
      seated = account ?? undefined
      lastSeated = seated ?? lastSeated
      if (account === null) for (const own of calls.open) calls.hangUp(own)
      const own = account === null ? undefined : next.access.accounts[account]
      lines.use(own?.lines ?? none, next.site?.exchanges ?? none)
      texts.sit(account, next)
    },
    passwordSet: (line) => lines.passwordSet(line),
    watch: (number, hear) => lines.watch(number, hear),
    dial: (what) => {
      if ('number' in what) {
        const { line, call } = lines.call(what.number, what.line)
        return take(call, { line }).shown.id
      }
      const { number, further } = numbersOf(shared, what.unit)
      return dialFirst([number, ...further])
    },
    answer: async (id) => {
      const chosen = id ?? firstWaiting(calls.shown)?.id
      const own = calls.open.find(({ shown }) => shown.id === chosen && shown.state === 'waiting')
      if (own === undefined) throw new Refusal('call-over')
      await attempt(() => calls.accept(own))
    },
    reject: (id) => calls.find(id).sip.reject(BUSY_HERE),
    hangUp: (id) => calls.hangUp(calls.find(id)),
    hold: (id) => attempt(() => calls.find(id).sip.hold()),
    resume: (id) => attempt(() => calls.find(id).sip.resume()),
    mute: (id, muted) => calls.mute(id, muted),
    sendDtmf: (id, digits) => calls.find(id).place?.sendDtmf(digits),
    transfer: (id, number) => attempt(() => calls.find(id).sip.transfer(number)),
    transferTo: (id, other) => attempt(() => calls.find(id).sip.transferTo(calls.find(other).sip)),
    passOn: async (id, number) => {
      const own = calls.find(id)
      if (own.shown.state !== 'waiting' || own.accepting) throw new Refusal('call-over')
      await attempt(() => calls.passOn(own, number))
    },
    expect: (number) => reception.expect(number),
    confer: async (ids) => {
      const held = calls.confer(ids).filter(({ sip }) => sip.state === 'held')
      await Promise.all(held.map(({ sip }) => attempt(() => sip.resume())))
    },
    setDoNotDisturb: (on) => reception.setDoNotDisturb(on),
    setForwarding: (forwarding) => reception.setForwarding(forwarding),
    startGroup: ({ kind, callees, stay = false }) =>
      groups.start({ kind, callees: calleesOf(callees), stay }),
    addToGroup: (group, callees) => groups.add(group, calleesOf(callees)),
    levels: () => calls.levels(),
    carryMessage: (what) => texts.carryAgain(what),
    close: async () => {
      closed = true
      reception.close()
      groups.close()
      calls.close()
      await lines.close()
    },
  }
}

/** What the exchange refuses is the officer's to know. */
async function attempt(work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (error instanceof SipRefused)
      throw new Refusal('exchange-refused', { why: error.message, code: error.code ?? 0 })
    throw error
  }
}

/** Of a unit, in its order. Throws a `Refusal` where it has none. */
function numbersOf(
  state: SharedState | undefined,
  id: Id,
): { readonly number: string; readonly further: readonly string[] } {
  const unit = state?.directory.units[id]
  if (unit === undefined) throw new Refusal('not-found', { what: 'unit', id })
  const [number, ...further] = telephonesOf(unit)
  if (number === undefined) throw new Refusal('no-number', { id })
  return { number, further }
}
