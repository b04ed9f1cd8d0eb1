/**
 * The site document: everything an operator writes down about a site, in one file.
 * This is its shape after YAML; the hub reads the file and tells line numbers.
 */
import * as z from 'zod'
import { accountSchema, passwordSchema } from './accounts.ts'
import { basemapSchema } from './basemaps.ts'
import {
  type Area,
  agencySchema,
  areaLevels,
  deviceSchema,
  type Terminal,
  terminalSchema,
  topicLevelSchema,
  unitKinds,
  unitSchema,
  unitStates,
} from './directory.ts'
import { grantSchema, scopeSchema } from './permissions.ts'
import { type Id, idSchema, lineSchema, type Name, nameSchema, placeSchema } from './primitives.ts'
import { channelSchema } from './radio.ts'
import { siteInfoSchema } from './site-info.ts'
import { type Feed, feedSchema, type Source } from './sources.ts'
import { exchangeSchema } from './telephony.ts'

/** `鼓楼区`, the same in both languages, or `{ zh: 鼓楼区, en: Gulou }`. */
const nameInput = z.union([lineSchema.transform((text): Name => ({ zh: text, en: text })), nameSchema])

/** `[32.06, 118.79]`: latitude, longitude. */
const placeInput = z
  .tuple([placeSchema.shape.lat, placeSchema.shape.lon])
  .transform(([lat, lon]) => ({ lat, lon }))

interface AreaInput {
  id: Id
  name: Name
  centre?: { lat: number; lon: number } | undefined
  areas?: AreaInput[] | undefined
}
const areaInput: z.ZodType<AreaInput> = z.strictObject({
  id: idSchema,
  name: nameInput,
  centre: placeInput.optional(),
  get areas() {
    return z.array(areaInput).optional()
  },
})

const centreScope = { kind: 'centre' } as const

const unitInput = z.strictObject({
  ...unitSchema.omit({ index: true }).shape,
  name: nameInput,
  kind: z.enum(unitKinds).default('patrol'),
  state: z.enum(unitStates).default('available'),
  terminals: z.array(terminalSchema).max(16).default([]),
})

const accountInput = z.strictObject({
  ...accountSchema.shape,
  name: nameInput,
  agency: idSchema.nullable().default(null),
  scope: scopeSchema.default(centreScope),
  disabled: z.boolean().default(false),
  /** For demonstration sites only: everybody who has the file knows it. */
  password: passwordSchema.optional(),
})

const sourceFields = {
  id: idSchema,
  name: nameInput,
  /** Whoever carries it: area and agency are then the unit's. */
  unit: idSchema.nullable().default(null),
  area: idSchema.optional(),
  agency: idSchema.optional(),
  place: placeInput.nullable().default(null),
}
const [rtspFeed, whipFeed] = feedSchema.options
const sourceInput = z.discriminatedUnion('kind', [
  z.strictObject({ ...sourceFields, ...rtspFeed.shape }),
  z.strictObject({
    ...sourceFields,
    ...whipFeed.shape,
    /** Its token. Of demonstration sites only: everybody who has the file knows it. */
    password: passwordSchema.optional(),
  }),
])

const siteDocumentShape = z.strictObject({
  site: z.strictObject({
    ...siteInfoSchema.omit({ basemaps: true, exchanges: true }).shape,
    name: nameInput,
    centre: placeInput,
    zoom: siteInfoSchema.shape.zoom.default(12),
    demo: z.boolean().default(false),
    /** The level of the topmost areas. */
    level: z.enum(areaLevels).default('city'),
  }),
  basemaps: z.array(z.preprocess(withName, basemapSchema)).max(16).default([]),
  exchanges: z
    .array(
      z.strictObject({
        ...exchangeSchema.shape,
        name: nameInput,
        servers: exchangeSchema.shape.servers.default([]),
      }),
    )
    .max(8)
    .default([]),
  areas: z.array(areaInput).min(1),
  agencies: z.array(z.strictObject({ ...agencySchema.shape, name: nameInput })).min(1),
  units: z.array(unitInput).max(100_000).default([]),
  channels: z
    .array(z.strictObject({ ...channelSchema.shape, name: nameInput }))
    .max(256)
    .default([]),
  devices: z
    .array(
      z.strictObject({ ...deviceSchema.shape, user: topicLevelSchema, password: passwordSchema.optional() }),
    )
    .default([]),
  sources: z.array(sourceInput).max(10_000).default([]),
  accounts: z.array(accountInput).default([]),
  grants: z
    .array(z.strictObject({ ...grantSchema.shape, until: grantSchema.shape.until.default(null) }))
    .default([]),
})

