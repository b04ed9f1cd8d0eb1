import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { temporaryFolder } from '../../tests/support/folder.ts'
import { parseSite, readSiteFile, SiteFileError } from './site-file.ts'

const good = `site:
  id: town
  name: { zh: 小镇, en: Town }
  centre: [32.05, 118.78]
areas:
  - id: town
    name: 镇
agencies:
  - { id: police, name: 公安, kind: police }
units:
  - id: patrol-1
    name: 巡逻 1
    agency: police
    area: town
`

describe('a site file', () => {
  it('is read', () => {
    expect(parseSite(good, 'town.yaml')).toMatchObject({
      site: { id: 'town', zoom: 12 },
      units: [{ id: 'patrol-1' }],
    })
  })

  it('may say a thing once and refer to it', () => {
    const twice = good.replace('name: 公安', 'name: &name 公安').replace('name: 巡逻 1', 'name: *name')
    expect(parseSite(twice, 'town.yaml').units[0]?.name).toEqual({ zh: '公安', en: '公安' })
  })

  it('that is the demonstration’s is read too', async () => {
    const file = new URL('../../resources/demo-site.yaml', import.meta.url)
    const { units, site } = await readSiteFile(file.pathname)
    expect(site.demo).toBe(true)
    expect(units.length).toBeGreaterThan(100)
    expect(parseSite(readFileSync(file, 'utf8'), 'demo').units).toEqual(units)
  })
})

