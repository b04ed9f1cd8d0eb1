import { describe, expect, it } from 'vitest'
import type { Command } from '../contract/commands.ts'
import type { Grant } from '../contract/permissions.ts'
import type { ChannelAccess } from '../contract/radio.ts'
import { Refusal } from '../contract/refusal.ts'
import { emptyState, fold, type SharedState } from '../contract/state.ts'
import { cityWithCrews } from '../tests/support/incidents.ts'
import { documentOf, smallCity, smallCityWith } from '../tests/support/site.ts'
import { decide } from './commands.ts'
import { planImport } from './directory/import.ts'

const NOW = 1_800_000_000_000

describe('setting the state of a unit', () => {
  const set = (unit: string): Command => ({ kind: 'unit.set-state', unit, state: 'busy' })

  it('happens where the officer may task it', () => {
    expect(decide(city(), set('north-patrol'), 'north-officer', NOW)).toEqual([
      {
        kind: 'unit.state-set',
        subject: 'unit/north-patrol',
        area: 'north-gate',
        data: { id: 'north-patrol', state: 'busy' },
      },
    ])
  })

  it('changes nothing if it is so already', () => {
    const state = fold(city(), decide(city(), set('north-patrol'), 'north-officer', NOW))
    expect(decide(state, set('north-patrol'), 'north-officer', NOW)).toEqual([])
  })

  it('happens for whoever is out there with the unit, and for no other of theirs', () => {
    const site = fold(emptyState, planImport(emptyState, documentOf(cityWithCrews)))
    expect(decide(site, set('north-patrol'), 'north-crew', NOW)).toHaveLength(1)
    expect(refusal(site, set('north-patrol'), 'south-crew')[0]).toBe('not-found')
  })

  it('is refused for a unit that may be seen but not tasked', () => {
    expect(refusal(city(), set('north-patrol'), 'admin')).toEqual(['forbidden', { capability: 'task' }])
  })

  it('is refused in the same words for a unit that may not be seen and for one that is not there', () => {
    expect(refusal(city(), set('south-patrol'), 'north-officer')).toEqual([
      'not-found',
      { what: 'unit', id: 'south-patrol' },
    ])
    expect(refusal(city(), set('ghost'), 'north-officer')).toEqual([
      'not-found',
      { what: 'unit', id: 'ghost' },
    ])
  })

  it('is refused to an account that is gone, disabled or was granted nothing', () => {
    for (const account of ['nobody', 'guest'])
      expect(refusal(city(), set('north-patrol'), account)[0]).toBe('not-found')
  })

  it('is allowed by a grant as long as it lasts', () => {
    const state = city([grant({ capabilities: ['view', 'task'], until: NOW })])
    expect(decide(state, set('north-patrol'), 'guest', NOW - 1)).toHaveLength(1)
    expect(refusal(state, set('north-patrol'), 'guest')[0]).toBe('not-found')
  })
})

describe('placing a channel', () => {
  const access = { kind: 'rtp' as const, address: '239.255.0.1', port: 5004, codec: 'PCMA' as const }
  const elsewhere = { ...access, address: '239.255.9.9' }
  const place = (channel: string, where: ChannelAccess = elsewhere): Command => ({
    kind: 'channel.place',
    channel,
    access: where,
  })
  const site = {
    ...smallCityWith({}),
    channels: [
      { id: 'lab', name: 'Lab', access, placed: true },
      { id: 'fixed', name: 'Fixed', access },
    ],
  }
  const state = fold(emptyState, planImport(emptyState, documentOf(site)))

  it('says where it is, and only once', () => {
    const placed = fold(state, decide(state, place('lab'), 'admin', NOW))
    expect(placed.directory.channels.lab?.access).toEqual(elsewhere)
    expect(placed.directory.channels.fixed?.access).toEqual(access)
    expect(decide(placed, place('lab'), 'admin', NOW)).toEqual([])
  })

  it('holds against an import of a file that says otherwise', () => {
    const placed = fold(state, decide(state, place('lab'), 'admin', NOW))
    expect(planImport(placed, documentOf(site))).toEqual([])
  })

  it('is for administrators, and for channels whose place the file leaves to others', () => {
    expect(refusal(state, place('lab'), 'supervisor')[0]).toBe('forbidden')
    expect(refusal(state, place('ghost'), 'admin')[0]).toBe('not-found')
    expect(refusal(state, place('fixed'), 'admin')[0]).toBe('conflict')
    const gateway = { kind: 'sip', host: 'x', transport: 'udp', user: 'r', keying: 'ed137' } as const
    expect(refusal(state, place('lab', gateway), 'admin')[0]).toBe('conflict')
  })
})

