/** Acts that have begun: journalled, asked of the other seat, and ended when they have lost their ground. */
import { randomUUID } from 'node:crypto'
import type { Happening } from '../../contract/events.ts'
import type { Instant } from '../../contract/primitives.ts'
import { Refusal } from '../../contract/refusal.ts'
import type { SharedState } from '../../contract/state.ts'
import {
  type ActEnd,
  isListening,
  type ListeningMode,
  type OrderReply,
  type SeatAct,
  type SeatCall,
  type SeatOrder,
} from '../../contract/supervision.ts'
import { allowedActs, judgeAct, nextExpiryOf } from '../../contract/supervision-rules.ts'
import type { Journal } from '../journal/journal.ts'
import { openPending } from '../journal/pending.ts'
import type { Attendance, Attendant } from './attendance.ts'

/** A seat that takes longer over an order counts as not answering. */
const ANSWER_WITHIN_MS = 8_000
/** setTimeout's longest. */
const LONGEST_TIMER = 2_147_483_647

/** An act that has begun and has not ended. */
export interface Act {
  readonly id: string
  act: SeatAct
  readonly asker: Attendant
  readonly watched: Attendant
  readonly call: SeatCall
  /** Takes the watched seat's answer to what it is asked just now. */
  answer: ((reply: OrderReply) => void) | undefined
}

interface Asked {
  readonly act: SeatAct
  readonly seat: string
  readonly call: string
}

export interface ActsOptions {
  readonly journal: Pick<Journal, 'state' | 'submit' | 'onAppended'>
  readonly clock: () => Instant
  readonly attendance: Attendance
  /** The end of an act could not be journalled yet; it is tried again. */
  onTrouble(error: unknown): void
}

export interface Acts {
  find(id: string): Act | undefined
  /** How many go on at this call. */
  at(call: string): number
  /** Judges and journals it. Rejects with a `Refusal`. */
  begin(asker: Attendant, asked: Asked, reason: string | null): Promise<Act>
  /** Of a supervision: judges and journals another way to be heard. Rejects with a `Refusal`; it goes on as before. */
  change(act: Act, mode: ListeningMode): Promise<void>
  /** Resolves with the seat's voice, if that is its answer. Rejects with what it refuses; the act is then over. */
  order(act: Act, told: SeatOrder, withinMs?: number): Promise<string | null>
  end(act: Act, how: ActEnd): void
  /** Calls `listener` at each end. */
  onEnd(listener: (act: Act) => void): void
  /** A seat's calls are others than before, or it is gone. */
  follow(seat: Attendant): void
  /** Looks again when the first grant that counts here runs out. */
  arm(): void
  close(): Promise<void>
}

