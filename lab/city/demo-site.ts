/** The demonstration site: a city's areas, agencies, forces, devices and seats. The same for the same number of units. Pure. */
import type { AgencyKind, Terminal, UnitKind, UnitState } from '../../contract/directory.ts'
import type { Role, Scope } from '../../contract/permissions.ts'
import { demoChannels } from './channels.ts'
import { type District, districts, type StreetOffice } from './places.ts'
import { type Chance, chanceFrom } from './random.ts'

/** Public by design: the demonstration site offers its accounts to whoever sits down. */
const DEMO_PASSWORD = 'watchfloor-demo'
/** Of a city however large. */
const MOST_CAMERAS = 500
/** The lab's own account: it may say what units are doing, and nothing else. */
export const EXERCISE_ACCOUNT = 'exercise'
/** Officers of other agencies whom the lab plays. */
export const PARTNERS = [
  { id: 'medical-120', zh: '120 联勤席(模拟)', en: '120 joint-duty seat (simulated)', agency: 'medical' },
  {
    id: 'urban-command',
    zh: '城管指挥席(模拟)',
    en: 'Urban management seat (simulated)',
    agency: 'urban-management',
  },
] as const
export const EXERCISE_EXCHANGE = 'exercise'
/** The one that is pulled over RTSP, where the lab can run it; it says where it is (source.place). */
export const STREET_CAMERA = 'camera-xinjiekou'
/** What citizens call. */
export const CITY_NUMBER = '110'
const COMMUNITIES = 2
const GRIDS = 2

const agencies = [
  { id: 'operation-centre', zh: '市城运中心', en: 'City operation centre', kind: 'operation-centre' },
  { id: 'police', zh: '公安', en: 'Police', kind: 'police' },
  { id: 'fire', zh: '消防', en: 'Fire and rescue', kind: 'fire' },
  { id: 'medical', zh: '急救 120', en: 'Medical 120', kind: 'medical' },
  { id: 'urban-management', zh: '城管', en: 'Urban management', kind: 'urban-management' },
  { id: 'municipal', zh: '市政', en: 'Municipal services', kind: 'other' },
] as const satisfies readonly { id: string; zh: string; en: string; kind: AgencyKind }[]
type AgencyId = (typeof agencies)[number]['id']

/** What forces there are of each sort, in parts of a hundred. */
const forces: readonly {
  readonly agency: AgencyId
  readonly slug: string
  readonly kind: UnitKind
  readonly share: number
  readonly crew: number
  /** Its phone reports through OwnTracks. */
  readonly phone?: true
  readonly camera?: true
  name(place: Named, number: string): Named
}[] = [
  {
    agency: 'police',
    slug: 'patrol',
    kind: 'patrol',
    share: 34,
    crew: 2,
    camera: true,
    name: (p, n) => ({ zh: `${p.zh}巡逻 ${n}`, en: `${p.en} patrol ${n}` }),
  },
  {
    agency: 'police',
    slug: 'officer',
    kind: 'person',
    share: 10,
    crew: 1,
    phone: true,
    name: (p, n) => ({ zh: `${p.zh}步巡 ${n}`, en: `${p.en} foot ${n}` }),
  },
  {
    agency: 'fire',
    slug: 'engine',
    kind: 'vehicle',
    share: 14,
    crew: 6,
    name: (p, n) => ({ zh: `消防 ${p.zh}站 ${n} 车`, en: `${p.en} engine ${n}` }),
  },
  {
    agency: 'medical',
    slug: 'ambulance',
    kind: 'vehicle',
    share: 10,
    crew: 3,
    name: (p, n) => ({ zh: `救护 ${p.zh} ${n}`, en: `${p.en} ambulance ${n}` }),
  },
  {
    agency: 'urban-management',
    slug: 'team',
    kind: 'patrol',
    share: 18,
    crew: 3,
    name: (p, n) => ({ zh: `城管 ${p.zh} ${n}`, en: `${p.en} urban ${n}` }),
  },
  {
    agency: 'urban-management',
    slug: 'drone',
    kind: 'drone',
    share: 4,
    crew: 0,
    camera: true,
    name: (p, n) => ({ zh: `无人机 ${p.zh} ${n}`, en: `${p.en} drone ${n}` }),
  },
  {
    agency: 'municipal',
    slug: 'crew',
    kind: 'vehicle',
    share: 6,
    crew: 4,
    name: (p, n) => ({ zh: `市政抢修 ${p.zh} ${n}`, en: `${p.en} works ${n}` }),
  },
  {
    agency: 'police',
    slug: 'post',
    kind: 'post',
    share: 4,
    crew: 2,
    camera: true,
    name: (p, n) => ({ zh: `${p.zh}岗亭 ${n}`, en: `${p.en} post ${n}` }),
  },
]

