/** Group calls, broadcasts and roll-calls: whom to ring, whom to ring next, who answered, and when it is over. */
import { randomUUID } from 'node:crypto'
import type { Id, Instant } from '../../../contract/primitives.ts'
import { Refusal } from '../../../contract/refusal.ts'
import {
  type Call,
  type CallEnd,
  type GroupCall,
  type GroupCallKind,
  type GroupParty,
  isUnreached,
  MOST_PARTIES,
} from '../../../contract/telephony.ts'
import { isAnswered } from './own-call.ts'

/** How long a party rings before it is one that did not answer. */
const RING_MS = 30_000
/** In a roll-call the others wait for it. */
const ROLL_CALL_RING_MS = 20_000
/** How many that are over are still shown. */
const MOST_OVER = 5

/** Whom to ring; the unit if it is one's number. */
export interface Callee {
  readonly number: string
  readonly unit: Id | null
  /** Tried one after the other if the number can't be reached. */
  readonly further?: readonly string[]
}

export interface GroupCallsOptions {
  readonly clock: () => Instant
  readonly ringMs?: number
  /** Begins a call of the group, which joins the group's conference when it answers. Throws a `Refusal`. */
  ring(callee: Callee, group: GroupCall, heard: boolean): Call
  hangUp(call: string, because: CallEnd | undefined): void
  setHeard(call: string, heard: boolean): void
  record(group: GroupCall): void
  onChange(): void
}

export interface GroupOrder {
  readonly kind: GroupCallKind
  readonly callees: readonly Callee[]
  /** Of a roll-call: whoever has answered stays in. */
  readonly stay: boolean
}

export class GroupCalls {
  readonly #options: GroupCallsOptions
  #groups: readonly GroupCall[] = []
  /** By call: until when it may ring. */
  readonly #limits = new Map<string, NodeJS.Timeout>()

  constructor(options: GroupCallsOptions) {
    this.#options = options
  }

  get shown(): readonly GroupCall[] {
    return this.#groups
  }

