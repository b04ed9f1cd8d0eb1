import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Command } from '../../contract/commands.ts'
import type { Happening } from '../../contract/events.ts'
import type { TransmissionRecord } from '../../contract/radio.ts'
import type { RadioCommand } from '../../contract/radio-commands.ts'
import { Refusal } from '../../contract/refusal.ts'
import { emptyState, fold, type SharedState } from '../../contract/state.ts'
import { seenOf, sightOf, viewOf } from '../../contract/visibility.ts'
import { assign, cityWithCrews, grade, open } from '../../tests/support/incidents.ts'
import { documentOf, smallCity, smallCityWith } from '../../tests/support/site.ts'
import { decide } from '../commands.ts'
import { planImport } from '../directory/import.ts'

const NOW = 1_800_000_000_000
const NORTH = 'north-tac'
const FIRE = 'fire-ground'
const access = { kind: 'rtp', address: '239.255.0.1', port: 5004 }
const site = smallCityWith({
  channels: [
    { id: NORTH, name: 'North', area: 'north', agency: 'police', access },
    { id: FIRE, name: 'Fire ground', agency: 'fire', access },
  ],
  accounts: smallCity.accounts.map((account) =>
    account.id === 'north-officer' ? { ...account, callsign: 'WF-N' } : account,
  ),
})
const state = fold(emptyState, planImport(emptyState, documentOf(site)))

const officer = {
  radio: 'WF-N',
  unit: null,
  account: 'north-officer',
  name: { zh: '北区值班员', en: '北区值班员' },
}

describe('a transmission', () => {
  it('that an officer made is his, whatever the seat says', () => {
    const liar = { radio: 'x', unit: null, account: 'supervisor', name: { zh: '局长', en: 'Chief' } }
    const [event] = ask(state, recorded({ direction: 'out', talker: liar }), 'north-officer')
    expect(event).toMatchObject({ subject: `channel/${NORTH}`, area: 'north', data: { talker: officer } })
  })

  it('that was heard is of the unit whose radio it is, and nobody’s name is taken from a seat', () => {
    const talker = { radio: '92001', unit: null, account: null, name: { zh: '局长', en: 'Chief' } }
    const [event] = ask(state, recorded({ channel: FIRE, talker }), 'fire-officer')
    expect(event?.data).toMatchObject({ talker: { radio: '92001', unit: 'south-engine', account: null } })
    expect(JSON.stringify(event)).not.toContain('Chief')
    const stranger = { radio: null, unit: 'ghost', account: 'nobody' }
    const [other] = ask(state, recorded({ talker: stranger }), 'north-officer')
    expect(other?.data).toMatchObject({ talker: { radio: null, unit: null, account: null } })
  })

  it('belongs to the incident that its officer had selected, if he sees it', () => {
    const working = [open('i1'), open('i2', { area: 'south' })].reduce(
      (before, command) => fold(before, decide(before, command, 'supervisor', NOW)),
      state,
    )
    const said = recorded({ direction: 'out', incidents: ['i1', 'i2', 'ghost'] })
    const [event] = ask(working, said, 'north-officer')
    expect(event?.data).toMatchObject({ incidents: ['i1'] })
  })

  it('of a unit belongs to what the unit is under way for, whatever the seat says', () => {
    const working = [open('i1'), grade('I'), assign('t1', 'south-engine'), open('i2')].reduce(
      (before, command) => fold(before, decide(before, command, 'supervisor', NOW)),
      state,
    )
    const talker = { radio: '92001', unit: null, account: null }
    const heard = recorded({ channel: FIRE, talker, incidents: ['i2'] })
    const [event] = ask(working, heard, 'fire-officer')
    expect(event?.data).toMatchObject({ incidents: ['i1'] })
    expect(ask(state, heard, 'fire-officer')[0]?.data).not.toHaveProperty('incidents')
  })

  it('that many seats heard happened once', () => {
    const known = fold(state, ask(state, recorded(), 'north-officer'))
    expect(ask(known, recorded(), 'supervisor')).toEqual([])
    const longer = ask(known, recorded({ endedAt: NOW + 5000 }), 'supervisor')
    expect(longer.map(({ data }) => 'id' in data && data.id)).toEqual([known.radio.lately[NORTH]?.[0]?.id])
  })

  it('is told by those who hear the channel, and made by those who may key it', () => {
    expect(refusal(recorded(), 'fire-officer')).toBe('not-found')
    expect(refusal(recorded({ channel: 'ghost' }), 'supervisor')).toBe('not-found')
    expect(ask(state, recorded(), 'admin')).toHaveLength(1)
    expect(refusal(recorded({ direction: 'out' }), 'admin')).toBe('forbidden')
  })
})

describe('an alarm', () => {
  const raise = (radio: string | null = '92001', channel = FIRE): Command => ({
    kind: 'alarm.raise',
    alarm: { id: randomUUID(), channel, radio, at: NOW + 60_000 },
  })

  it('stands until it is acknowledged, by name, and is not raised twice', () => {
    const raised = fold(state, ask(state, raise(), 'fire-officer'))
    const [alarm] = Object.values(raised.radio.alarms)
    expect(alarm).toMatchObject({ channel: FIRE, radio: '92001', unit: 'south-engine', at: NOW })
    expect(ask(raised, raise(), 'supervisor')).toEqual([])
    expect(ask(raised, raise('92002'), 'supervisor')).toHaveLength(1)
    const forged = { id: alarm?.id ?? '', channel: NORTH, radio: '3107', at: NOW }
    expect(refusal({ kind: 'alarm.raise', alarm: forged }, 'north-officer', raised)).toBe('conflict')
    const acknowledge: Command = { kind: 'alarm.acknowledge', alarm: alarm?.id ?? '' }
    expect(refusal(acknowledge, 'north-officer', raised)).toBe('not-found')
    expect(refusal(acknowledge, 'admin', raised)).toBe('forbidden')
    const [event] = ask(raised, acknowledge, 'supervisor')
    expect(event?.data).toMatchObject({ by: { account: 'supervisor', name: { zh: '带班长' } } })
    const over = fold(raised, event === undefined ? [] : [event])
    expect(over.radio.alarms).toEqual({})
    expect(refusal(acknowledge, 'supervisor', over)).toBe('not-found')
    expect(ask(over, raise(), 'fire-officer')).toHaveLength(1)
  })

  it('goes with its channel', () => {
    const raised = fold(state, ask(state, raise(), 'fire-officer'))
    const without = documentOf({ ...site, channels: [] })
    expect(fold(raised, planImport(raised, without)).radio.alarms).toEqual({})
  })
})

