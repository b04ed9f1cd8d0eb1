/**
 * What is open just now, on disk: what an engine had open that was killed is told of by the next one. Nothing is
 * missing from the journal because nobody was left to tell of its end.
 */
import { mkdir, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type * as z from 'zod'
import type { Instant } from '../../contract/primitives.ts'

/** How exactly the end of what was lost is known. */
const BEAT_MS = 5_000

export interface Ledger<Entry> {
  /** As it is now. */
  keep(id: string, entry: Entry): void
  /** It is over, and its end is on its way to the journal. */
  strike(id: string): void
  /** Resolves once everything is written. */
  close(): Promise<void>
}

export interface LedgerOptions<Entry> {
  /** Of this ledger alone. */
  readonly drawer: string
  readonly schema: z.ZodType<Entry>
  /** What an engine before left open, and when it was last seen alive. Once this resolves it is forgotten. */
  onLost(entry: Entry, at: Instant): Promise<unknown>
  onTrouble(what: string, error: unknown): void
}

/** An id is a UUID: it names a file. */
export function openLedger<Entry>({
  drawer,
  schema,
  onLost,
  onTrouble,
}: LedgerOptions<Entry>): Ledger<Entry> {
  const fileOf = (id: string) => join(drawer, `${id}.json`)
  const open = new Set<string>()
  /** One write after another: what was struck must not come back. */
  let turn = recover().catch((error) => onTrouble('what an engine before left open', error))
  const inTurn = (act: () => Promise<unknown>) => {
    turn = turn.then(async () => void (await act())).catch((error) => onTrouble('what is open', error))
  }
  const timer = setInterval(() => {
    const now = new Date()
    for (const id of open) inTurn(() => utimes(fileOf(id), now, now))
  }, BEAT_MS)

  async function recover(): Promise<void> {
    await mkdir(drawer, { recursive: true, mode: 0o700 })
    for (const name of (await readdir(drawer)).filter((file) => file.endsWith('.json'))) {
      const file = join(drawer, name)
      const entry = schema.safeParse(parsed(await readFile(file, 'utf8')))
      // Cut off while it was written: it had begun that very moment.
      if (entry.success) await onLost(entry.data, Math.round((await stat(file)).mtimeMs))
      await rm(file, { force: true })
    }
  }

  return {
    keep: (id, entry) => {
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