  /** Throws a `Refusal`, and rings nobody, where there is no line. */
  start({ kind, callees, stay }: GroupOrder): string {
    const group: GroupCall = {
      id: randomUUID(),
      kind,
      stay,
      gathered: false,
      startedAt: this.#options.clock(),
      endedAt: null,
      parties: unique(callees).map((callee) => waitingParty(callee, kind)),
    }
    this.#groups = [...this.#groups, group]
    try {
      this.#ringInTurn(
        group.id,
        group.parties.map(({ number }) => number),
      )
    } catch (error) {
      this.#groups = this.#groups.filter(({ id }) => id !== group.id)
      throw error
    }
    this.#tell()
    return group.id
  }

  /** Rings others, too; those that are in already, or ring, are left as they are. */
  add(id: string, callees: readonly Callee[]): void {
    const { parties, kind } = this.#find(id)
    const known = new Set(parties.map(({ number }) => number))
    const added = unique(callees).filter(({ number }) => !known.has(number))
    if (parties.length + added.length > MOST_PARTIES) throw new Refusal('too-many')
    this.#change(id, { parties: [...parties, ...added.map((callee) => waitingParty(callee, kind))] })
    try {
      this.#ringInTurn(
        id,
        callees.map(({ number }) => number),
      )
    } catch (error) {
      this.#change(id, { parties })
      throw error
    }
    this.#tell()
  }

  /** Of these numbers those that neither ring nor are in; if none is named, all that were rung and did not answer. */
  ringAgain(id: string, numbers?: readonly string[]): void {
    const group = this.#find(id)
    const missed = ({ state, answeredAt }: GroupParty) => state === 'over' && answeredAt === null
    if (numbers === undefined && goesInTurn(group)) this.#waitAgain(group, missed)
    else {
      const chosen = group.parties.filter((party) => numbers?.includes(party.number) ?? missed(party))
      this.#ringAll(
        id,
        chosen.map(({ number }) => number),
      )
    }
    this.#tell()
  }

  /** Whoever is in or rings is hung up; whoever waits is not called. */
  drop(id: string, number: string): void {
    const party = this.#party(id, number)
    if (party.state === 'waiting') this.#alter(id, number, { state: 'over', end: 'cancelled' })
    else if (party.state !== 'over') this.#hangUp(party)
    this.#settle(id)
    this.#tell()
  }

  setHeard(id: string, number: string, heard: boolean): void {
    const { call, state } = this.#party(id, number)
    this.#alter(id, number, { heard })
    if (call !== null && state === 'in') this.#options.setHeard(call, heard)
    this.#tell()
  }

  /** Of a roll-call: done with whoever is on the line, or rings; the next one's turn. */
  next(id: string): void {
    const group = this.#find(id)
    if (!goesInTurn(group)) return
    for (const party of group.parties) {
      if (rings(party) || (party.state === 'in' && !group.stay)) this.#hangUp(party)
    }
    this.#advance(id)
    this.#tell()
  }

  /** A roll-call becomes a conference of all who have answered. */
  gather(id: string): void {
    const group = this.#find(id)
    if (!goesInTurn(group)) return
    this.#change(id, { gathered: true })
    const present = group.parties.filter(({ answeredAt }) => answeredAt !== null)
    this.#ringAll(
      id,
      present.map(({ number }) => number),
    )
    this.#tell()
  }

  end(id: string): void {
    const { parties } = this.#find(id)
    this.#change(id, {
      parties: parties.map((party) =>
        party.state === 'waiting' ? { ...party, state: 'over', end: 'cancelled' } : party,
      ),
    })
    for (const party of parties) if (party.state !== 'over' && party.state !== 'waiting') this.#hangUp(party)
    this.#settle(id)
    this.#tell()
  }

  endAll(): void {
    for (const { id, endedAt } of this.#groups) if (endedAt === null) this.end(id)
  }

  /** The officer has seen how it went. */
  dismiss(id: string): void {
    if (this.#find(id).endedAt === null) throw new Refusal('conflict', { what: 'group-call', id })
    this.#groups = this.#groups.filter((group) => group.id !== id)
    this.#tell()
  }

  /** What one officer has done is not the next one's to see. */
  forget(): void {
    this.#groups = this.#groups.filter(({ endedAt }) => endedAt === null)
  }

  /** How a call fares, whether or not it is of a group. */
  follow(call: Call): void {
    const group = this.#groups.find(({ id }) => id === call.group)
    const party = group?.parties.find((one) => one.call === call.id)
    if (group === undefined || party === undefined) return
    const state = stateOf(call)
    if (state !== 'calling' && state !== 'ringing') this.#unlimit(call.id)
    if (state === party.state) return
    this.#alter(group.id, party.number, {
      state,
      answeredAt: party.answeredAt ?? call.answeredAt,
      end: call.end?.why ?? null,
    })
    if (state === 'over' && this.#tryFurther(group.id, party, call)) return
    // Who has answered was talked to: when to go on is the officer's to say.
    if (state === 'over' && call.answeredAt === null && goesInTurn(group)) this.#goOn(group.id)
    this.#settle(group.id)
  }

  close(): void {
    for (const timer of this.#limits.values()) clearTimeout(timer)
  }

  #ringInTurn(id: string, numbers: readonly string[]): void {
    if (goesInTurn(this.#find(id))) this.#advance(id)
    else this.#ringAll(id, numbers)
  }

  /** Rings whoever has waited longest, unless somebody rings or is being talked to. */
  #advance(id: string): void {
    const { parties, stay } = this.#find(id)
    const busy = parties.some((party) => rings(party) || (party.state === 'in' && !stay))
    const next = parties.find(({ state }) => state === 'waiting')
    if (next !== undefined && !busy) this.#ring(id, next.number)
    this.#settle(id)
  }

  /** Their turn comes once more. */
  #waitAgain({ id, parties }: GroupCall, whom: (party: GroupParty) => boolean): void {
    this.#change(id, {
      parties: parties.map((party) => (whom(party) ? { ...party, state: 'waiting', end: null } : party)),
    })
    try {
      this.#advance(id)
    } catch (error) {
      this.#change(id, { parties })
      throw error
    }
  }

  /** At the unit's next number, if it has one that nobody else of the group is rung at. Returns whether that rings. */
  #tryFurther(id: string, { number, further }: GroupParty, { answeredAt, end }: Call): boolean {
    if (answeredAt !== null || end === null || !isUnreached(end.why)) return false
    const others = new Set(this.#find(id).parties.map((party) => party.number))
    const left = further.filter((each) => !others.has(each))
    const [next, ...rest] = left
    if (next === undefined) return false
    this.#alter(id, number, { number: next, further: rest, state: 'waiting', call: null, end: null })
    try {
      this.#ring(id, next)
      return true
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      this.#alter(id, next, { state: 'over', end: 'failed' })
      return false
    }
  }

  /** By itself: where it can't, for there is no line, the others go on waiting until the officer tries again. */
  #goOn(id: string): void {
    try {
      this.#advance(id)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
    }
  }

  /** Throws a `Refusal` only if it could ring nobody. */
  #ringAll(id: string, numbers: readonly string[]): void {
    let first = true
    for (const number of numbers) {
      const { state } = this.#party(id, number)
      if (state !== 'waiting' && state !== 'over') continue
      try {
        this.#ring(id, number)
      } catch (error) {
        if (first || !(error instanceof Refusal)) throw error
        this.#alter(id, number, { state: 'over', end: 'failed' })
      }
      first = false
    }
  }

  #ring(id: string, number: string): void {
    const group = this.#find(id)
    const { unit, heard } = this.#party(id, number)
    const call = this.#options.ring({ number, unit }, group, heard)
    const ringMs = this.#options.ringMs ?? (goesInTurn(group) ? ROLL_CALL_RING_MS : RING_MS)
    const limit = setTimeout(() => this.#options.hangUp(call.id, 'no-answer'), ringMs)
    this.#limits.set(call.id, limit)
    this.#change(id, { endedAt: null })
    this.#alter(id, number, { call: call.id, state: 'calling', end: null })
    this.follow(call)
  }

  #hangUp({ call }: GroupParty): void {
    if (call !== null) this.#options.hangUp(call, undefined)
  }

  #unlimit(call: string): void {
    clearTimeout(this.#limits.get(call))
    this.#limits.delete(call)
  }

  /** It is over when nobody is in, rings or waits. */
  #settle(id: string): void {
    const group = this.#find(id)
    if (group.endedAt !== null || group.parties.some(({ state }) => state !== 'over')) return
    this.#change(id, { endedAt: this.#options.clock() })
    this.#options.record(this.#find(id))
    const over = this.#groups.filter(({ endedAt }) => endedAt !== null)
    const oldest = over.slice(0, Math.max(0, over.length - MOST_OVER))
    this.#groups = this.#groups.filter((one) => !oldest.includes(one))
  }

  #find(id: string): GroupCall {
    const group = this.#groups.find((one) => one.id === id)
    if (group === undefined) throw new Refusal('call-over')
    return group
  }

  #party(id: string, number: string): GroupParty {
    const party = this.#find(id).parties.find((one) => one.number === number)
    if (party === undefined) throw new Refusal('not-found', { what: 'party', id: number })
    return party
  }

  #alter(id: string, number: string, change: Partial<GroupParty>): void {
    const { parties } = this.#find(id)
    this.#change(id, {
      parties: parties.map((party) => (party.number === number ? { ...party, ...change } : party)),
    })
  }

  #change(id: string, change: Partial<GroupCall>): void {
    this.#groups = this.#groups.map((group) => (group.id === id ? { ...group, ...change } : group))
  }

  #tell(): void {
    this.#options.onChange()
  }
}

const waitingParty = ({ number, unit, further = [] }: Callee, kind: GroupCallKind): GroupParty => ({
  number,
  unit,
  state: 'waiting',
  call: null,
  answeredAt: null,
  end: null,
  heard: kind !== 'broadcast',
  further: [...further],
})

const unique = (callees: readonly Callee[]): Callee[] => [
  ...new Map(callees.map((callee) => [callee.number, callee])).values(),
]

/** One after another: a roll-call, until it is gathered. */
const goesInTurn = ({ kind, gathered }: GroupCall): boolean => kind === 'roll-call' && !gathered

const rings = ({ state }: GroupParty): boolean => state === 'calling' || state === 'ringing'

function stateOf(call: Call): GroupParty['state'] {
  if (call.state === 'ended') return 'over'
  if (isAnswered(call)) return 'in'
  return call.state === 'ringing' ? 'ringing' : 'calling'
}
