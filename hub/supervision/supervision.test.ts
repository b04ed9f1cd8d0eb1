import { setImmediate as nextTurn } from 'node:timers/promises'
import fc from 'fast-check'
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import type { Happening } from '../../contract/events.ts'
import { Refusal } from '../../contract/refusal.ts'
import { emptyState, fold } from '../../contract/state.ts'
import type { BoardSeat, ListeningMode, SeatCall, SeatOrder } from '../../contract/supervision.ts'
import { documentOf, smallCity, smallCityWith } from '../../tests/support/site.ts'
import { planImport } from '../directory/import.ts'
import type { Appended, Journal } from '../journal/journal.ts'
import { openSupervision } from './supervision.ts'

const VOICE = 'v=0\r\nm=audio 4000 RTP/SAVP 8\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:x\r\n'
const CALL = 'b3e1f1a0-0000-4000-8000-000000000001'
const OTHER_CALL = 'b3e1f1a0-0000-4000-8000-000000000002'

afterEach(() => void vi.useRealTimers())

describe('a supervision', () => {
  it('is journalled, asked of the other seat, and brings its answer back', async () => {
    const { journal, seat } = hub()
    const officer = await seat('north-officer', [call()])
    const chief = await seat('supervisor')
    const begun = chief.listen(officer)
    const order = await officer.next('admit')
    expect(order).toMatchObject({
      call: CALL,
      mode: 'listen',
      told: false,
      by: { zh: '带班长' },
      offer: VOICE,
    })
    expect(journal.kinds()).toEqual(['supervision.begun'])
    officer.done(order.id, VOICE)
    expect(await begun).toEqual({ id: order.id, answer: VOICE })
    expect(journal.events[0]).toMatchObject({
      subject: `call/${CALL}`,
      data: { id: order.id, act: 'listen', account: 'north-officer', call: { id: CALL }, reason: 'training' },
    })
    chief.end(order.id)
    expect(await officer.next('end')).toMatchObject({ id: order.id, how: 'ended' })
    await expect.poll(journal.kinds).toEqual(['supervision.begun', 'supervision.ended'])
  })

  it('does not happen if it can not be journalled', async () => {
    const { journal, seat } = hub()
    const officer = await seat('north-officer', [call()])
    const chief = await seat('supervisor')
    journal.fails = true
    expect(await refused(chief.listen(officer))).toBe('store-unavailable')
    expect(officer.orders.map(({ kind }) => kind)).toEqual(['attending'])
    journal.fails = false
    void chief.listen(officer).catch(() => undefined)
    await officer.next('admit')
  })

  it('is asked of nobody when either seat has gone while it was written', async () => {
    const { journal, seat } = hub()
    const officer = await seat('north-officer', [call()])
    const chief = await seat('supervisor')
    const begun = refused(chief.listen(officer))
    chief.leave()
    expect(await begun).toBe('call-over')
    const other = await seat('supervisor')
    const again = refused(other.listen(officer))
    officer.leave()
    expect(await again).toBe('call-over')
    await expect.poll(journal.ends).toEqual(['asker-gone', 'seat-gone'])
    expect(officer.orders.some(({ kind }) => kind === 'admit')).toBe(false)
  })

  it('tells the officer that somebody listens where the site says so', async () => {
    const { seat } = hub({ tellsOfListening: true })
    const officer = await seat('north-officer', [call()])
    const chief = await seat('supervisor')
    void chief.listen(officer).catch(() => undefined)
    expect(await officer.next('admit')).toMatchObject({ told: true })
  })

  it('changes how it is heard, each change allowed and journalled', async () => {
    const { journal, seat } = hub()
    const officer = await seat('north-officer', [call()])
    const chief = await seat('supervisor')
    const id = await chief.listening(officer)
    for (const mode of ['whisper', 'barge', 'listen'] as const) {
      const changed = chief.change(id, mode)
      const told = mode !== 'listen'
      expect(await officer.next('change', (order) => order.mode === mode)).toMatchObject({ id, told })
      officer.done(id, null)
      await changed
    }
    expect(journal.kinds()).toEqual([
      'supervision.begun',
      'supervision.changed',
      'supervision.changed',
      'supervision.changed',
    ])
  })

  it('is refused to change to what is not granted, and goes on as it was', async () => {
    const { seat } = hub({}, [listenOnly])
    const officer = await seat('north-officer', [call()])
    const guest = await seat('guest')
    const id = await guest.listening(officer)
    expect(await refused(guest.change(id, 'barge'))).toBe('forbidden')
    expect(officer.orders.map(({ kind }) => kind)).toEqual(['attending', 'admit'])
  })

  it.each([
    ['the call', 'call-over', async ({ officer }: Both) => officer.tell([])],
    ['the seat that is listened to', 'seat-gone', async ({ officer }: Both) => officer.leave()],
    ['the supervisor’s seat', 'asker-gone', async ({ chief }: Both) => chief.leave()],
  ])('ends with %s', async (_what, how, happen) => {
    const { journal, seat } = hub()
    const officer = await seat('north-officer', [call()])
    const chief = await seat('supervisor')
    const id = await chief.listening(officer)
    await happen({ officer, chief })
    await expect
      .poll(() => journal.events.at(-1))
      .toMatchObject({
        kind: 'supervision.ended',
        data: { id, how },
      })
    for (const side of [officer, chief])
      if (!side.left) expect(await side.next('end')).toMatchObject({ id, how })
  })

  it('ends at once when the right to it is taken away', async () => {
    const { journal, seat } = hub({}, [listenOnly])
    const officer = await seat('north-officer', [call()])
    const guest = await seat('guest')
    const id = await guest.listening(officer)
    await journal.happens({
      kind: 'grant.ended',
      subject: 'grant/ear',
      area: null,
      data: { id: 'ear', reason: 'x' },
    })
    expect(await officer.next('end')).toMatchObject({ id, how: 'no-longer-allowed' })
    expect(await guest.next('end')).toMatchObject({ id, how: 'no-longer-allowed' })
  })

  it('ends at once when the right to it runs out', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
    const { seat } = hub({}, [{ ...listenOnly, until: Date.now() + 60_000 }])
    const officer = await seat('north-officer', [call()])
    const guest = await seat('guest')
    const id = await guest.listening(officer)
    vi.advanceTimersByTime(59_999)
    expect(officer.orders.map(({ kind }) => kind)).toEqual(['attending', 'admit'])
    vi.advanceTimersByTime(1)
    await nextTurn()
    expect(officer.orders.at(-1)).toMatchObject({ kind: 'end', id, how: 'no-longer-allowed' })
  })

  it('is one at a time for a seat, and the next may begin when it has ended', async () => {
    const { seat } = hub()
    const officer = await seat('north-officer', [call(), call({ id: OTHER_CALL })])
    const chief = await seat('supervisor')
    const id = await chief.listening(officer)
    expect(await refused(chief.listen(officer, OTHER_CALL))).toBe('too-many')
    chief.end(id)
    await chief.listening(officer, OTHER_CALL)
  })

  it('is over when the other seat does not answer in time, or refuses', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const { journal, seat } = hub()
    const officer = await seat('north-officer', [call()])
    const chief = await seat('supervisor')
    const silent = refused(chief.listen(officer))
    await nextTurn()
    vi.advanceTimersByTime(8_000)
    expect(await silent).toBe('seat-unreachable')
    const unwilling = refused(chief.listen(officer))
    await nextTurn()
    officer.refuse(
      officer.orders.findLast(({ kind }) => kind === 'admit'),
      'call-over',
    )
    expect(await unwilling).toBe('call-over')
    await nextTurn()
    expect(journal.ends()).toEqual(['no-answer', 'refused'])
  })

  it('takes an answer from the seat that was asked, and from no other', async () => {
    const { seat } = hub()
    const officer = await seat('north-officer', [call()])
    const other = await seat('fire-officer')
    const chief = await seat('supervisor')
    const begun = chief.listen(officer)
    const { id } = await officer.next('admit')
    for (const liar of [other, chief]) liar.done(id, 'rubbish')
    other.end(id)
    officer.done(id, VOICE)
    expect(await begun).toEqual({ id, answer: VOICE })
  })
})