interface Named {
  readonly zh: string
  readonly en: string
}

interface DemoUnit {
  readonly id: string
  readonly name: Named
  readonly kind: UnitKind
  readonly agency: AgencyId
  readonly area: string
  readonly state: UnitState
  readonly crew: number
  readonly terminals: Terminal[]
}

/** Units that somebody can sign in for on a phone, with the account. */
/** The crew that is left to whoever signs in for it. */
const FREE_CREW = 'crew-1'
const MOST_CREWS = 6
/** The accounts of the first patrols of some offices, by unit. */
const crews: Readonly<Record<string, { readonly account: string } & Named>> = Object.fromEntries(
  districts
    .flatMap(({ offices }) => offices)
    .toSorted((a, b) => Number(b.id === 'xinjiekou') - Number(a.id === 'xinjiekou'))
    .slice(0, MOST_CREWS)
    .map(({ id, zh, en }, nth) => [
      `patrol-${id}-01`,
      { account: `crew-${nth + 1}`, zh: `${zh}巡逻 01 组`, en: `${en} patrol 01 crew` },
    ]),
)
/** The accounts in the field that the lab plays. */
export const PLAYED_CREWS = Object.values(crews)
  .map(({ account }) => account)
  .filter((account) => account !== FREE_CREW)

/** Extensions of the seats at the exercise exchange. */
const lineNumbers: Readonly<Record<string, string>> = {
  'duty-1': '8001',
  'duty-2': '8002',
  supervisor: '8000',
  'gulou-duty': '8011',
  'fire-119': '8119',
  'on-site': '8021',
}

/** The document as the site file has it. */
export function demoSite(units: number): object {
  const forcesOut = demoUnits(units)
  return {
    site: {
      id: 'nanjing-demo',
      name: { zh: '南京市城市运行管理中心(演示)', en: 'Nanjing city operation centre (demonstration)' },
      centre: [32.047, 118.779],
      zoom: 13,
      demo: true,
    },
    basemaps: [],
    exchanges: [
      {
        id: EXERCISE_EXCHANGE,
        name: { zh: '演练交换机', en: 'Exercise exchange' },
        domain: 'exercise.invalid',
      },
    ],
    areas: [
      {
        id: 'nanjing',
        name: { zh: '南京市', en: 'Nanjing' },
        centre: [32.055, 118.785],
        areas: districts.map(districtOut),
      },
    ],
    agencies: agencies.map(({ zh, en, ...agency }) => ({ ...agency, name: { zh, en } })),
    units: forcesOut,
    channels: demoChannels,
    devices: [
      ...agencies.map(({ id }) => ({
        user: `gateway-${id}`,
        publishes: { kind: 'agency', agency: id },
        password: DEMO_PASSWORD,
      })),
      ...forcesOut.flatMap((unit) =>
        unit.terminals.flatMap((terminal) =>
          terminal.kind === 'owntracks'
            ? [{ user: terminal.user, publishes: { kind: 'unit', unit: unit.id }, password: DEMO_PASSWORD }]
            : [],
        ),
      ),
    ],
    sources: [streetCamera, ...forcesOut.flatMap(cameraOf).slice(0, MOST_CAMERAS)],
    accounts: [
      account('duty-1', '市级值班席 1', 'City duty seat 1', 'duty-officer', 'operation-centre'),
      account('duty-2', '市级值班席 2', 'City duty seat 2', 'duty-officer', 'operation-centre'),
      account('supervisor', '值班长', 'Shift supervisor', 'shift-supervisor', 'operation-centre'),
      account('gulou-duty', '鼓楼区值班席', 'Gulou duty seat', 'duty-officer', 'operation-centre', {
        kind: 'area',
        area: 'gulou',
      }),
      account('fire-119', '119 联勤席', '119 joint-duty seat', 'duty-officer', 'fire', {
        kind: 'agency',
        agency: 'fire',
      }),
      ...PARTNERS.map(({ id, zh, en, agency }) =>
        account(id, zh, en, 'duty-officer', agency, { kind: 'agency', agency }),
      ),
      account('on-site', '前方指挥部', 'On-site post', 'on-site-post', 'operation-centre', {
        kind: 'area',
        area: 'qinhuai',
      }),
      account('administrator', '系统管理员', 'Administrator', 'administrator', 'operation-centre'),
      // Of a small city not all of them are there.
      ...Object.entries(crews)
        .filter(([unit]) => forcesOut.some(({ id }) => id === unit))
        .map(([, { account: id, zh, en }]) => account(id, zh, en, 'field-account', 'police')),
      account(EXERCISE_ACCOUNT, '演练导调', 'Exercise control', 'field-account', 'operation-centre'),
    ],
    grants: [
      {
        id: 'exercise-control',
        subject: { kind: 'account', account: EXERCISE_ACCOUNT },
        capabilities: ['view', 'task', 'administer'],
        scope: { kind: 'centre' },
      },
    ],
  }
}

