import { once } from 'node:events'
import { connect as connectTcp } from 'node:net'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { WebSocket } from 'ws'
import { FIELD_LINK_PATH } from '../contract/field.ts'
import { CONTRACT_VERSION, SEAT_PATH } from '../contract/hub.ts'
import { startTestHub, type TestHub } from '../tests/support/hub.ts'
import { openSeat, refusalOf, takeSeat } from '../tests/support/seat.ts'
import { PASSWORD } from '../tests/support/site.ts'

const start = (config = {}) => startTestHub(onTestFinished, { config })
const httpOf = (hub: TestHub, path: string) => hub.url.replace(/^ws/, 'http').replace(SEAT_PATH, path)

describe('/healthz', () => {
  it('says that the hub does its work', async () => {
    const hub = await start()
    const response = await fetch(httpOf(hub, '/healthz'))
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({ status: 'ok', seq: hub.journal.seq })
  })
})

describe('/metrics', () => {
  it('counts connections, seats and reports, for this machine', async () => {
    const hub = await start()
    const seat = await takeSeat(onTestFinished, hub.url, 'supervisor')
    await seat.client.startPositions.mutate()
    const response = await fetch(httpOf(hub, '/metrics'))
    expect(response.headers.get('content-type')).toContain('text/plain; version=0.0.4')
    const text = await response.text()
    expect(text).toContain('watchfloor_seats 1\n')
    expect(text).toContain(`watchfloor_journal_seq ${hub.journal.seq}\n`)
    expect(text).toContain('watchfloor_broker_up 1\n')
  })
})

describe('the hub’s door', () => {
  it('is shut to web pages, wherever they come from', async () => {
    const hub = await start()
    for (const origin of ['https://evil.example', 'null', hub.url.replace('ws', 'http')])
      expect(await statusOf(new WebSocket(hub.url, { origin }))).toBe(403)
  })

  it('is open to the field’s page, if it is the hub’s own', async () => {
    const hub = await start()
    const link = hub.url.replace(SEAT_PATH, FIELD_LINK_PATH)
    const own = new URL(hub.url.replace('ws', 'http')).origin
    for (const origin of ['https://evil.example', 'null', `${own}0`, undefined])
      expect(await statusOf(new WebSocket(link, origin === undefined ? {} : { origin }))).toBe(403)
    const page = new WebSocket(link, { origin: own })
    await once(page, 'open')
    page.terminate()
  })

  it('answers in the field nothing that only a seat may ask', async () => {
    const hub = await start()
    const { origin } = new URL(hub.url.replace('ws', 'http'))
    const page = new WebSocket(hub.url.replace(SEAT_PATH, FIELD_LINK_PATH), { origin })
    await once(page, 'open')
    page.send(JSON.stringify({ id: 1, method: 'query', params: { path: 'hello', input: { contract: 1 } } }))
    const [answer] = await once(page, 'message')
    expect(JSON.parse(String(answer))).toMatchObject({
      id: 1,
      error: { data: { refused: { code: 'invalid' } } },
    })
    page.terminate()
  })

  it('is at one path only', async () => {
    const hub = await start()
    for (const path of ['/', '/seat/', '/seats', '/healthz'])
      expect(await statusOf(new WebSocket(hub.url.replace(SEAT_PATH, path)))).toBe(404)
    expect((await fetch(httpOf(hub, SEAT_PATH))).status).toBe(404)
  })

  it('stands whatever is knocked on it with', async () => {
    const hub = await start()
    const { port } = new URL(hub.url)
    const knocks = [
      'GET //[ HTTP/1.1\r\nHost: hub\r\n',
      'GET http://[ HTTP/1.1\r\nHost: hub\r\n',
      'GET /seat HTTP/1.1\r\nHost: [\r\n',
      'GET /seat HTTP/1.1\r\nHost: a b\r\n',
      'GET /seat?connectionParams=1 HTTP/1.1\r\nHost: hub:port:port\r\n',
      'GET /seat HTTP/1.1\r\nHost: hub\r\nSec-WebSocket-Version: 99\r\nSec-WebSocket-Key: x\r\n',
      'POST /seat HTTP/1.1\r\nHost: hub\r\n',
    ].map((head) => `${head}Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n`)
    for (const knock of [...knocks, 'rubbish\r\n\r\n', '\u0016\u0003\u0001\u0002\u0000', ''])
      await visit(Number(port), (socket) => socket.end(knock))
    expect((await fetch(httpOf(hub, '/healthz'))).status).toBe(200)
  })

  it('stands though whoever knocked is gone before the answer', async () => {
    const hub = await start()
    const { port } = new URL(hub.url)
    const knock =
      'GET /elsewhere HTTP/1.1\r\nHost: hub\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n'
    for (let times = 0; times < 50; times++)
      await visit(Number(port), (socket) => socket.write(knock, () => socket.resetAndDestroy()))
    expect((await fetch(httpOf(hub, '/healthz'))).status).toBe(200)
  })

  it('lets one address hold fifty connections that nobody signed in on, and others still in', async () => {
    const hub = await start()
    const crowd = Array.from({ length: 50 }, () => new WebSocket(hub.url, { localAddress: '127.0.0.9' }))
    onTestFinished(() => {
      for (const socket of crowd) socket.terminate()
    })
    await Promise.all(crowd.map((socket) => once(socket, 'open')))
    expect(await statusOf(new WebSocket(hub.url, { localAddress: '127.0.0.9' }))).toBe(503)
    const seats = await Promise.all([0, 1, 2].map(() => takeSeat(onTestFinished, hub.url, 'supervisor')))
    for (const seat of seats) await seat.client.positionOf.query({ unit: 'north-patrol' })
  })
})

