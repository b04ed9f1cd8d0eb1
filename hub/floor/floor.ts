/**
 * Who may talk on the radio, said to the seats of this hub. Each request is judged by the grants of whoever sits
 * there; what a seat asks, holds and reports is over with its stream, and with the right to it.
 */
import { randomUUID } from 'node:crypto'
import type { Happening } from '../../contract/events.ts'
import type { FloorNotice, FloorPolicy, FloorPriority } from '../../contract/floor.ts'
import type { FloorMessage, FloorPort } from '../../contract/floor-service.ts'
import type { SeatSession } from '../../contract/hub.ts'
import { Inbox } from '../../contract/inbox.ts'
import type { Person } from '../../contract/incidents.ts'
import type { Capability } from '../../contract/permissions.ts'
import type { Id, Instant } from '../../contract/primitives.ts'
import { mayOnChannel } from '../../contract/radio-rules.ts'
import { Refusal } from '../../contract/refusal.ts'
import type { Patch } from '../../contract/seat-radio.ts'
import { nextExpiryOf } from '../../contract/supervision-rules.ts'
import { currentGrants } from '../../contract/visibility.ts'
import type { Journal } from '../journal/journal.ts'
import { officerAs } from '../radio/decide.ts'
import type { HubBus } from '../store/bus.ts'
import { Allowance } from './allowance.ts'
import { type BenchOptions, ownBench } from './bench.ts'
import { heldPatch, PatchBoard } from './patch-board.ts'
import { sharedBench } from './shared-bench.ts'
import { sharePatches } from './shared-patches.ts'

/** A seat tells once a second that it talks; three that are lost are no accident. */
const SILENCE_MS = 3000
/** setTimeout's longest. */
const LONGEST_TIMER = 2_147_483_647

/** The rules of a channel that was removed, until nobody talks there any more. */
const noChannel = { timeOutS: 60, hangMs: 0, queue: 0 }

interface Attendant {
  /** As the rules of the floor know it: its account, and a name of its own among all seats of all hubs. */
  readonly talker: string
  readonly session: SeatSession
  readonly messages: Inbox<FloorMessage>
  readonly allowance: Allowance
  /** Channels on which it may talk, wait or hear a radio. */
  readonly concerned: Set<Id>
  /** Who else it was told to talk, by channel. */
  readonly told: Map<Id, string>
  /** Which patches of others it was told of, by channel. */
  readonly toldPatches: Map<Id, string>
}

export interface FloorService {
  readonly port: FloorPort
  close(): void
}

export interface FloorOptions {
  readonly journal: Pick<Journal, 'state' | 'onAppended'>
  readonly clock: () => Instant
  /** To the other hubs on the database, if there may be any. */
  readonly bus?: HubBus | undefined
  readonly silenceMs?: number
}

