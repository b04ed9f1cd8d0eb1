import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { verifyJournal } from '../../hub/journal/verify.ts'
import { StoreFailure } from '../../hub/store/database.ts'
import { openHubStore, openTrackStore } from '../../hub/store/open.ts'
import { openPostgres } from '../../hub/store/postgres.ts'
import { endings } from '../support/at-end.ts'
import { describeAttachments } from '../support/attachments-suite.ts'
import { describeCallHistory } from '../support/call-history-suite.ts'
import { temporaryFolder } from '../support/folder.ts'
import { describeIncidentHistory } from '../support/incident-history-suite.ts'
import { numbersIn, openTestJournal, submission } from '../support/journal.ts'
import { describeJournal } from '../support/journal-suite.ts'
import { killing } from '../support/killing.ts'
import { describeMessageArchive } from '../support/message-archive-suite.ts'
import { type Postgres, startPostgres } from '../support/postgres.ts'
import { describeTransmissionLog } from '../support/transmission-log-suite.ts'

const { atEnd, run } = endings()
let postgres: Postgres
beforeAll(async () => {
  postgres = await startPostgres(atEnd)
})
afterAll(run)

describe('on PostgreSQL', () => {
  describeJournal(async () => {
    const url = await postgres.createDatabase()
    return { open: () => openHubStore({ kind: 'postgres', url }) }
  })
  const store = async () => openHubStore({ kind: 'postgres', url: await postgres.createDatabase() })
  describeCallHistory(store)
  describeIncidentHistory(store)
  describeMessageArchive(store)
  describeTransmissionLog(store)
  describeAttachments(store)
})

describe('hubs that start at the same moment on an empty PostgreSQL database', () => {
  it('all come up, and the tables are made once', async () => {
    for (let time = 0; time < 5; time++) {
      const url = await postgres.createDatabase()
      const store = { kind: 'postgres', url } as const
      const opened = await Promise.all(
        Array.from({ length: 4 }, async () => [await openHubStore(store), await openTrackStore(store)]),
      )
      for (const database of opened.flat()) onTestFinished(database.close)
      const [first] = opened.flat()
      const steps = (await first?.rows('SELECT step FROM schema_step ORDER BY step')) ?? []
      // Each once, none left out.
      expect(steps.map(({ step }) => Number(step))).toEqual(steps.map((_, at) => at))
      expect(steps.length).toBeGreaterThan(1)
    }
  })
})

describe('a journal on PostgreSQL whose hub is killed', () => {
  it('forty times at any moment has every acknowledged event, each once, in a whole chain', async () => {
    const url = await postgres.createDatabase()
    const { round, acknowledged } = killing(
      onTestFinished,
      { kind: 'postgres', url },
      temporaryFolder(onTestFinished),
    )
    for (let kill = 0; kill < 40; kill++)
      await round(async (appender) => {
        await appender.opened()
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 60))
        await appender.kill('SIGKILL')
      })
    expect(acknowledged.size).toBeGreaterThan(40)
  }, 200_000)
})

describe('a journal on PostgreSQL whose server is killed', () => {
  it('under a hub that goes on has every acknowledged event, each once, in a whole chain', async () => {
    const url = await postgres.createDatabase()
    const { round, acknowledged } = killing(
      onTestFinished,
      { kind: 'postgres', url },
      temporaryFolder(onTestFinished),
    )
    for (const end of [postgres.kill, postgres.stopAtOnce, postgres.kill, postgres.kill])
      await round(async (appender) => {
        await appender.opened()
        await vi.waitFor(() => expect(appender.acknowledged()).toBeGreaterThan(20), { timeout: 20_000 })
        await end()
        const before = appender.acknowledged()
        await postgres.start()
        // The hub finds its server again by itself.
        await vi.waitFor(() => expect(appender.acknowledged()).toBeGreaterThan(before + 20), {
          timeout: 30_000,
        })
        await appender.kill('SIGKILL')
      })
    expect(acknowledged.size).toBeGreaterThan(160)
  }, 200_000)

  it('hears of the other hub again when the server is back', async () => {
    const url = await postgres.createDatabase()
    const [here, there] = await Promise.all([0, 1].map(() => openHubStore({ kind: 'postgres', url })))
    if (here === undefined || there === undefined) throw new Error('there are two')
    onTestFinished(here.close)
    onTestFinished(there.close)
    const writing = await openTestJournal(onTestFinished, here)
    const listening = await openTestJournal(onTestFinished, there)
    await postgres.stopAtOnce()
    await expect(writing.submit(submission(1, { key: 'k' }))).rejects.toMatchObject({
      code: 'store-unavailable',
    })
    await postgres.start()
    await vi.waitFor(() => writing.submit(submission(1, { key: 'k' })), { timeout: 20_000 })
    await vi.waitFor(() => expect(listening.seq).toBe(1), { timeout: 20_000 })
    expect(await numbersIn(listening)).toEqual(['1'])
    expect(await verifyJournal(here)).toMatchObject({ kind: 'whole' })
  })
})

describe('a PostgreSQL that does not answer', () => {
  it('fails what waits for it, and is used again when it does', async () => {
    const url = await postgres.createDatabase()
    const database = openPostgres({ url, durability: 'full', connections: 2, answerWithin: 300 })
    onTestFinished(database.close)
    await expect(database.rows('SELECT pg_sleep(60)')).rejects.toBeInstanceOf(StoreFailure)
    await vi.waitFor(async () => expect(await database.rows('SELECT 1 AS one')).toEqual([{ one: 1 }]), {
      timeout: 10_000,
    })
  })

  it('or is not there, says where it was looked for', async () => {
    await expect(
      openHubStore({ kind: 'postgres', url: 'postgres://nobody@127.0.0.1:1/none' }),
    ).rejects.toThrow(/127\.0\.0\.1:1/)
  })
})
