import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Account } from './accounts.ts'
import type { Happening } from './events.ts'
import { capabilities, type Grant, roles, type Scope } from './permissions.ts'
import type { Id, Instant } from './primitives.ts'
import { channelSchema } from './radio.ts'
import { emptyState, fold, type SharedState } from './state.ts'
import { type Task, taskStepSchema } from './tasks.ts'
import { type ThreadName, threadKey } from './threads.ts'
import { type Sight, seenOf, sightOf, viewOf, viewThrough, visibleUnit } from './visibility.ts'

const WATCHER = 'watcher'

describe('the view of a seat', () => {
  it('after any events in any batches is what the seat may see just then', () => {
    fc.assert(
      fc.property(anyHistory, (batches) => {
        const seat = seatAt(WATCHER)
        for (const { events, now } of batches) {
          seat.take(events, now)
          expect(seat.view()).toEqual(withoutNextIndex(viewOf(seat.state(), WATCHER, now)))
        }
      }),
      { numRuns: 3_000 },
    )
  })

  it('is brought up to date by events that name nothing it may not see', () => {
    fc.assert(
      fc.property(anyHistory, (batches) => {
        const seat = seatAt(WATCHER)
        for (const { events, now } of batches) {
          const before = seat.state()
          const told = seat.take(events, now)
          const known = new Set(
            [before, seat.state()]
              .map((state) => viewOf(state, WATCHER, now))
              // Of a source that may be pulled it is known who carries it.
              .flatMap((view) => [
                ...idsIn(view),
                ...Object.values(view.video.sources).map(({ unit }) => unit),
              ]),
          )
          // Who administers sees every device, and which unit each is for.
          if (sightOf(before, WATCHER, now).administers || sightOf(seat.state(), WATCHER, now).administers)
            continue
          const hidden = [before, seat.state()].flatMap(idsIn).filter((id) => !known.has(id))
          for (const id of hidden) expect(JSON.stringify(withoutTasks(told))).not.toContain(`"${id}"`)
          expect(JSON.stringify(told)).not.toContain('secret-host')
        }
      }),
      { numRuns: 2_000 },
    )
  })

  it('is told what is said about an incident only where it sees the incident', () => {
    fc.assert(
      fc.property(anyHistory, (batches) => {
        const seat = seatAt(WATCHER)
        for (const { events, now } of batches) {
          const before = seat.state()
          const told = seat.take(events, now)
          const seen = [before, seat.state()].flatMap((state) => [...sightOf(state, WATCHER, now).incidents])
          if (!('site' in told))
            for (const event of told)
              if (event.kind === 'incident.noted' && event.data.id in seat.state().incidents.live)
                expect(seen).toContain(event.data.id)
        }
      }),
      { numRuns: 1_000 },
    )
  })

  it('ends with a grant at the instant the grant ends, whatever else happens then', () => {
    const state = fold(emptyState, [
      put.area('a1', null),
      put.agency('p1'),
      put.unit('u1', { area: 'a1', agency: 'p1' }),
      put.account({ role: 'joint-duty-officer', scope: { kind: 'centre' } }),
      give({ id: 'g1', scope: { kind: 'centre' }, until: 100 }),
    ])
    const sight = sightOf(state, WATCHER, 99)
    expect(sight.units).toContain('u1')
    const events = [{ ...put.unit('u1', { area: 'a1', agency: 'p1' }), kind: 'unit.put' as const }]
    const after = fold(state, events)
    expect(seenOf(sight, { events, before: state, after }, 99)?.events).toHaveLength(1)
    expect(seenOf(sight, { events, before: state, after }, 100)).toBeUndefined()
    expect(sightOf(after, WATCHER, 100).units).not.toContain('u1')
  })

  it('shrinks when a grant is given anew to somebody else', () => {
    const state = fold(emptyState, [
      put.area('a1', null),
      put.agency('p1'),
      put.unit('u1', { area: 'a1', agency: 'p1' }),
      put.account({ role: 'joint-duty-officer', scope: { kind: 'centre' } }),
      give({ id: 'g1', scope: { kind: 'centre' } }),
    ])
    const events = [
      give({ id: 'g1', scope: { kind: 'centre' }, subject: { kind: 'account', account: 'other' } }),
    ]
    const after = fold(state, events)
    expect(seenOf(sightOf(state, WATCHER, 1), { events, before: state, after }, 1)).toBeUndefined()
    expect(viewOf(after, WATCHER, 1).directory.units).toEqual({})
  })

  it('is taken anew rather than told in more than five hundred events', () => {
    const state = fold(emptyState, [put.account({ role: 'shift-supervisor', scope: { kind: 'centre' } })])
    const events = Array.from({ length: 501 }, () => put.agency('p1'))
    const after = fold(state, events)
    expect(seenOf(sightOf(state, WATCHER, 1), { events, before: state, after }, 1)).toBeUndefined()
  })

  it('of nobody, or of an account that was removed, is the name of the site', () => {
    const state = fold(emptyState, [put.area('a1', null), put.agency('p1')])
    expect(viewOf(state, 'nobody', 1)).toEqual(emptyState)
  })
})

