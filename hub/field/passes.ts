/** Passes: each lets whoever shows it first into one account in the field, once and soon. In memory only. */
import { createHash } from 'node:crypto'
import type { FieldPass } from '../../contract/field.ts'
import type { Id, Instant } from '../../contract/primitives.ts'

/** Long enough to find one's phone. */
const GOOD_FOR_MS = 5 * 60_000

export interface Passes {
  /** One before it, of the same account, is good no more. */
  give(account: Id): FieldPass
  /** Whose it is, if it is still good. It is not, from then on. */
  take(code: string): Id | undefined
}

/** `random`: 256 bits, as text of letters, digits, - and _. */
export function openPasses(clock: () => Instant, random: () => string): Passes {
  /** By the hash of its code: what is looked up tells nothing by how long it takes. */
  const passes = new Map<string, { readonly account: Id; readonly until: Instant }>()
  return {
    give: (account) => {
      const now = clock()
      for (const [hash, pass] of passes)
        if (pass.account === account || pass.until <= now) passes.delete(hash)
      const code = random()
      const until = now + GOOD_FOR_MS
      passes.set(hashOf(code), { account, until })
      return { code, until }
    },
    take: (code) => {
      const hash = hashOf(code)
      const pass = passes.get(hash)
      passes.delete(hash)
      return pass !== undefined && clock() < pass.until ? pass.account : undefined
    },
  }
}

const hashOf = (code: string): string => createHash('sha256').update(code).digest('hex')
