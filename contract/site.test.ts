import { describe, expect, it } from 'vitest'
import { smallCity, smallCityWith } from '../tests/support/site.ts'
import { siteDocumentSchema } from './site.ts'

describe('a site document', () => {
  it('gives every area its level and its parent', () => {
    expect(parse(smallCity).areas.map(({ id, level, parent }) => [id, level, parent])).toEqual([
      ['city', 'city', null],
      ['north', 'district', 'city'],
      ['north-gate', 'street', 'north'],
      ['south', 'district', 'city'],
    ])
  })

  it('of a district begins at the level of districts', () => {
    const site = { ...smallCity.site, level: 'district' }
    expect(parse(smallCityWith({ site })).areas.map(({ level }) => level)).toEqual([
      'district',
      'street',
      'community',
      'street',
    ])
  })

  it('takes a name that is the same in both languages as plain text', () => {
    const [agency] = parse(
      smallCityWith({ agencies: [...smallCity.agencies, { id: 'x', name: '120', kind: 'medical' }] }),
    ).agencies.slice(-1)
    expect(agency?.name).toEqual({ zh: '120', en: '120' })
  })

  it('says what is usual where nothing is said', () => {
    const [unit] = parse(
      smallCityWith({ devices: [], units: [{ id: 'u', name: 'U', agency: 'police', area: 'north' }] }),
    ).units
    expect(unit).toMatchObject({ kind: 'patrol', state: 'available', terminals: [] })
    const { accounts } = parse(smallCityWith({ accounts: [{ id: 'a', name: 'A', role: 'duty-officer' }] }))
    expect(accounts).toMatchObject([{ agency: null, scope: { kind: 'centre' }, disabled: false }])
  })
})