describe('a unit asked for by its id', () => {
  it('is found exactly by those in whose view it is', () => {
    fc.assert(
      fc.property(anyHistory, (batches) => {
        let state = emptyState
        for (const { events, now } of batches) {
          state = fold(state, events)
          const view = viewOf(state, WATCHER, now)
          for (const id of unitIds)
            expect(visibleUnit(state, WATCHER, id, now)).toEqual(view.directory.units[id])
        }
      }),
      { numRuns: 300 },
    )
  })
})

/** A seat as the hub keeps one: it is told events where they suffice, else a new view. */
function seatAt(account: Id) {
  let state = emptyState
  let sight: Sight = sightOf(state, account, 0)
  let view: SharedState = viewThrough(state, sight)
  return {
    state: () => state,
    view: () => withoutNextIndex(view),
    /** Gives what the seat was told. */
    take: (events: readonly Happening[], now: Instant): readonly Happening[] | SharedState => {
      const before = state
      state = fold(state, events)
      const seen = seenOf(sight, { events, before, after: state }, now)
      if (seen !== undefined) {
        view = fold(view, seen.events)
        sight = seen.sight
        return seen.events
      }
      sight = sightOf(state, account, now)
      view = viewThrough(state, sight)
      return view
    },
  }
}

/** A task names its unit to all who see the incident, and a thread is that of the crew’s own unit, or of its groups. */
const withoutTasks = (told: readonly Happening[] | SharedState): unknown =>
  'site' in told
    ? { ...told, incidents: null, threads: null }
    : told.filter(
        ({ kind }) =>
          !kind.startsWith('task.') && !/^(?:message|group)\./.test(kind) && kind !== 'incident.filed',
      )

/** Only the hub gives out indexes and numbers; what a seat has there means nothing. */
const withoutNextIndex = (view: SharedState) => ({
  ...view,
  incidents: { ...view.incidents, nextNumber: 0 },
  directory: { ...view.directory, nextUnitIndex: 0 },
})

/** Of what is seen or hidden by itself. */
const idsIn = ({ directory: { units, channels }, video: { sources } }: SharedState) => [
  ...Object.keys(units),
  ...Object.keys(channels),
  ...Object.keys(sources),
]

const areaIds = ['a1', 'a2', 'a3', 'a4']
const agencyIds = ['p1', 'p2']
const channelIds = ['c1', 'c2']
const unitIds = ['u1', 'u2', 'u3']
const grantIds = ['g1', 'g2']
const anyArea = fc.constantFrom(...areaIds)
const anyAgency = fc.constantFrom(...agencyIds)
const anyUnit = fc.constantFrom(...unitIds)
const anyChannel = fc.constantFrom(...channelIds)
const anySource = fc.constantFrom('s1', 's2')
const name = { zh: '名', en: 'name' }

const put = {
  area: (id: Id, parent: Id | null): Happening => ({
    kind: 'area.put',
    subject: `area/${id}`,
    area: id,
    data: { id, name, level: 'district', parent },
  }),
  agency: (id: Id): Happening => ({
    kind: 'agency.put',
    subject: `agency/${id}`,
    area: null,
    data: { id, name, kind: 'police' },
  }),
  unit: (
    id: Id,
    { area, agency, index = 1, field = false }: { area: Id; agency: Id; index?: number; field?: boolean },
  ) =>
    ({
      kind: 'unit.put',
      subject: `unit/${id}`,
      area,
      data: {
        id,
        index,
        name,
        kind: 'patrol',
        agency,
        area,
        state: 'available',
        terminals: field ? [{ kind: 'field', account: WATCHER }] : [],
      },
    }) satisfies Happening,
  channel: (id: Id, { area, agency }: { area: Id | null; agency: Id | null }): Happening => ({
    kind: 'channel.put',
    subject: `channel/${id}`,
    area,
    data: channelSchema.parse({
      id,
      name,
      area,
      agency,
      access: { kind: 'rtp', address: '239.255.0.1', port: 5004 },
    }),
  }),
  account: (change: Partial<Account>): Happening => ({
    kind: 'account.put',
    subject: `account/${WATCHER}`,
    area: null,
    data: {
      id: WATCHER,
      name,
      role: 'duty-officer',
      agency: null,
      scope: { kind: 'centre' },
      disabled: false,
      ...change,
    },
  }),
}

