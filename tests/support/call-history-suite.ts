/** What the call history promises, on whichever store. */
import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CALLS_A_PAGE, type CallQuery } from '../../contract/call-history.ts'
import type { Happening } from '../../contract/events.ts'
import { Refusal } from '../../contract/refusal.ts'
import type { Journal } from '../../hub/journal/journal.ts'
import type { Database } from '../../hub/store/database.ts'
import { type CallHistory, openCallHistory } from '../../hub/telephony/call-history.ts'
import { endings } from './at-end.ts'
import { smallCity } from './site.ts'
import { type Store, storedJournal } from './stored-journal.ts'

export function describeCallHistory(store: Store): void {
  const { atEnd, run } = endings()
  let database: Database
  let journal: Journal
  let history: CallHistory
  let troubles: unknown[]
  beforeEach(async () => {
    ;({ database, journal, troubles } = await storedJournal(atEnd, store, smallCity))
    history = open()
  })
  afterEach(async () => {
    await run()
    expect(troubles).toEqual([])
  })

  const open = (): CallHistory => {
    const opened = openCallHistory({
      database,
      journal,
      clock: () => 1_000,
      onTrouble: (error) => troubles.push(error),
    })
    atEnd(() => opened.close())
    return opened
  }
  const write = (events: readonly Happening[]) =>
    journal.submit({ actor: { kind: 'operator' }, decide: () => events })

  const asked: CallQuery = { whose: 'own', text: '', which: 'any', from: null, to: null, before: null }
  const find = async (query: Partial<CallQuery> = {}, account = 'north-officer') =>
    (await history.find(account, { ...asked, ...query })).calls.map(({ startedAt }) => startedAt)

  describe('the call history', () => {
    it('has an account’s own calls, the newest first', async () => {
      await write([call(), call({ startedAt: 300 }), call({ startedAt: 200 })])
      await write([call({ startedAt: 250, account: 'admin' })])
      expect(await find()).toEqual([300, 200, 100])
      expect(await find({}, 'admin')).toEqual([250])
    })

    it('has everybody’s for who may take records out, and for nobody else', async () => {
      await write([call(), call({ startedAt: 250, account: 'admin' })])
      expect(await find({ whose: 'all' }, 'admin')).toEqual([250, 100])
      await expect(find({ whose: 'all' })).rejects.toEqual(new Refusal('forbidden', { capability: 'export' }))
    })

    it('finds by part of a number or of a unit’s name, whatever signs are in it', async () => {
      const { name } = smallCity.units[0] ?? { name: { zh: '', en: '' } }
      expect(name).toEqual({ zh: '北区巡逻', en: 'North patrol' })
      await write([
        call({ startedAt: 1, number: '81001', unit: 'north-patrol' }),
        call({ startedAt: 2, number: '100%_sure' }),
        call({ startedAt: 3 }),
      ])
      expect(await find({ text: '8100' })).toEqual([1])
      expect(await find({ text: '区巡' })).toEqual([1])
      expect(await find({ text: 'NORTH p' })).toEqual([1])
      expect(await find({ text: '%' })).toEqual([2])
      expect(await find({ text: '0_' })).toEqual([])
      expect(await find({ text: "' OR 1=1 --" })).toEqual([])
    })

    it('finds by direction, by what was missed, and by time', async () => {
      const missed = { direction: 'in', answeredAt: null } as const
      await write([
        call({ startedAt: 1 }),
        call({ startedAt: 2, direction: 'in' }),
        call({ startedAt: 3, ...missed, end: 'cancelled' }),
        call({ startedAt: 4, ...missed, end: 'elsewhere' }),
        call({ startedAt: 5, ...missed, end: 'declined' }),
      ])
      expect(await find({ which: 'out' })).toEqual([1])
      expect(await find({ which: 'in' })).toEqual([5, 4, 3, 2])
      expect(await find({ which: 'missed' })).toEqual([3])
      expect(await find({ from: 2, to: 4 })).toEqual([3, 2])
    })

    it('goes on where a page ends, also among calls of the same instant', async () => {
      await write(Array.from({ length: CALLS_A_PAGE * 2 + 10 }, (_, at) => call({ startedAt: at >> 3 })))
      const seen: string[] = []
      let before: CallQuery['before'] = null
      do {
        const page = await history.find('north-officer', { ...asked, before })
        seen.push(...page.calls.map(({ id }) => id))
        before = page.next
      } while (before !== null)
      expect([seen.length, new Set(seen).size]).toEqual([CALLS_A_PAGE * 2 + 10, CALLS_A_PAGE * 2 + 10])
    })

    it('takes a later record of a call in place of the one before', async () => {
      const first = call()
      await write([first])
      await write([call({ ...first.data, startedAt: 500 })])
      expect(await find()).toEqual([500])
    })

    it('knows what was journalled before there was one, and is made anew from the journal', async () => {
      await write([call(), call({ startedAt: 200 })])
      expect(await find()).toEqual([200, 100])
      await history.close()
      await write([call({ startedAt: 300 })])
      await database.transact([
        { sql: 'DELETE FROM call_history', values: [] },
        { sql: 'DELETE FROM note', values: [] },
      ])
      history = open()
      expect(await find()).toEqual([300, 200, 100])
    })
  })
}

type Recorded = Extract<Happening, { kind: 'call.recorded' }>
function call(change: Partial<Recorded['data']> = {}): Recorded {
  const data: Recorded['data'] = {
    id: randomUUID(),
    account: 'north-officer',
    line: 'line-1',
    direction: 'out',
    number: '60001',
    unit: null,
    startedAt: 100,
    answeredAt: 110,
    endedAt: 120,
    end: 'hung-up',
    code: null,
    quality: null,
    ...change,
  }
  return { kind: 'call.recorded', subject: `call/${data.id}`, area: null, data }
}