describe('a fault in a site file', () => {
  const faults: readonly (readonly [what: string, from: string, to: string, told: string])[] = [
    [
      'a missing name',
      '    name: 镇\n',
      '',
      'town.yaml:6:5 areas[0].name: Invalid input: expected string, received undefined; or Invalid input: expected object, received undefined',
    ],
    [
      'an area that is not there',
      'area: town',
      'area: city',
      'town.yaml:14:5 units[0].area: no area is called city',
    ],
    [
      'a word that is not one of those known',
      'kind: police',
      'kind: navy',
      'town.yaml:9:29 agencies[0].kind: Invalid option: expected one of "operation-centre"|"police"|"fire"|"medical"|"urban-management"|"other"',
    ],
    [
      'a number for a name',
      'id: police,',
      'id: 110,',
      'town.yaml:9:7 agencies[0].id: Invalid input: expected string, received number',
    ],
    [
      'capital letters in an id',
      'id: patrol-1',
      'id: Patrol-1',
      'town.yaml:11:5 units[0].id: an id: lower-case letters, digits and hyphens, at most 63',
    ],
    [
      'a channel of an agency that is not there',
      'units:\n',
      'channels:\n  - id: tac-1\n    name: Tac 1\n    access: { kind: rtp, address: 239.255.0.1, port: 5004 }\n    agency: navy\nunits:\n',
      'town.yaml:14:5 channels[0].agency: no agency is called navy',
    ],
    [
      'a channel whose access is of no known kind',
      'units:\n',
      'channels:\n  - id: tac-1\n    name: Tac 1\n    access: { kind: telepathy }\nunits:\n',
      "town.yaml:13:15 channels[0].access.kind: Invalid discriminator value. Expected 'rtp' | 'sip' | 'svxreflector'",
    ],
    [
      'longitude first',
      '[32.05, 118.78]',
      '[118.78, 32.05]',
      'town.yaml:4:12 site.centre[0]: Too big: expected number to be <=90',
    ],
    [
      'a key nobody knows',
      'units:\n',
      'untis: []\nunits:\n',
      'town.yaml:10:1 untis: Unrecognized key: "untis"',
    ],
    [
      'a name in one language',
      '{ zh: 小镇, en: Town }',
      '{ zh: 小镇 }',
      'town.yaml:3:3 site.name: en: Invalid input: expected string, received undefined',
    ],
    [
      'a name longer than a line',
      'name: 巡逻 1',
      `name: ${'长'.repeat(121)}`,
      'town.yaml:12:5 units[0].name: Too big: expected string to have <=120 characters',
    ],
    [
      'a scope that is none',
      'units:\n',
      'accounts:\n  - { id: a, name: A, role: duty-officer, scope: { kind: everywhere } }\nunits:\n',
      "town.yaml:11:52 accounts[0].scope.kind: Invalid discriminator value. Expected 'centre' | 'area' | 'agency' | 'incident'",
    ],
    ['the same key twice', 'areas:\n', 'site: {}\nareas:\n', 'town.yaml:5:1 YAML: Map keys must be unique'],
    ['a tab', '    area: town', '\tarea: town', 'town.yaml:14:1 YAML: Tabs are not allowed as indentation'],
    [
      'a reference to nothing',
      'area: town',
      'area: *town',
      'town.yaml:14:11 YAML: *town refers to nothing before it',
    ],
    [
      'a reference to itself',
      'areas:\n  - id: town\n',
      'areas: &all\n  - id: town\n    areas: *all\n',
      'town.yaml:7:12 YAML: *all contains itself',
    ],
    [
      'a second document',
      'units:\n',
      '---\nunits:\n',
      'town.yaml:10:1 YAML: Source contains multiple documents; please use YAML.parseAllDocuments()',
    ],
    [
      'a password in a real site’s file',
      'units:\n',
      'accounts:\n  - id: a\n    name: A\n    role: duty-officer\n    password: correct horse\nunits:\n',
      'town.yaml:14:5 accounts[0].password: a password may stand in the file of a demonstration site only; set it with "npm run hub -- passwd"',
    ],
  ]
  for (const [what, from, to, told] of faults)
    it(`that is ${what} is told with its file, line, column and what was expected`, () => {
      expect(good).toContain(from)
      expect(faultOf(good.replace(from, to)).split('\n')).toContain(told)
    })

  it('that makes it no site at all is told too', () => {
    expect(faultOf('')).toBe('town.yaml:1:1 document: Invalid input: expected object, received null')
    expect(faultOf('\u0000\u0001')).toContain('town.yaml:1:1')
    expect(faultOf('- 1\n- 2\n')).toContain('expected object, received array')
  })

  it('that would fill the memory is refused', () => {
    const bomb = ['a: &a [1, 1, 1, 1, 1, 1, 1, 1]']
    for (const [at, name] of [...'bcdef'].entries()) {
      const below = `*${'abcde'[at]}`
      bomb.push(`${name}: &${name} [${Array(8).fill(below).join(', ')}]`)
    }
    expect(faultOf(`${bomb.join('\n')}\n${good}`)).toContain('Excessive alias count')
  })

  it('is told with all the others, up to fifty', () => {
    const units = Array.from(
      { length: 60 },
      (_, at) => `  - { id: u${at}, name: U, agency: navy, area: town }\n`,
    )
    const told = faultOf(good + units.join('')).split('\n')
    expect(told).toHaveLength(50)
    expect(new Set(told.map((line) => line.split(' ')[0])).size).toBe(50)
  })

  it('that is the file itself names the file', async () => {
    const folder = temporaryFolder(onTestFinished)
    const missing = join(folder, 'none.yaml')
    await expect(readSiteFile(missing)).rejects.toThrow(`${missing}:0:0 file: there is no such file`)
    await expect(readSiteFile(folder)).rejects.toBeInstanceOf(SiteFileError)
    const file = join(folder, 'site.yaml')
    writeFileSync(file, good.replace('area: town', 'area: city'))
    await expect(readSiteFile(file)).rejects.toThrow(`${file}:14:5 units[0].area`)
  })
})

function faultOf(source: string): string {
  try {
    parseSite(source, 'town.yaml')
  } catch (error) {
    if (error instanceof SiteFileError) return error.message
    throw error
  }
  throw new Error('no fault was found')
}
