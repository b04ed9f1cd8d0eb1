/** Who may do what about the calls of other seats, and what of them is shown to whom. Pure. */
import { areaPath } from './directory.ts'
import { may, nextExpiry, type Target } from './permissions.ts'
import type { Id, Instant } from './primitives.ts'
import { Refusal } from './refusal.ts'
import type { SharedState } from './state.ts'
import {
  actCapability,
  type BoardSeat,
  possibleIn,
  type SeatAct,
  type SeatCall,
  type SeatPresence,
  seatActs,
} from './supervision.ts'
import { currentGrants } from './visibility.ts'

/** What a permission on a seat's calls is judged by: the agency and the scope of whoever sits there. */
export function seatTarget({ directory, access }: SharedState, account: Id): Target {
  const watched = access.accounts[account]
  if (watched === undefined) return { areas: [] }
  const { agency, scope } = watched
  return {
    areas: scope.kind === 'area' ? areaPath(directory.areas, scope.area) : [],
    ...(agency !== null && { agency }),
    ...(scope.kind === 'incident' && { incidents: [scope.incident] }),
  }
}

/** What one account may do about the calls of another's seat. */
export function allowedActs(state: SharedState, account: Id, watched: Id, now: Instant): SeatAct[] {
  if (state.access.accounts[watched] === undefined) return []
  const grants = currentGrants(state, account)
  const target = seatTarget(state, watched)
  return seatActs.filter((act) => may(grants, actCapability[act], target, now))
}

/** A seat as somebody is shown it who may do this; whoever may only pick up sees only what waits. */
export function boardSeat(
  { access }: SharedState,
  { seat, account, calls }: SeatPresence,
  allowed: readonly SeatAct[],
): BoardSeat | undefined {
  const sitting = access.accounts[account]
  if (sitting === undefined || allowed.length === 0) return undefined
  const oversees = allowed.some((act) => act !== 'pick-up')
  return {
    seat,
    account,
    name: sitting.name,
    calls: calls.flatMap(({ line, ...call }) => {
      const acts = allowed.filter((act) => possibleIn[act].includes(call.state))
      const number = sitting.lines?.find(({ id }) => id === line)?.number ?? ''
      return oversees || acts.length > 0 ? [{ ...call, line: number, acts }] : []
    }),
  }
}

/**
 * The other seats that this one may do something about. `allowing` and `showing` may remember what they have worked
 * out before.
 */
export function boardOf(
  state: SharedState,
  own: Pick<SeatPresence, 'seat' | 'account'>,
  presences: Iterable<SeatPresence>,
  now: Instant,
  allowing: typeof allowedActs = allowedActs,
  showing: typeof boardSeat = boardSeat,
): BoardSeat[] {
  const board: BoardSeat[] = []
  for (const presence of presences) {
    if (presence.seat === own.seat) continue
    const shown = showing(state, presence, allowing(state, own.account, presence.account, now))
    if (shown !== undefined) board.push(shown)
  }
  return board
}

/**
 * The call that is asked about, if this account may do this to it now. Throws a `Refusal`: in the same words for a
 * seat that is not there and for one that nothing may be done about.
 */
export function judgeAct(
  state: SharedState,
  account: Id,
  asked: { readonly act: SeatAct; readonly seat: string; readonly call: string },
  watched: SeatPresence | undefined,
  now: Instant,
): SeatCall {
  const { act, seat } = asked
  const allowed = watched === undefined ? [] : allowedActs(state, account, watched.account, now)
  if (watched === undefined || allowed.length === 0)
    throw new Refusal('not-found', { what: 'seat', id: seat })
  if (!allowed.includes(act)) throw new Refusal('forbidden', { capability: actCapability[act] })
  const call = watched.calls.find(({ id }) => id === asked.call)
  if (call === undefined) throw new Refusal('call-over')
  if (!possibleIn[act].includes(call.state))
    throw new Refusal(act === 'pick-up' ? 'call-over' : 'not-answered')
  return call
}

/** The instant after `now` at which the first grant of one of these accounts runs out, or undefined if none will. */
export const nextExpiryOf = (state: SharedState, accounts: Iterable<Id>, now: Instant): Instant | undefined =>
  nextExpiry(
    [...new Set(accounts)].flatMap((account) => currentGrants(state, account)),
    now,
  )
