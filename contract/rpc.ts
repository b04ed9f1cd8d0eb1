/** How both contracts carry failures: as refusals a person can be told, never as internals. */
import type { TRPCError } from '@trpc/server'
import * as z from 'zod'
import { Refusal, type Refused, refusalCodes } from './refusal.ts'

interface ErrorShape {
  readonly message: string
  readonly code: number
  readonly data: object
}

/** Puts the refusal, if there is one, into what the caller gets; says nothing of an unexpected error's text. */
export function shapeError({ error, shape }: { error: TRPCError; shape: ErrorShape }) {
  const refused = refusedFrom(error)
  return {
    message: refused === null ? 'unexpected failure' : refused.code,
    code: shape.code,
    data: { refused },
  }
}

/** What is wrong with the call itself, and not with what it set off. */
const callersFaults = new Set<TRPCError['code']>([
  'BAD_REQUEST',
  'PARSE_ERROR',
  'NOT_FOUND',
  'METHOD_NOT_SUPPORTED',
  'UNPROCESSABLE_CONTENT',
])

function refusedFrom({ cause, code, message }: TRPCError): Refused | null {
  if (cause instanceof Refusal) return { code: cause.code, particulars: cause.particulars }
  if (!callersFaults.has(code)) return null
  const why = cause instanceof z.ZodError ? z.prettifyError(cause) : message
  return { code: 'invalid', particulars: { why: why.slice(0, 400) } }
}

const carried = z.object({
  data: z.object({
    refused: z.object({
      code: z.enum(refusalCodes),
      particulars: z.record(z.string(), z.union([z.string(), z.number()])),
    }),
  }),
})

/** The refusal behind an error that a call to either contract rejected with, or undefined. */
export function refusedBy(error: unknown): Refused | undefined {
  if (error instanceof Refusal) return error
  const parsed = carried.safeParse(error)
  return parsed.success ? parsed.data.data.refused : undefined
}

/** The hub closes a socket with this code when its session is over. */
export const SESSION_OVER = 4401