export function openActs({ journal, clock, attendance, onTrouble }: ActsOptions): Acts {
  const acts = new Map<string, Act>()
  const pending = openPending({ journal, onTrouble })
  let ended: (act: Act) => void = () => undefined
  let closed = false
  let expiry: NodeJS.Timeout | undefined

  /** Ends what has lost its ground when a seat goes, or a call. */
  function follow(seat: Attendant): void {
    for (const act of acts.values()) {
      if (act.asker === seat && !seat.here) end(act, 'asker-gone')
      else if (act.watched === seat && !seat.here) end(act, 'seat-gone')
      else if (act.watched === seat && isListening(act.act) && !stillThere(act)) end(act, 'call-over')
    }
  }

  const stillThere = ({ watched, call }: Act): boolean => watched.calls.some(({ id }) => id === call.id)

  const mayStill = ({ act, asker, watched }: Act): boolean =>
    allowedActs(journal.state, asker.account, watched.account, clock()).includes(act)

  const stopFollowing = journal.onAppended(({ events }) => {
    if (events.some(changesWhoMay)) lookAgain()
  })

  /** Whoever may not any more may not from now on. */
  function lookAgain(): void {
    for (const act of acts.values()) if (!mayStill(act)) end(act, 'no-longer-allowed')
    attendance.lookAnew()
    arm()
  }

  /** Looks again when the first grant that counts here runs out. */
  function arm(): void {
    clearTimeout(expiry)
    const now = clock()
    const accounts = [...attendance.watchers(), ...[...acts.values()].map(({ asker }) => asker.account)]
    const at = nextExpiryOf(journal.state, accounts, now)
    if (at !== undefined && !closed) expiry = setTimeout(lookAgain, Math.min(at - now, LONGEST_TIMER))
  }

  function end(act: Act, how: ActEnd): void {
    if (!acts.delete(act.id)) return
    ended(act)
    act.answer?.(refusalAs(act.id, new Refusal(how === 'no-answer' ? 'seat-unreachable' : 'call-over')))
    for (const side of [act.watched, act.asker]) side.orders.push({ kind: 'end', id: act.id, how })
    const event = happening(journal.state, act.call, 'supervision.ended', { id: act.id, how })
    pending.write(() => [event])
  }

  /** Judged in the state that it is journalled in. */
  async function begin(asker: Attendant, asked: Asked, reason: string | null): Promise<Act> {
    const id = randomUUID()
    const watched = asked.seat === asker.seat ? undefined : attendance.find(asked.seat)
    const account = asker.account
    const call = judgeAct(journal.state, account, asked, watched, clock())
    if (watched === undefined) throw new Refusal('not-found', { what: 'seat', id: asked.seat })
    await journal.submit({
      actor: { kind: 'account', account },
      decide: (state, now) => {
        judgeAct(state, account, asked, watched, now)
        const { act } = asked
        const { number, direction, unit } = call
        return [
          happening(state, call, 'supervision.begun', {
            id,
            act,
            account: watched.account,
            call: { id: call.id, number, direction, unit },
            reason,
          }),
        ]
      },
    })
    const act: Act = { id, act: asked.act, asker, watched, call, answer: undefined }
    acts.set(id, act)
    // While it was being written anything may have happened.
    if (!asker.here) end(act, 'asker-gone')
    else if (!watched.here) end(act, 'seat-gone')
    else if (!stillThere(act)) end(act, 'call-over')
    else if (!mayStill(act)) end(act, 'no-longer-allowed')
    if (!acts.has(id)) throw new Refusal('call-over')
    arm()
    return act
  }

  async function change(act: Act, mode: ListeningMode): Promise<void> {
    const { id, asker, watched, call } = act
    const asked = { act: mode, seat: watched.seat, call: call.id }
    // Nothing else is asked of it meanwhile.
    act.answer = () => undefined
    try {
      await journal.submit({
        actor: { kind: 'account', account: asker.account },
        decide: (state, now) => {
          judgeAct(state, asker.account, asked, watched, now)
          return [happening(state, call, 'supervision.changed', { id, act: mode })]
        },
      })
    } finally {
      act.answer = undefined
    }
    if (!acts.has(id)) throw new Refusal('call-over')
    act.act = mode
  }

  async function order(act: Act, told: SeatOrder, withinMs = ANSWER_WITHIN_MS): Promise<string | null> {
    if (!acts.has(act.id)) throw new Refusal('call-over')
    const { promise, resolve } = Promise.withResolvers<OrderReply>()
    act.answer = resolve
    const timer = setTimeout(() => end(act, 'no-answer'), withinMs)
    act.watched.orders.push(told)
    const reply = await promise
    clearTimeout(timer)
    act.answer = undefined
    if (reply.kind === 'done') return reply.voice
    end(act, 'refused')
    throw new Refusal(reply.code, reply.particulars)
  }

  return {
    find: (id) => acts.get(id),
    at: (call) => [...acts.values()].filter((act) => act.call.id === call).length,
    begin,
    change,
    order,
    end,
    onEnd: (listener) => {
      ended = listener
    },
    follow,
    arm,
    close: async () => {
      closed = true
      clearTimeout(expiry)
      stopFollowing()
      for (const act of [...acts.values()]) end(act, 'hub-stopped')
      await pending.close()
    },
  }
}

const changesWhoMay = ({ kind }: Happening): boolean =>
  kind.startsWith('account.') || kind.startsWith('grant.') || kind.startsWith('area.')

type SupervisionHappening = Extract<Happening, { kind: `supervision.${string}` }>

/** In the stream of the call that it is about. */
const happening = <K extends SupervisionHappening['kind']>(
  state: SharedState,
  { id, unit }: SeatCall,
  kind: K,
  data: Extract<SupervisionHappening, { kind: K }>['data'],
): Happening =>
  ({
    kind,
    subject: `call/${id}`,
    area: unit === null ? null : (state.directory.units[unit]?.area ?? null),
    data,
  }) as Happening

const refusalAs = (id: string, { code, particulars }: Refusal): OrderReply => ({
  kind: 'refused',
  id,
  code,
  particulars: { ...particulars },
})
