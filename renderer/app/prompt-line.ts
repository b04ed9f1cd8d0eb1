/**
 * Commands to the engine leave in the moment they are given. tRPC's own client gathers what is asked within a tick and
 * waits for a timer first, which in a page comes after the next picture is drawn: 14 ms and more until a key talks.
 */
import { TRPCClientError, type TRPCLink } from '@trpc/client'
import { observable } from '@trpc/server/observable'
import * as z from 'zod'
import type { Carrier } from '../../contract/carrier.ts'
import type { EngineRouter } from '../../contract/engine.ts'

/** What is asked on this line is numbered apart from what tRPC's client asks. */
const OURS = 'prompt-'
/** How every answer to it begins. */
const ANSWER = `{"id":"${OURS}`

const answerSchema = z.union([
  z.object({ error: z.looseObject({ message: z.string() }) }),
  z.object({
    result: z.object({
      type: z.enum(['started', 'data', 'stopped']).optional(),
      data: z.unknown().optional(),
    }),
  }),
])
const numberedSchema = z.object({ id: z.string() })

interface Asked {
  readonly once: boolean
  next(data: unknown): void
  error(error: TRPCClientError<EngineRouter>): void
  complete(): void
}

export interface PromptLine {
  /** The carrier that both lines share; answers on this one are kept from the other. */
  over(carrier: Carrier): Carrier
  /**
   * Before tRPC's own link, which gets what can't go out now. A subscription goes this way where its context says
   * `prompt`; it ends with the engine and does not begin anew by itself.
   */
  readonly link: TRPCLink<EngineRouter>
}

export function openPromptLine(): PromptLine {
  const waiting = new Map<string, Asked>()
  let carrier: Carrier | undefined
  let count = 0

  const take = (text: string) => {
    const message: unknown = JSON.parse(text)
    const id = numberedSchema.safeParse(message).data?.id ?? ''
    const asked = waiting.get(id)
    if (asked === undefined) return
    const answer = answerSchema.safeParse(message).data
    if (answer === undefined || 'error' in answer) {
      waiting.delete(id)
      asked.error(answer === undefined ? failure('the engine’s answer can’t be read') : refusal(answer))
      return
    }
    const { type = 'data', data } = answer.result
    if (type === 'data') asked.next(data)
    if (type !== 'stopped' && !asked.once) return
    waiting.delete(id)
    asked.complete()
  }
  const lose = () => {
    carrier = undefined
    const lost = [...waiting.values()]
    waiting.clear()
    for (const { error } of lost) error(failure('the engine has gone'))
  }

  return {
    over: (shared) => ({
      send: (message) => shared.send(message),
      close: () => shared.close(),
      listen: ({ text, binary, closed }) => {
        shared.listen({
          text: (message) => (message.startsWith(ANSWER) ? take(message) : text(message)),
          binary,
          closed: () => {
            if (carrier === shared) lose()
            closed()
          },
        })
        if (carrier !== undefined) lose()
        carrier = shared
      },
    }),
    link:
      () =>
      ({ op, next }) => {
        const goesOn = op.type === 'subscription'
        const out = carrier
        if (out === undefined || (goesOn && op.context.prompt !== true)) return next(op)
        return observable((observer) => {
          const id = `${OURS}${++count}`
          waiting.set(id, {
            once: !goesOn,
            next: (data) => observer.next({ result: { type: 'data', data } }),
            error: (error) => observer.error(error),
            complete: () => observer.complete(),
          })
          out.send(JSON.stringify({ id, method: op.type, params: { path: op.path, input: op.input } }))
          return () => {
            if (waiting.delete(id) && goesOn && carrier === out)
              out.send(JSON.stringify({ id, method: 'subscription.stop' }))
          }
        })
      },
  }
}

const failure = (why: string) => TRPCClientError.from<EngineRouter>(new Error(why))
const refusal = (answer: { readonly error: { readonly message: string } }) =>
  TRPCClientError.from<EngineRouter>(answer as Parameters<typeof TRPCClientError.from>[0])