describe('an act on a radio', () => {
  const act = (what: 'check' | 'inhibit' | 'uninhibit', reason: string | null): Command => ({
    kind: 'radio-act.do',
    channel: NORTH,
    act: what,
    radio: '3107',
    reason,
  })

  it('is a check for whoever may key, and silencing, with a reason, for whoever may release calls', () => {
    expect(ask(state, act('check', null), 'north-officer')).toHaveLength(1)
    expect(refusal(act('inhibit', 'stolen'), 'north-officer')).toBe('forbidden')
    expect(refusal(act('inhibit', null), 'supervisor')).toBe('invalid')
    expect(refusal(act('uninhibit', null), 'supervisor')).toBe('invalid')
    expect(ask(state, act('inhibit', 'stolen'), 'supervisor')).toMatchObject([
      { kind: 'radio-act.done', data: { radio: '3107', reason: 'stolen' } },
    ])
  })
})

describe('a tone and a roll-call', () => {
  it('are noted of whoever may key the channel', () => {
    const tone: Command = { kind: 'alert-tone.send', channel: NORTH, tone: 'warble' }
    const called = [{ radio: '3107', unit: null, answered: true, note: null }]
    const rollCall = { id: randomUUID(), channel: NORTH, startedAt: NOW, endedAt: NOW + 1, called }
    for (const command of [tone, { kind: 'radio-roll-call.record', rollCall } satisfies RadioCommand]) {
      expect(ask(state, command, 'north-officer')).toHaveLength(1)
      expect(refusal(command, 'admin')).toBe('forbidden')
      expect(refusal(command, 'fire-officer')).toBe('not-found')
    }
  })
})

function recorded(change: Partial<TransmissionRecord> = {}): Command {
  return {
    kind: 'transmission.record',
    transmission: {
      id: randomUUID(),
      channel: NORTH,
      direction: 'in',
      talker: { radio: '3107', unit: null, account: null },
      emergency: false,
      startedAt: NOW,
      endedAt: NOW + 2000,
      ...change,
    },
  }
}

const ask = (given: SharedState, command: Command, account: string) => decide(given, command, account, NOW)

function refusal(command: Command, account: string, given = state): string {
  try {
    decide(given, command, account, NOW)
  } catch (error) {
    if (error instanceof Refusal) return error.code
    throw error
  }
  throw new Error('it was not refused')
}

describe('a call for help from the field', () => {
  const crewed = fold(emptyState, planImport(emptyState, documentOf(cityWithCrews)))
  const call = (id = randomUUID()): RadioCommand => ({ kind: 'alarm.call', id, at: NOW + 60_000 })

  it('is its unit’s, by the hub’s clock, and once until somebody takes note of it', () => {
    const events = ask(crewed, call(), 'north-crew')
    expect(events).toMatchObject([
      {
        kind: 'alarm.raised',
        subject: 'unit/north-patrol',
        area: 'north-gate',
        data: { unit: 'north-patrol', channel: null, radio: null, at: NOW },
      },
    ])
    expect(ask(fold(crewed, events), call(), 'north-crew')).toEqual([])
    expect(ask(fold(crewed, events), call(), 'south-crew')).toHaveLength(1)
  })

  it('is nobody’s who is no crew', () => {
    expect(() => ask(crewed, call(), 'supervisor')).toThrow('not-found')
  })

  it('is taken note of by whoever may call the unit', () => {
    const called = fold(crewed, ask(crewed, call('11111111-1111-4111-8111-111111111111'), 'north-crew'))
    const note: RadioCommand = { kind: 'alarm.acknowledge', alarm: '11111111-1111-4111-8111-111111111111' }
    expect(() => ask(called, note, 'fire-officer')).toThrow('not-found')
    expect(() => ask(called, note, 'admin')).toThrow('forbidden')
    const after = fold(called, ask(called, note, 'north-officer'))
    expect(after.radio.alarms).toEqual({})
  })

  it('is seen by those who see the unit, and goes with it', () => {
    const events = ask(crewed, call(), 'north-crew')
    const called = fold(crewed, events)
    for (const [account, alarms] of [
      ['north-officer', 1],
      ['supervisor', 1],
      ['fire-officer', 0],
      ['guest', 0],
    ] as const) {
      expect(Object.keys(viewOf(called, account, NOW).radio.alarms)).toHaveLength(alarms)
      const seen = seenOf(sightOf(crewed, account, NOW), { events, before: crewed, after: called }, NOW)
      expect(seen?.events).toHaveLength(alarms)
    }
    const gone: Happening = {
      kind: 'unit.removed',
      subject: 'unit/north-patrol',
      area: null,
      data: { id: 'north-patrol' },
    }
    expect(fold(called, [gone]).radio.alarms).toEqual({})
  })
})
