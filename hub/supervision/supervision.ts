/**
 * Acts between seats. What may be done is journalled first and then asked of the other seat; what can't be journalled
 * does not happen. A supervision ends with its call, with either seat, and with the right to it.
 */
import type { SeatSession, SupervisionPort } from '../../contract/hub.ts'
import type { Id } from '../../contract/primitives.ts'
import { Refusal } from '../../contract/refusal.ts'
import type { SharedState } from '../../contract/state.ts'
import { isListening, type SeatAct, type SeatCall } from '../../contract/supervision.ts'
import { judgeAct } from '../../contract/supervision-rules.ts'
import { type Act, type Acts, type ActsOptions, openActs } from './acts.ts'
import { type Attendant, openAttendance } from './attendance.ts'

/** A caller who is passed on rings at the other seat for a moment. */
const PASSED_WITHIN_MS = 25_000
const MOST_AT_A_CALL = 4

export interface Supervision {
  readonly port: SupervisionPort
  close(): Promise<void>
}

export function openSupervision(options: Omit<ActsOptions, 'attendance'>): Supervision {
  const { journal, clock } = options
  const attendance = openAttendance({
    journal,
    clock,
    onChange: (seat) => acts.follow(seat),
    onWatch: () => acts.arm(),
  })
  const acts: Acts = openActs({ ...options, attendance })
  /** Seats of which a supervision is beginning, or goes on: one at a time. */
  const supervising = new Map<Attendant, { act?: Act }>()
  acts.onEnd((act) => {
    if (supervising.get(act.asker)?.act === act) supervising.delete(act.asker)
  })

  const byOf = ({ account }: Attendant) =>
    journal.state.access.accounts[account]?.name ?? { zh: account, en: account }
  const isTold = (act: SeatAct): boolean => act !== 'listen' || journal.state.site?.tellsOfListening === true

  /** The act of this id, if this seat has a part in it. */
  const part = (session: SeatSession, id: string): Act | undefined => {
    const seat = attendance.of(session)
    const act = acts.find(id)
    return act?.asker === seat || act?.watched === seat ? act : undefined
  }

  const port: SupervisionPort = {
    attend: (session, signal) => attendance.attend(session, signal),
    watchBoard: (session, signal) => attendance.watchBoard(session, signal),
    tellCalls: (session, { seat, calls }) => attendance.tellCalls(session, seat, calls),
    supervise: async (session, { seat, call, mode, reason, offer }) => {
      const asker = attendance.of(session)
      if (supervising.has(asker) || acts.at(call) >= MOST_AT_A_CALL) throw new Refusal('too-many')
      const own: { act?: Act } = {}
      supervising.set(asker, own)
      try {
        const act = await acts.begin(asker, { act: mode, seat, call }, reason)
        own.act = act
        const { id } = act
        const told = { call, mode, told: isTold(mode), by: byOf(asker), offer }
        const answer = await acts.order(act, { kind: 'admit', id, ...told })
        if (answer !== null) return { id, answer }
        acts.end(act, 'refused')
        throw new Refusal('seat-unreachable')
      } catch (error) {
        if (supervising.get(asker) === own) supervising.delete(asker)
        throw error
      }
    },
    changeMode: async (session, { id, mode }) => {
      const act = part(session, id)
      if (act?.asker !== attendance.of(session) || !isListening(act.act)) throw new Refusal('call-over')
      if (act.answer !== undefined) throw new Refusal('too-many')
      await acts.change(act, mode)
      await acts.order(act, { kind: 'change', id, mode, told: isTold(mode) })
    },
    endAct: (session, id) => {
      const act = part(session, id)
      if (act !== undefined && isListening(act.act))
        acts.end(act, act.asker === attendance.of(session) ? 'ended' : 'call-over')
    },
    release: async (session, { seat, call, reason }) => {
      const asker = attendance.of(session)
      const act = await acts.begin(asker, { act: 'release', seat, call }, reason)
      await acts.order(act, { kind: 'release', id: act.id, call, by: byOf(asker), reason })
      acts.end(act, 'done')
    },
    pickUp: async (session, { seat, call, lines }) => {
      const asker = attendance.of(session)
      const watched = attendance.find(seat)
      const asked = { act: 'pick-up', seat, call } as const
      const waiting = judgeAct(journal.state, asker.account, asked, watched, clock())
      const number = numberFor(journal.state, asker.account, watched?.account, waiting, lines)
      if (number === undefined) throw new Refusal('no-line')
      const act = await acts.begin(asker, asked, null)
      const told = { call, by: byOf(asker), number }
      await acts.order(act, { kind: 'pass-on', id: act.id, ...told }, PASSED_WITHIN_MS)
      acts.end(act, 'done')
    },
    reply: (session, reply) => {
      const act = part(session, reply.id)
      if (act?.watched === attendance.of(session)) act.answer?.(reply)
    },
  }

  return {
    port,
    close: async () => {
      attendance.close()
      await acts.close()
    },
  }
}

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
