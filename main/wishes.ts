/** Grants the engine's wishes: each is checked, done by the part of main that owns it, and answered. */
import * as z from 'zod'
import { Refusal } from '../contract/refusal.ts'
import {
  type Telling,
  type WishInput,
  type WishName,
  type WishOutput,
  wishes,
  wishSchema,
} from '../contract/shell.ts'

export type Granters = {
  readonly [K in WishName]: (input: WishInput<K>) => WishOutput<K> | Promise<WishOutput<K>>
}

/** Answers one message from the engine through `answer`. What is not a wish is left unanswered. */
export async function grantWish(
  message: unknown,
  granters: Granters,
  answer: (telling: Telling) => void,
  onUnexpected: (error: unknown) => void,
): Promise<void> {
  const parsed = wishSchema.safeParse(message)
  if (!parsed.success) return
  const { wish, id } = parsed.data
  try {
    const schema: z.ZodType = wishes[wish].input
    const grant = granters[wish] as (input: unknown) => unknown
    answer({ tell: 'answer', to: id, value: await grant(schema.parse(parsed.data.input)) })
  } catch (error) {
    const { code, particulars } = refusalOf(error)
    if (!(error instanceof Refusal)) onUnexpected(error)
    answer({ tell: 'refused', to: id, code, particulars })
  }
}

function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  if (error instanceof z.ZodError) return new Refusal('invalid', { why: z.prettifyError(error) })
  return new Refusal('store-unavailable', { why: error instanceof Error ? error.message : String(error) })
}