describe('a call that is released', () => {
  it('is hung up by its own seat, which is told who did it and why', async () => {
    const { journal, seat } = hub()
    const officer = await seat('north-officer', [call()])
    const chief = await seat('supervisor')
    const released = chief.release(officer)
    const order = await officer.next('release')
    expect(order).toMatchObject({ call: CALL, by: { zh: '带班长' }, reason: 'line blocked' })
    officer.done(order.id, null)
    officer.tell([])
    await released
    await expect.poll(journal.ends).toEqual(['done'])
  })

  it('leaves the supervision of another call alone', async () => {
    const { seat } = hub()
    const officer = await seat('north-officer', [call(), call({ id: OTHER_CALL })])
    const chief = await seat('supervisor')
    await chief.listening(officer)
    const released = chief.release(officer, OTHER_CALL)
    officer.done((await officer.next('release')).id, null)
    await released
    expect(await refused(chief.listen(officer))).toBe('too-many')
  })
})

describe('a call that is picked up', () => {
  const waiting = [call({ state: 'waiting' })]

  it('is passed on to a line of the asking seat at the same exchange', async () => {
    const { journal, seat } = hub()
    const officer = await seat('north-officer', waiting)
    const colleague = await seat('supervisor')
    const done = colleague.pickUp(officer, ['elsewhere', 'chief-line'])
    const order = await officer.next('pass-on')
    expect(order).toMatchObject({ call: CALL, number: '8000', by: { zh: '带班长' } })
    officer.tell([])
    officer.done(order.id, null)
    await done
    await expect.poll(journal.ends).toEqual(['done'])
    expect(journal.events[0]).toMatchObject({ data: { act: 'pick-up', reason: null } })
  })

  it('stays where it is if the exchange refuses, and the asking seat hears why', async () => {
    const { journal, seat } = hub()
    const officer = await seat('north-officer', waiting)
    const colleague = await seat('supervisor')
    const done = refused(colleague.pickUp(officer, ['chief-line']))
    officer.refuse(await officer.next('pass-on'), 'exchange-refused')
    expect(await done).toBe('exchange-refused')
    await expect.poll(journal.ends).toEqual(['refused'])
  })

  it('needs a line at the same exchange', async () => {
    const { journal, seat } = hub()
    const officer = await seat('north-officer', waiting)
    const colleague = await seat('supervisor')
    expect(await refused(colleague.pickUp(officer, ['elsewhere']))).toBe('no-line')
    expect(await refused(colleague.pickUp(officer, []))).toBe('no-line')
    expect(journal.kinds()).toEqual([])
  })
})

