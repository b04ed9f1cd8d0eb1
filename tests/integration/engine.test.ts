/** The engine in plain Node, with a real hub: what a seat lives through. */
import { createServer } from 'node:net'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { HubGreeting, Link, Session } from '../../contract/engine.ts'
import type { StateMessage } from '../../contract/hub.ts'
import { readFrame } from '../../contract/position-frame.ts'
import { Refusal } from '../../contract/refusal.ts'
import { defaultSettings } from '../../contract/settings.ts'
import { emptyState, fold, type SharedState } from '../../contract/state.ts'
import { openExchange } from '../../lab/exchange/exchange.ts'
import { type Engine, startEngine } from '../../main/engine/engine.ts'
import type { ShellLink } from '../../main/engine/shell-link.ts'
import { endings } from '../support/at-end.ts'
import { connectDevice } from '../support/device.ts'
import { temporaryFolder } from '../support/folder.ts'
import { startTestHub, type TestHub } from '../support/hub.ts'
import { PASSWORD as password, smallCity, smallCityWith } from '../support/site.ts'

/** What the shell was asked, newest last, by wish. */
type Wishes = Map<string, unknown[]>

interface Seat {
  readonly engine: Engine
  readonly wishes: Wishes
  readonly session: () => Session
  readonly hub: () => HubGreeting
  readonly link: () => Link
  readonly state: () => SharedState
  close(): Promise<void>
}

const PHONE = '60001'

const { atEnd, run } = endings()
let hub: TestHub
let folder: string

beforeEach(async () => {
  hub = await startTestHub(atEnd)
  folder = temporaryFolder(atEnd)
})
afterEach(run)

/** A hub whose north officer has a line at an exchange, where a phone answers. */
async function withExchange(): Promise<void> {
  const domain = 'exercise.invalid'
  const line = { number: '8001', password: 'password-of-a-line' }
  const exchange = await openExchange({
    host: '127.0.0.1',
    domain,
    accounts: [line],
    phones: [PHONE],
    groups: {},
    temperament: () => ({ kind: 'answers', afterMs: 20, talksForMs: 120_000 }),
    clips: new Map(),
  })
  atEnd(() => exchange.close())
  const servers = [{ transport: 'udp', host: exchange.host, port: exchange.port }]
  hub = await startTestHub(atEnd, {
    site: smallCityWith({
      accounts: smallCity.accounts.map((account) =>
        account.id === 'north-officer'
          ? { ...account, lines: [{ id: 'north-line', exchange: 'main', ...line }] }
          : account,
      ),
      exchanges: [{ id: 'main', name: 'Main', domain, servers }],
    }),
  })
}

/** Starts the hub again where it was, with the data it had. */
async function hubComesBack(): Promise<void> {
  const port = Number(new URL(hub.url).port)
  hub = await startTestHub(atEnd, { folder: hub.folder, config: { listen: { host: '127.0.0.1', port } } })
}

async function report(unit: string, position: { t: number; lat: number; lon: number }): Promise<void> {
  const { host, port } = hub.mqtt ?? { host: '', port: 0 }
  const device = await connectDevice(atEnd, `mqtt://${host}:${port}`, {
    username: 'police-gateway',
    password,
  })
  await device.publish(`wf/v1/police/${unit}/position`, position)
}

