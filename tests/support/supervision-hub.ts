/** Supervision at a hub without its store and its wire: a journal in memory, and seats that attend. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { onTestFinished, vi } from 'vitest'
import { Refusal } from '../../contract/refusal.ts'
import type { BoardSeat, ListeningMode, SeatCall, SeatOrder } from '../../contract/supervision.ts'
import { openSupervision } from '../../hub/supervision/supervision.ts'
import { MemoryJournal } from './memory-journal.ts'
import { smallCity, smallCityWith } from './site.ts'

export const VOICE = 'v=0\r\nm=audio 4000 RTP/SAVP 8\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:x\r\n'
export const CALL = 'b3e1f1a0-0000-4000-8000-000000000001'
export const OTHER_CALL = 'b3e1f1a0-0000-4000-8000-000000000002'

/** Lets the guest listen to everybody. */
export const listenOnly = {
  id: 'ear',
  subject: { kind: 'account', account: 'guest' },
  capabilities: ['listen'],
  scope: { kind: 'centre' },
  until: null as number | null,
}

export function call(change: Partial<SeatCall> = {}): SeatCall {
  return {
    id: CALL,
    line: 'north-line',
    direction: 'in',
    number: '13900000001',
    unit: null,
    state: 'talking',
    since: 0,
    priority: false,
    conference: null,
    ...change,
  }
}

/** The code that it was refused with. */
export async function refused(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => new Error('it was not refused'),
    (reason: unknown) => reason,
  )
  if (error instanceof Refusal) return error.code
  throw error
}

/** With what it knows of supervisions. */
class SupervisionJournal extends MemoryJournal {
  acts = () =>
    this.events.flatMap(({ kind, data }) =>
      kind.startsWith('supervision.') && 'id' in data
        ? [
            {
              kind,
              id: data.id,
              ...('act' in data && { mode: data.act }),
              ...('account' in data && { account: data.account }),
            },
          ]
        : [],
    )
  kinds = () => this.acts().map(({ kind }) => kind)
  ends = () => this.events.flatMap((event) => (event.kind === 'supervision.ended' ? [event.data.how] : []))
}

export type Seat = Awaited<ReturnType<ReturnType<typeof supervisionHub>['seat']>>

/** What somebody needs of a seat to listen there. */
interface Willing {
  readonly seat: string
  next(kind: 'admit', fits: (order: { readonly call: string }) => boolean): Promise<{ readonly id: string }>
  done(id: string, voice: string): void
}

export function supervisionHub(site: object = {}, grants: readonly object[] = []) {
  const line = (id: string, number: string) => ({ id, exchange: 'main', number })
  const lines: Record<string, object[]> = {
    'north-officer': [line('north-line', '8001')],
    supervisor: [{ ...line('elsewhere', '9000'), exchange: 'other' }, line('chief-line', '8000')],
  }
  const exchange = (id: string) => ({ id, name: id, domain: `${id}.invalid`, servers: [] })
  const journal = new SupervisionJournal({
    ...smallCityWith({
      site: { ...smallCity.site, ...site },
      accounts: smallCity.accounts.map((account) => ({ ...account, lines: lines[account.id] })),
      grants,
    }),
    exchanges: [exchange('main'), exchange('other')],
  })
  const { port, close } = openSupervision({ journal, clock: Date.now, onTrouble: () => undefined })
  onTestFinished(close)
  let sessions = 0

  /** Somebody who sits down, attends and has these calls. */
  const seat = async (account: string, calls: readonly SeatCall[] = [], id = `session-${sessions++}`) => {
    const session = { account, id }
    const gone = new AbortController()
    const orders: SeatOrder[] = []
    const heard: { order: SeatOrder; after: ReturnType<SupervisionJournal['acts']> }[] = []
    let board: readonly BoardSeat[] | undefined
    void (async () => {
      for await (const order of port.attend(session, gone.signal)) {
        orders.push(order)
        heard.push({ order, after: journal.acts() })
      }
    })()
    await nextTurn()
    const [first] = orders
    if (first?.kind !== 'attending') throw new Error('the hub does not know the seat')
    const self = {
      account,
      seat: first.seat,
      orders,
      heard,
      get left() {
        return gone.signal.aborted
      },
      tell: (next: readonly SeatCall[]) => {
        try {
          port.tellCalls(session, { seat: first.seat, calls: [...next] })
        } catch (error) {
          if (!(error instanceof Refusal)) throw error
        }
      },
      next: async <K extends SeatOrder['kind']>(
        kind: K,
        fits: (order: Extract<SeatOrder, { kind: K }>) => boolean = () => true,
      ) => {
        const find = () =>
          orders.findLast(
            (order): order is Extract<SeatOrder, { kind: K }> => order.kind === kind && fits(order as never),
          )
        await vi.waitUntil(find, { interval: 1 })
        return find() as Extract<SeatOrder, { kind: K }>
      },
      done: (id: string, voice: string | null) => port.reply(session, { kind: 'done', id, voice }),
      refuse: (order: SeatOrder | undefined, code: Refusal['code']) => {
        if (order !== undefined && 'id' in order)
          port.reply(session, { kind: 'refused', id: order.id, code, particulars: {} })
      },
      supervise: async (there: { readonly seat: string }, mode: ListeningMode, what = CALL) =>
        port.supervise(session, { seat: there.seat, call: what, mode, reason: 'training', offer: VOICE }),
      listen: (there: { readonly seat: string }, what = CALL) => self.supervise(there, 'listen', what),
      /** Listens, with the other seat's consent. */
      listening: async (there: Willing, what = CALL): Promise<string> => {
        const begun = self.listen(there, what)
        const { id } = await there.next('admit', (order) => order.call === what)
        there.done(id, VOICE)
        await begun
        return id
      },
      change: async (id: string, mode: ListeningMode) => port.changeMode(session, { id, mode }),
      end: (id: string) => port.endAct(session, id),
      release: async (there: { readonly seat: string }, what = CALL) =>
        port.release(session, { seat: there.seat, call: what, reason: 'line blocked' }),
      pickUp: async (there: { readonly seat: string }, own: string[], what = CALL) =>
        port.pickUp(session, { seat: there.seat, call: what, lines: own }),
      watchBoard: () => {
        void (async () => {
          for await (const next of port.watchBoard(session, gone.signal)) board = next
        })()
        return () => board
      },
      leave: () => gone.abort(),
    }
    self.tell(calls)
    return self
  }
  return { journal, seat, close }
}
