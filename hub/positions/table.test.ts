import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Fix } from '../../contract/positions.ts'
import { isReachable, PositionTable, type Tracked } from './table.ts'

const NOW = 1_800_000_000_000
const patrol: Tracked = { index: 3, kind: 'patrol' }
const steady: Tracked = { ...patrol, reportEvery: 1 }

describe('a fix', () => {
  it('is drawn where it says', () => {
    const table = new PositionTable()
    expect(table.admit(patrol, fix(0, { lat: 32.05, lon: 118.78, speed: 12.5, heading: 90 }), NOW, 7)).toBe(
      'drawn',
    )
    expect([table.lat[3], table.lon[3], table.speed[3], table.heading[3]]).toEqual([
      320_500_000, 1_187_800_000, 1250, 9000,
    ])
    expect([table.at[3], table.changed[3], table.stale[3], table.size]).toEqual([NOW, 7, 0, 4])
  })

  it('older than the one that is drawn is late, and one of the same instant is a repetition', () => {
    const table = new PositionTable()
    table.admit(patrol, fix(0), NOW, 1)
    expect(table.admit(patrol, fix(-1_000), NOW, 2)).toBe('late')
    expect(table.admit(patrol, fix(0, { lat: 33 }), NOW, 2)).toBe('repeated')
    expect(table.latest(3)?.fix).toEqual(fix(0))
    expect(table.changed[3]).toBe(1)
  })

  it('by a clock a little ahead counts as measured now, by one far ahead is doubted', () => {
    const table = new PositionTable()
    expect(table.admit(patrol, fix(5_000), NOW, 1)).toBe('drawn')
    expect(table.at[3]).toBe(NOW)
    expect(table.admit(patrol, fix(5_001), NOW, 2)).toBe('from-the-future')
    expect(table.doubted(3)).toMatchObject({ doubt: 'from-the-future', fix: fix(5_001) })
    expect(table.at[3]).toBe(NOW)
  })

  it('of any unit finds a place, however high its index', () => {
    const table = new PositionTable()
    for (const index of [0, 1023, 1024, 2048, 70_000]) {
      expect(table.admit({ index, kind: 'person' }, fix(0), NOW, 1)).toBe('drawn')
      expect(table.lat[index]).toBe(320_000_000)
    }
    expect(table.lat[0]).toBe(320_000_000)
  })

  it('is forgotten with its unit', () => {
    const table = new PositionTable()
    table.admit(patrol, fix(0), NOW, 1)
    table.forget(3)
    expect(table.latest(3)).toBeUndefined()
    expect(table.at[3]).toBe(0)
    expect(table.admit(patrol, fix(-60_000, { lat: 40 }), NOW, 2)).toBe('drawn')
  })
})

describe('fixes in any order, some of them twice', () => {
  it('leave the unit where the latest of them says, and never take it back in time', () => {
    fc.assert(
      fc.property(anyWalk, (walk) => {
        const table = new PositionTable()
        let drawn = 0
        for (const [tick, report] of walk.entries()) {
          const verdict = table.admit(patrol, report, NOW, tick)
          expect(['drawn', 'late', 'repeated']).toContain(verdict)
          if (verdict !== 'drawn') continue
          expect(report.at).toBeGreaterThan(drawn)
          drawn = report.at
        }
        expect(drawn).toBe(Math.max(...walk.map(({ at }) => at)))
        expect(table.latest(3)?.fix.at).toBe(drawn)
      }),
    )
  })
})