const give = (change: Partial<Grant> & Pick<Grant, 'id' | 'scope'>): Happening => ({
  kind: 'grant.given',
  subject: `grant/${change.id}`,
  area: null,
  data: { subject: { kind: 'account', account: WATCHER }, capabilities: ['view'], until: null, ...change },
})

const incidentIds = ['i1', 'i2']
const taskIds = ['t1', 't2', 't3', 't4', 't5']
const anyIncident = fc.constantFrom(...incidentIds)
const by = { account: 'other', name }

const opened = (id: Id, area: Id | null, agency: Id | null = null): Happening => ({
  kind: 'incident.opened',
  subject: `incident/${id}`,
  area,
  data: {
    id,
    number: 1,
    title: 'fire',
    category: 'fire',
    area,
    place: null,
    address: null,
    caller: null,
    grade: 'I',
    source: { kind: 'hand' },
    state: 'graded',
    since: 0,
    dueAt: null,
    overdue: false,
    openedAt: 0,
    openedBy: by,
    agency,
    officers: [by],
    supervisors: [],
    invited: [],
    notes: [],
    ending: null,
  },
})

const assigned = (id: Id, incident: Id, assignee: Task['assignee'], agency: Id): Happening => ({
  kind: 'task.assigned',
  subject: `incident/${incident}`,
  area: null,
  data: {
    id,
    incident,
    assignee,
    name,
    agency,
    instruction: 'go',
    state: 'assigned',
    since: 0,
    assignedAt: 0,
    assignedBy: name,
    reached: {},
    words: null,
    dueAt: null,
    overdue: false,
  },
})

