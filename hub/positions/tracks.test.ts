import { describe, expect, it, onTestFinished } from 'vitest'
import type { Fix } from '../../contract/positions.ts'
import { temporaryFolder } from '../../tests/support/folder.ts'
import { type Database, StoreFailure } from '../store/database.ts'
import { openTrackStore } from '../store/open.ts'
import { openTracks } from './tracks.ts'

const NOW = 1_800_000_000_000
const DAY = 86_400_000

describe('a track', () => {
  it('is read back in order of time, to the centimetre', async () => {
    const { tracks } = await begin()
    tracks.keep(1, fix(0, 0, { speed: 12.34, heading: 271.5 }))
    tracks.keep(1, fix(10, 100))
    expect(await tracks.read(1, NOW, NOW + DAY)).toEqual([
      { at: NOW, lat: 32, lon: 118, speed: 12.34, heading: 271.5 },
      { at: NOW + 10_000, lat: expect.closeTo(32 + 100 / 111_195, 7), lon: 118, speed: null, heading: null },
    ])
  })

  it('is of one unit and of the time asked for', async () => {
    const { tracks } = await begin()
    for (const seconds of [0, 100, 200, 300]) {
      tracks.keep(1, fix(seconds, seconds))
      tracks.keep(2, fix(seconds, seconds))
    }
    const points = await tracks.read(1, NOW + 100_000, NOW + 200_000)
    expect(points.map(({ at }) => (at - NOW) / 1000)).toEqual([100, 200])
    expect(await tracks.read(3, NOW, NOW + DAY)).toEqual([])
  })

  it('takes in what comes late, where it belongs', async () => {
    const { tracks } = await begin()
    for (const seconds of [0, 300, 200, 100]) tracks.keep(1, fix(seconds, seconds))
    const points = await tracks.read(1, NOW, NOW + DAY)
    expect(points.map(({ at }) => (at - NOW) / 1000)).toEqual([0, 100, 200, 300])
  })

  it('is not thinned by what came late', async () => {
    const { tracks } = await begin()
    tracks.keep(1, fix(300, 300))
    tracks.keep(1, fix(100, 100))
    tracks.keep(1, fix(301, 301))
    expect((await tracks.read(1, NOW, NOW + DAY)).map(({ at }) => (at - NOW) / 1000)).toEqual([100, 300])
  })

  it('leaves out what tells nothing new', async () => {
    const { tracks } = await begin()
    for (let seconds = 0; seconds < 50; seconds++) tracks.keep(1, fix(seconds, seconds / 10))
    expect(await tracks.read(1, NOW, NOW + DAY)).toHaveLength(1)
  })

  it('longer than twenty thousand points is given by its end', async () => {
    const { tracks } = await begin()
    for (let at = 0; at < 20_100; at++) tracks.keep(1, fix(at, at * 11))
    const points = await tracks.read(1, NOW, NOW + DAY)
    expect(points).toHaveLength(20_000)
    expect(points[0]?.at).toBe(NOW + 100_000)
    expect(points.at(-1)?.at).toBe(NOW + 20_099_000)
  })

  it('is there after a restart, but for what is older than it is kept', async () => {
    const { tracks, database } = await begin()
    tracks.keep(1, fix(0, 0))
    tracks.keep(1, fix(DAY / 1000, 50_000))
    await tracks.close()
    const later = open(database, { clock: () => NOW + 2.5 * DAY, keepDays: 2 })
    // Reading waits in line behind the pruning.
    expect((await later.read(1, NOW, NOW + 3 * DAY)).map(({ at }) => at)).toEqual([NOW + DAY])
  })

  it('waits in memory while the store fails, and is written when it does not', async () => {
    const { database } = await begin()
    let failing = true
    const flaky: Database = {
      ...database,
      transact: async (statements) => {
        if (failing) throw new StoreFailure('no space left')
        return database.transact(statements)
      },
    }
    const troubles: unknown[] = []
    const tracks = open(flaky, { onTrouble: (trouble) => troubles.push(trouble) })
    tracks.keep(1, fix(0, 0))
    expect(await tracks.read(1, NOW, NOW + DAY)).toEqual([])
    expect(troubles.length).toBeGreaterThan(0)
    failing = false
    tracks.keep(1, fix(1, 100))
    expect(await tracks.read(1, NOW, NOW + DAY)).toHaveLength(2)
  })

  it('is written when its keeper closes', async () => {
    const { tracks, database } = await begin()
    tracks.keep(1, fix(0, 0))
    await tracks.close()
    expect(await database.rows('SELECT count(*) AS points FROM track')).toEqual([{ points: 1 }])
  })
})

async function begin() {
  const database = await openTrackStore({ kind: 'sqlite', folder: temporaryFolder(onTestFinished) })
  onTestFinished(database.close)
  return { database, tracks: open(database) }
}

function open(database: Database, change: Partial<Parameters<typeof openTracks>[0]> = {}) {
  const tracks = openTracks({
    database,
    clock: () => NOW,
    keepDays: 30,
    onTrouble: () => undefined,
    ...change,
  })
  onTestFinished(tracks.close)
  return tracks
}

/** So many seconds later, so many metres north. */
const fix = (seconds: number, metres: number, rest: Partial<Fix> = {}): Fix => ({
  at: NOW + seconds * 1_000,
  lat: 32 + metres / 111_195,
  lon: 118,
  ...rest,
})