describe('a client that sends rubbish', () => {
  it('hears what is wrong, in an answer of the contract, and changes nothing', async () => {
    const hub = await start()
    const before = hub.journal.seq
    const call = (method: unknown, path: unknown, input: unknown = null) => ({
      id: 1,
      jsonrpc: '2.0',
      method,
      params: { path, input },
    })
    const messages: unknown[] = [
      '',
      'rubbish',
      '{',
      'null',
      '42',
      '[]]',
      '"\u0000"',
      `${'['.repeat(50_000)}${']'.repeat(50_000)}`,
      {},
      { id: null },
      { id: 1 },
      { id: {}, method: 'query', params: {} },
      call('query', 'nothing.like.this'),
      call('query', 'constructor'),
      call('query', '__proto__'),
      call('query', 'signIn', { account: 'admin', password: PASSWORD }),
      call('mutation', 'hello', { contract: CONTRACT_VERSION }),
      call('mutation', 'signIn', { account: { $ne: null }, password: { $ne: null } }),
      call('mutation', 'signIn', { account: 'x'.repeat(64), password: PASSWORD }),
      call('mutation', 'signIn'),
      call('subscription', 'hello', { contract: 'one' }),
      call('subscription', 'watchState', { lastEventId: '-1' }),
      call('dance', 'hello'),
      call('query', ['hello']),
    ]
    for (const message of messages) {
      const answer = await answerTo(hub, typeof message === 'string' ? message : JSON.stringify(message))
      expect(answer, JSON.stringify(message).slice(0, 80)).toMatchObject({
        error: { message: expect.any(String), code: expect.any(Number) },
      })
      expect(JSON.stringify(answer)).not.toMatch(/node_modules|\.ts:\d|\n\s+at /)
    }
    expect(hub.journal.seq).toBe(before)
  })

  it('in bytes that are no WebSocket is sent away', async () => {
    const hub = await start()
    for (const bytes of [
      Buffer.alloc(1_000, 0xff),
      Buffer.from([0x81, 0x05, 1, 2, 3, 4, 5]),
      Buffer.from([0x83, 0x80]),
    ]) {
      const { socket, underneath } = await connectedOver(hub)
      const gone = once(socket, 'close')
      underneath.write(bytes)
      await gone
    }
    expect(hub.logged()).not.toContain('a call failed unexpectedly')
    expect((await fetch(httpOf(hub, '/healthz'))).status).toBe(200)
  })

  it('in messages longer than any call is sent away', async () => {
    const hub = await start()
    const socket = await connected(hub)
    const gone = once(socket, 'close')
    socket.send('x'.repeat(1024 * 1024 + 1))
    expect((await gone)[0]).toBe(1009)
  })

  it('in a thousand calls at once is refused most of them', async () => {
    const hub = await start()
    const batch = Array.from({ length: 1_000 }, (_, at) => ({
      id: at,
      method: 'query',
      params: { path: 'hello', input: { contract: CONTRACT_VERSION } },
    }))
    expect(await answerTo(hub, JSON.stringify(batch))).toMatchObject({
      error: { data: { refused: { code: 'invalid' } } },
    })
  })
})

