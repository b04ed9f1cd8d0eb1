/**
 * Acts between seats. What may be done is journalled first and then asked of the other seat; what can't be journalled
 * does not happen. A supervision ends with its call, with either seat, and with the right to it.
 */
import { randomUUID } from 'node:crypto'
import type { Happening } from '../../contract/events.ts'
import type { SeatSession, SupervisionPort } from '../../contract/hub.ts'
import type { Id, Instant } from '../../contract/primitives.ts'
import { Refusal } from '../../contract/refusal.ts'
import type { SharedState } from '../../contract/state.ts'
import {
  type ActEnd,
  isListening,
  type OrderReply,
  type SeatAct,
  type SeatCall,
  type SeatOrder,
} from '../../contract/supervision.ts'
import { allowedActs, judgeAct, nextExpiryOf } from '../../contract/supervision-rules.ts'
import type { Journal } from '../journal/journal.ts'
import { type Attendant, openAttendance } from './attendance.ts'

/** A seat that takes longer over an order counts as not answering. */
const ANSWER_WITHIN_MS = 8_000
/** A caller who is passed on rings at the other seat for a moment. */
const PASSED_WITHIN_MS = 25_000
const MOST_AT_A_CALL = 4
const WRITE_AGAIN_MS = 5_000
/** setTimeout's longest. */
const LONGEST_TIMER = 2_147_483_647

export interface SupervisionOptions {
  readonly journal: Pick<Journal, 'state' | 'submit' | 'onAppended'>
  readonly clock: () => Instant
  /** The end of an act could not be journalled yet; it is tried again. */
  onTrouble(error: unknown): void
}

export interface Supervision {
  readonly port: SupervisionPort
  close(): Promise<void>
}

/** An act that has begun and has not ended. */
interface Act {
  readonly id: string
  act: SeatAct
  readonly asker: Attendant
  readonly watched: Attendant
  readonly call: SeatCall
  /** Takes the watched seat's answer to what it is asked just now. */
  answer: ((reply: OrderReply) => void) | undefined
}

