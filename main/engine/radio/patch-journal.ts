/** Tells the journal of patches, those too that an engine had which was killed. */
import { join } from 'node:path'
import * as z from 'zod'
import type { Command } from '../../../contract/commands.ts'
import { patchMadeSchema } from '../../../contract/patch-records.ts'
import { type Id, type Instant, idSchema } from '../../../contract/primitives.ts'
import type { Patch, UndonePatch } from '../../../contract/seat-radio.ts'
import { openLedger } from '../ledger.ts'

const entrySchema = z.object({ account: idSchema, patch: patchMadeSchema })

export interface PatchJournalOptions {
  readonly clock: () => Instant
  /** Where the engine keeps its own files. */
  readonly folder: string
  submit(account: Id, command: Command): Promise<unknown>
  /** An engine before had it, and whoever sat here may still think that it is there. */
  onLost(account: Id, undone: UndonePatch): void
  onTrouble(what: string, error: unknown): void
}

export interface PatchJournal {
  made(account: Id, patch: Patch): void
  undone(account: Id, patch: Patch, why: UndonePatch['why']): void
  close(): Promise<void>
}

export function openPatchJournal(options: PatchJournalOptions): PatchJournal {
  const { clock, folder, submit, onLost, onTrouble } = options
  const tell = (account: Id, command: Command) =>
    void submit(account, command).catch((error) => onTrouble('the journal of patches', error))
  const ledger = openLedger({
    drawer: join(folder, 'open-patches'),
    schema: entrySchema,
    onLost: ({ account, patch: { id, ends } }, at) => {
      onLost(account, { id, ends, at, why: 'engine-lost' })
      return submit(account, { kind: 'patch.undone', undone: { id, at, why: 'engine-lost' } })
    },
    onTrouble,
  })
  return {
    made: (account, { id, ends, since }) => {
      const patch = { id, ends: [...ends], at: since }
      ledger.keep(id, { account, patch })
      tell(account, { kind: 'patch.made', patch })
    },
    undone: (account, { id }, why) => {
      ledger.strike(id)
      tell(account, { kind: 'patch.undone', undone: { id, at: clock(), why } })
    },
    close: () => ledger.close(),
  }
}