const streetCamera = {
  id: STREET_CAMERA,
  name: { zh: '新街口路口摄像机', en: 'Xinjiekou junction camera' },
  kind: 'rtsp',
  url: 'rtsp://127.0.0.1/street',
  placed: true,
  area: 'xinjiekou',
  agency: 'police',
  place: [32.0447, 118.7788],
}

/** The source that a unit's camera is. It publishes by itself, under a token that everybody knows. */
const cameraOf = ({ id, name, terminals }: DemoUnit): object[] =>
  terminals.flatMap((terminal) =>
    terminal.kind === 'camera'
      ? [
          {
            id: terminal.source,
            name: { zh: `${name.zh} 摄像机`, en: `${name.en} camera` },
            kind: 'whip',
            unit: id,
            password: DEMO_PASSWORD,
          },
        ]
      : [],
  )

/** The forces alone, spread over the areas in proportion. */
function demoUnits(count: number): DemoUnit[] {
  const chance = chanceFrom(20_260_101)
  const offices = districts.flatMap((district) => district.offices.map((office) => ({ district, office })))
  const numbers = new Map<string, number>()
  const units: DemoUnit[] = []
  const total = forces.reduce((sum, { share }) => sum + share, 0)
  let owed = 0
  for (const force of forces) {
    owed += (count * force.share) / total
    while (units.length < Math.round(owed)) {
      const place = offices[units.length % offices.length]
      if (place === undefined) throw new Error('the city has no areas')
      const key = `${force.slug} ${place.office.id}`
      const number = (numbers.get(key) ?? 0) + 1
      numbers.set(key, number)
      units.push(demoUnit(force, place, number, units.length, chance))
    }
  }
  return units
}

function demoUnit(
  force: (typeof forces)[number],
  { office }: { district: District; office: StreetOffice },
  number: number,
  nth: number,
  chance: Chance,
): DemoUnit {
  const twoDigits = String(number).padStart(2, '0')
  const id = `${force.slug}-${office.id}-${twoDigits}`
  const community = 1 + Math.floor(chance.next() * COMMUNITIES)
  const grid = 1 + Math.floor(chance.next() * GRIDS)
  const sip: Terminal = { kind: 'sip', number: String(60_000 + nth) }
  const radio: Terminal = { kind: 'radio', number: String(30_000 + nth) }
  return {
    id,
    name: force.name(office, twoDigits),
    kind: force.kind,
    agency: force.agency,
    area: `${office.id}-c${community}-g${grid}`,
    state: chance.pick(['available', 'available', 'available', 'available', 'en-route', 'on-scene', 'busy']),
    crew: force.crew,
    terminals: [
      ...(force.crew > 0 && chance.next() < 0.9 ? [sip] : []),
      ...(force.crew > 0 ? [radio] : []),
      ...(force.camera === true ? [{ kind: 'camera' as const, source: `camera-${id}` }] : []),
      ...(crews[id] === undefined ? [] : [{ kind: 'field' as const, account: crews[id].account }]),
      ...(force.phone === true ? [{ kind: 'owntracks' as const, user: id, device: 'phone' }] : []),
    ],
  }
}

const account = (
  id: string,
  zh: string,
  en: string,
  role: Role,
  agency: AgencyId,
  scope: Scope = { kind: 'centre' },
) => ({
  id,
  name: { zh, en },
  role,
  agency,
  scope,
  password: DEMO_PASSWORD,
  ...(id in lineNumbers && {
    callsign: `WF-${lineNumbers[id]}`,
    lines: [
      { id: `line-${id}`, exchange: EXERCISE_EXCHANGE, number: lineNumbers[id], password: DEMO_PASSWORD },
    ],
  }),
})

const districtOut = ({ id, zh, en, at, offices }: District) => ({
  id,
  name: { zh, en },
  centre: [at.lat, at.lon],
  areas: offices.map((office) => ({
    id: office.id,
    name: { zh: `${office.zh}街道`, en: `${office.en} subdistrict` },
    centre: [office.at.lat, office.at.lon],
    areas: numbered(COMMUNITIES).map((community) => ({
      id: `${office.id}-c${community}`,
      name: { zh: `${office.zh}第${chinese(community)}社区`, en: `${office.en} community ${community}` },
      areas: numbered(GRIDS).map((grid) => ({
        id: `${office.id}-c${community}-g${grid}`,
        name: { zh: `${chinese(community)}社区 ${grid} 网格`, en: `Community ${community} grid ${grid}` },
      })),
    })),
  })),
})

const numbered = (count: number): number[] => Array.from({ length: count }, (_, at) => at + 1)
const chinese = (number: number): string => '零一二三四五六七八九'[number] ?? String(number)