describe('the board', () => {
  it('follows the seats and their calls', async () => {
    const { seat } = hub()
    const chief = await seat('supervisor')
    const board = chief.watchBoard()
    await expect.poll(board).toEqual([])
    const officer = await seat('north-officer')
    await expect.poll(board).toMatchObject([{ account: 'north-officer', calls: [] }])
    officer.tell([call()])
    await expect.poll(board).toMatchObject([{ calls: [{ id: CALL, line: '8001' }] }])
    officer.leave()
    await expect.poll(board).toEqual([])
  })

  it('loses a seat with the right to see it', async () => {
    const { journal, seat } = hub({}, [listenOnly])
    await seat('north-officer', [call()])
    const board = (await seat('guest')).watchBoard()
    await expect.poll(() => board()?.length).toBe(1)
    await journal.happens({
      kind: 'grant.ended',
      subject: 'grant/ear',
      area: null,
      data: { id: 'ear', reason: 'x' },
    })
    await expect.poll(board).toEqual([])
  })

  it('has a seat once though it came back before its old connection was gone', async () => {
    const { seat } = hub()
    const board = (await seat('supervisor')).watchBoard()
    const before = await seat('north-officer', [call()], 'same')
    const after = await seat('north-officer', [call({ id: OTHER_CALL })], 'same')
    await expect.poll(board).toMatchObject([{ seat: after.seat, calls: [{ id: OTHER_CALL }] }])
    before.tell([])
    before.leave()
    await seat('fire-officer')
    await expect.poll(() => board()?.length).toBe(2)
    expect(board()?.[0]).toMatchObject({ seat: after.seat, calls: [{ id: OTHER_CALL }] })
  })
})