describe('placing a camera', () => {
  const at = { kind: 'rtsp', area: 'north', agency: 'police' }
  const site = smallCityWith({
    sources: [
      { ...at, id: 'lab', name: 'Lab', url: 'rtsp://one/street', placed: true },
      { ...at, id: 'fixed', name: 'Fixed', url: 'rtsp://one/street' },
      { id: 'drone', name: 'Drone', kind: 'whip', area: 'north', agency: 'police' },
    ],
  })
  const state = fold(emptyState, planImport(emptyState, documentOf(site)))
  const place = (source: string): Command => ({ kind: 'source.place', source, url: 'rtsp://two:8554/street' })

  it('says where it is, only once, and holds against an import of a file that says otherwise', () => {
    const placed = fold(state, decide(state, place('lab'), 'admin', NOW))
    expect(placed.video.feeds.lab).toMatchObject({ url: 'rtsp://two:8554/street' })
    expect(placed.video.feeds.fixed).toMatchObject({ url: 'rtsp://one/street' })
    expect(decide(placed, place('lab'), 'admin', NOW)).toEqual([])
    expect(planImport(placed, documentOf(site))).toEqual([])
  })

  it('is for administrators, and for cameras whose place the file leaves to others', () => {
    expect(refusal(state, place('lab'), 'supervisor')[0]).toBe('forbidden')
    expect(refusal(state, place('ghost'), 'admin')[0]).toBe('not-found')
    for (const source of ['fixed', 'drone'])
      expect(refusal(state, place(source), 'admin')[0]).toBe('conflict')
  })
})

describe('a patch', () => {
  const access = { kind: 'rtp' as const, address: '239.255.0.1', port: 5004, codec: 'PCMA' as const }
  const channels = [
    { id: 'north', name: 'North', access, area: 'north' },
    { id: 'south', name: 'South', access: { ...access, port: 5006 }, area: 'south' },
  ]
  const state = fold(emptyState, planImport(emptyState, documentOf(smallCityWith({ channels }))))
  const id = '4f0c8a52-9a4e-4d0e-8f7c-3b3f0a5d8a11'
  const made: Command = {
    kind: 'patch.made',
    patch: {
      id,
      ends: [
        { kind: 'channel', channel: 'north' },
        { kind: 'channel', channel: 'south' },
      ],
      at: NOW,
    },
  }

  it('is told by whoever may make it, and its end by anybody', () => {
    expect(decide(state, made, 'supervisor', NOW)).toMatchObject([
      { kind: 'patch.made', data: { id, account: 'supervisor' } },
    ])
    expect(refusal(state, made, 'north-officer')).toEqual(['forbidden', { capability: 'patch' }])
    const undone: Command = { kind: 'patch.undone', undone: { id, at: NOW + 1, why: 'engine-lost' } }
    expect(decide(state, undone, 'north-officer', NOW)).toMatchObject([
      { kind: 'patch.undone', data: { id, account: 'north-officer', why: 'engine-lost' } },
    ])
  })
})

describe('placing an exchange', () => {
  const servers = [{ transport: 'udp' as const, host: '127.0.0.1', port: 5060 }]
  const place = (exchange: string): Command => ({ kind: 'exchange.place', exchange, servers })
  const exchanges = [
    { id: 'main', name: 'Main', domain: 'pbx.test' },
    { id: 'other', name: 'Other', domain: 'other.test', servers: [] },
  ]
  const state = fold(emptyState, planImport(emptyState, documentOf({ ...smallCityWith({}), exchanges })))

  it('says where it is, of no other, and only once', () => {
    const placed = fold(state, decide(state, place('main'), 'admin', NOW))
    expect(placed.site?.exchanges.map(({ id, servers }) => [id, servers.length])).toEqual([
      ['main', 1],
      ['other', 0],
    ])
    expect(decide(placed, place('main'), 'admin', NOW)).toEqual([])
  })

  it('holds against an import of a file that says nothing of it', () => {
    const placed = fold(state, decide(state, place('main'), 'admin', NOW))
    expect(planImport(placed, documentOf({ ...smallCityWith({}), exchanges }))).toEqual([])
  })

  it('is for administrators, and for exchanges that are there', () => {
    expect(refusal(state, place('main'), 'north-officer')).toEqual([
      'forbidden',
      { capability: 'administer' },
    ])
    expect(refusal(state, place('ghost'), 'admin')).toEqual(['not-found', { what: 'exchange', id: 'ghost' }])
  })
})