async function openSeat(ticket: string | null = null): Promise<Seat> {
  const wishes: Wishes = new Map()
  const shell: ShellLink = {
    wish: async (name, input) => {
      wishes.set(name, [...(wishes.get(name) ?? []), input])
      return undefined as never
    },
  }
  const engine = await startEngine({
    shell,
    folder,
    settings: defaultSettings,
    ticket,
    onTrouble: () => undefined,
  })
  const over = new AbortController()
  const latest = <T>(values: AsyncIterable<T>, first: T): (() => T) => {
    let value = first
    void (async () => {
      for await (const next of values) value = next
    })()
    return () => value
  }
  const fromMessages = async function* (messages: AsyncIterable<StateMessage>): AsyncIterable<SharedState> {
    let state = emptyState
    for await (const message of messages) {
      state = message.kind === 'snapshot' ? message.state : fold(state, message.events)
      yield state
    }
  }
  const { port } = engine
  const seat: Seat = {
    engine,
    wishes,
    session: latest<Session>(port.watchSession(over.signal), { kind: 'signed-out', because: 'nobody' }),
    hub: latest<HubGreeting>(port.watchHub(over.signal), { kind: 'waiting' }),
    link: latest<Link>(port.watchLink(over.signal), { lamps: [], outbox: 0, lapses: [] }),
    state: latest(fromMessages(port.watchState(over.signal)), emptyState),
    close: async () => {
      over.abort()
      await engine.close()
    },
  }
  atEnd(seat.close)
  return seat
}

/** The newest of what a seat is told. */
function latestOf<T>(watch: (signal: AbortSignal) => AsyncIterable<T>): () => T | undefined {
  const over = new AbortController()
  atEnd(() => over.abort())
  let value: T | undefined
  void (async () => {
    for await (const next of watch(over.signal)) value = next
  })()
  return () => value
}

const until = (condition: () => void | Promise<void>) =>
  vi.waitFor(condition, { timeout: 20_000, interval: 20 })
const lamp = (seat: Seat, name: string) => seat.link().lamps.find((one) => one.name === name)?.state

async function signedIn(account = 'supervisor'): Promise<Seat> {
  const seat = await openSeat()
  seat.engine.use({ url: hub.url, embedded: true })
  await until(() => expect(seat.hub().kind).toBe('reached'))
  await seat.engine.port.signIn({ account, password })
  await until(() => expect(Object.keys(seat.state().directory.units)).not.toHaveLength(0))
  return seat
}

