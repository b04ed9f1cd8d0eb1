import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import type { Command } from '../../contract/commands.ts'
import type { FloorMessage } from '../../contract/floor-service.ts'
import { SEAT_PATH } from '../../contract/hub.ts'
import { unitTopic } from '../../contract/positions.ts'
import { SESSION_OVER } from '../../contract/rpc.ts'
import { endings } from '../support/at-end.ts'
import { connectDevice } from '../support/device.ts'
import { startTestHub, type TestHub } from '../support/hub.ts'
import { assign, grade, open, step } from '../support/incidents.ts'
import { type Mosquitto, startMosquitto } from '../support/mosquitto.ts'
import { type Postgres, startPostgres } from '../support/postgres.ts'
import { openSeat, refusalOf, signIn, takeSeat } from '../support/seat.ts'
import { smallCity, smallCityWith } from '../support/site.ts'

const access = { kind: 'rtp', address: '239.255.0.1', port: 5004 }
const site = smallCityWith({ channels: [{ id: 'common', name: 'Common', access }] })

const { atEnd, run } = endings()
let postgres: Postgres
let broker: Mosquitto
beforeAll(async () => {
  postgres = await startPostgres(atEnd)
  broker = await startMosquitto(atEnd, [
    { name: 'hub', password: 'the password of the hub', may: ['topic read #'] },
    { name: 'field', password: 'the password of the field', may: ['topic write #'] },
  ])
})
afterAll(run)

describe('two hubs on one PostgreSQL database, behind one broker', () => {
  it('begin together with one site', async () => {
    const { here, there } = await begin()
    await vi.waitFor(() => expect(here.journal.seq).toBe(there.journal.seq))
    expect(here.journal.state).toEqual(there.journal.state)
    expect(Object.keys(here.journal.state.directory.units)).toHaveLength(smallCity.units.length)
  })

  it('carry a command at one to a seat at the other, and the same position to both', async () => {
    const { here, there } = await begin()
    const near = await takeSeat(onTestFinished, here.url, 'supervisor')
    const far = await takeSeat(onTestFinished, there.url, 'supervisor')
    const view = far.watchState()
    await vi.waitFor(() => expect(view.state()).toBeDefined())
    await near.client.submit.mutate({
      key: randomUUID(),
      command: { kind: 'unit.set-state', unit: 'north-patrol', state: 'on-scene' },
    })
    await vi.waitFor(() => expect(view.state()?.directory.units['north-patrol']?.state).toBe('on-scene'))

    for (const seat of [near, far]) await seat.client.startPositions.mutate()
    const field = await connectDevice(onTestFinished, broker.url, {
      username: 'field',
      password: 'the password of the field',
      ca: broker.authority.cert,
    })
    await field.publish(unitTopic('police', 'north-patrol'), { t: Date.now(), lat: 32.05, lon: 118.78 })
    const index = here.journal.state.directory.units['north-patrol']?.index ?? -1
    await vi.waitFor(() => {
      for (const seat of [near, far]) expect(seat.positions.get(index)?.lat).toBe(320_500_000)
    })
  })

  it('agree on an incident that officers at both work on, and tell of what is overdue once', async () => {
    let later = 0
    const { here, there } = await begin(() => Date.now() + later)
    const near = await takeSeat(onTestFinished, here.url, 'supervisor')
    const far = await takeSeat(onTestFinished, there.url, 'north-officer')
    const does = (seat: typeof near, command: Command) =>
      seat.client.submit.mutate({ key: randomUUID(), command })
    await does(near, open())
    await vi.waitFor(() => expect(there.journal.state.incidents.live).toHaveProperty('i1'))

    // Both at once: one of them grades, and the other is told.
    const outcomes = await Promise.allSettled([does(near, grade('I')), does(far, grade('II'))])
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    await does(far, assign('t1', 'north-patrol'))
    await vi.waitFor(() => expect(here.journal.state.incidents.tasks).toHaveProperty('t1'))
    // As they come: neither waits for the other.
    await Promise.all([
      does(near, { kind: 'incident.note', incident: 'i1', text: '一', task: null }),
      does(far, { kind: 'incident.note', incident: 'i1', text: '二', task: null }),
      does(near, step('t1', 'receive')),
    ])

    later = 60 * 60_000
    const isTold = () => {
      for (const { journal } of [here, there])
        expect(journal.state.incidents.tasks.t1).toMatchObject({ state: 'received', overdue: true })
    }
    await vi.waitFor(isTold, { timeout: 10_000 })
    await does(near, { kind: 'incident.note', incident: 'i1', text: '三', task: null })
    await vi.waitFor(() => expect(here.journal.seq).toBe(there.journal.seq))
    expect(here.journal.state).toEqual(there.journal.state)
    const { notes } = here.journal.state.incidents.live.i1 ?? { notes: [] }
    expect(notes.map(({ text }) => text).toSorted()).toEqual(['一', '三', '二'])
    const { entries } = await far.client.incidents.timeline.query({ incident: 'i1', before: null })
    expect(entries.filter(({ happening }) => happening.kind === 'task.overdue')).toHaveLength(1)
  })

  it('take a command that was sent to both once', async () => {
    const { here, there } = await begin()
    const seats = await Promise.all(
      [here, there].map((hub) => takeSeat(onTestFinished, hub.url, 'supervisor')),
    )
    const key = randomUUID()
    const command = { kind: 'unit.set-state', unit: 'south-patrol', state: 'busy' } as const
    const receipts = await Promise.all(seats.map((seat) => seat.client.submit.mutate({ key, command })))
    expect(receipts[0]).toEqual(receipts[1])
    const events = await here.journal.read(0, 10_000)
    expect(events.filter(({ kind }) => kind === 'unit.state-set')).toHaveLength(1)
  })

  it('know each other’s sessions: who signed in at one is in at the other, and out at both', async () => {
    const { here, there } = await begin()
    const near = await takeSeat(onTestFinished, here.url, 'north-officer')
    const far = openSeat(onTestFinished, there.url, { token: near.token })
    await far.client.positionOf.query({ unit: 'north-patrol' })
    await near.client.signOut.mutate()
    await vi.waitFor(() => expect(far.closings).toContain(SESSION_OVER))
  })

  it('count guesses together', async () => {
    const { here, there } = await begin()
    const codes = []
    for (const hub of [here, there, here, there, here])
      codes.push(
        (await refusalOf(signIn(onTestFinished, hub.url, 'guest', { password: 'wrong password' }))).code,
      )
    expect(codes.at(-1)).toBe('locked-out')
    expect((await refusalOf(signIn(onTestFinished, there.url, 'guest'))).code).toBe('locked-out')
  })
})