describe('a seat that asks too much', () => {
  it('gets its positions once, however often it asks for them', async () => {
    const hub = await start()
    const seat = await takeSeat(onTestFinished, hub.url, 'supervisor')
    for (let times = 0; times < 500; times++) await seat.client.startPositions.mutate()
    await vi.waitFor(() => expect(seat.frames.length).toBeGreaterThan(0))
    const text = await (await fetch(httpOf(hub, '/metrics'))).text()
    expect(text).toContain('watchfloor_seats 1\n')
    expect(seat.frames).toHaveLength(1)
  })

  it('is refused more streams than a console watches, and is told so', async () => {
    const hub = await start()
    const seat = await takeSeat(onTestFinished, hub.url, 'supervisor')
    const streams = Array.from({ length: 40 }, () => seat.watchState())
    await vi.waitFor(() => {
      expect(streams.filter(({ messages }) => messages.length > 0)).toHaveLength(16)
      expect(streams.flatMap(({ errors }) => errors)).toHaveLength(24)
    })
    for (const { errors } of streams)
      for (const error of errors)
        expect(await refusalOf(Promise.reject(error))).toEqual({ code: 'too-many', particulars: {} })
  })

  it('of another version of the contract is told which is which', async () => {
    const hub = await start()
    const seat = openSeat(onTestFinished, hub.url)
    expect(await refusalOf(seat.client.hello.query({ contract: CONTRACT_VERSION + 1 }))).toEqual({
      code: 'contract-mismatch',
      particulars: { seat: CONTRACT_VERSION + 1, hub: CONTRACT_VERSION },
    })
  })

  it('of a unit it may not see learns no more than of one that is not there', async () => {
    const hub = await start()
    const seat = await takeSeat(onTestFinished, hub.url, 'north-officer')
    const span = { from: 1, to: 2 }
    for (const unit of ['south-patrol', 'ghost']) {
      const told = { code: 'not-found', particulars: { what: 'unit', id: unit } }
      expect(await refusalOf(seat.client.positionOf.query({ unit }))).toEqual(told)
      expect(await refusalOf(seat.client.track.query({ unit, ...span }))).toEqual(told)
      expect(await refusalOf(setState(seat, unit))).toEqual(told)
    }
  })
})

describe('what a hub offers whoever comes', () => {
  it('is its name, and at a demonstration site the accounts that are public anyway', async () => {
    const hub = await start()
    const { site, demoAccounts } = await openSeat(onTestFinished, hub.url).client.hello.query({
      contract: CONTRACT_VERSION,
    })
    expect(site).toEqual({ zh: '小城', en: 'Small city' })
    expect(demoAccounts).toContainEqual({
      account: expect.objectContaining({ id: 'supervisor' }),
      password: PASSWORD,
    })
  })

  it('is at a real site its name and nothing else', async () => {
    const site = {
      site: { id: 'real', name: 'Real', centre: [32, 118] },
      areas: [{ id: 'city', name: 'City' }],
      agencies: [{ id: 'police', name: 'Police', kind: 'police' }],
      accounts: [{ id: 'officer', name: 'Officer', role: 'duty-officer' }],
    }
    const hub = await startTestHub(onTestFinished, { site })
    const door = openSeat(onTestFinished, hub.url)
    expect(await door.client.hello.query({ contract: CONTRACT_VERSION })).toEqual({
      site: { zh: 'Real', en: 'Real' },
      demoAccounts: [],
    })
  })
})

const setState = (seat: ReturnType<typeof openSeat>, unit: string) =>
  seat.client.submit.mutate({
    key: '00000000-0000-4000-8000-000000000001',
    command: { kind: 'unit.set-state', unit, state: 'busy' },
  })

async function connected(hub: TestHub): Promise<WebSocket> {
  const socket = new WebSocket(hub.url)
  socket.on('error', () => undefined)
  onTestFinished(() => socket.terminate())
  await once(socket, 'open')
  return socket
}

/** Connected, with the TCP connection underneath. */
async function connectedOver(hub: TestHub) {
  const socket = new WebSocket(hub.url)
  socket.on('error', () => undefined)
  onTestFinished(() => socket.terminate())
  const [response] = await once(socket, 'upgrade')
  return { socket, underneath: response.socket as ReturnType<typeof connectTcp> }
}

async function answerTo(hub: TestHub, message: string): Promise<unknown> {
  const socket = await connected(hub)
  socket.send(message)
  const [answer] = await once(socket, 'message')
  socket.terminate()
  return JSON.parse(String(answer))
}

/** The status with which an upgrade was refused. */
async function statusOf(socket: WebSocket): Promise<number | undefined> {
  socket.on('error', () => undefined)
  const [, response] = await once(socket, 'unexpected-response')
  socket.terminate()
  return response.statusCode
}

/** Opens a TCP connection, does something with it, and waits until it is closed. */
async function visit(port: number, act: (socket: ReturnType<typeof connectTcp>) => void): Promise<void> {
  const socket = connectTcp(port, '127.0.0.1')
  socket.on('error', () => undefined)
  socket.resume()
  const gone = once(socket, 'close')
  act(socket)
  await gone
}
