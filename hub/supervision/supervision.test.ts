import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterEach, describe, expect, it, vi } from 'vitest'
import {
  CALL,
  call,
  listenOnly,
  OTHER_CALL,
  refused,
  type Seat,
  supervisionHub,
  VOICE,
} from '../../tests/support/supervision-hub.ts'

afterEach(() => void vi.useRealTimers())

describe('a supervision', () => {
  it('is journalled, asked of the other seat, and brings its answer back', async () => {
    const { journal, seat } = supervisionHub()
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
    const { journal, seat } = supervisionHub()
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
    const { journal, seat } = supervisionHub()
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
    const { seat } = supervisionHub({ tellsOfListening: true })
    const officer = await seat('north-officer', [call()])
    const chief = await seat('supervisor')
    void chief.listen(officer).catch(() => undefined)
    expect(await officer.next('admit')).toMatchObject({ told: true })
  })

  it('changes how it is heard, each change allowed and journalled', async () => {
    const { journal, seat } = supervisionHub()
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

  it('changes one step after the other', async () => {
    const { seat } = supervisionHub()
    const officer = await seat('north-officer', [call()])
    const chief = await seat('supervisor')
    const id = await chief.listening(officer)
    const changed = chief.change(id, 'whisper')
    expect(await refused(chief.change(id, 'barge'))).toBe('too-many')
    await officer.next('change', ({ mode }) => mode === 'whisper')
    expect(await refused(chief.change(id, 'barge'))).toBe('too-many')
    officer.done(id, null)
    await changed
  })

  it('is refused to change to what is not granted, and goes on as it was', async () => {
    const { seat } = supervisionHub({}, [listenOnly])
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
    const { journal, seat } = supervisionHub()
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
    const { journal, seat } = supervisionHub({}, [listenOnly])
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
    const { seat } = supervisionHub({}, [{ ...listenOnly, until: Date.now() + 60_000 }])
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
    const { seat } = supervisionHub()
    const officer = await seat('north-officer', [call(), call({ id: OTHER_CALL })])
    const chief = await seat('supervisor')
    const id = await chief.listening(officer)
    expect(await refused(chief.listen(officer, OTHER_CALL))).toBe('too-many')
    chief.end(id)
    await chief.listening(officer, OTHER_CALL)
  })

  it('is over when the other seat does not answer in time, or refuses', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const { journal, seat } = supervisionHub()
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
    const { seat } = supervisionHub()
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
    const { journal, seat } = supervisionHub()
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
    const { seat } = supervisionHub()
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
    const { journal, seat } = supervisionHub()
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
    const { journal, seat } = supervisionHub()
    const officer = await seat('north-officer', waiting)
    const colleague = await seat('supervisor')
    const done = refused(colleague.pickUp(officer, ['chief-line']))
    officer.refuse(await officer.next('pass-on'), 'exchange-refused')
    expect(await done).toBe('exchange-refused')
    await expect.poll(journal.ends).toEqual(['refused'])
  })

  it('needs a line at the same exchange', async () => {
    const { journal, seat } = supervisionHub()
    const officer = await seat('north-officer', waiting)
    const colleague = await seat('supervisor')
    expect(await refused(colleague.pickUp(officer, ['elsewhere']))).toBe('no-line')
    expect(await refused(colleague.pickUp(officer, []))).toBe('no-line')
    expect(journal.kinds()).toEqual([])
  })
})

describe('the board', () => {
  it('follows the seats and their calls', async () => {
    const { seat } = supervisionHub()
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

  it('shows each what they may know, though they look at the same seat', async () => {
    const { seat } = supervisionHub({}, [{ ...listenOnly, capabilities: ['call'] }])
    await seat('north-officer', [call(), call({ id: OTHER_CALL, state: 'waiting' })])
    const [guest, chief] = [await seat('guest'), await seat('supervisor')]
    const [little, all] = [guest.watchBoard(), chief.watchBoard()]
    await expect.poll(() => all()?.find(({ account }) => account === 'north-officer')?.calls.length).toBe(2)
    await expect
      .poll(little)
      .toMatchObject([{ calls: [{ id: OTHER_CALL, acts: ['pick-up'] }] }, { calls: [] }])
  })

  it('loses a seat with the right to see it', async () => {
    const { journal, seat } = supervisionHub({}, [listenOnly])
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
    const { seat } = supervisionHub()
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

interface Both {
  readonly officer: Seat
  readonly chief: Seat
}
