/** Which seats are connected, the calls they have, and what of that each other one is shown. Nothing of it is kept. */
import { randomUUID } from 'node:crypto'
import type { SeatSession } from '../../contract/hub.ts'
import { Inbox } from '../../contract/inbox.ts'
import type { Id, Instant } from '../../contract/primitives.ts'
import { Refusal } from '../../contract/refusal.ts'
import type { BoardSeat, SeatAct, SeatCall, SeatOrder, SeatPresence } from '../../contract/supervision.ts'
import { allowedActs, boardOf, boardSeat } from '../../contract/supervision-rules.ts'
import type { Journal } from '../journal/journal.ts'

/** Changes that come together are told together. */
const GATHER_MS = 100

export interface Attendant extends SeatPresence {
  calls: readonly SeatCall[]
  readonly orders: Inbox<SeatOrder>
  /** False as soon as its connection is gone. */
  readonly here: boolean
}

export interface Attendance {
  attend(session: SeatSession, signal: AbortSignal): AsyncIterable<SeatOrder>
  /** Throws a `Refusal` if the session has no seat that attends. */
  of(session: SeatSession): Attendant
  find(seat: string): Attendant | undefined
  tellCalls(session: SeatSession, seat: string, calls: readonly SeatCall[]): void
  watchBoard(session: SeatSession, signal: AbortSignal): AsyncIterable<readonly BoardSeat[]>
  /** Who may do what has changed. */
  lookAnew(): void
  /** Accounts whose grants decide what is shown. */
  watchers(): Id[]
  close(): void
}

export interface AttendanceOptions {
  readonly journal: Pick<Journal, 'state'>
  readonly clock: () => Instant
  /** A seat's calls are others than before, or it is gone. */
  onChange(attendant: Attendant): void
  /** There is one more of the `watchers`. */
  onWatch(): void
}

export function openAttendance({ journal, clock, onChange, onWatch }: AttendanceOptions): Attendance {
  const bySession = new Map<string, Attendant>()
  const bySeat = new Map<string, Attendant>()
  const boards = new Map<Inbox<readonly BoardSeat[]>, { session: SeatSession; shown: string | undefined }>()
  let gathering: NodeJS.Timeout | undefined

  let allowing = rememberingAllowed()
  const look = () => {
    gathering = undefined
    const { showing, said } = rememberingShown()
    for (const [inbox, watcher] of boards) {
      const { account, id } = watcher.session
      const own = { seat: bySession.get(id)?.seat ?? '', account }
      const board = boardOf(journal.state, own, bySeat.values(), clock(), allowing, showing)
      const shown = board.map(said).join()
      if (shown === watcher.shown) continue
      watcher.shown = shown
      inbox.replace(board)
    }
  }
  const touch = () => {
    gathering ??= setTimeout(look, GATHER_MS)
  }
  const of = (session: SeatSession): Attendant => {
    const attendant = bySession.get(session.id)
    if (attendant === undefined) throw new Refusal('seat-unreachable')
    return attendant
  }

  return {
    async *attend(session, signal) {
      const seat = randomUUID()
      const orders = new Inbox<SeatOrder>(signal)
      const attendant: Attendant = {
        seat,
        account: session.account,
        calls: [],
        orders,
        get here() {
          return bySeat.get(seat) === attendant && !signal.aborted
        },
      }
      // A seat that comes back is there before its old connection is known to be gone.
      bySession.get(session.id)?.orders.end()
      bySession.set(session.id, attendant)
      bySeat.set(seat, attendant)
      const leave = () => {
        if (!bySeat.delete(seat)) return
        if (bySession.get(session.id) === attendant) bySession.delete(session.id)
        onChange(attendant)
        touch()
      }
      signal.addEventListener('abort', leave, { once: true })
      touch()
      try {
        yield { kind: 'attending', seat }
        yield* orders
      } finally {
        leave()
      }
    },
    of,
    find: (seat) => bySeat.get(seat),
    tellCalls: (session, seat, calls) => {
      const attendant = of(session)
      // From a connection that has been replaced.
      if (attendant.seat !== seat) return
      attendant.calls = calls
      onChange(attendant)
      touch()
    },
    async *watchBoard(session, signal) {
      const inbox = new Inbox<readonly BoardSeat[]>(signal)
      boards.set(inbox, { session, shown: undefined })
      onWatch()
      touch()
      try {
        yield* inbox
      } finally {
        boards.delete(inbox)
      }
    },
    lookAnew: () => {
      allowing = rememberingAllowed()
      touch()
    },
    watchers: () => [...boards.values()].map(({ session }) => session.account),
    close: () => clearTimeout(gathering),
  }
}

/** What each may do about each other is worked out once, until that changes. */
function rememberingAllowed(): typeof allowedActs {
  const known = new Map<string, SeatAct[]>()
  return (state, account, watched, now) => {
    const pair = `${account}/${watched}`
    const acts = known.get(pair) ?? allowedActs(state, account, watched, now)
    known.set(pair, acts)
    return acts
  }
}

/** Those who may do the same are shown the same: a seat is written down once for them all. */
function rememberingShown() {
  const known = new Map<string, BoardSeat | undefined>()
  const written = new Map<BoardSeat, string>()
  const showing: typeof boardSeat = (state, presence, allowed) => {
    if (allowed.length === 0) return undefined
    const form = `${presence.seat} ${allowed.join()}`
    const shown = known.has(form) ? known.get(form) : boardSeat(state, presence, allowed)
    known.set(form, shown)
    return shown
  }
  const said = (seat: BoardSeat): string => {
    const words = written.get(seat) ?? JSON.stringify(seat)
    written.set(seat, words)
    return words
  }
  return { showing, said }
}