export function openFloor({ journal, clock, bus, silenceMs = SILENCE_MS }: FloorOptions): FloorService {
  const bySession = new Map<string, Attendant>()
  const byTalker = new Map<string, Attendant>()
  const patches = new PatchBoard()
  let expiry: NodeJS.Timeout | undefined
  let closed = false

  const policyOf = (id: Id): FloorPolicy => {
    const { timeOutS, hangMs, queue } = journal.state.directory.channels[id] ?? noChannel
    return { talkMs: timeOutS * 1000, silenceMs, hangMs, queue }
  }
  const benchOptions: BenchOptions = {
    clock,
    policyOf,
    onStep: (channel, notices) => {
      for (const notice of notices) tellOwn(channel, notice)
      for (const attendant of byTalker.values()) tellOthers(channel, attendant)
    },
  }
  const bench = bus === undefined ? ownBench(benchOptions) : sharedBench(benchOptions, bus)

  /** Good until who may do what has changed: every key at every channel asks it of every seat. */
  const allowed = new Map<string, boolean>()
  const may = ({ session: { account } }: Attendant, capability: Capability, id: Id): boolean => {
    const channel = journal.state.directory.channels[id]
    if (channel === undefined) return false
    const asked = `${account} ${capability} ${id}`
    const known = allowed.get(asked)
    if (known !== undefined) return known
    const grants = currentGrants(journal.state, account)
    const answer = mayOnChannel(grants, capability, journal.state.directory, channel, clock())
    allowed.set(asked, answer)
    return answer
  }

  function tellOwn(channel: Id, { talker, ...notice }: FloorNotice): void {
    byTalker.get(talker)?.messages.push({ ...notice, channel })
  }

  /** Whoever sees the channel is told when another begins to talk there, and when nobody else does any more. */
  function tellOthers(channel: Id, attendant: Attendant): void {
    const held = bench.held(channel)
    const isShown = held?.turn.talker !== attendant.talker && may(attendant, 'view', channel)
    const shown = isShown && held !== undefined ? Object.values(held.turn).join() : undefined
    if (attendant.told.get(channel) === shown) return
    if (held !== undefined && shown !== undefined) {
      attendant.told.set(channel, shown)
      const { turn, since } = held
      const emergency = turn.priority === 'emergency'
      attendant.messages.push({
        kind: 'taken',
        channel,
        by: officerAs(journal.state, accountOf(turn.talker)),
        since,
        emergency,
      })
    } else {
      attendant.told.delete(channel)
      attendant.messages.push({ kind: 'idle', channel })
    }
  }

  /** Whoever sees a channel is told of the patches there that others hold. */
  function tellPatched(channel: Id, attendant: Attendant): void {
    const others = may(attendant, 'view', channel)
      ? patches.on(channel).filter(({ holder }) => holder !== attendant.talker)
      : []
    const shown = others.map(({ holder, patch }) => ({ ...patch, by: personAt(holder) }))
    const words = shown.length === 0 ? undefined : JSON.stringify(shown)
    if (attendant.toldPatches.get(channel) === words) return
    if (words === undefined) attendant.toldPatches.delete(channel)
    else attendant.toldPatches.set(channel, words)
    attendant.messages.push({ kind: 'patched', channel, patches: shown })
  }

  const tellAllPatched = (channels: Iterable<Id>) => {
    for (const channel of channels) for (const attendant of byTalker.values()) tellPatched(channel, attendant)
  }
  const shared = bus && sharePatches({ board: patches, bus, clock, onChange: tellAllPatched })

  const isHere = (account: Id | null): boolean =>
    account !== null && [...byTalker.values()].some(({ session }) => session.account === account)

  /** What this seat may not join it does not hold. */
  function holds(attendant: Attendant, all: readonly Patch[]): void {
    const held = all
      .filter(({ ends }) => ends.every((end) => end.kind === 'call' || may(attendant, 'patch', end.channel)))
      .map(heldPatch)
    tellAllPatched(patches.set(attendant.talker, held))
    shared?.tell(attendant.talker, held)
  }

  const personAt = (holder: string): Person => {
    const account = accountOf(holder)
    return { account, name: journal.state.access.accounts[account]?.name ?? { zh: account, en: account } }
  }

  /** A seat can't keep all the others busy, nor the hubs among themselves. */
  const seatOf = (session: SeatSession): Attendant => {
    const attendant = bySession.get(session.id)
    if (attendant === undefined) throw new Refusal('seat-unreachable')
    if (!attendant.allowance.take(clock())) throw new Refusal('too-many')
    return attendant
  }

  /** Whoever may release another's call comes before routine. */
  const priorityOf = (attendant: Attendant, channel: Id, emergency: boolean): FloorPriority =>
    emergency ? 'emergency' : may(attendant, 'force-release', channel) ? 'supervisor' : 'routine'

  /** Whoever may not any more does not from now on. */
  function lookAgain(): void {
    allowed.clear()
    // Deadlines may be others now.
    bench.look()
    const barred = [...byTalker.values()].flatMap((attendant) =>
      [...attendant.concerned]
        .filter((channel) => !may(attendant, 'key-radio', channel))
        .map((channel) => ({ channel, talker: attendant.talker })),
    )
    const talks = ({ channel, talker }: (typeof barred)[number]) =>
      bench.held(channel)?.turn.talker === talker
    // Who talks last, so that it is passed on to nobody who is barred, too.
    for (const { channel, talker } of barred.toSorted((a, b) => Number(talks(a)) - Number(talks(b))))
      bench.send(channel, { kind: 'barred', talker })
    for (const channel of bench.channels())
      for (const attendant of byTalker.values()) tellOthers(channel, attendant)
    tellAllPatched(patches.channels())
    arm()
  }

  /** Looks again when the first grant that counts here runs out. */
  function arm(): void {
    clearTimeout(expiry)
    const now = clock()
    const accounts = new Set([...byTalker.values()].map(({ session }) => session.account))
    const at = nextExpiryOf(journal.state, [...accounts], now)
    if (at !== undefined && !closed) expiry = setTimeout(lookAgain, Math.min(at - now, LONGEST_TIMER))
  }

  const stopFollowing = journal.onAppended(({ events }) => {
    if (events.some(changesWhoMay)) lookAgain()
  })
  const stopKeeping = bench.here.onChange((here) => {
    for (const { messages, told, concerned } of byTalker.values()) {
      told.clear()
      concerned.clear()
      messages.push({ kind: 'keeping', here })
    }
  })

  const port: FloorPort = {
    async *attend(session, signal) {
      const attendant: Attendant = {
        talker: `${session.account}/${randomUUID()}`,
        session,
        messages: new Inbox<FloorMessage>(signal),
        allowance: new Allowance(clock()),
        concerned: new Set(),
        told: new Map(),
        toldPatches: new Map(),
      }
      const { talker, messages } = attendant
      // A seat that comes back is there before its old connection is known to be gone.
      const before = bySession.get(session.id)
      before?.messages.end()
      bySession.set(session.id, attendant)
      byTalker.set(talker, attendant)
      const leave = (who: Attendant) => {
        if (!byTalker.delete(who.talker)) return
        if (bySession.get(session.id) === who) bySession.delete(session.id)
        holds(who, [])
        for (const channel of who.concerned) bench.send(channel, { kind: 'left', talker: who.talker })
      }
      if (before !== undefined) leave(before)
      signal.addEventListener('abort', () => leave(attendant), { once: true })
      messages.push({ kind: 'keeping', here: bench.here.value })
      for (const channel of bench.channels()) tellOthers(channel, attendant)
      for (const channel of patches.channels()) tellPatched(channel, attendant)
      arm()
      try {
        yield* messages
      } finally {
        leave(attendant)
      }
    },
    request: (session, { channel, turn, emergency }) => {
      const attendant = seatOf(session)
      const { talker, messages } = attendant
      if (!bench.here.value || !may(attendant, 'key-radio', channel))
        return messages.push({ kind: 'denied', channel, turn, why: 'not-allowed' })
      attendant.concerned.add(channel)
      const priority = priorityOf(attendant, channel, emergency)
      bench.send(channel, { kind: 'requested', turn: { id: turn, talker, priority } })
    },
    release: (session, { channel, turn }) => {
      const { talker } = seatOf(session)
      bench.send(channel, { kind: 'released', talker, turn })
    },
    alive: (session, { channel, turn }) => {
      const { talker } = seatOf(session)
      bench.send(channel, { kind: 'alive', talker, turn })
    },
    heard: (session, { channel, talker: radio }) => {
      const attendant = seatOf(session)
      const by = attendant.talker
      // Whoever may not talk there has no say in who does.
      if (!bench.here.value || !may(attendant, 'key-radio', channel)) return
      attendant.concerned.add(channel)
      // The voice of a seat that asks for the floor itself is no radio.
      if (radio === null || isHere(radio.account)) bench.send(channel, { kind: 'radio-over', by })
      else bench.send(channel, { kind: 'radio-heard', by, radio: radio.radio ?? radio.unit })
    },
    tellPatches: (session, all) => holds(seatOf(session), all),
  }

  return {
    port,
    close: () => {
      closed = true
      clearTimeout(expiry)
      stopFollowing()
      stopKeeping()
      bench.close()
      shared?.close()
      for (const { messages } of byTalker.values()) messages.end()
    },
  }
}

const changesWhoMay = ({ kind }: Happening): boolean =>
  ['account.', 'grant.', 'area.', 'channel.'].some((stem) => kind.startsWith(stem))

const accountOf = (talker: string): Id => talker.slice(0, talker.indexOf('/'))
