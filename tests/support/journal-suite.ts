/** What a journal must do, whatever store is under it. Run once for each. */
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { Refusal } from '../../contract/refusal.ts'
import { emptyState, fold } from '../../contract/state.ts'
import { JournalDamage } from '../../hub/journal/chain.ts'
import type { Appended } from '../../hub/journal/journal.ts'
import { verifyJournal } from '../../hub/journal/verify.ts'
import { type Database, StoreFailure } from '../../hub/store/database.ts'
import type { AtEnd } from './at-end.ts'
import {
  happening,
  numbersIn,
  officer,
  openTestJournal,
  operator,
  submission,
  type TestStore,
} from './journal.ts'

const KEY = '00000000-0000-4000-8000-000000000001'

/** `newStore` gives an empty one each time, ended by `atEnd`. */
export function describeJournal(newStore: (atEnd: AtEnd) => Promise<TestStore>) {
  const begin = async () => {
    const store = await newStore(onTestFinished)
    const open = async () => {
      const database = await store.open()
      onTestFinished(database.close)
      return database
    }
    const database = await open()
    return { open, database }
  }
  const journalOn = (database: Database, rest = {}) => openTestJournal(onTestFinished, database, rest)

  describe('a journal', () => {
    it('reads back what it acknowledged, and goes on where it ended', async () => {
      const { open, database } = await begin()
      const journal = await journalOn(database)
      expect(await journal.submit(submission(1))).toEqual({ seq: 1 })
      expect(await journal.submit(submission(2))).toEqual({ seq: 2 })
      const { state } = journal
      await journal.close()

      const again = await journalOn(await open())
      expect(again.state).toEqual(state)
      expect(await again.submit(submission(3))).toEqual({ seq: 3 })
      expect(await numbersIn(again)).toEqual(['1', '2', '3'])
    })

    it('keeps every event as it was told, with who did it and when', async () => {
      const { database } = await begin()
      let now = 1_000
      const journal = await journalOn(database, { clock: () => now })
      await journal.submit(submission(1, { actor: officer }))
      now = 2_000
      await journal.submit(submission(2, { actor: operator }))
      expect(await journal.read(0, 10)).toEqual([
        { ...happening(1), seq: 1, at: 1_000, actor: officer },
        { ...happening(2), seq: 2, at: 2_000, actor: operator },
      ])
    })

    it('never lets time go back, whatever the clock does', async () => {
      const { database } = await begin()
      let now = 5_000
      const journal = await journalOn(database, { clock: () => now })
      await journal.submit(submission(1))
      now = 1_000
      await journal.submit(submission(2))
      expect((await journal.read(0, 10)).map(({ at }) => at)).toEqual([5_000, 5_000])
      expect(await verifyJournal(database)).toMatchObject({ kind: 'whole' })
    })

    it('decides each submission in the state that those before it left, also at once', async () => {
      const { database } = await begin()
      const journal = await journalOn(database)
      const once = (number: number) =>
        journal.submit({
          actor: officer,
          decide: (state) => {
            if ('a-1' in state.directory.agencies) throw new Refusal('conflict', { number })
            return [happening(1)]
          },
        })
      const outcomes = await Promise.allSettled([once(1), once(2), once(3)])
      expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected'])
      expect(await numbersIn(journal)).toEqual(['1'])
    })

    it('takes what was decided as it stood then, whatever becomes of it later', async () => {
      const { database } = await begin()
      const journal = await journalOn(database)
      const said = happening(1)
      const submitted = journal.submit({ actor: officer, decide: () => [said] })
      await submitted
      Object.assign(said.data, { id: 'changed' })
      expect(Object.keys(journal.state.directory.agencies)).toEqual(['a-1'])
    })

    it('tells those who listen of every stretch, in order, with the states around it', async () => {
      const { database } = await begin()
      const journal = await journalOn(database)
      const heard: Appended[] = []
      const stop = journal.onAppended((appended) => heard.push(appended))
      await Promise.all([1, 2, 3, 4, 5].map((number) => journal.submit(submission(number))))
      stop()
      await journal.submit(submission(6))
      expect(heard.flatMap(({ events }) => events.map(({ seq }) => seq))).toEqual([1, 2, 3, 4, 5])
      for (const { before, events, after, seq } of heard) {
        expect(fold(before, events)).toEqual(after)
        expect(events.at(-1)?.seq).toBe(seq)
      }
    })
  })

  describe('a submission', () => {
    it('sent twice at once happens once, and both hear so', async () => {
      const { database } = await begin()
      const journal = await journalOn(database)
      const receipts = await Promise.all(
        [1, 1].map((number) => journal.submit(submission(number, { key: KEY }))),
      )
      expect(receipts).toEqual([{ seq: 1 }, { seq: 1 }])
      expect(await numbersIn(journal)).toEqual(['1'])
    })

    it('sent again after a restart happened once', async () => {
      const { open, database } = await begin()
      const journal = await journalOn(database)
      await journal.submit(submission(1, { key: KEY }))
      await journal.submit(submission(2))
      await journal.close()
      const again = await journalOn(await open())
      expect(await again.submit(submission(1, { key: KEY }))).toEqual({ seq: 1 })
      expect(await numbersIn(again)).toEqual(['1', '2'])
    })

    it('with the key of somebody else’s is another', async () => {
      const { database } = await begin()
      const journal = await journalOn(database)
      await journal.submit(submission(1, { key: KEY }))
      await journal.submit(submission(2, { key: KEY, actor: { kind: 'account', account: 'other' } }))
      expect(await numbersIn(journal)).toEqual(['1', '2'])
    })

    it('that changed nothing does not change something when it comes again', async () => {
      const { database } = await begin()
      const journal = await journalOn(database)
      const unlessThere = { actor: officer, key: KEY, decide: () => [] }
      expect(await journal.submit(unlessThere)).toEqual({ seq: 0 })
      await journal.submit(submission(1))
      expect(await journal.submit({ ...unlessThere, decide: () => [happening(2)] })).toEqual({ seq: 0 })
      expect(await numbersIn(journal)).toEqual(['1'])
    })

    it('that is refused leaves no trace, and may come again when it is allowed', async () => {
      const { database } = await begin()
      const journal = await journalOn(database)
      const refusal = new Refusal('forbidden', { capability: 'task' })
      const refuse = () => {
        throw refusal
      }
      await expect(journal.submit({ actor: officer, key: KEY, decide: refuse })).rejects.toBe(refusal)
      expect(journal.seq).toBe(0)
      expect(await journal.submit(submission(1, { key: KEY }))).toEqual({ seq: 1 })
      expect(await numbersIn(journal)).toEqual(['1'])
    })

    it('happens with all its events or none', async () => {
      const { database } = await begin()
      const flaky = failing(database)
      const journal = await journalOn(flaky.database)
      flaky.failNext('before')
      const several = { actor: officer, decide: () => [happening(1), happening(2), happening(3)] }
      await expect(journal.submit(several)).rejects.toMatchObject({ code: 'store-unavailable' })
      expect(await numbersIn(journal)).toEqual([])
      expect(await journal.submit(several)).toEqual({ seq: 3 })
      expect(await numbersIn(journal)).toEqual(['1', '2', '3'])
    })

    it('that can not be made sense of fails alone', async () => {
      const { database } = await begin()
      const journal = await journalOn(database)
      const circle: Record<string, unknown> = {}
      circle.self = circle
      const outcomes = await Promise.allSettled([
        journal.submit(submission(1)),
        journal.submit({ actor: officer, decide: () => [{ ...happening(2), data: circle as never }] }),
        journal.submit(submission(3)),
      ])
      expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
      expect(await numbersIn(journal)).toEqual(['1', '3'])
      expect(await verifyJournal(database)).toMatchObject({ kind: 'whole' })
    })
  })

  describe('a store that fails', () => {
    it('before it wrote anything loses nothing that was acknowledged, and the journal goes on', async () => {
      const { database } = await begin()
      const flaky = failing(database)
      const trouble: unknown[] = []
      const journal = await journalOn(flaky.database, { trouble })
      await journal.submit(submission(1))
      flaky.failNext('before')
      await expect(journal.submit(submission(2, { key: KEY }))).rejects.toMatchObject({
        code: 'store-unavailable',
        particulars: { why: expect.not.stringContaining('out of order') },
      })
      expect(trouble).toEqual([expect.objectContaining({ message: 'the disk is out of order' })])
      expect(await journal.submit(submission(2, { key: KEY }))).toEqual({ seq: 2 })
      expect(await numbersIn(journal)).toEqual(['1', '2'])
    })

    it('after it wrote, but before it said so, has it happen once when it comes again', async () => {
      const { database } = await begin()
      const flaky = failing(database)
      const journal = await journalOn(flaky.database)
      flaky.failNext('after')
      await expect(journal.submit(submission(1, { key: KEY }))).rejects.toMatchObject({
        code: 'store-unavailable',
      })
      expect(await journal.submit(submission(1, { key: KEY }))).toEqual({ seq: 1 })
      expect(await journal.submit(submission(2))).toEqual({ seq: 2 })
      expect(await numbersIn(journal)).toEqual(['1', '2'])
      expect(journal.state.directory.agencies).toHaveProperty('a-1')
      expect(await verifyJournal(database)).toMatchObject({ kind: 'whole' })
    })

    it('to read refuses, and the journal goes on when it reads again', async () => {
      const { database } = await begin()
      const flaky = failing(database)
      const journal = await journalOn(flaky.database)
      flaky.failNext('reading')
      await expect(journal.submit(submission(1, { key: KEY }))).rejects.toMatchObject({
        code: 'store-unavailable',
      })
      expect(await journal.submit(submission(1, { key: KEY }))).toEqual({ seq: 1 })
    })

    it('while the journal closes keeps nobody from closing it', async () => {
      const { database } = await begin()
      const flaky = failing(database)
      const trouble: unknown[] = []
      const journal = await journalOn(flaky.database, { trouble })
      await journal.submit(submission(1))
      flaky.failNext('before')
      await journal.close()
      expect(trouble).toHaveLength(1)
    })
  })

  describe('closing a journal', () => {
    it('settles what was submitted, and refuses what comes later', async () => {
      const { database } = await begin()
      const journal = await journalOn(database)
      const early = [1, 2, 3].map((number) => journal.submit(submission(number)))
      const closing = journal.close()
      const late = journal.submit(submission(4))
      await expect(late).rejects.toMatchObject({ code: 'store-unavailable' })
      expect(await Promise.all(early)).toEqual([{ seq: 1 }, { seq: 2 }, { seq: 3 }])
      await closing
    })
  })

  describe('two hubs on one database', () => {
    it('give each event one place, and come to the same state', async () => {
      const { open, database } = await begin()
      const journals = [await journalOn(database), await journalOn(await open())]
      const submitted = await Promise.all(
        journals.flatMap((journal, hub) =>
          Array.from({ length: 60 }, async (_, at) => {
            const number = `${hub}-${at}`
            const { seq } = await journal.submit(submission(number, { key: `${KEY}-${number}` }))
            return { seq, number }
          }),
        ),
      )
      expect(new Set(submitted.map(({ seq }) => seq)).size).toBe(120)
      await vi.waitFor(() => expect(journals.map(({ seq }) => seq)).toEqual([120, 120]), { timeout: 10_000 })
      expect(journals[0]?.state).toEqual(journals[1]?.state)
      const [first] = journals
      if (first === undefined) throw new Error('there are two')
      const inOrder = submitted.toSorted((a, b) => a.seq - b.seq).map(({ number }) => number)
      expect(await numbersIn(first)).toEqual(inOrder)
      expect(await verifyJournal(database)).toMatchObject({ kind: 'whole', head: { seq: 120 } })
    })

    it('that both get the same submission have it happen once', async () => {
      const { open, database } = await begin()
      const journals = [await journalOn(database), await journalOn(await open())]
      const keys = Array.from({ length: 20 }, (_, at) => `${KEY}-${at}`)
      const receipts = await Promise.all(
        keys.map((key, at) =>
          Promise.all(journals.map((journal) => journal.submit(submission(at, { key })))),
        ),
      )
      for (const [here, there] of receipts) expect(here).toEqual(there)
      const [first] = journals
      if (first === undefined) throw new Error('there are two')
      expect((await numbersIn(first)).toSorted()).toEqual(keys.map((_, at) => String(at)).toSorted())
    })

    it('hear of what the other wrote without being asked', async () => {
      const { open, database } = await begin()
      const here = await journalOn(database)
      const there = await journalOn(await open())
      const heard: string[] = []
      there.onAppended(({ events }) => heard.push(...events.map(({ subject }) => subject)))
      await here.submit(submission(1))
      await vi.waitFor(() => expect(heard).toEqual(['agency/a-1']), { timeout: 10_000 })
      expect(there.state).toEqual(here.state)
    })
  })

  describe('a snapshot', () => {
    it('spares the next start the events before it, and says what they say', async () => {
      const { open, database } = await begin()
      const journal = await journalOn(database)
      await journal.submit({
        actor: operator,
        decide: () => Array.from({ length: 2_500 }, (_, number) => happening(number)),
      })
      await journal.submit(submission('last'))
      const { state } = journal
      await journal.close()

      const other = await open()
      const asked: unknown[][] = []
      const counting: Database = {
        ...other,
        rows: (sql, values = []) => {
          if (sql.includes('FROM journal WHERE seq >')) asked.push([...values])
          return other.rows(sql, values)
        },
      }
      const again = await journalOn(counting)
      expect(again.state).toEqual(state)
      expect(asked.map(([from]) => from)).toEqual([2_501])
      await again.close()

      await other.transact([{ sql: 'DELETE FROM snapshot', values: [] }])
      const anew = await journalOn(await open())
      expect(anew.state).toEqual(state)
      expect(anew.seq).toBe(2_501)
    })

    it('by an older way of folding is not used', async () => {
      const { open, database } = await begin()
      const journal = await journalOn(database)
      await journal.submit(submission(1))
      await journal.close()
      await database.transact([{ sql: 'UPDATE snapshot SET fold = 0, state = $1', values: ['{}'] }])
      expect((await journalOn(await open())).state.directory.agencies).toHaveProperty('a-1')
    })

    it('of another journal stops the hub', async () => {
      const { open, database } = await begin()
      const journal = await journalOn(database)
      await journal.submit(submission(1))
      await journal.close()
      await database.transact([{ sql: 'UPDATE snapshot SET hash = $1', values: ['0'.repeat(64)] }])
      await expect(journalOn(await open())).rejects.toBeInstanceOf(JournalDamage)
    })

    it('that was changed is found out', async () => {
      const { database } = await begin()
      const journal = await journalOn(database)
      await journal.submit(submission(1))
      await journal.close()
      expect(await verifyJournal(database)).toMatchObject({ kind: 'whole' })
      const state = fold(emptyState, [happening(1), happening('forged')])
      for (const forged of [JSON.stringify(state), 'rubbish']) {
        await database.transact([{ sql: 'UPDATE snapshot SET state = $1', values: [forged] }])
        expect(await verifyJournal(database)).toMatchObject({
          kind: 'broken',
          why: expect.stringContaining('snapshot'),
        })
      }
    })
  })

  describe('a journal that was tampered with', () => {
    /** Five events, of which the third is done something to. */
    const tampered = async (sql: string, values: (string | number)[] = []) => {
      const { open, database } = await begin()
      const journal = await journalOn(database)
      for (const number of [1, 2, 3, 4, 5]) await journal.submit(submission(number))
      await journal.close()
      const noted = await verifyJournal(database)
      await database.transact([
        { sql: 'DELETE FROM snapshot', values: [] },
        { sql, values },
      ])
      return { database, noted, open }
    }

    const changes: readonly (readonly [what: string, sql: string, values?: (string | number)[]])[] = [
      ['the time of an event', 'UPDATE journal SET at = at + 1 WHERE seq = 3'],
      ['who did it', `UPDATE journal SET actor = '{"kind":"hub"}' WHERE seq = 3`],
      ['the kind of an event', `UPDATE journal SET kind = 'area.put' WHERE seq = 3`],
      ['what an event is about', `UPDATE journal SET subject = 'agency/b' WHERE seq = 3`],
      ['where it happened', `UPDATE journal SET area = 'north' WHERE seq = 3`],
      ['what happened', 'UPDATE journal SET data = $1 WHERE seq = 3', [JSON.stringify({ id: 'a-3' })]],
      ['the hash of an event', 'UPDATE journal SET hash = prev_hash WHERE seq = 3'],
      ['the hash of the event before', 'UPDATE journal SET prev_hash = hash WHERE seq = 3'],
      ['the place of an event', 'UPDATE journal SET seq = 9 WHERE seq = 3'],
      ['that there was an event', 'DELETE FROM journal WHERE seq = 3'],
      ['that there was a beginning', 'DELETE FROM journal WHERE seq = 1'],
    ]
    for (const [what, sql, values] of changes)
      it(`is found out if somebody changes ${what}, and no hub starts on it`, async () => {
        const { database, open } = await tampered(sql, values)
        expect(await verifyJournal(database)).toMatchObject({
          kind: 'broken',
          why: expect.stringMatching(/event \d/),
        })
        await expect(journalOn(await open())).rejects.toBeInstanceOf(JournalDamage)
      })

    it('is found out if two events changed places', async () => {
      const { database } = await tampered('UPDATE journal SET seq = 7 - seq + 100 WHERE seq IN (3, 4)')
      await database.transact([{ sql: 'UPDATE journal SET seq = seq - 100 WHERE seq > 100', values: [] }])
      expect(await verifyJournal(database)).toMatchObject({ kind: 'broken', after: { seq: 2 } })
    })

    it('is found out if its end was cut off, by whoever noted down what was there', async () => {
      const { database, noted } = await tampered('DELETE FROM journal WHERE seq > 3')
      if (noted.kind !== 'whole') throw new Error('it was whole')
      expect(await verifyJournal(database)).toMatchObject({ kind: 'whole', head: { seq: 3 } })
      expect(await verifyJournal(database, noted.head)).toMatchObject({
        kind: 'broken',
        why: expect.stringContaining('event 5 was noted down'),
      })
    })

    it('is found out if it was written anew, by whoever noted down what was there', async () => {
      const { database, noted, open } = await tampered('DELETE FROM journal WHERE seq > 3')
      if (noted.kind !== 'whole') throw new Error('it was whole')
      const journal = await journalOn(await open())
      for (const number of ['other', 'and another'])
        await journal.submit(submission(number.replaceAll(' ', '-')))
      expect(await verifyJournal(database)).toMatchObject({ kind: 'whole', head: { seq: 5 } })
      expect(await verifyJournal(database, noted.head)).toMatchObject({
        kind: 'broken',
        why: expect.stringContaining('not the one noted down'),
      })
    })

    it('stops a hub that is running on it', async () => {
      const { open, database } = await begin()
      const damage: Error[] = []
      const journal = await journalOn(database, { damage })
      await journal.submit(submission(1))
      const other = await open()
      await other.transactAndAnnounce([
        {
          sql: `INSERT INTO journal (seq, at, actor, kind, subject, area, data, prev_hash, hash)
                VALUES (2, 0, '{"kind":"hub"}', 'agency.removed', 'agency/a-1', NULL, '{"id":"a-1"}', 'x', 'y')`,
          values: [],
        },
      ])
      await vi.waitFor(() => expect(damage[0]).toBeInstanceOf(JournalDamage), { timeout: 10_000 })
      await expect(journal.submit(submission(2))).rejects.toMatchObject({ code: 'store-unavailable' })
      expect(journal.state.directory.agencies).toHaveProperty('a-1')
    })
  })
}

/** A store that can be made to fail once, as disks and networks do. */
function failing(database: Database) {
  let when: 'before' | 'after' | 'reading' | undefined
  const due = (moment: typeof when) => {
    if (when !== moment) return false
    when = undefined
    return true
  }
  const broken = () => {
    throw new StoreFailure('the disk is out of order')
  }
  const wrapped =
    (write: Database['transact']): Database['transact'] =>
    async (statements) => {
      if (due('before')) broken()
      await write(statements)
      if (due('after')) broken()
    }
  const flaky: Database = {
    ...database,
    rows: async (sql, values) => {
      if (due('reading')) broken()
      return database.rows(sql, values)
    },
    transact: wrapped(database.transact),
    transactAndAnnounce: wrapped(database.transactAndAnnounce),
  }
  return {
    database: flaky,
    failNext: (moment: 'before' | 'after' | 'reading') => {
      when = moment
    },
  }
}
