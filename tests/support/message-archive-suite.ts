/** What the archive of messages promises, on whichever store. */
import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Command } from '../../contract/commands.ts'
import { MESSAGES_A_PAGE, type MessagesQuery } from '../../contract/message-archive.ts'
import type { ThreadName } from '../../contract/threads.ts'
import { decide } from '../../hub/commands.ts'
import type { Journal } from '../../hub/journal/journal.ts'
import type { Database } from '../../hub/store/database.ts'
import { type MessageArchive, openMessageArchive } from '../../hub/threads/archive.ts'
import { endings } from './at-end.ts'
import { cityWithCrews, NOW, open } from './incidents.ts'
import { type Store, storedJournal } from './stored-journal.ts'

const incident: ThreadName = { kind: 'incident', incident: 'i1' }
const patrol: ThreadName = { kind: 'unit', unit: 'north-patrol' }

export function describeMessageArchive(store: Store): void {
  const { atEnd, run } = endings()
  let database: Database
  let journal: Journal
  let archive: MessageArchive
  let troubles: unknown[]
  beforeEach(async () => {
    ;({ database, journal, troubles } = await storedJournal(atEnd, store, cityWithCrews, () => NOW))
    archive = openAll()
    await does('supervisor', open())
  })
  afterEach(async () => {
    await run()
    expect(troubles).toEqual([])
  })

  const openAll = (): MessageArchive => {
    const opened = openMessageArchive({
      database,
      journal,
      clock: () => NOW,
      filedFor: async (account, id) =>
        account === 'supervisor' && id === 'i1' ? { number: 1, title: '北门街道冒烟' } : undefined,
      onTrouble: (error) => troubles.push(error),
    })
    atEnd(() => opened.close())
    return opened
  }
  const does = (account: string, command: Command) =>
    journal.submit({
      actor: { kind: 'account', account },
      decide: (state, at) => decide(state, command, account, at),
    })
  const says = (account: string, thread: ThreadName, text: string) =>
    does(account, { kind: 'message.send', id: randomUUID(), thread, text, place: null })
  const asked: MessagesQuery = { thread: null, text: '', before: null }
  const find = async (account: string, query: Partial<MessagesQuery> = {}) =>
    (await archive.find(account, { ...asked, ...query })).messages.map(({ text }) => text)

  describe('the archive of messages', () => {
    it('has what is said in the threads that one sees, the newest first', async () => {
      await says('supervisor', incident, '请报告火势')
      await says('north-officer', patrol, '到北门街口')
      await says('north-crew', patrol, '收到')
      expect(await find('supervisor')).toEqual(['收到', '到北门街口', '请报告火势'])
      expect(await find('north-crew')).toEqual(['收到', '到北门街口'])
      expect(await find('fire-officer')).toEqual([])
      expect(await find('supervisor', { thread: patrol })).toEqual(['收到', '到北门街口'])
      await expect(archive.find('fire-officer', { ...asked, thread: patrol })).rejects.toMatchObject({
        code: 'not-found',
      })
    })

    it('is found by words, by whoever said them, and by nothing that only looks like them', async () => {
      await says('supervisor', incident, 'Smoke at 100% in A_1')
      await says('north-officer', incident, 'on our way')
      expect(await find('supervisor', { text: 'smoke' })).toEqual(['Smoke at 100% in A_1'])
      expect(await find('supervisor', { text: '北区值班' })).toEqual(['on our way'])
      expect(await find('supervisor', { text: '100%' })).toHaveLength(1)
      expect(await find('supervisor', { text: 'a_1' })).toHaveLength(1)
      expect(await find('supervisor', { text: '%' })).toHaveLength(1)
      expect(await find('supervisor', { text: 'n_o' })).toEqual([])
    })

    it('knows what was ever said, and has what came from a telephone under its unit’s name and number', async () => {
      const id = randomUUID()
      expect(await archive.has(id)).toBe(false)
      const text = {
        kind: 'message.take-in',
        id,
        unit: 'south-patrol',
        number: '82001',
        text: '收到',
      } as const
      await does('supervisor', text)
      expect(await archive.has(id)).toBe(true)
      for (const words of ['南区巡逻', '82001'])
        expect(await find('supervisor', { text: words })).toEqual(['收到'])
      expect(await find('supervisor', { text: '带班长' })).toEqual([])
    })

    it('comes page by page, also where most are not theirs who ask, and is made anew from the journal', async () => {
      const many = MESSAGES_A_PAGE * 2 + 5
      for (let at = 0; at < many; at++) await says('supervisor', incident, `${at}`)
      await says('supervisor', patrol, 'the last')
      const all: string[] = []
      for (let before: string | null = null; ; ) {
        const page = await archive.find('supervisor', { ...asked, thread: incident, before })
        all.push(...page.messages.map(({ text }) => text))
        if (page.next === null) break
        before = page.next
      }
      expect(all).toEqual(Array.from({ length: many }, (_, at) => `${many - 1 - at}`))
      expect(await find('north-crew')).toEqual(['the last'])
      await database.transact([
        { sql: 'DELETE FROM message_said', values: [] },
        { sql: `DELETE FROM note WHERE name = 'message-archive'`, values: [] },
      ])
      archive = openAll()
      expect(await find('supervisor', { text: 'the last' })).toEqual(['the last'])
      await expect(archive.find('supervisor', { ...asked, before: randomUUID() })).rejects.toMatchObject({
        code: 'not-found',
      })
    })

    it('keeps what was said about an incident that was filed, for those who see that', async () => {
      await says('supervisor', incident, '请报告火势')
      const live = journal.state.incidents.live.i1
      if (live === undefined) throw new Error('it is there')
      const data = { id: 'i1', incident: live, tasks: [] }
      await journal.submit({
        actor: { kind: 'hub' },
        decide: () => [{ kind: 'incident.filed', subject: 'incident/i1', area: null, data }],
      })
      expect(await find('supervisor', { thread: incident })).toEqual(['请报告火势'])
      expect(await archive.find('supervisor', { ...asked, text: '火势' })).toMatchObject({
        messages: [{ text: '请报告火势' }],
        filed: { i1: { number: 1, title: '北门街道冒烟' } },
      })
      expect(await find('north-officer')).toEqual([])
    })
  })
}
