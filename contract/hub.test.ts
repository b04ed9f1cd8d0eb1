import type { AddressInfo } from 'node:net'
import { createTRPCClient, createWSClient, wsLink } from '@trpc/client'
import { applyWSSHandler } from '@trpc/server/adapters/ws'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { WebSocketServer } from 'ws'
import { CONTRACT_VERSION, type HubPort, type HubRouter, hubRouter, type StateMessage } from './hub.ts'
import type { HubContext } from './hub-routers/procedures.ts'
import { Inbox } from './inbox.ts'
import { Refusal } from './refusal.ts'
import { refusedBy } from './rpc.ts'

const SESSION = { account: 'officer', id: 's1' }
const KEY = '7d444840-9dc0-11d1-b245-5ffdce74fad2'

describe('the hub contract', () => {
  it('brings a refusal to whoever called, with its particulars', async () => {
    const hub = await standIn({
      submit: () => Promise.reject(new Refusal('not-found', { what: 'unit', id: 'u1' })),
    })
    const error = await failureOf(
      hub.client.submit.mutate({ key: KEY, command: { kind: 'unit.set-state', unit: 'u1', state: 'busy' } }),
    )
    expect(refusedBy(error)).toEqual({ code: 'not-found', particulars: { what: 'unit', id: 'u1' } })
  })

  it('says nothing of an unexpected failure but that there was one', async () => {
    const hub = await standIn({
      submit: () => Promise.reject(new Error('secret: password of the database is 1234')),
    })
    const error = await failureOf(
      hub.client.submit.mutate({ key: KEY, command: { kind: 'unit.set-state', unit: 'u1', state: 'busy' } }),
    )
    expect(refusedBy(error)).toBeUndefined()
    expect(String(error)).toContain('unexpected failure')
    expect(JSON.stringify(hub.heard)).not.toContain('secret')
  })

  it('says nothing of an answer of the hub’s own that is not as agreed', async () => {
    const hub = await standIn({ welcome: async () => ({ secret: 'of the hub' }) as never })
    const error = await failureOf(hub.client.hello.query({ contract: CONTRACT_VERSION }))
    expect(refusedBy(error)).toBeUndefined()
    expect(JSON.stringify(hub.heard)).not.toContain('demoAccounts')
  })

  it('tells a caller what is wrong with the call, and does nothing', async () => {
    const submit = vi.fn()
    const hub = await standIn({ submit })
    const wrong = [
      { key: 'not a uuid', command: { kind: 'unit.set-state', unit: 'u1', state: 'busy' } },
      { key: KEY, command: { kind: 'unit.set-state', unit: 'u1', state: 'flying' } },
      { key: KEY, command: { kind: 'unit.set-state', unit: 'constructor', state: 'busy' } },
      { key: KEY, command: { kind: 'everything.delete' } },
      { key: KEY, command: null },
      null,
      'rubbish',
    ]
    for (const input of wrong) {
      const error = await failureOf(hub.client.submit.mutate(input as never))
      expect(refusedBy(error)).toMatchObject({ code: 'invalid', particulars: { why: expect.any(String) } })
    }
    expect(submit).not.toHaveBeenCalled()
  })

  it('does nothing for a seat that has not signed in', async () => {
    const hub = await standIn({}, null)
    const calls = [
      hub.client.submit.mutate({ key: KEY, command: { kind: 'unit.set-state', unit: 'u1', state: 'busy' } }),
      hub.client.startPositions.mutate(),
      hub.client.positionOf.query({ unit: 'u1' }),
      hub.client.signOut.mutate(),
      hub.client.changePassword.mutate({ current: 'x', next: 'long enough' }),
      hub.client.track.query({ unit: 'u1', from: 1, to: 2 }),
    ]
    for (const call of calls) expect(refusedBy(await failureOf(call))?.code).toBe('not-signed-in')
  })

  it('tells seats and hubs of different versions apart', async () => {
    const hub = await standIn({ welcome: async () => ({ site: null, demoAccounts: [] }) })
    const error = await failureOf(hub.client.hello.query({ contract: CONTRACT_VERSION + 1 }))
    expect(refusedBy(error)).toEqual({
      code: 'contract-mismatch',
      particulars: { seat: CONTRACT_VERSION + 1, hub: CONTRACT_VERSION },
    })
  })

  it('gives tracks of a week at most', async () => {
    const track = vi.fn(async () => [])
    const hub = await standIn({ track })
    const week = 7 * 86_400_000
    await hub.client.track.query({ unit: 'u1', from: 0, to: week })
    for (const [from, to] of [
      [0, week + 1],
      [2, 1],
      [1, 1],
    ] as const)
      expect(refusedBy(await failureOf(hub.client.track.query({ unit: 'u1', from, to })))?.code).toBe(
        'invalid',
      )
    expect(track).toHaveBeenCalledTimes(1)
  })

  it('refuses more calls at once than any console makes, and answers again when they are done', async () => {
    const { promise, resolve } = Promise.withResolvers<[]>()
    const hub = await standIn({ track: () => promise })
    const ask = () => hub.client.track.query({ unit: 'u1', from: 1, to: 2 })
    const calls = Array.from({ length: 80 }, ask)
    const refusals = await Promise.all(calls.slice(64).map(failureOf))
    expect(refusals.map((error) => refusedBy(error)?.code)).toEqual(refusals.map(() => 'too-many'))
    resolve([])
    expect(await Promise.all(calls.slice(0, 64))).toHaveLength(64)
    expect(await ask()).toEqual([])
  })

  it('refuses more streams at once than any console watches, and gives them back', async () => {
    const watching = new Set<AbortSignal>()
    const hub = await standIn({
      watchState: async function* (_session, _after, signal): AsyncGenerator<[number, StateMessage]> {
        watching.add(signal)
        try {
          yield* new Inbox<[number, StateMessage]>(signal)
        } finally {
          watching.delete(signal)
        }
      },
    })
    const refused: unknown[] = []
    const watch = () =>
      hub.client.watchState.subscribe({ lastEventId: null }, { onError: (error) => refused.push(error) })
    const streams = Array.from({ length: 18 }, watch)
    await vi.waitFor(() => expect(refused).toHaveLength(2))
    expect(refused.map((error) => refusedBy(error)?.code)).toEqual(['too-many', 'too-many'])
    expect(watching.size).toBe(16)
    for (const stream of streams) stream.unsubscribe()
    await vi.waitFor(() => expect(watching.size).toBe(0))
    watch()
    await vi.waitFor(() => expect(watching.size).toBe(1))
    expect(refused).toHaveLength(2)
  })

  it('answers nobody who leaves everything unread', async () => {
    const hub = await standIn({ track: async () => [] }, SESSION, 65 * 1024 * 1024)
    const error = await failureOf(hub.client.track.query({ unit: 'u1', from: 1, to: 2 }))
    expect(refusedBy(error)?.code).toBe('too-many')
  })
})

