import { describe, expect, it } from 'vitest'
import type { Directory } from '../../contract/directory.ts'
import type { Fix } from '../../contract/positions.ts'
import { emptyState, fold } from '../../contract/state.ts'
import { documentOf, smallCity, smallCityWith } from '../../tests/support/site.ts'
import { planImport } from '../directory/import.ts'
import { createIngest } from './ingest.ts'
import { PositionTable } from './table.ts'

const NOW = 1_800_000_000_000
const NORTH = 'wf/v1/police/north-patrol/position'
const PHONE = 'owntracks/crew/phone'

describe('a message', () => {
  it('becomes a fix of its unit, drawn and kept', () => {
    const { take, table, kept, ingest } = begin()
    expect(take(NORTH, own(0))).toBe('drawn')
    expect(table.latest(0)).toMatchObject({ fix: { at: NOW, lat: 32 }, receivedAt: NOW })
    expect(kept).toMatchObject([[0, { at: NOW }]])
    expect(ingest.lastReportAt).toBe(NOW)
  })

  it('of a phone becomes a fix of the unit that carries it', () => {
    const { take, table } = begin()
    const message = { _type: 'location', tst: NOW / 1000, lat: 32, lon: 118 }
    expect(take(PHONE, JSON.stringify(message))).toBe('drawn')
    expect(table.latest(1)).toBeDefined()
    expect(take('owntracks/crew/other-phone', JSON.stringify(message))).toBe('unknown-unit')
    expect(take(PHONE, JSON.stringify({ _type: 'lwt', tst: NOW / 1000 }))).toBe('not-a-position')
  })

  it('of nobody known, or under another agency’s name, is nobody’s', () => {
    const { take, kept } = begin()
    expect(take('wf/v1/police/ghost/position', own(0))).toBe('unknown-unit')
    expect(take('wf/v1/fire/north-patrol/position', own(0))).toBe('unknown-unit')
    expect(take('wf/v1/police/constructor/position', own(0))).toBe('not-a-position')
    expect(take('weather/today', own(0))).toBe('not-a-position')
    expect(kept).toEqual([])
  })

  it('late by less than a day goes into the track, by more into nothing; repeated or doubted into nothing', () => {
    const { take, kept, pass } = begin()
    take(NORTH, own(0))
    pass(1_000)
    expect(take(NORTH, own(-3_600_000))).toBe('late')
    expect(take(NORTH, own(-86_400_000))).toBe('late')
    expect(take(NORTH, own(0))).toBe('repeated')
    expect(take(NORTH, own(1_000, { lat: 45 }))).toBe('implausible')
    expect(take(NORTH, own(60_000))).toBe('from-the-future')
    expect(kept.map(([, { at }]) => at - NOW)).toEqual([0, -3_600_000])
  })

  it('that can not be read is told to the operator, of each topic once a minute', () => {
    const { take, told, pass } = begin()
    for (let times = 0; times < 100; times++) expect(take(NORTH, 'rubbish')).toBe('malformed')
    take(PHONE, '{}')
    expect(told).toEqual([NORTH, PHONE])
    pass(60_000)
    take(NORTH, 'rubbish')
    expect(told).toEqual([NORTH, PHONE, NORTH])
  })

  it('of any bytes and any length does no harm', () => {
    const { ingest } = begin()
    for (const payload of [
      new Uint8Array(),
      new Uint8Array([0xff, 0xfe, 0x00]),
      new Uint8Array(10_000_000).fill(0x20),
    ])
      expect(ingest.take(NORTH, payload)).toBe('malformed')
  })

  it('is counted by what became of it', () => {
    const { take, ingest, pass } = begin()
    for (const payload of [own(0), own(0), 'rubbish']) take(NORTH, payload)
    pass(1_000)
    take(NORTH, own(1_000))
    expect(Object.fromEntries(ingest.counts)).toEqual({ drawn: 2, repeated: 1, malformed: 1 })
  })
})

describe('when the directory changes', () => {
  it('a unit that is gone is forgotten, and one that comes is known', () => {
    const { take, table, ingest, state } = begin()
    take(NORTH, own(0))
    const [, ...others] = smallCity.units
    const units = [...others, { id: 'new-patrol', name: 'N', agency: 'police', area: 'north' }]
    const devices = smallCity.devices.filter(({ user }) => user !== 'north-patrol')
    const next = fold(state, planImport(state, documentOf(smallCityWith({ units, devices }))))
    ingest.follow(next.directory)
    expect(table.latest(0)).toBeUndefined()
    expect(take(NORTH, own(1_000))).toBe('unknown-unit')
    expect(take('wf/v1/police/new-patrol/position', own(1_000))).toBe('drawn')
    expect(table.latest(4)).toBeDefined()
  })

  it('a phone that was given to another unit is that unit’s', () => {
    const { take, table, ingest, state } = begin()
    const [north, engine, ...others] = smallCity.units
    const units = [{ ...north, terminals: engine.terminals }, { ...engine, terminals: [] }, ...others]
    ingest.follow(fold(state, planImport(state, documentOf(smallCityWith({ units })))).directory)
    expect(take(PHONE, JSON.stringify({ _type: 'location', tst: NOW / 1000, lat: 32, lon: 118 }))).toBe(
      'drawn',
    )
    expect(table.latest(0)).toBeDefined()
    expect(table.latest(1)).toBeUndefined()
  })
})

function begin() {
  const table = new PositionTable()
  const kept: [number, Fix][] = []
  const told: string[] = []
  let now = NOW
  const ingest = createIngest({
    table,
    tracks: {
      keep: (unit, fix) => {
        kept.push([unit, fix])
      },
      read: async () => [],
      close: async () => undefined,
    },
    clock: () => now,
    tick: () => 1,
    onMalformed: (topic) => told.push(topic),
  })
  const state = fold(emptyState, planImport(emptyState, documentOf()))
  const directory: Directory = state.directory
  ingest.follow(directory)
  const encoder = new TextEncoder()
  return {
    ingest,
    table,
    kept,
    told,
    state,
    take: (topic: string, payload: string) => ingest.take(topic, encoder.encode(payload)),
    pass: (ms: number) => {
      now += ms
    },
  }
}

/** A report so many ms from now. */
const own = (ms: number, change: object = {}) => JSON.stringify({ t: NOW + ms, lat: 32, lon: 118, ...change })
