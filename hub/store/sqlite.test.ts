import { mkdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { temporaryFolder } from '../../tests/support/folder.ts'
import { StoreFailure, UniqueViolation } from './database.ts'
import { openHubStore, openTrackStore, sqliteFile } from './open.ts'

const note = (name: string, value = 'x') => ({
  sql: 'INSERT INTO note (name, value) VALUES ($1, $2)',
  values: [name, value],
})

describe('a store in a file', () => {
  it('is made in a folder that only its owner may enter', async () => {
    const { database, folder } = await begin()
    await database.transact([note('a')])
    expect(await database.rows('SELECT * FROM note')).toEqual([{ name: 'a', value: 'x' }])
    expect(statSync(folder).mode & 0o077).toBe(0)
  })

  it('comes up for all who open it at the same moment', async () => {
    const folder = temporaryFolder(onTestFinished)
    const opened = await Promise.all(
      Array.from({ length: 6 }, async () => [
        await openHubStore({ kind: 'sqlite', folder }),
        await openTrackStore({ kind: 'sqlite', folder }),
      ]),
    )
    for (const database of opened.flat()) onTestFinished(database.close)
    const [first, ...others] = await Promise.all(
      opened.map(async ([hub]) => hub?.rows('SELECT step FROM schema_step ORDER BY step')),
    )
    expect(new Set(first?.map(({ step }) => step)).size).toBe(first?.length)
    expect(first?.length).toBeGreaterThan(1)
    for (const other of others) expect(other).toEqual(first)
  })

  it('takes all of a transaction or nothing, and says if a key was taken', async () => {
    const { database } = await begin()
    await database.transact([note('a')])
    await expect(database.transact([note('b'), note('a')])).rejects.toBeInstanceOf(UniqueViolation)
    await expect(
      database.transact([note('c'), { sql: 'INSERT INTO nowhere', values: [] }]),
    ).rejects.toBeInstanceOf(StoreFailure)
    expect(await database.rows('SELECT name FROM note')).toEqual([{ name: 'a' }])
    await database.transact([note('d')])
  })

  it('tells of what others wrote, from the first moment on, and not of what it wrote itself', async () => {
    const { database, folder } = await begin()
    const other = await openHubStore({ kind: 'sqlite', folder })
    onTestFinished(other.close)
    let told = 0
    const stop = database.onAnnouncement(() => {
      told++
    })
    await other.transact([note('a')])
    await vi.waitFor(() => expect(told).toBe(1), { timeout: 5_000 })
    await database.transact([note('b')])
    stop()
    await other.transact([note('c')])
    let toldOther = 0
    other.onAnnouncement(() => {
      toldOther++
    })
    await vi.waitFor(() => expect(toldOther).toBeGreaterThan(0), { timeout: 5_000 })
    expect(told).toBe(1)
  })

  it('fails what is asked of it after it was closed', async () => {
    const { database } = await begin()
    await database.close()
    await expect(database.rows('SELECT 1')).rejects.toBeInstanceOf(StoreFailure)
    await database.close()
  })

  it('that is no database is told by its name', async () => {
    const folder = temporaryFolder(onTestFinished)
    writeFileSync(
      sqliteFile(folder),
      'this is no database, but it is long enough to be looked at as if it were one',
    )
    await expect(openHubStore({ kind: 'sqlite', folder })).rejects.toThrow(
      new RegExp(`${sqliteFile(folder)}.*not a database`),
    )
    const other = join(folder, 'other')
    mkdirSync(sqliteFile(other), { recursive: true })
    await expect(openHubStore({ kind: 'sqlite', folder: other })).rejects.toBeInstanceOf(StoreFailure)
  })

  it('by a newer version is left alone', async () => {
    const { database, folder } = await begin()
    await database.transact([{ sql: 'INSERT INTO schema_step (step) VALUES (99)', values: [] }])
    await expect(openHubStore({ kind: 'sqlite', folder })).rejects.toThrow(/written by a newer version/)
  })
})

async function begin() {
  const folder = join(temporaryFolder(onTestFinished), 'data')
  const database = await openHubStore({ kind: 'sqlite', folder })
  onTestFinished(database.close)
  return { database, folder }
}