describe('a jump', () => {
  const far = { lat: 33 }

  it('that nothing could have made is flagged and not drawn', () => {
    const table = new PositionTable()
    table.admit(patrol, fix(-10_000), NOW, 1)
    expect(table.admit(patrol, fix(0, far), NOW, 2)).toBe('implausible')
    expect(table.doubted(3)).toMatchObject({ doubt: 'implausible', fix: fix(0, far) })
    expect([table.lat[3], table.changed[3]]).toEqual([320_000_000, 1])
  })

  it('is believed when three fixes in a row say the same', () => {
    const table = new PositionTable()
    table.admit(patrol, fix(-10_000), NOW, 1)
    const verdicts = [0, 1, 2].map((at) => table.admit(patrol, fix(at * 1_000 - 3_000, far), NOW, at))
    expect(verdicts).toEqual(['implausible', 'implausible', 'drawn'])
    expect(table.lat[3]).toBe(330_000_000)
    expect(table.doubted(3)).toBeUndefined()
  })

  it('is not believed when they say different things, or when it was back in between', () => {
    const table = new PositionTable()
    table.admit(patrol, fix(-10_000), NOW, 1)
    const places = [{ lat: 33 }, { lat: 34 }, { lat: 35 }, { lat: 35 }, {}, { lat: 35 }, { lat: 35 }]
    const verdicts = places.map((place, at) => table.admit(patrol, fix(at * 1_000 - 9_000, place), NOW, at))
    expect(verdicts).toEqual([...Array(4).fill('implausible'), 'drawn', 'implausible', 'implausible'])
  })

  it('is no jump for what flies faster, had longer, or does not know where it is', () => {
    const from = fix(0)
    const to = fix(10_000, { lat: 32.0072 })
    expect(isReachable('person', from, to)).toBe(false)
    expect(isReachable('drone', from, to)).toBe(true)
    expect(isReachable('person', from, { ...to, at: NOW + 60_000 })).toBe(true)
    expect(isReachable('person', from, { ...to, accuracy: 1_000 })).toBe(true)
  })
})

describe('a unit', () => {
  it('that reports at a fixed interval is stale after it has missed three, and a moment', () => {
    const table = new PositionTable()
    table.admit(steady, fix(0), NOW, 1)
    table.age(NOW + 4_000, 2)
    expect(table.stale[3]).toBe(0)
    table.age(NOW + 4_001, 3)
    expect([table.stale[3], table.changed[3]]).toEqual([1, 3])
    table.age(NOW + 9_000, 4)
    expect(table.changed[3]).toBe(3)
  })

  it('is fresh again with its next fix', () => {
    const table = new PositionTable()
    table.admit(steady, fix(0), NOW, 1)
    table.age(NOW + 60_000, 2)
    table.admit(steady, fix(60_000), NOW + 60_000, 3)
    expect(table.stale[3]).toBe(0)
  })

  it('whose report was long under way is stale when it comes', () => {
    const table = new PositionTable()
    table.admit(steady, fix(-60_000), NOW, 1)
    expect(table.stale[3]).toBe(1)
  })

  it('of no fixed interval is waited for as long as it usually takes', () => {
    const quick = staleAfter(2_000)
    const slow = staleAfter(60_000)
    expect(quick).toBeLessThan(12_000)
    expect(slow).toBeGreaterThan(150_000)
  })

  it('that was never heard of is not stale', () => {
    const table = new PositionTable()
    table.admit(patrol, fix(0), NOW, 1)
    table.age(NOW + 86_400_000, 2)
    expect(table.stale.slice(0, 3)).toEqual(new Uint8Array(3))
  })
})

/** A fix so many ms from now, at a place of its own or the usual one. */
const fix = (ms: number, change: Partial<Fix> = {}): Fix => ({ at: NOW + ms, lat: 32, lon: 118, ...change })

/** How long after its last fix a unit becomes stale that has reported every so many ms for a while. */
function staleAfter(interval: number): number {
  const table = new PositionTable()
  const reports = 20
  for (let at = 0; at < reports; at++) table.admit(patrol, fix(at * interval), NOW + at * interval, at)
  const last = NOW + (reports - 1) * interval
  for (let after = 0; after < 600_000; after += 500) {
    table.age(last + after, reports)
    if (table.stale[3] === 1) return after
  }
  throw new Error('it never became stale')
}

/** A slow walk whose fixes arrive in any order and some more than once. */
const anyWalk = fc
  .array(fc.integer({ min: 1_000, max: 20_000 }), { minLength: 1, maxLength: 30 })
  .chain((pauses) => {
    let at = NOW - 1_000_000
    const walk = pauses.map((pause, step) => {
      at += pause
      return { at, lat: 32 + step * 1e-6, lon: 118 }
    })
    return fc.shuffledSubarray([...walk, ...walk], { minLength: 1 })
  })
