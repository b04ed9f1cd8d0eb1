import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { emptyWall, MOST_ON_WALL, type Wall, wallSchema, wallSizes } from '../../../contract/wall.ts'
import { pageOf, pagesOf, placedAt, tilesOf, withoutSource, withSources } from './places.ts'

const wall = (...places: (string | null)[]): Wall => ({ ...emptyWall, places })

describe('a video wall', () => {
  it('has one page of empty tiles to begin with', () => {
    expect(pagesOf(emptyWall)).toBe(1)
    expect(tilesOf(emptyWall, 0).map(({ source }) => source)).toEqual([null, null, null, null])
  })

  it('fills its gaps first, and goes on on the next page', () => {
    const next = withSources(wall('a', null, 'c'), ['b', 'a', 'd', 'e'])
    expect(next.places).toEqual(['a', 'b', 'c', 'd', 'e'])
    expect(pagesOf(next)).toBe(2)
    expect(tilesOf(next, 1)[0]).toEqual({ place: 4, source: 'e' })
    expect(pageOf(next, 'e')).toBe(1)
    expect(pageOf(next, 'f')).toBeUndefined()
  })

  it('has two sources change places where one is put on the other', () => {
    expect(placedAt(wall('a', 'b', 'c'), 'a', 2).places).toEqual(['c', 'b', 'a'])
  })

  it('makes room for a new one that is put where another stands', () => {
    expect(placedAt(wall('a', 'b'), 'new', 0).places).toEqual(['new', 'b', 'a'])
  })

  it('keeps a place free that nothing was put to', () => {
    expect(placedAt(wall('a'), 'b', 3).places).toEqual(['a', null, null, 'b'])
    expect(withoutSource(wall('a', 'b', 'c'), 'b').places).toEqual(['a', null, 'c'])
    expect(withoutSource(wall('a', null, 'c'), 'c').places).toEqual(['a'])
  })

  it('that is full takes no more, and loses nothing by it', () => {
    const full = withSources(
      emptyWall,
      Array.from({ length: MOST_ON_WALL }, (_, n) => `source-${n}`),
    )
    expect(withSources(full, ['new'])).toEqual(full)
    expect(placedAt(full, 'new', 3)).toEqual(full)
    expect(placedAt(full, 'source-0', 1).places.slice(0, 2)).toEqual(['source-1', 'source-0'])
  })

  it('never has a source twice, never loses one, and stays a wall that can be kept', () => {
    const source = fc.constantFrom(...'abcdefghij')
    const act = fc.oneof(
      fc.record({ do: fc.constant('add' as const), source }),
      fc.record({ do: fc.constant('place' as const), source, place: fc.nat(MOST_ON_WALL + 5) }),
      fc.record({ do: fc.constant('remove' as const), source }),
      fc.record({ do: fc.constant('size' as const), size: fc.constantFrom(...wallSizes) }),
    )
    fc.assert(
      fc.property(fc.array(act, { maxLength: 40 }), (acts) => {
        let now: Wall = emptyWall
        const there = new Set<string>()
        for (const each of acts) {
          if (each.do === 'add') now = withSources(now, [each.source])
          if (each.do === 'place') now = placedAt(now, each.source, each.place)
          if (each.do === 'remove') now = withoutSource(now, each.source)
          if (each.do === 'size') now = { ...now, size: each.size }
          if (each.do === 'remove') there.delete(each.source)
          else if (each.do === 'add' || (each.do === 'place' && each.place < MOST_ON_WALL))
            there.add(each.source)
          expect(now.places.filter((place) => place !== null).toSorted()).toEqual([...there].toSorted())
          expect(wallSchema.safeParse(now).success).toBe(true)
        }
      }),
    )
  })
})