export function openSupervision({ journal, clock, onTrouble }: SupervisionOptions): Supervision {
  const acts = new Map<string, Act>()
  /** The supervision that a seat has begun, or is about to: one at a time. */
  const supervising = new Map<Attendant, string>()
  const writing = new Set<Promise<void>>()
  let closed = false
  let expiry: NodeJS.Timeout | undefined
  const attendance = openAttendance({ journal, clock, onChange: follow, onWatch: arm })

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
    attendance.touch()
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
    free(act.asker, act.id)
    act.answer?.(refusalAs(act.id, new Refusal(how === 'no-answer' ? 'seat-unreachable' : 'call-over')))
    for (const side of [act.watched, act.asker]) side.orders.push({ kind: 'end', id: act.id, how })
    const ended = happening(journal.state, act.call, 'supervision.ended', { id: act.id, how })
    const work = write(ended).finally(() => writing.delete(work))
    writing.add(work)
  }

  const free = (asker: Attendant, id: string): void => {
    if (supervising.get(asker) === id) supervising.delete(asker)
  }

  /** Until it is written, or the hub stops. */
  async function write(event: Happening): Promise<void> {
    for (;;)
      try {
        await journal.submit({ actor: { kind: 'hub' }, decide: () => [event] })
        return
      } catch (error) {
        onTrouble(error)
        if (closed) return
        await new Promise((resolve) => setTimeout(resolve, WRITE_AGAIN_MS).unref())
      }
  }

  /** Judged in the state that it is journalled in. */
  async function begin(
    id: string,
    asker: Attendant,
    asked: { readonly act: SeatAct; readonly seat: string; readonly call: string },
    reason: string | null,
  ): Promise<Act> {
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

  /** Rejects with what the seat refuses it with; the act is then over. */
  async function order(act: Act, told: SeatOrder, withinMs = ANSWER_WITHIN_MS): Promise<string | null> {
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

  const byOf = ({ account }: Attendant) =>
    journal.state.access.accounts[account]?.name ?? { zh: account, en: account }
  const isTold = (act: SeatAct): boolean => act !== 'listen' || journal.state.site?.tellsOfListening === true

  /** The act of this id, if this seat has a part in it. */
  const part = (session: SeatSession, id: string): Act | undefined => {
    const seat = attendance.of(session)
    const act = acts.get(id)
    return act?.asker === seat || act?.watched === seat ? act : undefined
  }

  const port: SupervisionPort = {
    attend: (session, signal) => attendance.attend(session, signal),
    watchBoard: (session, signal) => attendance.watchBoard(session, signal),
    tellCalls: (session, { seat, calls }) => attendance.tellCalls(session, seat, calls),
    supervise: async (session, { seat, call, mode, reason, offer }) => {
      const asker = attendance.of(session)
      if (supervising.has(asker)) throw new Refusal('too-many')
      if ([...acts.values()].filter((each) => each.call.id === call).length >= MOST_AT_A_CALL)
        throw new Refusal('too-many')
      const id = randomUUID()
      supervising.set(asker, id)
      try {
        const act = await begin(id, asker, { act: mode, seat, call }, reason)
        const told = { call, mode, told: isTold(mode), by: byOf(asker), offer }
        const answer = await order(act, { kind: 'admit', id, ...told })
        if (answer !== null) return { id, answer }
        end(act, 'refused')
        throw new Refusal('seat-unreachable')
      } catch (error) {
        free(asker, id)
        throw error
      }
    },
    changeMode: async (session, { id, mode }) => {
      const act = part(session, id)
      if (act?.asker !== attendance.of(session) || !isListening(act.act)) throw new Refusal('call-over')
      if (act.answer !== undefined) throw new Refusal('too-many')
      const { asker, watched, call } = act
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
      await order(act, { kind: 'change', id, mode, told: isTold(mode) })
    },
    endAct: (session, id) => {
      const act = part(session, id)
      if (act !== undefined && isListening(act.act))
        end(act, act.asker === attendance.of(session) ? 'ended' : 'call-over')
    },
    release: async (session, { seat, call, reason }) => {
      const asker = attendance.of(session)
      const act = await begin(randomUUID(), asker, { act: 'release', seat, call }, reason)
      await order(act, { kind: 'release', id: act.id, call, by: byOf(asker), reason })
      end(act, 'done')
    },
    pickUp: async (session, { seat, call, lines }) => {
      const asker = attendance.of(session)
      const watched = attendance.find(seat)
      const waiting = judgeAct(journal.state, asker.account, { act: 'pick-up', seat, call }, watched, clock())
      const number = numberFor(journal.state, asker.account, watched?.account, waiting, lines)
      if (number === undefined) throw new Refusal('no-line')
      const act = await begin(randomUUID(), asker, { act: 'pick-up', seat, call }, null)
      await order(act, { kind: 'pass-on', id: act.id, call, by: byOf(asker), number }, PASSED_WITHIN_MS)
      end(act, 'done')
    },
    reply: (session, reply) => {
      const act = part(session, reply.id)
      if (act?.watched === attendance.of(session)) act.answer?.(reply)
    },
  }

  return {
    port,
    close: async () => {
      closed = true
      clearTimeout(expiry)
      stopFollowing()
      attendance.close()
      for (const act of [...acts.values()]) end(act, 'hub-stopped')
      await Promise.all(writing)
    },
  }
}

const changesWhoMay = ({ kind }: Happening): boolean =>
  kind.startsWith('account.') || kind.startsWith('grant.') || kind.startsWith('area.')

/** A number at the exchange of the call that is picked up, of a line that the asking seat says is registered. */
function numberFor(
  { access }: SharedState,
  account: Id,
  watched: Id | undefined,
  call: SeatCall,
  lines: readonly Id[],
): string | undefined {
  const there = watched === undefined ? undefined : access.accounts[watched]?.lines
  const exchange = there?.find(({ id }) => id === call.line)?.exchange
  return access.accounts[account]?.lines?.find(
    (line) => line.exchange === exchange && lines.includes(line.id),
  )?.number
}

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