describe('the floor of a channel at two hubs', () => {
  it('is one, and another hub keeps it as soon as the first is gone', async () => {
    const start = await starter()
    const here = await start()
    // It keeps the floor before there is another.
    const near = await radioAt(here, 'north-officer')
    const there = await start()
    const far = await radioAt(there, 'supervisor')
    const turn = await far.press()
    await far.told({ kind: 'granted', turn })
    await near.told({ kind: 'taken', by: expect.objectContaining({ account: 'supervisor' }) })
    const waiting = await near.press()
    await near.told({ kind: 'queued', turn: waiting, place: 0 })
    await far.lift(turn)
    await near.told({ kind: 'granted', turn: waiting })

    await here.close()
    await far.told({ kind: 'keeping', here: false })
    await vi.waitFor(() => expect(far.messages.at(-1)).toMatchObject({ kind: 'keeping', here: true }), {
      timeout: 15_000,
    })
    const again = await far.press()
    await far.told({ kind: 'granted', turn: again })
  })
})

async function radioAt(hub: TestHub, account: string) {
  const { client } = await takeSeat(onTestFinished, hub.url, account)
  const messages: FloorMessage[] = []
  client.floor.attend.subscribe(undefined, { onData: (message) => messages.push(message as FloorMessage) })
  const told = (message: object) =>
    vi.waitFor(() => expect(messages).toContainEqual(expect.objectContaining(message)), { timeout: 15_000 })
  await told({ kind: 'keeping', here: true })
  return {
    messages,
    told,
    press: async () => {
      const turn = randomUUID()
      await client.floor.request.mutate({ channel: 'common', turn, emergency: false })
      return turn
    },
    lift: (turn: string) => client.floor.release.mutate({ channel: 'common', turn }),
  }
}

describe('a hub whose PostgreSQL is gone', () => {
  it('says so to whoever asks, keeps its seats, and is itself again when it is back', async () => {
    const { here } = await begin()
    const seat = await takeSeat(onTestFinished, here.url, 'supervisor')
    const view = seat.watchState()
    await vi.waitFor(() => expect(view.state()).toBeDefined())
    const healthz = here.url.replace('ws', 'http').replace(SEAT_PATH, '/healthz')
    expect((await fetch(healthz)).status).toBe(200)

    await postgres.stopAtOnce()
    const failing = await fetch(healthz)
    expect(failing.status).toBe(503)
    expect(await failing.json()).toEqual({ status: 'failing', why: 'the store does not answer' })
    const key = randomUUID()
    const submit = () =>
      seat.client.submit.mutate({
        key,
        command: { kind: 'unit.set-state', unit: 'north-patrol', state: 'busy' },
      })
    for (const refusal of [
      await refusalOf(submit()),
      await refusalOf(signIn(onTestFinished, here.url, 'supervisor')),
      await refusalOf(seat.client.track.query({ unit: 'north-patrol', from: 1, to: 2 })),
    ]) {
      expect(refusal.code).toBe('store-unavailable')
      expect(JSON.stringify(refusal)).not.toMatch(/SQL|ECONN|\//)
    }
    expect(await seat.client.positionOf.query({ unit: 'north-patrol' })).toMatchObject({ fix: null })
    expect(seat.closings).toEqual([])

    await postgres.start()
    await vi.waitFor(async () => expect((await fetch(healthz)).status).toBe(200), { timeout: 20_000 })
    await vi.waitFor(submit, { timeout: 20_000 })
    await vi.waitFor(() => expect(view.state()?.directory.units['north-patrol']?.state).toBe('busy'))
    await signIn(onTestFinished, here.url, 'supervisor')
  })

  it('closes all the same', async () => {
    const { here, there } = await begin()
    await postgres.stopAtOnce()
    try {
      await Promise.all([here.close(), there.close()])
      await expect(fetch(here.url.replace('ws', 'http'))).rejects.toThrow()
    } finally {
      await postgres.start()
    }
  })
})

/** Two hubs that begin at the same moment on an empty database. */
async function begin(clock: () => number = Date.now): Promise<{ here: TestHub; there: TestHub }> {
  const start = await starter(clock)
  const [here, there] = await Promise.all([start(), start()])
  return { here, there }
}

/** Starts one hub after another on the same database, empty at first. */
async function starter(clock: () => number = Date.now): Promise<() => Promise<TestHub>> {
  const store = { kind: 'postgres', url: await postgres.createDatabase() } as const
  const config = {
    store,
    broker: {
      kind: 'external',
      url: broker.url,
      username: 'hub',
      password: 'the password of the hub',
      ca: broker.authority.cert,
    },
  } as const
  return () => startTestHub(onTestFinished, { config, clock, site })
}
