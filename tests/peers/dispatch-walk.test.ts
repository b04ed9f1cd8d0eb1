/**
 * Twenty seats and a hundred crews in the field do whatever comes to them, at two hubs on one database, of which one is
 * killed and one stands still for a while; the network to the other is cut again and again.
 */
import { randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TRPCClient } from '@trpc/client'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { FIELD_LINK_PATH, type FieldAct } from '../../contract/field.ts'
import type { FieldRouter } from '../../contract/hub-routers/field.ts'
import { refusedBy } from '../../contract/rpc.ts'
import { verifyJournal } from '../../hub/journal/verify.ts'
import { openHubStore } from '../../hub/store/open.ts'
import { endings } from '../support/at-end.ts'
import { temporaryFolder } from '../support/folder.ts'
import { type HubProgram, startHubProgram, startTestHub, writeSiteFile } from '../support/hub.ts'
import { anyCommandAbout, faultsIn } from '../support/incident-acts.ts'
import { accountsWithCrews, cityWithCrews } from '../support/incidents.ts'
import { type Postgres, startPostgres } from '../support/postgres.ts'
import { openSeat, signIn, type TestSeat } from '../support/seat.ts'
import { PASSWORD } from '../support/site.ts'
import { openTcpPath } from '../support/tcp-path.ts'

const SEATS = 20
const COMMANDS = 30
const CREWS = 100
const ACTS = 8
const SIGN_INS_AT_ONCE = 4
const ANSWER_WITHIN_MS = 2_000
const accounts = ['supervisor', 'second-supervisor', 'north-officer', 'fire-officer', 'guest']

/** The first of any name. */
const some = (name: string, count: number) => Array.from({ length: count }, (_, at) => `${name}${at}`)
const tasks = some('t', 60)
/** Each has a unit of its own. */
const crews = some('crew-', CREWS)
const unitOf = (crew: string) => `unit-of-${crew}`
const anyCommand = anyCommandAbout(some('i', 16), tasks, crews.slice(0, 30).map(unitOf))
const anyAct: fc.Arbitrary<FieldAct> = fc.oneof(
  fc.uuid().map((id): FieldAct => ({ kind: 'message', id, text: '收到', place: null })),
  fc
    .record({
      task: fc.constantFrom(...tasks),
      step: fc.constantFrom('receive', 'accept', 'set-out', 'arrive', 'finish'),
    })
    .map(({ task, step }): FieldAct => ({ kind: 'step', task, step, words: null })),
)

const city = {
  ...cityWithCrews,
  units: [
    ...(cityWithCrews.units as readonly object[]),
    ...crews.map((crew) => ({
      id: unitOf(crew),
      name: crew,
      agency: 'police',
      area: 'north-gate',
      terminals: [{ kind: 'field', account: crew }],
    })),
  ],
  accounts: [
    ...accountsWithCrews,
    ...crews.map((crew) => ({
      id: crew,
      name: crew,
      role: 'field-account',
      agency: 'police',
      password: PASSWORD,
    })),
  ],
}

const { atEnd, run } = endings()
let postgres: Postgres
beforeAll(async () => {
  postgres = await startPostgres(atEnd)
})
afterAll(run)

