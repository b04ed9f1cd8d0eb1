import { describe, expect, it } from 'vitest'
import type { FrameSink } from '../../contract/hub.ts'
import { readFrame } from '../../contract/position-frame.ts'
import { FRAME_EVERY_MS, openFeed, VisibleUnits } from './feed.ts'
import { PositionTable } from './table.ts'

const NOW = 1_800_000_000_000

describe('the feed', () => {
  it('sends at most five frames a second', () => {
    expect(1000 / FRAME_EVERY_MS).toBeLessThanOrEqual(5)
    const { every } = begin()
    expect(every).toEqual([FRAME_EVERY_MS])
  })

  it('gives a new seat everything it may see, and says that it begins', () => {
    const { feed, report, tick } = begin()
    report(1, 32)
    report(2, 33)
    const seat = sink()
    feed.join(seat, new VisibleUnits([1, 7]))
    tick()
    expect(seat.told()).toEqual([{ reset: true, units: { 1: 32 } }])
  })

  it('gives a new seat an empty beginning if it sees nothing', () => {
    const { feed, tick } = begin()
    const seat = sink()
    feed.join(seat, new VisibleUnits([]))
    tick()
    expect(seat.told()).toEqual([{ reset: true, units: {} }])
  })

  it('then tells what changed, once, and nothing if nothing did', () => {
    const { feed, report, tick } = begin()
    report(1, 32)
    report(2, 33)
    const seat = sink()
    feed.join(seat, new VisibleUnits([1, 2]))
    tick()
    tick()
    report(2, 34)
    report(2, 35)
    tick()
    tick()
    expect(seat.told().slice(1)).toEqual([{ reset: false, units: { 2: 35 } }])
  })

  it('tells that a unit has gone stale', () => {
    const { feed, report, tick, pass } = begin()
    report(1, 32)
    const seat = sink()
    feed.join(seat, new VisibleUnits([1]))
    tick()
    pass(120_000)
    for (let ticks = 0; ticks < 5; ticks++) tick()
    const frames = seat.frames.slice(1).map((bytes) => readFrame(bytes))
    expect(frames).toHaveLength(1)
    frames[0]?.each((record) => {
      expect(record).toMatchObject({ index: 1, stale: true })
      expect(record.age).toBeGreaterThanOrEqual(120)
    })
  })

  it('says nothing of a unit that is not to be seen', () => {
    const { feed, report, tick } = begin()
    const seat = sink()
    feed.join(seat, new VisibleUnits([1]))
    tick()
    for (let lat = 40; lat < 50; lat++) {
      report(2, lat)
      tick()
    }
    expect(seat.told()).toEqual([{ reset: true, units: {} }])
  })

  it('begins anew when what may be seen has changed, and only then', () => {
    const { feed, report, tick } = begin()
    report(1, 32)
    report(2, 33)
    const seat = sink()
    const place = feed.join(seat, new VisibleUnits([1]))
    tick()
    place.see(new VisibleUnits([1]))
    tick()
    place.see(new VisibleUnits([2]))
    tick()
    expect(seat.told()).toEqual([
      { reset: true, units: { 1: 32 } },
      { reset: true, units: { 2: 33 } },
    ])
  })

  it('lets a slow seat skip frames, and catch up in one', () => {
    const { feed, report, tick } = begin()
    report(1, 32)
    const slow = sink()
    const quick = sink()
    for (const seat of [slow, quick]) feed.join(seat, new VisibleUnits([1, 2]))
    tick()
    slow.waiting = 1024 * 1024
    for (const [index, lat] of [
      [1, 33],
      [2, 34],
      [1, 35],
    ] as const) {
      report(index, lat)
      tick()
    }
    expect(quick.frames).toHaveLength(4)
    expect(slow.frames).toHaveLength(1)
    slow.waiting = 0
    tick()
    expect(slow.told().slice(1)).toEqual([{ reset: false, units: { 1: 35, 2: 34 } }])
    expect(quick.frames.at(-1)).not.toBe(slow.frames.at(-1))
  })

  it('makes one frame for all who see the same', () => {
    const { feed, report, tick } = begin()
    const seats = [sink(), sink(), sink()]
    for (const seat of seats) feed.join(seat, new VisibleUnits([1]))
    tick()
    report(1, 32)
    tick()
    const [first, ...others] = seats.map(({ frames }) => frames[1])
    for (const frame of others) expect(frame).toBe(first)
  })

  it('forgets a seat that has gone', () => {
    const { feed, report, tick } = begin()
    const seat = sink()
    feed.join(seat, new VisibleUnits([1]))
    expect(feed.seats).toBe(1)
    seat.close()
    report(1, 32)
    tick()
    expect(feed.seats).toBe(0)
    expect(seat.frames).toEqual([])
  })

  it('stops when it is closed', () => {
    const { feed, stopped } = begin()
    feed.close()
    expect(stopped()).toBe(true)
  })
})

describe('a set of visible units', () => {
  it('is told from another by what is in it, however it was made', () => {
    expect(new VisibleUnits([1, 2, 9]).fingerprint).toBe(new VisibleUnits([9, 2, 1, 1]).fingerprint)
    expect(new VisibleUnits([1, 2]).fingerprint).not.toBe(new VisibleUnits([1, 2, 9]).fingerprint)
    expect(new VisibleUnits([0]).fingerprint).not.toBe(new VisibleUnits([]).fingerprint)
  })

  it('has what is in it and nothing beyond', () => {
    const units = new VisibleUnits([0, 5])
    expect([0, 1, 5, 6, 100_000].filter((index) => units.has(index))).toEqual([0, 5])
  })
})

function begin() {
  const table = new PositionTable()
  const every: number[] = []
  let now = NOW
  let work = () => {}
  let stopped = false
  const feed = openFeed({
    table,
    clock: () => now,
    every: (ms, given) => {
      every.push(ms)
      work = given
      return () => {
        stopped = true
      }
    },
  })
  return {
    feed,
    every,
    stopped: () => stopped,
    tick: () => work(),
    pass: (ms: number) => {
      now += ms
    },
    /** Each report a minute after the last, so that any place could be reached. */
    report: (index: number, lat: number) => {
      now += 7_200_000
      table.admit({ index, kind: 'drone' }, { at: now, lat, lon: 118 }, now, feed.tick)
    },
  }
}

function sink() {
  const frames: Uint8Array[] = []
  const closed = new AbortController()
  const seat = {
    frames,
    waiting: 0,
    closed: closed.signal,
    send: (frame: Uint8Array) => {
      frames.push(frame)
    },
    close: () => closed.abort(),
    /** What the frames say: the latitude of each unit. */
    told: () =>
      frames.map((bytes) => {
        const frame = readFrame(bytes)
        const units: Record<number, number> = {}
        frame?.each(({ index, lat }) => {
          units[index] = lat / 1e7
        })
        return { reset: frame?.reset, units }
      }),
  }
  return seat satisfies FrameSink
}
