/** The calls that are open, on disk: those of an engine that was killed are recorded as lost by the next one. */
import { join } from 'node:path'
import * as z from 'zod'
import type { Command } from '../../../contract/commands.ts'
import { type Id, idSchema } from '../../../contract/primitives.ts'
import { callRecordSchema } from '../../../contract/telephony.ts'
import { openLedger } from '../ledger.ts'

const entrySchema = z.object({
  account: idSchema,
  call: callRecordSchema.omit({ account: true, endedAt: true, end: true, code: true, quality: true }),
})
export type LedgerEntry = z.infer<typeof entrySchema>

export interface CallLedger {
  /** As it is now. */
  keep(entry: LedgerEntry): void
  /** It is over, and its end is on its way to the journal. */
  strike(call: string): void
  /** Resolves once everything is written. */
  close(): Promise<void>
}

export interface CallLedgerOptions {
  readonly folder: string
  submit(account: Id, command: Command): Promise<unknown>
  onTrouble(what: string, error: unknown): void
}

export function openCallLedger({ folder, submit, onTrouble }: CallLedgerOptions): CallLedger {
  const ledger = openLedger({
    drawer: join(folder, 'open-calls'),
    schema: entrySchema,
    onLost: ({ account, call }, endedAt) => {
      const lost = { ...call, endedAt, end: 'lost', code: null, quality: null } as const
      return submit(account, { kind: 'call.record', call: lost })
    },
    onTrouble,
  })
  return {
    keep: (entry) => ledger.keep(entry.call.id, entry),
    strike: (call) => ledger.strike(call),
    close: () => ledger.close(),
  }
}
