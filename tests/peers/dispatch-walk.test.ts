/**
 * Twenty seats and the crews in the field do whatever comes to them, at two hubs on one database, of which one is
 * killed and one stands still for a while.
 */
import { randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import type { Command } from '../../contract/commands.ts'
import { refusedBy } from '../../contract/rpc.ts'
import { verifyJournal } from '../../hub/journal/verify.ts'
import { openHubStore } from '../../hub/store/open.ts'
import { endings } from '../support/at-end.ts'
import { temporaryFolder } from '../support/folder.ts'
import { type HubProgram, startHubProgram, startTestHub, writeSiteFile } from '../support/hub.ts'
import { anyCommandAbout, faultsIn } from '../support/incident-acts.ts'
import { cityWithCrews } from '../support/incidents.ts'
import { type Postgres, startPostgres } from '../support/postgres.ts'
import { openSeat, signIn, type TestSeat } from '../support/seat.ts'

const SEATS = 20
const COMMANDS = 30
const ANSWER_WITHIN_MS = 2_000
const accounts = ['supervisor', 'second-supervisor', 'north-officer', 'fire-officer', 'guest']
const crews = ['north-crew', 'south-crew']

/** The first of any name. */
const some = (name: string, count: number) => Array.from({ length: count }, (_, at) => `${name}${at}`)
const anyAct = anyCommandAbout(some('i', 16), some('t', 60))

const { atEnd, run } = endings()
let postgres: Postgres
beforeAll(async () => {
  postgres = await startPostgres(atEnd)
})
afterAll(run)

interface Done {
  readonly key: string
  readonly seq: number
}

describe('a shift over two hubs, one of them killed and one standing still', () => {
  it('ends in one state at both, loses nothing that was acknowledged and breaks no rule', async () => {
    const url = await postgres.createDatabase()
    const store = { kind: 'postgres', url } as const
    const steady = await startTestHub(onTestFinished, { site: cityWithCrews, config: { store } })
    const start = () => startOther(url)
    let other = await start()
    const urls = () => [steady.url, other.url]

    const walkers = await Promise.all(
      Array.from({ length: SEATS }, (_, at) => at)
        .map((at) => (at < crews.length ? crews[at] : accounts[at % accounts.length]) ?? '')
        .map(async (account) => {
          const { token } = await signIn(onTestFinished, steady.url, account)
          return walker(token)
        }),
    )
    const acknowledged: Done[] = []
    let answered = 0
    const walk = walkers.map(async ({ submit }, at) => {
      for (const [nth, command] of fc.sample(anyAct, { numRuns: COMMANDS, seed: at }).entries()) {
        const done = await submit(command, (tries) => urls()[(at + nth + tries) % 2] ?? steady.url)
        answered++
        if (done !== undefined) acknowledged.push(done)
      }
    })
    const until = (share: number) =>
      vi.waitFor(() => expect(answered).toBeGreaterThanOrEqual(share * SEATS * COMMANDS), {
        timeout: 30_000,
        interval: 10,
      })
    await until(0.2)
    await other.kill()
    other = await start()
    await until(0.4)
    other.process.kill('SIGSTOP')
    await until(0.6)
    other.process.kill('SIGCONT')
    await Promise.all(walk)

    const database = await openHubStore(store)
    onTestFinished(() => database.close())
    expect(await verifyJournal(database)).toMatchObject({ kind: 'whole' })
    const kept = await database.rows('SELECT key, seq FROM command')
    const places = new Map(kept.map(({ key, seq }) => [key, seq]))
    for (const { key, seq } of acknowledged) expect(places.get(key)).toBe(seq)
    // Many of such commands come too late, or from whoever may not.
    expect(acknowledged.length).toBeGreaterThan(10)

    const far = openSeat(onTestFinished, other.url, {
      token: (await signIn(onTestFinished, other.url, 'admin')).token,
    })
    const view = far.watchState()
    await vi.waitFor(() => expect(view.seq()).toBe(steady.journal.seq), { timeout: 20_000 })
    const { state } = steady.journal
    expect(view.state()?.incidents.live).toEqual(state.incidents.live)
    expect(view.state()?.incidents.tasks).toEqual(state.incidents.tasks)
    expect(faultsIn(state)).toEqual([])
  }, 120_000)
})

/** A hub of its own process on the database, to be killed. */
function startOther(url: string): Promise<HubProgram> {
  const folder = temporaryFolder(onTestFinished)
  const file = join(folder, 'database-url')
  writeFileSync(file, url, { mode: 0o600 })
  return startHubProgram(onTestFinished, [
    '--database-url-file',
    file,
    '--site',
    writeSiteFile(folder, cityWithCrews),
  ])
}

/** Sends each command until somebody answers it, under one key. */
function walker(token: string) {
  const seats = new Map<string, TestSeat>()
  const at = (url: string): TestSeat => {
    const seat = seats.get(url) ?? openSeat(onTestFinished, url, { token })
    seats.set(url, seat)
    return seat
  }
  return {
    /** Resolves with undefined if it was refused. */
    submit: async (command: Command, hub: (tries: number) => string) => {
      const key = randomUUID()
      for (let tries = 0; ; tries++)
        try {
          const { seq } = await at(hub(tries)).client.submit.mutate(
            { key, command },
            { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) },
          )
          return { key, seq }
        } catch (error) {
          const refused = refusedBy(error)
          if (refused !== undefined && refused.code !== 'store-unavailable') return undefined
        }
    },
  }
}
