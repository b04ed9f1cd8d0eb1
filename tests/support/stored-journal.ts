/** A journal on a store of the test's own, with a site loaded. */
import type { Instant } from '../../contract/primitives.ts'
import { emptyState } from '../../contract/state.ts'
import { planImport } from '../../hub/directory/import.ts'
import { type Journal, openJournal } from '../../hub/journal/journal.ts'
import type { Database } from '../../hub/store/database.ts'
import type { AtEnd } from './at-end.ts'
import { documentOf } from './site.ts'

/** A new and empty one, its tables made. */
export type Store = (atEnd: AtEnd) => Promise<Database>

export interface StoredJournal {
  readonly database: Database
  readonly journal: Journal
  /** What went wrong behind the scenes: the journal's, and whatever else is put there. */
  readonly troubles: unknown[]
}

export async function storedJournal(
  atEnd: AtEnd,
  store: Store,
  site: object,
  clock: () => Instant = () => 1_000,
): Promise<StoredJournal> {
  const troubles: unknown[] = []
  const database = await store(atEnd)
  atEnd(() => database.close())
  const journal = await openJournal({ database, clock, onDamage: (error) => troubles.push(error) })
  atEnd(() => journal.close())
  await journal.submit({
    actor: { kind: 'operator' },
    decide: () => planImport(emptyState, documentOf(site)),
  })
  return { database, journal, troubles }
}
