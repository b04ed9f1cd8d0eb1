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

function refusedFrom(error: TRPCError): Refused | null {
  if (error.cause instanceof Refusal) return { code: error.cause.code, particulars: error.cause.particulars }
  if (error.cause instanceof z.ZodError)
    return { code: 'invalid', particulars: { why: z.prettifyError(error.cause).slice(0, 400) } }
  return error.code === 'BAD_REQUEST' || error.code === 'PARSE_ERROR' || error.code === 'NOT_FOUND'
    ? { code: 'invalid', particulars: { why: error.message.slice(0, 400) } }
    : null
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
