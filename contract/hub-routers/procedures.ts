/** What the routers of the hub contract are made with: who may call, and how much at once. Only the hub loads them. */
import { initTRPC } from '@trpc/server'
import * as z from 'zod'
import type { FrameSink, HubPort, SeatSession } from '../hub.ts'
import { Refusal } from '../refusal.ts'
import { shapeError } from '../rpc.ts'

/** What one connection has under way. */
interface Load {
  calls: number
  streams: number
}

export interface HubContext {
  readonly hub: HubPort
  readonly session: SeatSession | null
  readonly address: string
  readonly frames: FrameSink
  readonly load: Load
}

/** Far more at once than a console asks for; whoever wants more is refused. */
const MOST_CALLS = 64
const MOST_STREAMS = 16
/** Whoever leaves so many bytes unread is answered no more. */
const MOST_UNREAD = 64 * 1024 * 1024

export const t = initTRPC.context<HubContext>().create({ errorFormatter: shapeError, isDev: false })

/** For whoever is connected. */
export const open = t.procedure.use(async ({ ctx: { load, frames }, next }) => {
  if (load.calls >= MOST_CALLS || frames.waiting > MOST_UNREAD) throw new Refusal('too-many')
  load.calls++
  try {
    return await next()
  } finally {
    load.calls--
  }
})

/** For whoever is signed in. */
export const seat = open.use(({ ctx, next }) => {
  if (ctx.session === null) throw new Refusal('not-signed-in')
  return next({ ctx: { ...ctx, session: ctx.session } })
})

/** The stream, counted among those of its connection as long as it lasts. */
export async function* bounded<T>(load: Load, stream: AsyncIterable<T>): AsyncGenerator<T> {
  if (load.streams >= MOST_STREAMS) throw new Refusal('too-many')
  load.streams++
  try {
    yield* stream
  } finally {
    load.streams--
  }
}

/** The signal of a stream that nobody can end from outside. */
export const never = new AbortController().signal
export const nothing = z.void()