/** A hub that does what the test says, behind the real contract on a real WebSocket. */
async function standIn(port: Partial<HubPort>, session: HubContext['session'] = SESSION, waiting = 0) {
  const wss = new WebSocketServer({ host: '127.0.0.1', port: 0 })
  onTestFinished(() => {
    for (const client of wss.clients) client.terminate()
    wss.close()
  })
  const closed = new AbortController().signal
  applyWSSHandler({
    wss,
    router: hubRouter,
    createContext: () => ({
      hub: port as HubPort,
      session,
      address: '127.0.0.1',
      frames: { send: () => undefined, waiting, closed },
      load: { calls: 0, streams: 0 },
    }),
  })
  await vi.waitFor(() => expect(wss.address()).not.toBeNull())
  const heard: unknown[] = []
  const socket = createWSClient({ url: `ws://127.0.0.1:${(wss.address() as AddressInfo).port}` })
  onTestFinished(async () => {
    await socket.close()
  })
  const client = createTRPCClient<HubRouter>({ links: [wsLink({ client: socket })] })
  wss.on('connection', (seat) => {
    const send = seat.send.bind(seat)
    seat.send = ((message: string) => {
      heard.push(message)
      send(message)
    }) as typeof seat.send
  })
  return { client, heard }
}

async function failureOf(call: Promise<unknown>): Promise<unknown> {
  try {
    await call
  } catch (error) {
    return error
  }
  throw new Error('the call was answered')
}