describe('recording a call', () => {
  const call = {
    id: '6f1c2f6e-4f0e-4a5c-9a50-b3c6a9a7f001',
    line: 'line-1',
    direction: 'out' as const,
    number: '60138',
    unit: 'north-patrol',
    startedAt: NOW - 9_000,
    answeredAt: NOW - 5_000,
    endedAt: NOW,
    end: 'hung-up' as const,
    code: null,
    quality: { loss: 0, jitterMs: 2, mos: 4.3 },
  }
  const exchanges = [{ id: 'main', name: 'Main', domain: 'pbx.test' }]
  const lines = [{ id: 'line-1', exchange: 'main', number: '8001' }]
  const accounts = smallCity.accounts.map((account) =>
    account.id === 'north-officer' ? { ...account, lines } : account,
  )
  const state = fold(
    emptyState,
    planImport(emptyState, documentOf({ ...smallCityWith({ accounts }), exchanges })),
  )

  it('says whose it was and where the unit belongs', () => {
    expect(decide(state, { kind: 'call.record', call }, 'north-officer', NOW)).toEqual([
      {
        kind: 'call.recorded',
        subject: `call/${call.id}`,
        area: 'north-gate',
        data: { ...call, account: 'north-officer' },
      },
    ])
  })

  it('is for lines of one’s own', () => {
    expect(refusal(state, { kind: 'call.record', call }, 'admin')).toEqual([
      'not-found',
      { what: 'line', id: 'line-1' },
    ])
  })
})

describe('giving and ending a grant', () => {
  it('is for administrators of the whole centre', () => {
    const give: Command = { kind: 'grant.give', grant: grant() }
    expect(decide(city(), give, 'admin', NOW)).toMatchObject([{ kind: 'grant.given', data: grant() }])
    for (const account of ['supervisor', 'north-officer', 'guest'])
      expect(refusal(city(), give, account)).toEqual(['forbidden', { capability: 'administer' }])
    const end: Command = { kind: 'grant.end', grant: 'g1', reason: 'over' }
    expect(refusal(city([grant()]), end, 'supervisor')).toEqual(['forbidden', { capability: 'administer' }])
  })

  it('is not for somebody who administers one area', () => {
    const local = grant({ capabilities: ['administer'], scope: { kind: 'area', area: 'city' } })
    const give: Command = { kind: 'grant.give', grant: grant({ id: 'g2' }) }
    expect(refusal(city([local]), give, 'guest')[0]).toBe('forbidden')
  })

  it('is refused where the grant is there already, or its account or itself is not', () => {
    expect(refusal(city([grant()]), { kind: 'grant.give', grant: grant() }, 'admin')).toEqual([
      'conflict',
      { what: 'grant', id: 'g1' },
    ])
    const toNobody = grant({ subject: { kind: 'account', account: 'nobody' } })
    expect(refusal(city(), { kind: 'grant.give', grant: toNobody }, 'admin')[0]).toBe('not-found')
    expect(refusal(city(), { kind: 'grant.end', grant: 'g1', reason: 'over' }, 'admin')[0]).toBe('not-found')
  })

  it('ends it with the reason that was given', () => {
    expect(
      decide(city([grant()]), { kind: 'grant.end', grant: 'g1', reason: 'fire is out' }, 'admin', NOW),
    ).toEqual([
      { kind: 'grant.ended', subject: 'grant/g1', area: null, data: { id: 'g1', reason: 'fire is out' } },
    ])
  })
})

const city = (grants: readonly Grant[] = []): SharedState =>
  fold(emptyState, planImport(emptyState, documentOf(smallCityWith({ grants }))))

const grant = (change: Partial<Grant> = {}): Grant => ({
  id: 'g1',
  subject: { kind: 'account', account: 'guest' },
  capabilities: ['view'],
  scope: { kind: 'centre' },
  until: null,
  ...change,
})

function refusal(state: SharedState, command: Command, account: string) {
  try {
    decide(state, command, account, NOW)
  } catch (error) {
    if (error instanceof Refusal) return [error.code, error.particulars]
    throw error
  }
  throw new Error('it was not refused')
}