describe('a seat', () => {
  it('learns who the hub is, signs in and sees what it may', async () => {
    const seat = await signedIn('north-officer')
    expect(seat.session()).toMatchObject({ kind: 'signed-in', account: { id: 'north-officer' } })
    expect(Object.keys(seat.state().directory.units)).toEqual(['north-patrol', 'north-engine'])
    expect(seat.hub()).toMatchObject({ welcome: { site: { zh: '小城' } } })
    expect(seat.wishes.get('awake.keep')).toEqual(['running'])
  })

  it('is told why it can’t sign in, and stays signed out', async () => {
    const seat = await openSeat()
    seat.engine.use({ url: hub.url, embedded: true })
    await until(() => expect(seat.hub().kind).toBe('reached'))
    await expect(seat.engine.port.signIn({ account: 'supervisor', password: 'wrong' })).rejects.toMatchObject(
      {
        code: 'wrong-password',
      },
    )
    await expect(seat.engine.port.signIn({ account: 'nobody', password: 'wrong' })).rejects.toMatchObject({
      code: 'wrong-password',
    })
    expect(seat.session()).toMatchObject({ kind: 'signed-out' })
    await expect(
      seat.engine.port.submit({ kind: 'unit.set-state', unit: 'north-patrol', state: 'busy' }),
    ).rejects.toBeInstanceOf(Refusal)
  })

  it('gives a command and sees what came of it', async () => {
    const seat = await signedIn()
    const outcome = await seat.engine.port.submit({
      kind: 'unit.set-state',
      unit: 'north-patrol',
      state: 'busy',
    })
    expect(outcome.kind).toBe('done')
    await until(() => expect(seat.state().directory.units['north-patrol']?.state).toBe('busy'))
    expect(seat.link().outbox).toBe(0)
  })

  it('is refused what it may not do, and nothing stays behind', async () => {
    const seat = await signedIn('north-officer')
    const beyond = seat.engine.port.submit({ kind: 'unit.set-state', unit: 'south-patrol', state: 'busy' })
    await expect(beyond).rejects.toMatchObject({ code: 'not-found' })
    const grant = seat.engine.port.submit({ kind: 'grant.end', grant: 'any', reason: 'because' })
    await expect(grant).rejects.toMatchObject({ code: 'forbidden' })
    expect(seat.link().outbox).toBe(0)
  })

  it('keeps a command while the hub is away, and it happens once when the hub is back', async () => {
    const seat = await signedIn()
    await hub.close()
    await until(() => expect(lamp(seat, 'hub')).toBe('down'))
    const outcome = await seat.engine.port.submit({
      kind: 'unit.set-state',
      unit: 'north-patrol',
      state: 'on-scene',
    })
    expect(outcome).toEqual({ kind: 'queued' })
    await until(() => expect(seat.link().outbox).toBe(1))
    expect(seat.state().directory.units['north-patrol']?.state).toBe('available')
    await hubComesBack()
    await until(() => expect(seat.state().directory.units['north-patrol']?.state).toBe('on-scene'))
    await until(() => expect(seat.link().outbox).toBe(0))
    const events = await hub.journal.read(0, 1000)
    expect(events.filter(({ kind }) => kind === 'unit.state-set')).toHaveLength(1)
  })

  it('tells of a queued command that the hub then refused', async () => {
    const seat = await signedIn()
    await hub.close()
    await until(() => expect(lamp(seat, 'hub')).toBe('down'))
    await seat.engine.port.submit({ kind: 'grant.end', grant: 'any', reason: 'because' })
    await hubComesBack()
    await until(() => expect(seat.link().lapses).toHaveLength(1))
    const [lapse] = seat.link().lapses
    expect(lapse).toMatchObject({ code: 'forbidden', command: { kind: 'grant.end' } })
    await seat.engine.port.dismissLapse(lapse?.id ?? '')
    await until(() => expect(seat.link().lapses).toEqual([]))
  })

  it('goes on after its engine crashed: same session, state from its own disk while the hub is away', async () => {
    const before = await signedIn()
    await before.engine.port.submit({ kind: 'unit.set-state', unit: 'south-patrol', state: 'busy' })
    await until(() => expect(before.state().directory.units['south-patrol']?.state).toBe('busy'))
    const ticket = before.wishes.get('ticket.keep')?.at(-1) as string
    await before.close()
    await hub.close()
    const after = await openSeat(ticket)
    after.engine.use({ url: hub.url, embedded: true })
    await until(() => expect(after.state().directory.units['south-patrol']?.state).toBe('busy'))
    expect(after.session()).toMatchObject({ kind: 'signed-in', account: { id: 'supervisor' } })
    expect(lamp(after, 'hub')).toBe('down')
    await hubComesBack()
    await until(() => expect(lamp(after, 'hub')).toBe('up'))
    const outcome = await after.engine.port.submit({
      kind: 'unit.set-state',
      unit: 'south-patrol',
      state: 'available',
    })
    expect(outcome.kind).toBe('done')
  })

  it('is signed out when its session ends at the hub', async () => {
    const seat = await signedIn()
    const other = await signedIn()
    await other.engine.port.changePassword({ current: password, next: 'another password' })
    await until(() => expect(seat.session()).toEqual({ kind: 'signed-out', because: 'session-over' }))
    expect(other.session().kind).toBe('signed-in')
    expect(seat.state().directory.units).toEqual({})
    expect(seat.wishes.get('ticket.keep')?.at(-1)).toBeNull()
  })

  it('leaves nothing of one officer to the next', async () => {
    const seat = await signedIn()
    await seat.engine.port.signOut()
    await until(() => expect(seat.session()).toEqual({ kind: 'signed-out', because: 'signed-out' }))
    expect(seat.state()).toEqual(emptyState)
    await seat.engine.port.signIn({ account: 'north-officer', password })
    await until(() =>
      expect(Object.keys(seat.state().directory.units)).toEqual(['north-patrol', 'north-engine']),
    )
  })

  it('hands in what an officer has done before they are signed out', async () => {
    await withExchange()
    const seat = await signedIn('north-officer')
    const calls = latestOf(seat.engine.port.telephone.watch)
    await until(() => expect(calls()?.lines.map(({ state }) => state)).toEqual(['registered']))
    const id = await seat.engine.port.telephone.dial({ number: PHONE })
    await until(() => expect(calls()?.calls.map(({ state }) => state)).toEqual(['talking']))
    await seat.engine.port.signOut()
    expect(seat.link().outbox).toBe(0)
    const chief = await signedIn('supervisor')
    const { calls: kept } = await chief.engine.port.calls({
      whose: 'all',
      text: '',
      which: 'any',
      from: null,
      to: null,
      before: null,
    })
    expect(kept).toMatchObject([{ id, account: 'north-officer', number: PHONE, end: 'hung-up' }])
  })

  it('hands positions on, and all of them at once to a page that comes later', async () => {
    const seat = await signedIn()
    const frames: Uint8Array[] = []
    const over = new AbortController()
    const sink = { send: (frame: Uint8Array) => void frames.push(frame), waiting: 0, closed: over.signal }
    seat.engine.port.startPositions(sink)
    const indexes = () =>
      frames.flatMap((bytes) => {
        const all: number[] = []
        readFrame(bytes)?.each(({ index }) => all.push(index))
        return all
      })
    await report('north-patrol', { t: Date.now(), lat: 32.05, lon: 118.78 })
    await until(() => expect(indexes()).toContain(0))
    await report('south-patrol', { t: Date.now(), lat: 32.06, lon: 118.79 })
    await until(() => expect(indexes()).toContain(2))
    over.abort()
    frames.length = 0
    seat.engine.port.startPositions({ ...sink, closed: new AbortController().signal })
    expect(frames).toHaveLength(1)
    expect(readFrame(frames[0] as Uint8Array)).toMatchObject({ reset: true, count: 2 })
    expect(lamp(seat, 'data')).toBe('up')
  })

  it('asks the hub for what only the hub knows of a position and a track', async () => {
    const seat = await signedIn('north-officer')
    const at = Date.now()
    await report('north-patrol', { t: at, lat: 32.05, lon: 118.78 })
    await until(async () => expect((await seat.engine.port.positionOf('north-patrol')).fix?.at).toBe(at))
    const points = await seat.engine.port.track({ unit: 'north-patrol', from: at - 1000, to: at + 1000 })
    expect(points).toMatchObject([{ at, lat: 32.05, lon: 118.78 }])
    await expect(seat.engine.port.positionOf('south-patrol')).rejects.toMatchObject({ code: 'not-found' })
    await hub.close()
    await until(() => expect(lamp(seat, 'hub')).toBe('down'))
    await expect(seat.engine.port.positionOf('north-patrol')).rejects.toMatchObject({
      code: 'hub-unreachable',
    })
  })

  it('says when no hub answers, and comes to one that does', async () => {
    const seat = await openSeat()
    const closed = createServer()
    const port = await new Promise<number>((resolve) =>
      closed.listen(0, '127.0.0.1', () => resolve((closed.address() as { port: number }).port)),
    )
    await new Promise((resolve) => closed.close(resolve))
    seat.engine.use({ url: `ws://127.0.0.1:${port}/seat`, embedded: false })
    await until(() =>
      expect(seat.hub()).toMatchObject({ kind: 'unreachable', code: 'no-answer', why: 'ECONNREFUSED' }),
    )
    await expect(seat.engine.port.signIn({ account: 'supervisor', password })).rejects.toMatchObject({
      code: 'hub-unreachable',
    })
    seat.engine.use({ url: hub.url, embedded: false })
    await until(() => expect(seat.hub().kind).toBe('reached'))
  })
})