describe('whatever happens, in whatever order', () => {
  it('every act is journalled before it is asked for, and ends once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyDeed, { minLength: 5, maxLength: 40 }), async (deeds) => {
        const { journal, seat, close } = hub({}, [listenOnly])
        const people = await Promise.all([
          seat('north-officer', [call(), call({ id: OTHER_CALL, state: 'waiting' })]),
          seat('fire-officer', [call({ id: OTHER_CALL })]),
          seat('supervisor'),
          seat('guest'),
        ])
        const pick = (at: number) => people[at % people.length] as Seat
        for (const { deed, who, whom, mode } of deeds) {
          const [self, other] = [pick(who), pick(whom)]
          const settled = () => undefined
          const id = self.orders.flatMap((order) => ('id' in order ? [order.id] : [])).at(-1) ?? CALL
          if (deed === 'supervise') void self.supervise(other, mode).catch(settled)
          else if (deed === 'change') void self.change(id, mode).catch(settled)
          else if (deed === 'release') void self.release(other).catch(settled)
          else if (deed === 'pick-up') void self.pickUp(other, ['chief-line'], OTHER_CALL).catch(settled)
          else if (self.left) continue
          else if (deed === 'end') self.end(id)
          else if (deed === 'answer') self.done(id, VOICE)
          else if (deed === 'refuse') self.refuse(self.orders.at(-1), 'call-over')
          else if (deed === 'hang up') self.tell([])
          else if (deed === 'call') self.tell([call()])
          else if (deed === 'leave') self.leave()
          else
            await journal.happens({
              kind: 'grant.ended',
              subject: 'grant/ear',
              area: null,
              data: { id: 'ear', reason: 'x' },
            })
          if (mode !== 'barge') await nextTurn()
        }
        for (const person of people) person.leave()
        await nextTurn()
        await close()
        const ids = new Set(journal.acts().map(({ id }) => id))
        for (const id of ids) {
          const story = journal.acts().filter((each) => each.id === id)
          expect(story[0]?.kind).toBe('supervision.begun')
          expect(story.at(-1)?.kind).toBe('supervision.ended')
          expect(story.slice(1, -1).every(({ kind }) => kind === 'supervision.changed')).toBe(true)
        }
        for (const person of people)
          for (const { order, after } of person.heard) {
            if (order.kind === 'attending') continue
            const story = after.filter((each) => each.id === order.id)
            expect(story[0]?.kind).toBe('supervision.begun')
            if (order.kind === 'change') expect(story.at(-1)?.mode).toBe(order.mode)
            if (order.kind !== 'end') expect(story[0]?.account).toBe(person.account)
          }
      }),
      { numRuns: 150 },
    )
  })
})

const anyDeed = fc.record({
  deed: fc.constantFrom(
    'supervise',
    'supervise',
    'answer',
    'answer',
    'change',
    'release',
    'pick-up',
    'end',
    'refuse',
    'hang up',
    'call',
    'leave',
    'grant ends',
  ),
  who: fc.nat(3),
  whom: fc.nat(3),
  mode: fc.constantFrom<ListeningMode>('listen', 'whisper', 'barge'),
})

const listenOnly = {
  id: 'ear',
  subject: { kind: 'account', account: 'guest' },
  capabilities: ['listen'],
  scope: { kind: 'centre' },
  until: null as number | null,
}

interface Both {
  readonly officer: Seat
  readonly chief: Seat
}

function call(change: Partial<SeatCall> = {}): SeatCall {
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

async function refused(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => new Error('it was not refused'),
    (reason: unknown) => reason,
  )
  if (error instanceof Refusal) return error.code
  throw error
}

/** A journal in memory that can be made to fail. */
class MemoryJournal implements Pick<Journal, 'state' | 'submit' | 'onAppended'> {
  state
  fails = false
  readonly events: Happening[] = []
  readonly #listeners = new Set<(appended: Appended) => void>()

  constructor(site: object) {
    this.state = fold(emptyState, planImport(emptyState, documentOf(site)))
  }

  async submit({ decide }: Parameters<Journal['submit']>[0]) {
    await nextTurn()
    if (this.fails) throw new Refusal('store-unavailable')
    const events = decide(this.state, Date.now())
    const before = this.state
    this.state = fold(before, events)
    this.events.push(...events)
    const seq = this.events.length
    for (const listener of this.#listeners)
      listener({ events: events as Appended['events'], before, after: this.state, seq })
    return { seq }
  }

  onAppended(listener: (appended: Appended) => void) {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  happens(event: Happening) {
    return this.submit({ actor: { kind: 'operator' }, decide: () => [event] })
  }

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

type Seat = Awaited<ReturnType<ReturnType<typeof hub>['seat']>>

/** What somebody needs of a seat to listen there. */
interface Willing {
  readonly seat: string
  next(kind: 'admit', fits: (order: { readonly call: string }) => boolean): Promise<{ readonly id: string }>
  done(id: string, voice: string): void
}

function hub(site: object = {}, grants: readonly object[] = []) {
  const line = (id: string, number: string) => ({ id, exchange: 'main', number })
  const lines: Record<string, object[]> = {
    'north-officer': [line('north-line', '8001')],
    supervisor: [{ ...line('elsewhere', '9000'), exchange: 'other' }, line('chief-line', '8000')],
  }
  const exchange = (id: string) => ({ id, name: id, domain: `${id}.invalid`, servers: [] })
  const journal = new MemoryJournal({
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
    const heard: { order: SeatOrder; after: ReturnType<MemoryJournal['acts']> }[] = []
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
