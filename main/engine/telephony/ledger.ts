/**
 * The calls that are open, on disk: those of an engine that was killed are recorded as lost by the next one. No call
 * is missing from the journal because nobody was left to tell of its end.
 */
import { mkdir, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'
import type { Command } from '../../../contract/commands.ts'
import { type Id, idSchema } from '../../../contract/primitives.ts'
import { callRecordSchema } from '../../../contract/telephony.ts'

/** How exactly the end of a lost call is known. */
const BEAT_MS = 5_000

const entrySchema = z.object({
  account: idSchema,
  call: callRecordSchema.omit({ account: true, endedAt: true, end: true, code: true, quality: true }),
})
export type LedgerEntry = z.infer<typeof entrySchema>

export interface Ledger {
  /** As it is now. */
  keep(entry: LedgerEntry): void
  /** It is over, and its end is on its way to the journal. */
  strike(call: string): void
  /** Resolves once everything is written. */
  close(): Promise<void>
}

export interface LedgerOptions {
  readonly folder: string
  submit(account: Id, command: Command): Promise<unknown>
  onTrouble(what: string, error: unknown): void
}

export function openLedger({ folder, submit, onTrouble }: LedgerOptions): Ledger {
  const drawer = join(folder, 'open-calls')
  const fileOf = (call: string) => join(drawer, `${call}.json`)
  const open = new Set<string>()
  /** One write after another: what was struck must not come back. */
  let turn = recover().catch((error) => onTrouble('the calls of an engine before', error))
  const inTurn = (act: () => Promise<unknown>) => {
    turn = turn.then(async () => void (await act())).catch((error) => onTrouble('the open calls', error))
  }
  const timer = setInterval(() => {
    const now = new Date()
    for (const call of open) inTurn(() => utimes(fileOf(call), now, now))
  }, BEAT_MS)

  async function recover(): Promise<void> {
    await mkdir(drawer, { recursive: true, mode: 0o700 })
    for (const name of (await readdir(drawer)).filter((file) => file.endsWith('.json'))) {
      const file = join(drawer, name)
      const entry = entrySchema.safeParse(parsed(await readFile(file, 'utf8')))
      // Cut off while it was written: a call that had begun that very moment.
      if (entry.success) {
        const { account, call } = entry.data
        const endedAt = Math.round((await stat(file)).mtimeMs)
        const lost = { ...call, endedAt, end: 'lost', code: null, quality: null } as const
        await submit(account, { kind: 'call.record', call: lost })
      }
      await rm(file, { force: true })
    }
  }

  return {
    keep: (entry) => {
      const { id } = entry.call
      open.add(id)
      inTurn(() => writeFile(fileOf(id), JSON.stringify(entry), { mode: 0o600 }))
    },
    strike: (id) => {
      open.delete(id)
      inTurn(() => rm(fileOf(id), { force: true }))
    },
    close: async () => {
      clearInterval(timer)
      await turn
    },
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
