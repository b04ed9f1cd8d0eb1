import { describe, expect, it } from 'vitest'
import type { Directory } from '../../../contract/directory.ts'
import { indexOf, search } from './search.ts'

const directory: Directory = {
  areas: { gulou: { id: 'gulou', name: { zh: '鼓楼区', en: 'Gulou' }, level: 'district', parent: null } },
  agencies: { police: { id: 'police', name: { zh: '公安', en: 'Police' }, kind: 'police' } },
  units: {
    'gulou-07': {
      id: 'gulou-07',
      index: 0,
      name: { zh: '鼓楼巡逻 07', en: 'Gulou patrol 07' },
      kind: 'patrol',
      agency: 'police',
      area: 'gulou',
      state: 'available',
      terminals: [{ kind: 'sip', number: '6207' }],
    },
    'engine-1': {
      id: 'engine-1',
      index: 1,
      name: { zh: '消防 1 车', en: 'Engine 1' },
      kind: 'vehicle',
      agency: 'police',
      area: 'gulou',
      state: 'available',
      terminals: [],
    },
  },
  channels: {},
  devices: {},
  nextUnitIndex: 2,
}
const index = indexOf(directory)
const found = (text: string) => [...(search(index, text)?.units ?? [])]

describe('a search of the directory', () => {
  it.each([
    '鼓楼巡逻',
    '巡逻 07',
    'patrol',
    'GULOU PATROL',
    'gulouxunluo',
    'glxl',
    'glxl07',
    '6207',
    '０７',
    'gulou-07',
  ])('finds 鼓楼巡逻 07 by "%s"', (text) => expect(found(text)).toEqual(['gulou-07']))

  it('wants every word', () => {
    expect(found('鼓楼 消防')).toEqual([])
    expect(found('1 engine')).toEqual(['engine-1'])
  })

  it('finds areas and agencies too', () => {
    expect([...(search(index, 'glq')?.groups ?? [])]).toEqual(['gulou'])
    expect([...(search(index, '公安')?.groups ?? [])]).toEqual(['police'])
  })

  it('is no search without a word', () => {
    expect(search(index, '  ')).toBeUndefined()
  })
})
