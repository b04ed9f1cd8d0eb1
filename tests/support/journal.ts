/** Journals to test with, and what to write into them. */
import type { Happening } from '../../contract/events.ts'
import { type Journal, openJournal, type Submitted } from '../../hub/journal/journal.ts'
import type { Database } from '../../hub/store/database.ts'
import type { AtEnd } from './at-end.ts'

/** A store that a test may open as often as it likes; each opening is another hub's. */
export interface TestStore {
  open(): Promise<Database>
}

export const operator = { kind: 'operator' } as const
export const officer = { kind: 'account', account: 'officer' } as const

/** Something that happened, told apart by its number. */
export const happening = (number: number | string): Happening => ({
  kind: 'agency.put',
  subject: `agency/a-${number}`,
  area: null,
  data: { id: `a-${number}`, name: { zh: `单位 ${number}`, en: `Agency ${number}` }, kind: 'other' },
})

export const submission = (number: number | string, rest: Partial<Submitted> = {}): Submitted => ({
  actor: officer,
  decide: () => [happening(number)],
  ...rest,
})

/** Opens a journal, closed at the end. What it reports as damage goes to `damage`. */
export async function openTestJournal(
  atEnd: AtEnd,
  database: Database,
  {
    clock = Date.now,
    damage = [],
    trouble = [],
  }: { clock?: () => number; damage?: Error[]; trouble?: unknown[] } = {},
): Promise<Journal> {
  const journal = await openJournal({
    database,
    clock,
    onDamage: (error) => damage.push(error),
    onTrouble: (error) => trouble.push(error),
  })
  atEnd(journal.close)
  return journal
}

/** The numbers of what happened, in the journal's order. */
export async function numbersIn(journal: Journal): Promise<string[]> {
  const numbers: string[] = []
  for (;;) {
    const events = await journal.read(numbers.length, 1000)
    if (events.length === 0) return numbers
    numbers.push(...events.map(({ subject }) => subject.replace('agency/a-', '')))
  }
}