/** Lets a basemap's name be plain text too; what is not a basemap at all is left for the schema to refuse. */
function withName(input: unknown): unknown {
  if (typeof input !== 'object' || input === null || !('name' in input)) return input
  return typeof input.name === 'string' ? { ...input, name: { zh: input.name, en: input.name } } : input
}

type Shape = z.output<typeof siteDocumentShape>

/** A source, how the hub gets it, and the token of whoever sends it. */
export interface SourceEntry {
  readonly source: Source
  readonly feed: Feed
  readonly password?: string | undefined
}

export type SiteDocument = Omit<Shape, 'areas' | 'sources'> & {
  readonly areas: readonly Area[]
  readonly sources: readonly SourceEntry[]
}

/** Checks a parsed document, names included: every id it mentions is one it defines. */
export const siteDocumentSchema = siteDocumentShape.superRefine(checkReferences).transform(
  (shape): SiteDocument => ({
    ...shape,
    areas: flatten(shape.areas, null, areaLevels.indexOf(shape.site.level)),
    sources: shape.sources.map((entry) => sourceEntry(entry, shape)),
  }),
)

const SECRET_OF_A_SEAT =
  'a password may stand in the file of a demonstration site only; each seat asks for it once'

type Check = z.core.$RefinementCtx<Shape>

