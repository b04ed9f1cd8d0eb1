/** Any site an operator could write, awkward names included. */
import fc from 'fast-check'
import { agencyKinds, unitKinds, unitStates } from '../../contract/directory.ts'
import { capabilities, roles } from '../../contract/permissions.ts'

/** Ids that YAML or JavaScript might take for something else. */
const awkwardIds = ['110', '0x10', '1e3', 'null', 'true', 'no', 'y', '0', '00', '1-1', 'infinity']
/** Texts that YAML, HTML or a terminal might take for something else. */
const awkwardLines = [
  '<img src=x onerror=alert(1)>',
  '- dash',
  'a: b',
  '# not a comment',
  '"quoted"',
  "it's",
  '{flow}',
  '[1, 2]',
  '*alias',
  '&anchor',
  '!tag',
  '%directive',
  '|',
  '>-',
  'null',
  '~',
  'yes',
  '12:30:45',
  '2024-01-01',
  '\u202eright to left',
  '鼓楼区',
  '👮‍♀️',
]

const anyLine = fc.oneof(
  fc.constantFrom(...awkwardLines),
  fc
    .string({ minLength: 1, maxLength: 20, unit: 'grapheme' })
    .map((text) => text.replaceAll(/\p{Cc}/gu, '').trim())
    .filter((text) => text.length > 0),
)
const anyName = fc.oneof(anyLine, fc.record({ zh: anyLine, en: anyLine }))
const anyId = fc.oneof(fc.constantFrom(...awkwardIds), fc.stringMatching(/^[a-z][a-z0-9-]{0,5}$/))
const anyPlace = fc.tuple(
  fc.double({ min: -90, max: 90, noNaN: true }),
  fc.double({ min: -180, max: 180, noNaN: true }),
)
const someIds = (minLength: number, maxLength: number) => fc.uniqueArray(anyId, { minLength, maxLength })

const anyAccess = fc.oneof(
  fc.record(
    {
      kind: fc.constant('rtp'),
      address: fc.ipV4(),
      port: fc.integer({ min: 512, max: 32_767 }).map((half) => half * 2),
      interface: fc.ipV4(),
      codec: fc.constantFrom('PCMU', 'PCMA'),
    },
    { requiredKeys: ['kind', 'address', 'port'] },
  ),
  fc.record(
    {
      kind: fc.constant('sip'),
      host: fc.constantFrom('gateway.test', '127.0.0.1', '110'),
      port: fc.integer({ min: 1, max: 65_535 }),
      user: fc.constantFrom('radio', '110', '*1#'),
      keying: fc.constantFrom('ed137', 'dtmf', 'info', 'voice'),
    },
    { requiredKeys: ['kind', 'host', 'user'] },
  ),
  fc.record({
    kind: fc.constant('svxreflector'),
    host: fc.constant('reflector.test'),
    talkgroup: fc.integer({ min: 1, max: 4_294_967_295 }),
  }),
)

