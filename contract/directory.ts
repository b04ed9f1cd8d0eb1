/**
 * The directory: which areas, agencies, units, terminals and radio channels there are.
 * Its events say what became true; `applyDirectoryEvent` folds them.
 */
import * as z from 'zod'
import { type Id, idSchema, isRecordKey, lineSchema, nameSchema, placeSchema } from './primitives.ts'
import { type Channel, channelSchema } from './radio.ts'

/** From the top: an area's level is one below its parent's. */
export const areaLevels = ['city', 'district', 'street', 'community', 'grid'] as const
export type AreaLevel = (typeof areaLevels)[number]

export const agencyKinds = [
  'operation-centre',
  'police',
  'fire',
  'medical',
  'urban-management',
  'other',
] as const
export type AgencyKind = (typeof agencyKinds)[number]

export const unitKinds = ['person', 'patrol', 'vehicle', 'drone', 'post'] as const
export type UnitKind = (typeof unitKinds)[number]

export const unitStates = ['available', 'en-route', 'on-scene', 'busy', 'off-duty'] as const
export type UnitState = (typeof unitStates)[number]

const areaSchema = z.strictObject({
  id: idSchema,
  name: nameSchema,
  level: z.enum(areaLevels),
  parent: idSchema.nullable(),
  centre: placeSchema.optional(),
})
export type Area = z.infer<typeof areaSchema>

export const agencySchema = z.strictObject({ id: idSchema, name: nameSchema, kind: z.enum(agencyKinds) })
export type Agency = z.infer<typeof agencySchema>

/** An MQTT topic level: no separators, wildcards or control characters. */
export const topicLevelSchema = z
  .string()
  .regex(/^[^/+#\p{Cc}]{1,64}$/u, 'one level of an MQTT topic: no "/", "+" or "#", at most 64 characters')
  .refine(isRecordKey, 'a name that is not reserved')

export const terminalNumberSchema = z.string().regex(/^[0-9*#+A-Za-z._-]{1,32}$/, 'a number or SIP user')

/** A means of reaching or finding a unit; a unit lists its terminals best first. */
export const terminalSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('sip'), number: terminalNumberSchema }),
  z.strictObject({
    kind: z.literal('radio'),
    number: z.string().regex(/^[0-9A-Za-z._-]{1,32}$/, 'a radio id'),
  }),
  z.strictObject({ kind: z.literal('camera'), source: idSchema }),
  z.strictObject({ kind: z.literal('field'), account: idSchema }),
  z.strictObject({ kind: z.literal('owntracks'), user: topicLevelSchema, device: topicLevelSchema }),
])
export type Terminal = z.infer<typeof terminalSchema>

/** The number by which position frames name a unit. Given once, never reused. */
const unitIndexSchema = z.int().min(0).max(0xffff_fffe)
export type UnitIndex = z.infer<typeof unitIndexSchema>

export const unitSchema = z.strictObject({
  id: idSchema,
  index: unitIndexSchema,
  name: nameSchema,
  kind: z.enum(unitKinds),
  agency: idSchema,
  area: idSchema,
  state: z.enum(unitStates),
  /** Persons aboard. */
  crew: z.int().min(0).max(500).optional(),
  note: lineSchema.optional(),
  /** Seconds between position reports, where the device keeps to a fixed one. */
  reportEvery: z.number().min(0.1).max(3600).optional(),
  terminals: z.array(terminalSchema).max(16),
})
export type Unit = z.infer<typeof unitSchema>

/** The numbers of a unit's telephones, best first. */
export const telephonesOf = (unit: Pick<Unit, 'terminals'> | undefined): readonly string[] =>
  (unit?.terminals ?? []).flatMap((terminal) => (terminal.kind === 'sip' ? [terminal.number] : []))

/** Who may publish positions at the hub's own broker: a unit's tracker, or an agency's gateway. */
export const deviceSchema = z.strictObject({
  user: topicLevelSchema,
  publishes: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('unit'), unit: idSchema }),
    z.strictObject({ kind: z.literal('agency'), agency: idSchema }),
  ]),
})
type Device = z.infer<typeof deviceSchema>

export const directoryEvents = {
  'area.put': areaSchema,
  'area.removed': z.strictObject({ id: idSchema }),
  'agency.put': agencySchema,
  'agency.removed': z.strictObject({ id: idSchema }),
  'unit.put': unitSchema,
  'unit.removed': z.strictObject({ id: idSchema }),
  'unit.state-set': z.strictObject({ id: idSchema, state: z.enum(unitStates) }),
  'channel.put': channelSchema,
  'channel.removed': z.strictObject({ id: idSchema }),
  'device.put': deviceSchema,
  'device.removed': z.strictObject({ user: topicLevelSchema }),
  'device.password-set': z.strictObject({ user: topicLevelSchema }),
} as const

export interface Directory {
  areas: Record<Id, Area>
  agencies: Record<Id, Agency>
  units: Record<Id, Unit>
  channels: Record<Id, Channel>
  devices: Record<string, Device>
  /** The index the next new unit gets. */
  nextUnitIndex: UnitIndex
}

export const emptyDirectory: Directory = {
  areas: {},
  agencies: {},
  units: {},
  channels: {},
  devices: {},
  nextUnitIndex: 0,
}

type DirectoryEvent = {
  [K in keyof typeof directoryEvents]: {
    readonly kind: K
    readonly data: z.infer<(typeof directoryEvents)[K]>
  }
}[keyof typeof directoryEvents]

/** Changes `directory` (an Immer draft, or a state nobody else holds) by one event. */
export function applyDirectoryEvent(directory: Directory, event: DirectoryEvent): void {
  switch (event.kind) {
    case 'area.put':
      directory.areas[event.data.id] = event.data
      break
    case 'area.removed':
      delete directory.areas[event.data.id]
      break
    case 'agency.put':
      directory.agencies[event.data.id] = event.data
      break
    case 'agency.removed':
      delete directory.agencies[event.data.id]
      break
    case 'unit.put':
      directory.units[event.data.id] = event.data
      directory.nextUnitIndex = Math.max(directory.nextUnitIndex, event.data.index + 1)
      break
    case 'unit.removed':
      delete directory.units[event.data.id]
      break
    case 'unit.state-set': {
      const unit = directory.units[event.data.id]
      // The unit may be the very object that an earlier event brought: it is replaced, not changed.
      if (unit !== undefined) directory.units[unit.id] = { ...unit, state: event.data.state }
      break
    }
    case 'channel.put':
      directory.channels[event.data.id] = event.data
      break
    case 'channel.removed':
      delete directory.channels[event.data.id]
      break
    case 'device.put':
      directory.devices[event.data.user] = event.data
      break
    case 'device.removed':
      delete directory.devices[event.data.user]
      break
    case 'device.password-set':
      break
  }
}

/** An area and everything above it, nearest first. Stops at an unknown or repeated parent. */
export function areaPath(areas: Readonly<Record<Id, Area>>, area: Id | null): Id[] {
  const path: Id[] = []
  for (let at = area; at !== null && !path.includes(at); at = areas[at]?.parent ?? null) path.push(at)
  return path
}
