/** What the routers of the engine contract are made with. Only the engine may load them: tRPC's server half refuses to run in a page. */
import { initTRPC } from '@trpc/server'
import * as z from 'zod'
import type { EnginePort } from '../engine.ts'
import type { FrameSink } from '../hub.ts'
import { shapeError } from '../rpc.ts'

interface EngineContext {
  readonly engine: EnginePort
  readonly frames: FrameSink
}

export const t = initTRPC.context<EngineContext>().create({ errorFormatter: shapeError, isDev: false })
/** The signal of a stream that nobody can end from outside. */
export const never = new AbortController().signal
export const nothing = z.void()