const ofIncident = (id: Id) => ({ subject: `incident/${id}`, area: null })
const anyIncidentEvent: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .tuple(anyIncident, fc.option(anyArea), fc.option(anyAgency))
      .map(([id, area, agency]) => opened(id, area, agency)),
  },
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.constantFrom(...taskIds), anyIncident, anyUnit, anyAgency, fc.boolean())
      .map(([id, incident, unit, agency, isForUnit]) =>
        assigned(id, incident, isForUnit ? { kind: 'unit', unit } : { kind: 'agency', agency }, agency),
      ),
  },
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.constantFrom(...taskIds), anyIncident, fc.constantFrom(...taskStepSchema.options))
      .map(
        ([id, incident, step]): Happening => ({
          kind: 'task.stepped',
          ...ofIncident(incident),
          data: { id, incident, step, at: 1, by: name, words: null, dueAt: null },
        }),
      ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(anyIncident, fc.option(anyArea)).map(
      ([id, to]): Happening => ({
        kind: 'incident.amended',
        ...ofIncident(id),
        data: { id, at: 1, by, detail: { field: 'area', to } },
      }),
    ),
  },
  {
    weight: 2,
    arbitrary: anyIncident.map(
      (id): Happening => ({
        kind: 'incident.noted',
        ...ofIncident(id),
        data: { id, at: 1, by, text: 'said', task: null },
      }),
    ),
  },
  {
    weight: 1,
    arbitrary: anyIncident.map(
      (id): Happening => ({
        kind: 'incident.closed',
        ...ofIncident(id),
        data: { id, at: 1, by, dueAt: null, outcome: 'settled', words: null },
      }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(['i1', 'i2'] as const, ['i2', 'i1'] as const).map(
      ([id, into]): Happening => ({
        kind: 'incident.merged',
        ...ofIncident(id),
        data: { id, at: 1, by, into },
      }),
    ),
  },
  {
    weight: 1,
    arbitrary: anyIncident.map((id): Happening => {
      const { data } = opened(id, null)
      return {
        kind: 'incident.filed',
        ...ofIncident(id),
        data: { id, incident: data as Extract<Happening, { kind: 'incident.opened' }>['data'], tasks: [] },
      }
    }),
  },
)

const anyGroup = fc
  .constantFrom('00000000-0000-4000-8000-00000000000a', '00000000-0000-4000-8000-00000000000b')
  .map((group) => ({ kind: 'group', group }) as const)
const anyThread: fc.Arbitrary<ThreadName> = fc.oneof(
  anyGroup,
  fc.record({ kind: fc.constant('incident' as const), incident: anyIncident }),
  fc.record({ kind: fc.constant('unit' as const), unit: anyUnit }),
)
const anyThreadEvent: fc.Arbitrary<Happening> = fc.oneof(
  fc.tuple(anyGroup, fc.uniqueArray(anyUnit, { minLength: 2 })).map(
    ([thread, units]): Happening => ({
      kind: 'group.formed',
      subject: `thread/${threadKey(thread)}`,
      area: null,
      data: { thread, name: 'group', units, by, at: 1 },
    }),
  ),
  anyGroup.map(
    (thread): Happening => ({
      kind: 'group.dissolved',
      subject: `thread/${threadKey(thread)}`,
      area: null,
      data: { thread },
    }),
  ),
  fc.tuple(anyThread, fc.nat(9)).map(
    ([thread, number]): Happening => ({
      kind: 'message.sent',
      subject: `thread/${threadKey(thread)}`,
      area: null,
      data: {
        id: '00000000-0000-4000-8000-000000000001',
        thread,
        number: number + 1,
        at: 1,
        by,
        text: 'said',
        place: null,
        incidents: [],
      },
    }),
  ),
  anyThread.map(
    (thread): Happening => ({
      kind: 'message.marked',
      subject: `thread/${threadKey(thread)}`,
      area: null,
      data: { thread, account: 'other', delivered: 1, read: 1 },
    }),
  ),
)

const anyScope: fc.Arbitrary<Scope> = fc.oneof(
  fc.record({ kind: fc.constant('incident' as const), incident: anyIncident }),
  fc.constant({ kind: 'centre' as const }),
  fc.record({ kind: fc.constant('area' as const), area: anyArea }),
  fc.record({ kind: fc.constant('agency' as const), agency: anyAgency }),
)
const anyGrant: fc.Arbitrary<Grant> = fc.record({
  id: fc.constantFrom(...grantIds),
  subject: fc.oneof(
    fc.record({ kind: fc.constant('account' as const), account: fc.constantFrom(WATCHER, 'other') }),
    fc.record({ kind: fc.constant('role' as const), role: fc.constantFrom(...roles) }),
  ),
  capabilities: fc.subarray([...capabilities], { minLength: 1 }),
  scope: anyScope,
  until: fc.option(fc.nat(60)),
})
const anyAccount: fc.Arbitrary<Account> = fc.record({
  id: fc.constantFrom(WATCHER, 'other'),
  name: fc.constant(name),
  role: fc.constantFrom(...roles),
  agency: fc.option(anyAgency),
  scope: anyScope,
  disabled: fc.boolean(),
})

const anyRadioEvent: fc.Arbitrary<Happening> = fc
  .tuple(anyChannel, fc.constantFrom('1', '2'), fc.nat(2))
  .map(([channel, nth, which]): Happening => {
    const on = { subject: `channel/${channel}`, area: null }
    // The hub lets nobody take the id of what another channel has.
    const id = `${channel}-${nth}`
    const talker = { radio: '3107', unit: null, account: null }
    const times = { startedAt: 1, endedAt: 2 }
    switch (which) {
      case 0:
        return { kind: 'alarm.raised', ...on, data: { id, channel, radio: '3107', unit: null, at: 1 } }
      case 1:
        return { kind: 'alarm.acknowledged', ...on, data: { id, channel, by } }
      default:
        return {
          kind: 'transmission.recorded',
          ...on,
          data: { id, channel, direction: 'in', talker, emergency: false, ...times },
        }
    }
  })

const anyEvent: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 6, arbitrary: anyRadioEvent },
  { weight: 14, arbitrary: anyIncidentEvent },
  { weight: 5, arbitrary: anyThreadEvent },
  { weight: 4, arbitrary: fc.tuple(anyArea, fc.option(anyArea)).map(([id, parent]) => put.area(id, parent)) },
  { weight: 1, arbitrary: anyArea.map((id) => gone('area.removed', id)) },
  { weight: 2, arbitrary: anyAgency.map(put.agency) },
  { weight: 1, arbitrary: anyAgency.map((id) => gone('agency.removed', id)) },
  {
    weight: 6,
    arbitrary: fc
      .tuple(anyUnit, anyArea, anyAgency, fc.nat(9), fc.boolean())
      .map(([id, area, agency, index, field]) => put.unit(id, { area, agency, index, field })),
  },
  { weight: 1, arbitrary: anyUnit.map((id) => gone('unit.removed', id)) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(anyChannel, fc.option(anyArea), fc.option(anyAgency))
      .map(([id, area, agency]) => put.channel(id, { area, agency })),
  },
  { weight: 1, arbitrary: anyChannel.map((id) => gone('channel.removed', id)) },
  {
    weight: 3,
    arbitrary: fc.tuple(anyUnit, fc.constantFrom('busy' as const, 'available' as const)).map(
      ([id, state]): Happening => ({
        kind: 'unit.state-set',
        subject: `unit/${id}`,
        area: null,
        data: { id, state },
      }),
    ),
  },
  {
    weight: 2,
    arbitrary: anyAccount.map(
      (data): Happening => ({ kind: 'account.put', subject: `account/${data.id}`, area: null, data }),
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom(WATCHER, 'other').map((id) => gone('account.removed', id)) },
  {
    weight: 3,
    arbitrary: anyGrant.map(
      (data): Happening => ({ kind: 'grant.given', subject: `grant/${data.id}`, area: null, data }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(...grantIds).map(
      (id): Happening => ({
        kind: 'grant.ended',
        subject: `grant/${id}`,
        area: null,
        data: { id, reason: 'over' },
      }),
    ),
  },
  {
    weight: 4,
    arbitrary: fc.tuple(anySource, anyArea, anyAgency, fc.option(anyUnit)).map(
      ([id, area, agency, unit]): Happening => ({
        kind: 'source.put',
        subject: `source/${id}`,
        area,
        data: { id, name, area, agency, unit, place: null },
      }),
    ),
  },
  {
    weight: 1,
    arbitrary: anySource.map(
      (id): Happening => ({
        kind: 'source.fed',
        subject: `source/${id}`,
        area: null,
        data: { id, feed: { kind: 'rtsp', url: `rtsp://secret-host/${id}` } },
      }),
    ),
  },
  { weight: 1, arbitrary: anySource.map((id) => gone('source.removed', id)) },
  {
    weight: 1,
    arbitrary: fc.constant<Happening>({
      kind: 'device.put',
      subject: 'device/d',
      area: null,
      data: { user: 'd', publishes: { kind: 'unit', unit: 'u1' } },
    }),
  },
)

function gone(
  kind:
    | 'area.removed'
    | 'agency.removed'
    | 'unit.removed'
    | 'channel.removed'
    | 'account.removed'
    | 'source.removed',
  id: Id,
): Happening {
  return { kind, subject: `${kind.split('.')[0]}/${id}`, area: null, data: { id } }
}

/** Where most histories begin: areas in a row, both agencies, and an officer limited to some of them. */
const anyBeginning = fc
  .tuple(anyScope, fc.option(anyAgency), fc.boolean())
  .map(([scope, agency, furnished]): Happening[] => [
    put.account({ scope, agency }),
    ...(furnished
      ? [...areaIds.map((id, at) => put.area(id, areaIds[at - 1] ?? null)), ...agencyIds.map(put.agency)]
      : []),
  ])

/** Some batches of events, each at an instant not before the last; grants end between instants 0 and 60. */
const anyHistory = fc
  .tuple(
    anyBeginning,
    fc.array(fc.tuple(fc.nat(12), fc.array(anyEvent, { maxLength: 6 })), { minLength: 1, maxLength: 14 }),
  )
  .map(([beginning, steps]) => {
    let now = 0
    const given = new Set<Id>()
    // The hub gives out every task once.
    const isNew = ({ kind, data }: Happening) => kind !== 'task.assigned' || !given.has(data.id)
    return [
      { now, events: beginning },
      ...steps.map(([pause, events]) => {
        now += pause
        const happened = events.filter((event) => {
          const comes = isNew(event)
          if (event.kind === 'task.assigned') given.add(event.data.id)
          return comes
        })
        return { now, events: happened }
      }),
    ]
  })
