/** The hub's door: one HTTP server with the seats' WebSocket, /healthz and /metrics. */
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { AnyRouter, TRPCError } from '@trpc/server'
import { applyWSSHandler, type WSSHandlerOptions } from '@trpc/server/adapters/ws'
import fastify, { type FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { type WebSocket, WebSocketServer } from 'ws'
import * as z from 'zod'
import { FIELD_LINK_PATH } from '../contract/field.ts'
import { type FrameSink, type HubPort, hubRouter, SEAT_PATH, type SeatSession } from '../contract/hub.ts'
import { fieldRouter } from '../contract/hub-routers/field.ts'
import type { HubContext } from '../contract/hub-routers/procedures.ts'
import type { Instant } from '../contract/primitives.ts'
import { refusedBy, SESSION_OVER } from '../contract/rpc.ts'
import type { FoundSession } from './accounts/sessions.ts'
import type { HubConfig } from './config.ts'
import { serveFieldPage } from './field/page.ts'
import type { Journal } from './journal/journal.ts'
import { type MetricsSource, mayReadMetrics, writeMetrics } from './metrics.ts'

const LONGEST_MESSAGE = 1024 * 1024
const LONGEST_FIELD_MESSAGE = 64 * 1024
const plainSockets = { noServer: true, perMessageDeflate: false } as const
const MOST_SOCKETS = 4000
const MOST_SIGNED_OUT_AT_ADDRESS = 50
const PING_MS = 5_000
const PONG_WAIT_MS = 5_000
/** Calls in one message: a client sends all that it asks at the same moment in one. */
const MOST_IN_A_BATCH = 100
/** Built, beside the built hub or where the sources are built to. */
const FIELD_FILES = import.meta.dirname.endsWith('main') ? '../field' : '../out/field'
const HEALTHY_WITHIN_MS = 3_000
/** setTimeout's longest; no session lasts so long. */
const LONGEST_TIMER = 2_147_483_647

export interface ServerNeeds {
  readonly config: HubConfig
  readonly port: HubPort
  readonly log: Logger
  findSession(token: string): Promise<FoundSession | undefined>
  readonly clock: () => Instant
  readonly journal: Journal
  metrics(): MetricsSource
  /** Rejects if the hub can't do its work. */
  healthy(): Promise<void>
  /** What else is reached over HTTP. */
  addRoutes(http: FastifyInstance): void
}

export interface Server {
  readonly url: string
  close(): Promise<void>
}

const connectionParams = z.object({ token: z.string().min(1).max(128).optional() }).nullable()

export async function serve({
  config,
  port,
  log,
  findSession,
  clock,
  journal,
  metrics,
  healthy,
  addRoutes,
}: ServerNeeds): Promise<Server> {
  const { listen, tls, metricsToken } = config
  const http = fastify({ ...(tls && { https: tls }), forceCloseConnections: true, logger: false })
  const sockets = new WebSocketServer({ ...plainSockets, maxPayload: LONGEST_MESSAGE })
  const fieldSockets = new WebSocketServer({ ...plainSockets, maxPayload: LONGEST_FIELD_MESSAGE })
  const seated = new Map<WebSocket, SeatSession>()
  const signedOut = new Map<WebSocket, string>()

  http.server.on('upgrade', (request, socket, head) => {
    const address = request.socket.remoteAddress ?? 'unknown'
    const refuse = (status: string) => {
      // Nobody else listens for its errors, and whoever is refused may be gone already.
      socket.on('error', () => socket.destroy())
      socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
    }
    const url = URL.parse(request.url ?? '/', `http://${request.headers.host ?? 'hub'}`)
    if (url === null) return refuse('400 Bad Request')
    const { origin } = request.headers
    const inField = url.pathname === FIELD_LINK_PATH
    if (!inField && url.pathname !== SEAT_PATH) return refuse('404 Not Found')
    // Seats are programs, and the field's page is this hub's own; any other web page would speak for its reader.
    const comesFrom = origin === undefined ? undefined : (URL.parse(origin)?.host ?? origin)
    if (comesFrom !== (inField ? url.host : undefined)) return refuse('403 Forbidden')
    const door = inField ? fieldSockets : sockets
    const crowd = [...signedOut.values()].filter((other) => other === address).length
    if (door.clients.size >= MOST_SOCKETS || crowd >= MOST_SIGNED_OUT_AT_ADDRESS)
      return refuse('503 Service Unavailable')
    return door.handleUpgrade(request, socket, head, (client) => {
      signedOut.set(client, address)
      client.on('close', () => {
        signedOut.delete(client)
        seated.delete(client)
      })
      client.on('error', () => client.terminate())
      door.emit('connection', client, request)
    })
  })

  const serving: Omit<WSSHandlerOptions<AnyRouter>, 'wss' | 'router'> = {
    keepAlive: { enabled: true, pingMs: PING_MS, pongWaitMs: PONG_WAIT_MS },
    maxBatchSize: MOST_IN_A_BATCH,
    createContext: async ({ req, res: client, info }): Promise<HubContext> => {
      const token = connectionParams.safeParse(info.connectionParams).data?.token
      const session = token === undefined ? null : ((await findSession(token)) ?? null)
      if (token !== undefined && session === null) over(client)
      if (session !== null && client.readyState === client.OPEN) {
        seated.set(client, session)
        signedOut.delete(client)
        const timer = setTimeout(() => over(client), Math.min(session.until - clock(), LONGEST_TIMER))
        client.on('close', () => clearTimeout(timer))
      }
      return {
        hub: port,
        session,
        address: req.socket.remoteAddress ?? 'unknown',
        frames: sinkOf(client),
        load: { calls: 0, streams: 0 },
      }
    },
    onError: ({ error, path }) => {
      if (error.code === 'INTERNAL_SERVER_ERROR' && refusedBy(error.cause) === undefined && !isFraming(error))
        log.error({ path, error: error.cause?.stack ?? error.message }, 'a call failed unexpectedly')
    },
  }
  applyWSSHandler({ ...serving, wss: sockets, router: hubRouter })
  applyWSSHandler({ ...serving, wss: fieldSockets, router: fieldRouter })
  await serveFieldPage(http, join(import.meta.dirname, FIELD_FILES))

  /** Sends away whoever may not be here any more, once the answer to what ended it has gone out. */
  const stopWatching = journal.onAppended(({ events, after }) => {
    const closed = new Set(
      events.flatMap((event) => (event.kind === 'session.closed' ? [event.data.session] : [])),
    )
    const accountsChanged = events.some(({ kind }) => kind === 'account.put' || kind === 'account.removed')
    if (closed.size === 0 && !accountsChanged) return
    for (const [client, session] of seated) {
      const account = after.access.accounts[session.account]
      if (closed.has(session.id) || account === undefined || account.disabled)
        setImmediate(() => over(client))
    }
  })

  http.get('/healthz', async (_request, reply) => {
    try {
      await within(HEALTHY_WITHIN_MS, healthy())
      return { status: 'ok', seq: journal.seq }
    } catch (error) {
      log.warn({ error: String(error) }, 'unhealthy')
      return reply.code(503).send({ status: 'failing', why: 'the store does not answer' })
    }
  })

  http.get('/metrics', async (request, reply) => {
    const { remoteAddress } = request.socket
    if (!mayReadMetrics(remoteAddress, request.headers.authorization, metricsToken))
      return reply.code(403).send('metrics are for this machine, or for whoever shows --metrics-token-file\n')
    return reply
      .type('text/plain; version=0.0.4; charset=utf-8')
      .send(writeMetrics(metrics(), sockets.clients.size))
  })

  addRoutes(http)

  await http.listen(listen)
  const { port: bound } = http.server.address() as AddressInfo
  const host = listen.host.includes(':') ? `[${listen.host}]` : listen.host
  return {
    url: `${tls === undefined ? 'ws' : 'wss'}://${host}:${bound}${SEAT_PATH}`,
    close: async () => {
      stopWatching()
      for (const door of [sockets, fieldSockets]) {
        for (const client of door.clients) client.terminate()
        door.close()
      }
      await http.close()
    },
  }
}

const over = (client: WebSocket) => client.close(SESSION_OVER, 'session over')

function sinkOf(client: WebSocket): FrameSink {
  const closed = new AbortController()
  if (client.readyState === client.CLOSED) closed.abort()
  client.on('close', () => closed.abort())
  return {
    send: (frame) => client.send(frame, { binary: true }),
    get waiting() {
      return client.bufferedAmount
    },
    closed: closed.signal,
  }
}

/** Whether it is the WebSocket that the client got wrong: `ws` closes it, and nothing of ours has failed. */
const isFraming = ({ cause }: TRPCError): boolean =>
  cause !== undefined && 'code' in cause && String(cause.code).startsWith('WS_ERR')

/** Rejects if `work` takes longer than `ms`. */
async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms)
  try {
    return await Promise.race([work, promise])
  } finally {
    clearTimeout(timer)
  }
}
