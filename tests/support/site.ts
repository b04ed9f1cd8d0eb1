/** A small city to test with. */
import { type SiteDocument, siteDocumentSchema } from '../../contract/site.ts'
import { writeSite } from '../../hub/directory/site-file.ts'

/** Of every account and device of the small city. */
export const PASSWORD = 'correct horse battery'

/** Two districts, two agencies, and an officer for each way of being limited to a part of them. */
export const smallCity = {
  site: { id: 'small-city', name: { zh: '小城', en: 'Small city' }, centre: [32.05, 118.78], demo: true },
  areas: [
    {
      id: 'city',
      name: { zh: '市', en: 'City' },
      areas: [
        {
          id: 'north',
          name: { zh: '北区', en: 'North' },
          areas: [{ id: 'north-gate', name: { zh: '北门街道', en: 'North Gate' } }],
        },
        { id: 'south', name: { zh: '南区', en: 'South' } },
      ],
    },
  ],
  agencies: [
    { id: 'police', name: { zh: '公安', en: 'Police' }, kind: 'police' },
    { id: 'fire', name: { zh: '消防', en: 'Fire' }, kind: 'fire' },
  ],
  units: [
    {
      id: 'north-patrol',
      name: { zh: '北区巡逻', en: 'North patrol' },
      agency: 'police',
      area: 'north-gate',
      reportEvery: 1,
      terminals: [{ kind: 'sip', number: '81001' }],
    },
    {
      id: 'north-engine',
      name: { zh: '北区消防车', en: 'North engine' },
      kind: 'vehicle',
      agency: 'fire',
      area: 'north',
      terminals: [{ kind: 'owntracks', user: 'crew', device: 'phone' }],
    },
    {
      id: 'south-patrol',
      name: { zh: '南区巡逻', en: 'South patrol' },
      agency: 'police',
      area: 'south',
      terminals: [{ kind: 'sip', number: '82001' }],
    },
    {
      id: 'south-engine',
      name: { zh: '南区消防车', en: 'South engine' },
      kind: 'vehicle',
      agency: 'fire',
      area: 'south',
      terminals: [{ kind: 'radio', number: '92001' }],
    },
  ],
  devices: [
    { user: 'north-patrol', publishes: { kind: 'unit', unit: 'north-patrol' }, password: PASSWORD },
    { user: 'north-engine', publishes: { kind: 'unit', unit: 'north-engine' }, password: PASSWORD },
    { user: 'police-gateway', publishes: { kind: 'agency', agency: 'police' }, password: PASSWORD },
    { user: 'fire-gateway', publishes: { kind: 'agency', agency: 'fire' }, password: PASSWORD },
  ],
  accounts: [
    { id: 'admin', name: '管理员', role: 'administrator', password: PASSWORD },
    { id: 'supervisor', name: '带班长', role: 'shift-supervisor', password: PASSWORD },
    {
      id: 'north-officer',
      name: '北区值班员',
      role: 'duty-officer',
      agency: 'police',
      scope: { kind: 'area', area: 'north' },
      password: PASSWORD,
    },
    {
      id: 'fire-officer',
      name: '消防值班员',
      role: 'duty-officer',
      agency: 'fire',
      scope: { kind: 'agency', agency: 'fire' },
      password: PASSWORD,
    },
    { id: 'guest', name: '联勤', role: 'joint-duty-officer', agency: 'police', password: PASSWORD },
  ],
} as const

type SmallCity = typeof smallCity

/** The small city, with some of it replaced. */
export const smallCityWith = (
  change: { readonly [K in keyof SmallCity]?: unknown } & {
    grants?: unknown
    exchanges?: unknown
    channels?: unknown
    sources?: unknown
  },
) => ({
  ...smallCity,
  ...change,
})

/** As the hub has it after reading it from a file. */
export const documentOf = (site: object = smallCity): SiteDocument => siteDocumentSchema.parse(site)

/** As an operator writes it. */
export const siteText = (site: object = smallCity): string => writeSite(site)