describe('a shift over two hubs, one of them killed and one standing still', () => {
  it('ends in one state at both, loses nothing that was acknowledged and breaks no rule', async () => {
    const url = await postgres.createDatabase()
    const store = { kind: 'postgres', url } as const
    const steady = await startTestHub(onTestFinished, { site: city, config: { store } })
    const network = await openTcpPath(onTestFinished, Number(new URL(steady.url).port))
    const near = `ws://127.0.0.1:${network.port}/seat`
    const start = () => startOther(url)
    let other = await start()
    /** Of two hubs turn about, each try at the other. */
    const hubAt = (turn: number) => [near, other.url][turn % 2] ?? near

    let answered = 0
    /** What was acknowledged, by key; of a command its place in the journal. */
    const acknowledged = new Map<string, number | undefined>()
    const note = (key: string, seq?: number) => acknowledged.set(key, seq)
    const officers = Array.from({ length: SEATS }, (_, at) => accounts[at % accounts.length] ?? '')
    const tokens = await signedIn(steady.url, [...officers, ...crews])
    const seats = officers.map(async (_, at) => {
      const link = linkWith(tokens[at] ?? '', '')
      for (const [nth, command] of fc.sample(anyCommand, { numRuns: COMMANDS, seed: at }).entries()) {
        const key = randomUUID()
        const receipt = await answer(
          (tries) => link(hubAt(at + nth + tries)).client,
          (client, signal) => client.submit.mutate({ key, command }, { signal }),
        )
        if (receipt !== undefined) note(key, receipt.seq)
        answered++
      }
    })
    /** What each crew has said and knows to have been heard, in its order. */
    const said = new Map<string, string[]>()
    const inField = crews.map(async (crew, at) => {
      const link = linkWith(tokens[SEATS + at] ?? '', FIELD_LINK_PATH)
      const own: string[] = []
      said.set(crew, own)
      for (const [nth, act] of fc.sample(anyAct, { numRuns: ACTS, seed: 1_000 + at }).entries()) {
        const key = randomUUID()
        const done = await answer(
          (tries) => link(hubAt(at + nth + tries)).client as unknown as TRPCClient<FieldRouter>,
          async (client, signal) => {
            await client.submit.mutate({ key, act }, { signal })
            return true
          },
        )
        if (done === true) note(key)
        if (done === true && act.kind === 'message') own.push(act.id)
        answered++
      }
    })
    const until = (share: number) =>
      vi.waitFor(() => expect(answered).toBeGreaterThanOrEqual(share * (SEATS * COMMANDS + CREWS * ACTS)), {
        timeout: 60_000,
        interval: 10,
      })
    await until(0.2)
    await other.kill()
    other = await start()
    // Also in the middle of what it was about to write, sooner or later.
    for (const share of [0.3, 0.4, 0.5, 0.6, 0.7]) {
      await until(share)
      network.cut()
      other.process.kill('SIGSTOP')
      await until(share + 0.05)
      other.process.kill('SIGCONT')
    }
    await Promise.all([...seats, ...inField])

    const database = await openHubStore(store)
    onTestFinished(() => database.close())
    expect(await verifyJournal(database)).toMatchObject({ kind: 'whole' })
    const kept = await database.rows('SELECT key, seq FROM command')
    const places = new Map(kept.map(({ key, seq }) => [key, seq]))
    for (const [key, seq] of acknowledged) expect(places.get(key)).toEqual(seq ?? expect.any(Number))
    // Many of such commands come too late, or from whoever may not.
    expect(acknowledged.size).toBeGreaterThan(200)

    const far = openSeat(onTestFinished, other.url, {
      token: (await signIn(onTestFinished, other.url, 'admin')).token,
    })
    const view = far.watchState()
    await vi.waitFor(() => expect(view.seq()).toBe(steady.journal.seq), { timeout: 20_000 })
    const { state } = steady.journal
    expect(view.state()?.incidents.live).toEqual(state.incidents.live)
    expect(view.state()?.incidents.tasks).toEqual(state.incidents.tasks)
    expect(view.state()?.threads).toEqual(state.threads)
    expect(faultsIn(state)).toEqual([])
    for (const [crew, own] of said)
      expect(state.threads[`unit/${unitOf(crew)}`]?.messages.map(({ id }) => id) ?? []).toEqual(own)
  }, 120_000)
})

/** A hub of its own process on the database, to be killed. */
function startOther(url: string): Promise<HubProgram> {
  const folder = temporaryFolder(onTestFinished)
  const file = join(folder, 'database-url')
  writeFileSync(file, url, { mode: 0o600 })
  return startHubProgram(onTestFinished, ['--database-url-file', file, '--site', writeSiteFile(folder, city)])
}

/** The tokens of these accounts, a few at a time: a hub that works at many passwords turns others away. */
async function signedIn(url: string, who: readonly string[]): Promise<string[]> {
  const tokens: string[] = []
  for (let at = 0; at < who.length; at += SIGN_INS_AT_ONCE) {
    const next = who.slice(at, at + SIGN_INS_AT_ONCE)
    const admissions = await Promise.all(next.map((account) => signIn(onTestFinished, url, account)))
    tokens.push(...admissions.map(({ token }) => token))
  }
  return tokens
}

/** The connection to each hub. `path`: the field page's instead of a seat's. */
function linkWith(token: string, path: string): (hub: string) => TestSeat {
  const links = new Map<string, TestSeat>()
  const open = (hub: string) =>
    path === ''
      ? openSeat(onTestFinished, hub, { token })
      : openSeat(onTestFinished, hub.replace(/\/seat$/, path), {
          token,
          origin: `http://${new URL(hub).host}`,
        })
  return (hub) => {
    const link = links.get(hub) ?? open(hub)
    links.set(hub, link)
    return link
  }
}

/** Asks until somebody answers, under one key; resolves with undefined if it was refused. */
async function answer<Client, T>(
  clientAt: (tries: number) => Client,
  ask: (client: Client, signal: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  for (let tries = 0; ; tries++)
    try {
      return await ask(clientAt(tries), AbortSignal.timeout(ANSWER_WITHIN_MS))
    } catch (error) {
      const refused = refusedBy(error)
      if (refused !== undefined && refused.code !== 'store-unavailable') return undefined
    }
}
