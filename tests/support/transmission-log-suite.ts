/** What the log of transmissions promises, on whichever store. */
import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Happening } from '../../contract/events.ts'
import type { TransmissionRecord } from '../../contract/radio.ts'
import { TRANSMISSIONS_A_PAGE, type TransmissionQuery } from '../../contract/transmissions.ts'
import type { Journal } from '../../hub/journal/journal.ts'
import { openTransmissionLog, type TransmissionLog } from '../../hub/radio/transmission-log.ts'
import type { Database } from '../../hub/store/database.ts'
import { endings } from './at-end.ts'
import { smallCityWith } from './site.ts'
import { type Store, storedJournal } from './stored-journal.ts'

const access = { kind: 'rtp', address: '239.255.0.1', port: 5004 }
const site = smallCityWith({
  channels: [
    { id: 'north-tac', name: 'North', area: 'north', agency: 'police', access },
    { id: 'fire-ground', name: 'Fire ground', agency: 'fire', access },
  ],
})

export function describeTransmissionLog(store: Store): void {
  const { atEnd, run } = endings()
  let database: Database
  let journal: Journal
  let log: TransmissionLog
  let troubles: unknown[]
  beforeEach(async () => {
    ;({ database, journal, troubles } = await storedJournal(atEnd, store, site))
    log = open()
  })
  afterEach(async () => {
    await run()
    expect(troubles).toEqual([])
  })

  const open = (): TransmissionLog => {
    const opened = openTransmissionLog({
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

  const asked: TransmissionQuery = { channel: null, text: '', from: null, to: null, before: null }
  const find = async (query: Partial<TransmissionQuery> = {}, account = 'supervisor') =>
    (await log.find(account, { ...asked, ...query })).transmissions.map(({ startedAt }) => startedAt)

  describe('the log of transmissions', () => {
    it('has those of the channels that one sees, the newest first', async () => {
      await write([said(100), said(300, { channel: 'fire-ground' }), said(200)])
      expect(await find()).toEqual([300, 200, 100])
      expect(await find({ channel: 'north-tac' })).toEqual([200, 100])
      expect(await find({}, 'north-officer')).toEqual([200, 100])
      expect(await find({}, 'guest')).toEqual([])
      const hidden = find({ channel: 'fire-ground' }, 'north-officer')
      await expect(hidden).rejects.toMatchObject({ code: 'not-found' })
    })

    it('is searched by talker and by time', async () => {
      const officer = {
        radio: 'WF-1',
        unit: null,
        account: 'supervisor',
        name: { zh: '带班长', en: 'Chief' },
      }
      const engine = { radio: '92001', unit: 'south-engine', account: null }
      await write([said(100), said(200, { talker: officer }), said(300, { talker: engine })])
      expect(await find({ text: '带班' })).toEqual([200])
      expect(await find({ text: 'wf-1' })).toEqual([200])
      expect(await find({ text: 'South eng' })).toEqual([300])
      expect(await find({ text: '%' })).toEqual([])
      expect(await find({ from: 200, to: 300 })).toEqual([200])
    })

    it('goes on where a page ends, though several began at once', async () => {
      const all = Array.from({ length: TRANSMISSIONS_A_PAGE * 2 }, (_, at) =>
        said(1000 + Math.floor(at / 3) * 10, { talker: { radio: `${at}`, unit: null, account: null } }),
      )
      await write(all)
      const first = await log.find('supervisor', asked)
      const second = await log.find('supervisor', { ...asked, before: first.next })
      const ids = [...first.transmissions, ...second.transmissions].map(({ id }) => id)
      expect(new Set(ids).size).toBe(all.length)
      expect(second.next).toBeNull()
    })

    it('has what a seat told late only if nobody told it before', async () => {
      await write([said(100), said(500)])
      await write([said(102), said(300)])
      expect(await find()).toEqual([500, 300, 100])
    })

    it('has the last that was told of one', async () => {
      const id = randomUUID()
      await write([said(100, { id }), said(90, { id, endedAt: 800 })])
      const { transmissions } = await log.find('supervisor', asked)
      expect(transmissions).toMatchObject([{ id, startedAt: 90, endedAt: 800 }])
    })

    it('is not written over by whoever takes the id of another', async () => {
      const id = randomUUID()
      await write([said(100, { id }), said(900, { id }), said(100, { id, channel: 'fire-ground' })])
      expect(await find()).toEqual([100])
      expect(await find({}, 'fire-officer')).toEqual([])
    })

    it('can be made anew from the journal', async () => {
      await write([said(100), said(200)])
      expect(await find()).toHaveLength(2)
      await log.close()
      await database.transact([
        { sql: 'DELETE FROM transmission', values: [] },
        { sql: `DELETE FROM note WHERE name = 'transmission-log'`, values: [] },
      ])
      log = open()
      expect(await find()).toEqual([200, 100])
    })
  })
}

const said = (startedAt: number, change: Partial<TransmissionRecord> = {}): Happening => ({
  kind: 'transmission.recorded',
  subject: `channel/${change.channel ?? 'north-tac'}`,
  area: null,
  data: {
    id: randomUUID(),
    channel: 'north-tac',
    direction: 'in',
    talker: { radio: '3107', unit: null, account: null },
    emergency: false,
    startedAt,
    endedAt: startedAt + 5,
    ...change,
  },
})