function checkReferences(shape: Shape, context: Check): void {
  const refuse = (path: PropertyKey[], message: string) => context.addIssue({ code: 'custom', path, message })
  const areas = new Set<Id>()
  const depth = areaLevels.length - areaLevels.indexOf(shape.site.level)
  const walk = (list: readonly AreaInput[], path: PropertyKey[], level: number) =>
    list.forEach((area, at) => {
      const here = [...path, at]
      if (areas.has(area.id)) refuse([...here, 'id'], `a second area called ${area.id}`)
      areas.add(area.id)
      if (level >= depth) refuse(here, `deeper than ${areaLevels.at(-1)}, the lowest of the five levels`)
      walk(area.areas ?? [], [...here, 'areas'], level + 1)
    })
  walk(shape.areas, ['areas'], 0)

  const once = (list: readonly string[], path: string, field: string) => {
    const seen = new Set<string>()
    list.forEach((id, at) => {
      if (seen.has(id)) refuse([path, at, field], `a second ${id} in ${path}`)
      seen.add(id)
    })
    return seen
  }
  const agencies = once(
    shape.agencies.map(({ id }) => id),
    'agencies',
    'id',
  )
  const units = once(
    shape.units.map(({ id }) => id),
    'units',
    'id',
  )
  const accounts = once(
    shape.accounts.map(({ id }) => id),
    'accounts',
    'id',
  )
  once(
    shape.devices.map(({ user }) => user),
    'devices',
    'user',
  )
  once(
    shape.grants.map(({ id }) => id),
    'grants',
    'id',
  )
  once(
    shape.basemaps.map(({ id }) => id),
    'basemaps',
    'id',
  )
  once(
    shape.sources.map(({ id }) => id),
    'sources',
    'id',
  )
  const exchanges = once(
    shape.exchanges.map(({ id }) => id),
    'exchanges',
    'id',
  )
  once(
    shape.channels.map(({ id }) => id),
    'channels',
    'id',
  )
  const known = (set: ReadonlySet<string>, id: string | null, path: PropertyKey[], what: string) => {
    if (id !== null && !set.has(id)) refuse(path, `no ${what} is called ${id}`)
  }
  const knownScope = (scope: z.output<typeof scopeSchema>, path: PropertyKey[]) => {
    if (scope.kind === 'area') known(areas, scope.area, [...path, 'area'], 'area')
    if (scope.kind === 'agency') known(agencies, scope.agency, [...path, 'agency'], 'agency')
  }
  const lines = new Set<Id>()
  const callsigns = new Set<string>()
  const phones = new Map<string, Id>()
  shape.units.forEach((unit, at) => {
    known(areas, unit.area, ['units', at, 'area'], 'area')
    known(agencies, unit.agency, ['units', at, 'agency'], 'agency')
    unit.terminals.forEach((terminal, nth) => {
      const path = ['units', at, 'terminals', nth]
      if (terminal.kind === 'field') known(accounts, terminal.account, [...path, 'account'], 'account')
      const phone = owntracksTopic(terminal)
      if (phone === undefined) return
      const other = phones.get(phone)
      if (other !== undefined) refuse(path, `${phone} already reports the position of ${other}`)
      phones.set(phone, unit.id)
    })
  })
  shape.channels.forEach(({ area, agency, access }, at) => {
    known(areas, area, ['channels', at, 'area'], 'area')
    known(agencies, agency, ['channels', at, 'agency'], 'agency')
    if (access.kind === 'svxreflector' && access.password !== undefined && !shape.site.demo)
      refuse(['channels', at, 'access', 'password'], SECRET_OF_A_SEAT)
  })
  shape.sources.forEach(({ unit, area, agency }, at) => {
    const path = ['sources', at]
    known(units, unit, [...path, 'unit'], 'unit')
    for (const [field, id, set] of [['area', area, areas] as const, ['agency', agency, agencies] as const])
      if (id !== undefined) known(set, id, [...path, field], field)
      else if (unit === null) refuse(path, `wants an ${field}, or the unit that carries it`)
  })
  shape.devices.forEach((device, at) => {
    const path = ['devices', at, 'publishes']
    if (device.publishes.kind === 'unit') known(units, device.publishes.unit, [...path, 'unit'], 'unit')
    else known(agencies, device.publishes.agency, [...path, 'agency'], 'agency')
  })
  shape.accounts.forEach((account, at) => {
    known(agencies, account.agency, ['accounts', at, 'agency'], 'agency')
    knownScope(account.scope, ['accounts', at, 'scope'])
    account.lines?.forEach((line, nth) => {
      const path = ['accounts', at, 'lines', nth]
      known(exchanges, line.exchange, [...path, 'exchange'], 'exchange')
      if (lines.has(line.id)) refuse([...path, 'id'], `a second line called ${line.id}`)
      lines.add(line.id)
      if (line.password !== undefined && !shape.site.demo) refuse([...path, 'password'], SECRET_OF_A_SEAT)
    })
    const { callsign } = account
    if (callsign === undefined) return
    if (callsigns.has(callsign)) refuse(['accounts', at, 'callsign'], `a second ${callsign} in accounts`)
    callsigns.add(callsign)
  })
  shape.grants.forEach((grant, at) => {
    knownScope(grant.scope, ['grants', at, 'scope'])
    if (grant.subject.kind === 'account')
      known(accounts, grant.subject.account, ['grants', at, 'subject', 'account'], 'account')
  })
  if (!shape.site.demo)
    for (const list of ['accounts', 'devices', 'sources'] as const)
      shape[list].forEach((entry, at) => {
        if ('password' in entry && entry.password !== undefined)
          refuse(
            [list, at, 'password'],
            'a password may stand in the file of a demonstration site only; set it with "npm run hub -- passwd"',
          )
      })
}

function sourceEntry(entry: Shape['sources'][number], { units }: Shape): SourceEntry {
  const { id, name, unit, place } = entry
  const carrier = units.find((one) => one.id === unit)
  // Without a unit both are given: `checkReferences` has seen to it.
  const source: Source = {
    id,
    name,
    unit,
    place,
    area: entry.area ?? carrier?.area ?? '',
    agency: entry.agency ?? carrier?.agency ?? '',
  }
  return entry.kind === 'rtsp'
    ? { source, feed: rtspFeed.strip().parse(entry) }
    : { source, feed: { kind: 'whip' }, password: entry.password }
}

/** The topic an OwnTracks phone publishes on, if this terminal is one. */
export function owntracksTopic(terminal: Terminal): string | undefined {
  return terminal.kind === 'owntracks' ? `owntracks/${terminal.user}/${terminal.device}` : undefined
}

function flatten(list: readonly AreaInput[], parent: Id | null, level: number): Area[] {
  return list.flatMap((area) => {
    const own = areaLevels[level]
    if (own === undefined) return []
    return [
      { id: area.id, name: area.name, level: own, parent, ...(area.centre && { centre: area.centre }) },
      ...flatten(area.areas ?? [], area.id, level + 1),
    ]
  })
}