describe('a site document is refused', () => {
  const [north] = smallCity.units
  const [admin] = smallCity.accounts
  const grant = {
    id: 'g1',
    subject: { kind: 'account', account: 'guest' },
    capabilities: ['view'],
    scope: { kind: 'centre' },
  }
  const phone = { kind: 'owntracks', user: 'crew', device: 'phone' }
  const [city] = smallCity.areas

  const faults: readonly (readonly [string, Parameters<typeof smallCityWith>[0], string, string])[] = [
    [
      'a unit in an area that is not there',
      { units: [{ ...north, area: 'west' }] },
      'units.0.area',
      'no area is called west',
    ],
    [
      'a unit of an agency that is not there',
      { units: [{ ...north, agency: 'navy' }] },
      'units.0.agency',
      'no agency is called navy',
    ],
    ['two units of one id', { units: [north, north] }, 'units.1.id', 'a second north-patrol in units'],
    [
      'two units found by one phone',
      {
        units: [
          { ...north, terminals: [phone] },
          { ...north, id: 'other', terminals: [phone] },
        ],
      },
      'units.1.terminals.0',
      'owntracks/crew/phone already reports the position of north-patrol',
    ],
    [
      'a field terminal of an account that is not there',
      { units: [{ ...north, terminals: [{ kind: 'field', account: 'nobody' }] }] },
      'units.0.terminals.0.account',
      'no account is called nobody',
    ],
    [
      'two areas of one id',
      { areas: [city, { id: 'north', name: 'N' }] },
      'areas.1.id',
      'a second area called north',
    ],
    [
      'an area below a grid',
      { site: { ...smallCity.site, level: 'community' } },
      'areas.0.areas.0.areas.0',
      'deeper than grid, the lowest of the five levels',
    ],
    [
      'two agencies of one id',
      { agencies: [...smallCity.agencies, smallCity.agencies[0]] },
      'agencies.2.id',
      'a second police in agencies',
    ],
    [
      'two accounts of one id',
      { accounts: [admin, admin, ...smallCity.accounts.slice(1)] },
      'accounts.1.id',
      'a second admin in accounts',
    ],
    [
      'an account of an agency that is not there',
      { accounts: [{ ...admin, agency: 'navy' }] },
      'accounts.0.agency',
      'no agency is called navy',
    ],
    [
      'an account over an area that is not there',
      { accounts: [{ ...admin, scope: { kind: 'area', area: 'west' } }] },
      'accounts.0.scope.area',
      'no area is called west',
    ],
    [
      'an account over an agency that is not there',
      { accounts: [{ ...admin, scope: { kind: 'agency', agency: 'navy' } }] },
      'accounts.0.scope.agency',
      'no agency is called navy',
    ],
    [
      'two devices of one name',
      { devices: [smallCity.devices[0], smallCity.devices[0]] },
      'devices.1.user',
      'a second north-patrol in devices',
    ],
    [
      'a device of a unit that is not there',
      { devices: [{ user: 'd', publishes: { kind: 'unit', unit: 'ghost' } }] },
      'devices.0.publishes.unit',
      'no unit is called ghost',
    ],
    [
      'a gateway of an agency that is not there',
      { devices: [{ user: 'd', publishes: { kind: 'agency', agency: 'navy' } }] },
      'devices.0.publishes.agency',
      'no agency is called navy',
    ],
    ['two grants of one id', { grants: [grant, grant] }, 'grants.1.id', 'a second g1 in grants'],
    [
      'a grant to an account that is not there',
      { grants: [{ ...grant, subject: { kind: 'account', account: 'nobody' } }] },
      'grants.0.subject.account',
      'no account is called nobody',
    ],
    [
      'a grant over an area that is not there',
      { grants: [{ ...grant, scope: { kind: 'area', area: 'west' } }] },
      'grants.0.scope.area',
      'no area is called west',
    ],
  ]

  for (const [what, change, path, message] of faults)
    it(`for ${what}`, () => {
      expect(faultsOf(smallCityWith(change))).toContainEqual([path, message])
    })

  it('for two basemaps of one id', () => {
    const basemap = { kind: 'geojson', id: 'plan', name: 'Plan' }
    expect(faultsOf({ ...smallCity, basemaps: [basemap, basemap] })).toEqual([
      ['basemaps.1.id', 'a second plan in basemaps'],
    ])
  })

  describe('when of its telephone lines', () => {
    const line = { id: 'line-1', exchange: 'main', number: '8001' }
    const withLines = (...lines: object[]) => ({
      ...smallCityWith({ accounts: [{ ...admin, lines }] }),
      exchanges: [{ id: 'main', name: 'Main', domain: 'pbx.test' }],
    })

    it('one is at an exchange that is not there', () => {
      expect(faultsOf(withLines({ ...line, exchange: 'old' }))).toContainEqual([
        'accounts.0.lines.0.exchange',
        'no exchange is called old',
      ])
    })

    it('two have one id', () => {
      expect(faultsOf(withLines(line, line))).toContainEqual([
        'accounts.0.lines.1.id',
        'a second line called line-1',
      ])
    })

    it('one has a password though the site is a real one', () => {
      const { demo: _, ...site } = smallCity.site
      const secret = { ...line, password: 'secret' }
      expect(siteDocumentSchema.safeParse(withLines(secret)).success).toBe(true)
      expect(faultsOf({ ...withLines(secret), site }).map(([path]) => path)).toContain(
        'accounts.0.lines.0.password',
      )
    })

    it.each(['', '80 01', '8001@pbx', '<8001>'])('one has the number "%s"', (number) => {
      expect(faultsOf(withLines({ ...line, number })).map(([path]) => path)).toEqual([
        'accounts.0.lines.0.number',
      ])
    })
  })

  describe('when of its radio channels', () => {
    const access = { kind: 'rtp', address: '239.255.0.1', port: 5004 }
    const channel = { id: 'tac-1', name: 'Tac 1', area: 'north', agency: 'police', access }

    it('one is of an area or an agency that is not there', () => {
      expect(faultsOf(smallCityWith({ channels: [{ ...channel, area: 'west', agency: 'navy' }] }))).toEqual([
        ['channels.0.area', 'no area is called west'],
        ['channels.0.agency', 'no agency is called navy'],
      ])
    })

    it('two have one id', () => {
      expect(faultsOf(smallCityWith({ channels: [channel, channel] }))).toEqual([
        ['channels.1.id', 'a second tac-1 in channels'],
      ])
    })

    it('one has its sound at a port that RTCP takes', () => {
      const odd = { ...channel, access: { ...access, port: 5005 } }
      expect(faultsOf(smallCityWith({ channels: [odd] })).map(([path]) => path)).toEqual([
        'channels.0.access.port',
      ])
    })

    it('one is keyed by what no telephone has', () => {
      const gateway = { kind: 'sip', host: 'gateway.test', user: 'radio', keying: 'dtmf' }
      const keyedBy = (keyDigits: string) =>
        smallCityWith({ channels: [{ ...channel, access: { ...gateway, keyDigits, unkeyDigits: '#' } }] })
      expect(siteDocumentSchema.safeParse(keyedBy('*99')).success).toBe(true)
      expect(faultsOf(keyedBy('press')).map(([path]) => path)).toEqual(['channels.0.access.keyDigits'])
    })

    it('one is to have protected sound by ED-137, which has none', () => {
      const at = (keying: string) => {
        const gateway = { kind: 'sip', host: 'gateway.test', user: 'radio', keying, srtp: true }
        return smallCityWith({ channels: [{ ...channel, access: gateway }] })
      }
      expect(siteDocumentSchema.safeParse(at('voice')).success).toBe(true)
      expect(faultsOf(at('ed137'))).toEqual([['channels.0.access.srtp', 'ED-137 has no protected sound']])
    })

    it('one has a password though the site is a real one', () => {
      const { demo: _, ...site } = smallCity.site
      const secret = { kind: 'svxreflector', host: 'reflector.test', talkgroup: 8, password: 'secret' }
      const channels = [{ ...channel, access: secret }]
      expect(siteDocumentSchema.safeParse(smallCityWith({ channels })).success).toBe(true)
      expect(faultsOf(smallCityWith({ channels, site })).map(([path]) => path)).toContain(
        'channels.0.access.password',
      )
    })
  })

  it('for two accounts of one callsign', () => {
    const accounts = smallCity.accounts.map((account) => ({ ...account, callsign: 'WF-1' }))
    expect(faultsOf(smallCityWith({ accounts }))[0]).toEqual([
      'accounts.1.callsign',
      'a second WF-1 in accounts',
    ])
  })

  it('for a password in the file of a real site', () => {
    const { demo: _, ...site } = smallCity.site
    expect(faultsOf(smallCityWith({ site })).map(([path]) => path)).toEqual([
      ...smallCity.accounts.map((_account, at) => `accounts.${at}.password`),
      ...smallCity.devices.map((_device, at) => `devices.${at}.password`),
    ])
  })

  it('with every fault named, not only the first', () => {
    const units = [
      { ...north, area: 'west' },
      { ...north, id: 'other', agency: 'navy' },
    ]
    expect(faultsOf(smallCityWith({ units, devices: [] }))).toHaveLength(2)
  })
})

const parse = (site: object) => siteDocumentSchema.parse(site)

function faultsOf(site: object): [path: string, message: string][] {
  const parsed = siteDocumentSchema.safeParse(site)
  if (parsed.success) throw new Error('nothing was found wrong')
  return parsed.error.issues.map(({ path, message }) => [path.join('.'), message])
}
