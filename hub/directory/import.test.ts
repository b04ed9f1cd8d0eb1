import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { eventSchemas, type Happening } from '../../contract/events.ts'
import { siteDocumentSchema } from '../../contract/site.ts'
import { emptyState, fold, type SharedState } from '../../contract/state.ts'
import { anySite } from '../../tests/support/any-site.ts'
import { documentOf, smallCity, smallCityWith } from '../../tests/support/site.ts'
import { exportSite } from './export.ts'
import { planImport } from './import.ts'
import { parseSite, writeSite } from './site-file.ts'

const anyDocument = anySite.map((site) => siteDocumentSchema.parse(site))

describe('an import', () => {
  it('of what was imported changes nothing', () => {
    fc.assert(
      fc.property(anyDocument, (document) => {
        expect(planImport(imported(document), document)).toEqual([])
      }),
    )
  })

  it('makes of any directory what the file says, whatever it was', () => {
    fc.assert(
      fc.property(anyDocument, anyDocument, (first, second) => {
        const then = fold(imported(first), planImport(imported(first), second))
        expect(comparable(then)).toEqual(comparable(imported(second)))
      }),
    )
  })

  it('tells of events that can be read back', () => {
    fc.assert(
      fc.property(anyDocument, anyDocument, (first, second) => {
        for (const event of [...planImport(emptyState, first), ...planImport(imported(first), second)])
          expect(eventSchemas[event.kind].safeParse(event.data).error).toBeUndefined()
      }),
    )
  })

  it('never gives two units one index, nor one that was ever given', () => {
    fc.assert(
      fc.property(fc.array(anyDocument, { minLength: 1, maxLength: 4 }), (documents) => {
        const given = new Map<number, string>()
        let state = emptyState
        for (const document of documents) {
          const known = state.directory.units
          state = fold(state, planImport(state, document))
          for (const { id, index } of Object.values(state.directory.units)) {
            if (known[id] === undefined) expect(given.has(index)).toBe(false)
            else expect(index).toBe(known[id].index)
            given.set(index, id)
          }
        }
      }),
    )
  })

  it('leaves the state of a unit on duty as the shift made it', () => {
    const state = fold(imported(documentOf()), [
      {
        kind: 'unit.state-set',
        subject: 'unit/north-patrol',
        area: 'north-gate',
        data: { id: 'north-patrol', state: 'on-scene' },
      },
    ])
    expect(planImport(state, documentOf())).toEqual([])
  })

  it('tells what changed, and only that', () => {
    const [north, ...others] = smallCity.units
    const renamed = { ...north, name: { zh: '北区一号', en: 'North one' } }
    const added = { id: 'north-drone', name: '无人机', kind: 'drone', agency: 'police', area: 'north' }
    const units = [renamed, ...others.filter(({ id }) => id !== 'south-engine'), added]
    const told = planImport(imported(documentOf()), documentOf(smallCityWith({ units })))
    expect(told.map(({ kind, subject }) => [kind, subject])).toEqual([
      ['unit.put', 'unit/north-patrol'],
      ['unit.put', 'unit/north-drone'],
      ['unit.removed', 'unit/south-engine'],
    ])
  })

  it('puts what is referred to before what refers to it, and removes it after', () => {
    fc.assert(
      fc.property(anyDocument, anyDocument, (first, second) => {
        let state = imported(first)
        for (const event of planImport(state, second)) {
          state = fold(state, [event])
          expect(danglingIn(state)).toEqual([])
        }
      }),
    )
  })
})

describe('an export', () => {
  it('imports to the same again, through the text an operator keeps', () => {
    fc.assert(
      fc.property(anyDocument, (document) => {
        const state = imported(document)
        const again = parseSite(writeSite(exportSite(state)), 'export.yaml')
        expect(planImport(state, again)).toEqual([])
        expect(imported(again)).toEqual(state)
      }),
      { numRuns: 300 },
    )
  })

  it('of a hub without a site is nothing', () => {
    expect(exportSite(emptyState)).toBeUndefined()
  })

  it('holds no password', () => {
    expect(JSON.stringify(exportSite(imported(documentOf())))).not.toContain('password')
  })

  it('of thousands of areas takes no longer for each', () => {
    const street = (at: number) => ({
      id: `s${at}`,
      name: `街道 ${at}`,
      areas: Array.from({ length: 9 }, (_, below) => ({ id: `s${at}-${below}`, name: `社区 ${below}` })),
    })
    const areas = [{ id: 'city', name: '市', areas: Array.from({ length: 2_000 }, (_, at) => street(at)) }]
    const state = imported(
      documentOf(
        smallCityWith({ areas, units: [], devices: [], accounts: [], agencies: smallCity.agencies }),
      ),
    )
    const again = siteDocumentSchema.parse(exportSite(state))
    expect(again.areas).toHaveLength(20_001)
  })
})

const imported = (document: ReturnType<typeof documentOf>): SharedState =>
  fold(emptyState, planImport(emptyState, document))

/** Without what depends on what was there before: indexes, the states of units, and where channels were placed. */
const comparable = (state: SharedState) => ({
  ...state,
  directory: {
    ...state.directory,
    nextUnitIndex: 0,
    channels: Object.fromEntries(
      Object.values(state.directory.channels).map((channel) => [
        channel.id,
        channel.placed ? { ...channel, access: channel.access.kind } : channel,
      ]),
    ),
    units: Object.fromEntries(
      Object.values(state.directory.units).map((unit) => [unit.id, { ...unit, index: 0, state: null }]),
    ),
  },
})

/** Ids that are named in the directory and not there. */
function danglingIn({ directory, access }: SharedState): string[] {
  const named: [Happening['kind'], string][] = [
    ...Object.values(directory.channels).flatMap(({ area, agency }): [Happening['kind'], string][] => [
      ...(area === null ? [] : [['area.put', area] satisfies [Happening['kind'], string]]),
      ...(agency === null ? [] : [['agency.put', agency] satisfies [Happening['kind'], string]]),
    ]),
    ...Object.values(directory.units).flatMap(({ area, agency }): [Happening['kind'], string][] => [
      ['area.put', area],
      ['agency.put', agency],
    ]),
    ...Object.values(directory.areas).flatMap(({ parent }): [Happening['kind'], string][] =>
      parent === null ? [] : [['area.put', parent]],
    ),
    ...Object.values(access.grants).flatMap(({ subject }): [Happening['kind'], string][] =>
      subject.kind === 'account' ? [['account.put', subject.account]] : [],
    ),
  ]
  return named.flatMap(([kind, id]) => {
    const there =
      kind === 'area.put' ? directory.areas : kind === 'agency.put' ? directory.agencies : access.accounts
    return Object.hasOwn(there, id) ? [] : [`${kind} ${id}`]
  })
}
