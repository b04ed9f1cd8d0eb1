/** What the timelines and the filed incidents promise, on whichever store. */
import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Command } from '../../contract/commands.ts'
import type { Happening } from '../../contract/events.ts'
import { ENTRIES_A_PAGE, FILED_A_PAGE } from '../../contract/incident-history.ts'
import { decide } from '../../hub/commands.ts'
import { timely } from '../../hub/incidents/clock.ts'
import { type Incidents, openIncidents } from '../../hub/incidents/incidents.ts'
import type { Journal } from '../../hub/journal/journal.ts'
import type { Database } from '../../hub/store/database.ts'
import { endings } from './at-end.ts'
import { assign, cityWithCrews, close, details, grade, NOW, open, step } from './incidents.ts'
import { type Store, storedJournal } from './stored-journal.ts'

const DAY = 86_400_000
const session = (account: string) => ({ account, id: 'session' })

export function describeIncidentHistory(store: Store): void {
  const { atEnd, run } = endings()
  let database: Database
  let journal: Journal
  let incidents: Incidents
  let now: number
  let troubles: unknown[]
  beforeEach(async () => {
    now = NOW
    ;({ database, journal, troubles } = await storedJournal(atEnd, store, cityWithCrews, () => now))
    incidents = openAll()
  })
  afterEach(async () => {
    await run()
    expect(troubles).toEqual([])
  })

  const openAll = (): Incidents => {
    const opened = openIncidents({
      database,
      journal,
      tracks: {
        read: async (_unit, from, to) =>
          [from, to].map((at) => ({ at, lat: 32, lon: 118, speed: null, heading: null })),
      },
      clock: () => now,
      onTrouble: (_what, error) => troubles.push(error),
    })
    atEnd(() => opened.close())
    return opened
  }
  const does = (account: string, command: Command) =>
    journal.submit({
      actor: { kind: 'account', account },
      decide: (state, at) => decide(state, command, account, at),
    })
  const happens = (event: Happening) => journal.submit({ actor: { kind: 'operator' }, decide: () => [event] })
  const timePasses = (ms: number) => {
    now += ms
    return journal.submit({ actor: { kind: 'hub' }, decide: timely })
  }
  const kindsOf = async (incident = 'i1', account = 'supervisor') =>
    (await incidents.port.timeline(session(account), { incident, before: null })).entries.map(
      ({ happening }) => happening.kind,
    )

  describe('the timeline of an incident', () => {
    it('has everything that happens about it, the newest first, with who did it', async () => {
      await does('supervisor', open())
      await does('supervisor', grade('I'))
      await does('supervisor', open('i2'))
      await does('supervisor', assign('t1', 'north-patrol'))
      await does('north-crew', step('t1', 'refuse'))
      expect(await kindsOf()).toEqual([
        'incident.recalled',
        'task.stepped',
        'incident.dispatched',
        'task.assigned',
        'incident.graded',
        'incident.opened',
      ])
      const { entries } = await incidents.port.timeline(session('admin'), { incident: 'i1', before: null })
      expect(entries.map(({ by }) => by?.zh)).toEqual([
        '北区巡逻组',
        '北区巡逻组',
        ...Array(4).fill('带班长'),
      ])
    })

    it('tells whoever looks at it that there is more, whatever it is, and nobody who may not see it', async () => {
      await does('supervisor', open())
      const looking = new AbortController()
      atEnd(() => looking.abort())
      const told = incidents.port
        .watchTimeline(session('supervisor'), 'i1', looking.signal)
        [Symbol.asyncIterator]()
      const next = async () => (await told.next()).value
      expect(await next()).toBe(journal.seq)
      const thread = { kind: 'incident', incident: 'i1' } as const
      const said = { kind: 'message.send', id: randomUUID(), thread, text: '有浓烟', place: null } as const
      for (const command of [said, record(randomUUID(), 'i1')]) {
        await does('supervisor', open(randomUUID()))
        await does('supervisor', command)
        expect(await next()).toBe(journal.seq)
      }
      const unseen = incidents.port.watchTimeline(session('fire-officer'), 'i1', looking.signal)
      await expect(unseen[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'not-found' })
    })

    it('has calls that were made for it, and what is said of the call that it came from', async () => {
      const call = randomUUID()
      await does('supervisor', { ...open(), source: { kind: 'call', call } } as Command)
      await does('supervisor', record(call))
      await does('supervisor', record(randomUUID(), 'i1'))
      await does('supervisor', record(randomUUID()))
      expect(await kindsOf()).toEqual(['call.recorded', 'call.recorded', 'incident.opened'])
      const before = randomUUID()
      await does('supervisor', record(before))
      await does('supervisor', { ...open('i2'), source: { kind: 'call', call: before } } as Command)
      expect(await kindsOf('i2')).toEqual(['incident.opened', 'call.recorded'])
    })

    it('has the last that was told of a call, and not what was told of it before', async () => {
      const call = randomUUID()
      await does('supervisor', open())
      await does('supervisor', record(call, 'i1'))
      await does('supervisor', record(call, 'i1'))
      expect(await kindsOf()).toEqual(['call.recorded', 'incident.opened'])
    })

    it('has the alarm that it came from, with who took note of it, and a room of its own', async () => {
      const alarm = { id: randomUUID(), channel: null, radio: null, unit: 'north-patrol', at: NOW }
      const room = randomUUID()
      const by = { account: 'supervisor', name: { zh: '带班长', en: '带班长' } }
      await happens({ kind: 'alarm.raised', subject: 'unit/north-patrol', area: null, data: alarm })
      await does('supervisor', { ...open(), source: { kind: 'alarm', alarm: alarm.id } } as Command)
      await happens({
        kind: 'alarm.acknowledged',
        subject: 'unit/north-patrol',
        area: null,
        data: { id: alarm.id, channel: null, by },
      })
      await happens({
        kind: 'room.opened',
        subject: `room/${room}`,
        area: null,
        data: {
          id: room,
          name: '会商',
          scope: { kind: 'incident', incident: 'i1' },
          chair: 'supervisor',
          hub: 'h1',
          openedAt: NOW,
        },
      })
      expect(await kindsOf()).toEqual([
        'room.opened',
        'alarm.acknowledged',
        'incident.opened',
        'alarm.raised',
      ])
    })

    it('has what is said on the radio for it, each once, however many seats tell of it', async () => {
      await does('supervisor', open())
      const id = randomUUID()
      for (const endedAt of [NOW + 1_000, NOW + 2_000])
        await happens({
          kind: 'transmission.recorded',
          subject: 'channel/north-tac',
          area: null,
          data: { ...transmission, id, endedAt, incidents: ['i1'] },
        })
      await happens({
        kind: 'transmission.recorded',
        subject: 'channel/north-tac',
        area: null,
        data: { ...transmission, id: randomUUID() },
      })
      const { entries } = await incidents.port.timeline(session('supervisor'), {
        incident: 'i1',
        before: null,
      })
      expect(entries.map(({ happening }) => happening)).toMatchObject([
        { kind: 'transmission.recorded', data: { endedAt: NOW + 2_000 } },
        { kind: 'incident.opened' },
      ])
    })

    it('has no call that was tied to it by somebody who does not see it', async () => {
      await does('supervisor', open('i1', { area: 'south' }))
      await does('north-officer', record(randomUUID(), 'i1', 'north-line'))
      expect(await kindsOf()).toEqual(['incident.opened'])
    })

    it('of one that another was merged into has the story of both', async () => {
      await does('supervisor', open('i1'))
      await does('supervisor', open('i2'))
      await does('supervisor', { kind: 'incident.merge', incident: 'i1', into: 'i2' })
      expect(await kindsOf('i2')).toEqual(['incident.merged', 'incident.opened', 'incident.opened'])
    })

    it('comes page by page, and is made anew from the journal', async () => {
      await does('supervisor', open())
      for (let at = 0; at < ENTRIES_A_PAGE; at++)
        await does('supervisor', { kind: 'incident.note', incident: 'i1', text: `${at}`, task: null })
      await incidents.close()
      await database.transact([
        { sql: 'DELETE FROM incident_entry', values: [] },
        { sql: 'DELETE FROM note', values: [] },
      ])
      incidents = openAll()
      const first = await incidents.port.timeline(session('supervisor'), { incident: 'i1', before: null })
      const second = await incidents.port.timeline(session('supervisor'), {
        incident: 'i1',
        before: first.next,
      })
      expect([first.entries.length, second.entries.length, second.next]).toEqual([ENTRIES_A_PAGE, 1, null])
      expect(second.entries[0]?.happening.kind).toBe('incident.opened')
    })

    it('is for those who see the incident, and for no others', async () => {
      await does('supervisor', open('i1', { area: 'south' }))
      await does('supervisor', grade('I'))
      await does('supervisor', assign('t1', 'south-patrol'))
      for (const account of ['north-officer', 'fire-officer', 'guest', 'north-crew'])
        await expect(kindsOf('i1', account), account).rejects.toMatchObject({ code: 'not-found' })
      await does('supervisor', { kind: 'incident.invite', incident: 'i1', account: 'guest', grant: 'g1' })
      expect(await kindsOf('i1', 'guest')).toContain('incident.invited')
    })
  })

  describe('incidents that were filed', () => {
    const filed = async (account: string, text = '') =>
      (await incidents.port.filed(session(account), { text, before: null })).incidents.map(
        ({ incident }) => incident.id,
      )

    it('are found by their words, by those who would see them', async () => {
      await does('supervisor', open('i1'))
      await does('supervisor', open('i2', { area: 'south', title: '南区火警 100%' }))
      for (const id of ['i1', 'i2']) await does('supervisor', close(id))
      await timePasses(30 * DAY)
      expect(journal.state.incidents.live).toEqual({})
      expect(await filed('supervisor')).toEqual(['i2', 'i1'])
      expect(await filed('supervisor', details.title.slice(2))).toEqual(['i1'])
      expect(await filed('supervisor', '0%')).toEqual(['i2'])
      expect(await filed('supervisor', '#1')).toEqual(['i1'])
      expect(await filed('north-officer')).toEqual(['i1'])
      expect(await filed('guest')).toEqual([])
    })

    it('keep their names: nobody can open another under one of theirs', async () => {
      await does('supervisor', open('i1'))
      await expect(incidents.requireNew('i1')).resolves.toBeUndefined()
      await does('supervisor', close())
      await timePasses(30 * DAY)
      await expect(incidents.requireNew('i1')).rejects.toMatchObject({ code: 'conflict' })
      await expect(incidents.requireNew('i2')).resolves.toBeUndefined()
    })

    it('come page by page, also where most are not theirs who ask', async () => {
      for (let at = 0; at < FILED_A_PAGE + 5; at++) {
        const area = at % 2 === 0 ? 'south' : 'north'
        await does('supervisor', open(`i${at}`, { area }))
        await does('supervisor', close(`i${at}`))
      }
      await timePasses(30 * DAY)
      const first = await incidents.port.filed(session('supervisor'), { text: '', before: null })
      const rest = await incidents.port.filed(session('supervisor'), { text: '', before: first.next })
      expect([first.incidents.length, rest.incidents.length, rest.next]).toEqual([FILED_A_PAGE, 5, null])
      expect(await filed('north-officer')).toHaveLength(Math.floor((FILED_A_PAGE + 5) / 2))
    })

    it('keep their timeline, for the same', async () => {
      await does('supervisor', open('i1', { area: 'south' }))
      await does('supervisor', close())
      await timePasses(30 * DAY)
      expect(await kindsOf()).toEqual([
        'incident.filed',
        'incident.overdue',
        'incident.closed',
        'incident.opened',
      ])
      await expect(kindsOf('i1', 'north-officer')).rejects.toMatchObject({ code: 'not-found' })
    })
  })

  describe('taking an incident out', () => {
    const report = (account: string) =>
      incidents.port.export(session(account), { incident: 'i1', reason: '复盘' })

    it('gives all of it, with where its units went, and is journalled with its reason', async () => {
      await does('supervisor', open())
      await does('supervisor', grade('I'))
      await does('supervisor', assign('t1', 'north-patrol'))
      now += 5_000
      await does('north-crew', step('t1', 'arrive'))
      const { incident, tasks, entries, movements } = await report('supervisor')
      expect(incident.id).toBe('i1')
      expect(tasks.map(({ id }) => id)).toEqual(['t1'])
      expect(entries[0]?.happening.kind).toBe('incident.opened')
      expect(entries.at(-1)?.happening).toMatchObject({
        kind: 'incident.exported',
        data: { reason: '复盘', by: { account: 'supervisor' } },
      })
      expect(movements).toMatchObject([
        { task: 't1', unit: 'north-patrol', points: [{ at: NOW }, { at: NOW + 5_000 }] },
      ])
    })

    it('is for those who may export it', async () => {
      await does('supervisor', open())
      await expect(report('north-officer')).rejects.toMatchObject({ code: 'forbidden' })
      await expect(report('guest')).rejects.toMatchObject({ code: 'not-found' })
      expect(await kindsOf()).toEqual(['incident.opened'])
    })
  })

  describe('who may be invited', () => {
    it('are officers who could not work on it anyway, asked by those who can', async () => {
      await does('supervisor', open())
      const names = (account: string) =>
        incidents.port.guests(session(account), 'i1').map((person) => person.account)
      expect(names('supervisor').toSorted()).toEqual(['admin', 'fire-officer', 'guest'])
      expect(() => names('guest')).toThrow()
      expect(() => names('admin')).toThrow()
      await does('supervisor', { kind: 'incident.invite', incident: 'i1', account: 'guest', grant: 'g1' })
      expect(names('supervisor')).not.toContain('guest')
    })
  })
}

const transmission = {
  channel: 'north-tac',
  direction: 'out',
  talker: { radio: null, unit: null, account: 'supervisor' },
  emergency: false,
  startedAt: NOW,
  endedAt: NOW,
} as const

const record = (id: string, incident?: string, line = 'line'): Command => ({
  kind: 'call.record',
  call: {
    id,
    line,
    direction: 'in',
    number: '60001',
    unit: null,
    startedAt: NOW,
    answeredAt: NOW,
    endedAt: NOW,
    end: 'hung-up',
    code: null,
    quality: null,
    ...(incident !== undefined && { incident }),
  },
})