/** What `siteDocumentSchema` accepts, before it is parsed. Without passwords. */
export const anySite: fc.Arbitrary<object> = fc
  .record({
    areaIds: someIds(1, 6),
    agencyIds: someIds(1, 3),
    accountIds: someIds(0, 4),
    unitIds: someIds(0, 5),
    channelIds: someIds(0, 3),
    sourceIds: someIds(0, 3),
  })
  .chain(({ areaIds, agencyIds, accountIds, unitIds, channelIds, sourceIds }) => {
    const anyArea = fc.constantFrom(...areaIds)
    const anyAgency = fc.constantFrom(...agencyIds)
    const anyScope = fc.oneof(
      fc.constant({ kind: 'centre' }),
      fc.record({ kind: fc.constant('area'), area: anyArea }),
      fc.record({ kind: fc.constant('agency'), agency: anyAgency }),
      fc.record({ kind: fc.constant('incident'), incident: anyId }),
    )
    return fc.record({
      site: fc.record({
        id: anyId,
        name: anyName,
        centre: anyPlace,
        zoom: fc.double({ min: 1, max: 20, noNaN: true }),
        demo: fc.boolean(),
      }),
      areas: fc.array(fc.nat(20), { minLength: areaIds.length, maxLength: areaIds.length }).chain((parents) =>
        fc
          .array(fc.record({ name: anyName, centre: anyPlace }, { requiredKeys: ['name'] }), {
            minLength: areaIds.length,
            maxLength: areaIds.length,
          })
          .map((rest) =>
            nest(
              areaIds.map((id, at) => ({ id, ...rest[at] })),
              parents,
            ),
          ),
      ),
      agencies: each(agencyIds, { name: anyName, kind: fc.constantFrom(...agencyKinds) }),
      units: each(
        unitIds,
        {
          name: anyName,
          kind: fc.constantFrom(...unitKinds),
          state: fc.constantFrom(...unitStates),
          agency: anyAgency,
          area: anyArea,
          crew: fc.nat(500),
          note: anyLine,
          reportEvery: fc.double({ min: 0.1, max: 3600, noNaN: true }),
          terminals: fc.array(
            fc.oneof(
              fc.record({ kind: fc.constant('sip'), number: fc.stringMatching(/^[0-9*#+]{1,8}$/) }),
              fc.record({ kind: fc.constant('radio'), number: fc.stringMatching(/^[0-9]{1,8}$/) }),
              fc.record({ kind: fc.constant('camera'), source: anyId }),
            ),
            { maxLength: 3 },
          ),
        },
        ['name', 'agency', 'area'],
      ),
      channels: each(
        channelIds,
        {
          name: anyName,
          area: fc.option(anyArea),
          agency: fc.option(anyAgency),
          access: anyAccess,
          placed: fc.boolean(),
          timeOutS: fc.integer({ min: 5, max: 600 }),
          hangMs: fc.nat(10_000),
          queue: fc.nat(16),
        },
        ['name', 'access'],
      ),
      devices: fc
        .uniqueArray(fc.constantFrom('d1', '110', 'Gerät 1', 'null'), { maxLength: 3 })
        .chain((users) =>
          fc.tuple(
            ...users.map((user) =>
              anyAgency.map((agency) => ({ user, publishes: { kind: 'agency', agency } })),
            ),
          ),
        ),
      sources: each(
        sourceIds,
        {
          name: anyName,
          area: anyArea,
          agency: anyAgency,
          place: anyPlace,
          kind: fc.constant('rtsp'),
          url: fc.constantFrom('rtsp://camera.example/1', 'rtsps://10.0.0.1:322/a?b=c&d'),
        },
        ['name', 'area', 'agency', 'kind', 'url'],
      ),
      accounts: each(
        accountIds,
        {
          name: anyName,
          role: fc.constantFrom(...roles),
          agency: fc.option(anyAgency),
          scope: anyScope,
          disabled: fc.boolean(),
        },
        ['name', 'role'],
      ),
      grants: someIds(0, 3).chain((ids) =>
        each(ids, {
          subject: fc.oneof(
            fc.record({ kind: fc.constant('role'), role: fc.constantFrom(...roles) }),
            ...(accountIds.length > 0
              ? [fc.record({ kind: fc.constant('account'), account: fc.constantFrom(...accountIds) })]
              : []),
          ),
          capabilities: fc.subarray([...capabilities], { minLength: 1 }),
          scope: anyScope,
          until: fc.option(fc.nat(2_000_000_000_000)),
        }),
      ),
    })
  })

/** An entry for each id. */
function each(ids: readonly string[], shape: Record<string, fc.Arbitrary<unknown>>, requiredKeys?: string[]) {
  const rest = requiredKeys === undefined ? fc.record(shape) : fc.record(shape, { requiredKeys })
  return fc.tuple(...ids.map((id) => rest.map((fields) => ({ id, ...fields }))))
}

interface Nested {
  id: string
  depth: number
  areas: Nested[]
}

/** Hangs each area below an earlier one, at most five deep, or at the top. */
function nest(areas: readonly { id: string }[], parents: readonly number[]): object[] {
  const top: Nested[] = []
  const placed: Nested[] = []
  areas.forEach((area, at) => {
    const parent = placed.filter(({ depth }) => depth < 4)[parents[at] ?? 0]
    const own: Nested = { ...area, depth: (parent?.depth ?? -1) + 1, areas: [] }
    ;(parent?.areas ?? top).push(own)
    placed.push(own)
  })
  const bare = ({ depth: _, areas: below, ...area }: Nested): object => ({
    ...area,
    ...(below.length > 0 && { areas: below.map(bare) }),
  })
  return top.map(bare)
}
