/** A journal without a store. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Happening } from '../../contract/events.ts'
import { Refusal } from '../../contract/refusal.ts'
import { emptyState, fold } from '../../contract/state.ts'
import { planImport } from '../../hub/directory/import.ts'
import type { Appended, Journal } from '../../hub/journal/journal.ts'
import { documentOf } from './site.ts'

/** A journal in memory that can be made to fail. */
export class MemoryJournal implements Pick<Journal, 'state' | 'submit' | 'onAppended'> {
  state
  fails = false
  readonly events: Happening[] = []
  readonly #listeners = new Set<(appended: Appended) => void>()

  constructor(site: object) {
    this.state = fold(emptyState, planImport(emptyState, documentOf(site)))
  }

  async submit({ decide }: Parameters<Journal['submit']>[0]) {
    await nextTurn()
    if (this.fails) throw new Refusal('store-unavailable')
    const events = decide(this.state, Date.now())
    const before = this.state
    this.state = fold(before, events)
    this.events.push(...events)
    const seq = this.events.length
    for (const listener of this.#listeners)
      listener({ events: events as Appended['events'], before, after: this.state, seq })
    return { seq }
  }

  onAppended(listener: (appended: Appended) => void) {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  happens(event: Happening) {
    return this.submit({ actor: { kind: 'operator' }, decide: () => [event] })
  }
}
