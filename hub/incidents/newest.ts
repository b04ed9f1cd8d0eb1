/** Tells whoever looks at a timeline that there is more of it: many who look are one question to the database. */
import { Inbox } from '../../contract/inbox.ts'
import type { Id } from '../../contract/primitives.ts'

/** What happens together is told together, ms. */
const GATHER_MS = 100
/** After the database did not answer, ms. */
const AGAIN_MS = 2_000

export interface Newest {
  /** The newest entry of the incident's timeline, 0 without one, and whenever it is another. */
  watch(incident: Id, signal: AbortSignal): AsyncIterable<number>
  /** There may be newer ones. */
  touch(): void
  close(): void
}

interface NewestOptions {
  /** The newest entry of each that has one. */
  read(incidents: readonly Id[]): Promise<ReadonlyMap<Id, number>>
  onTrouble(error: unknown): void
}

export function openNewest({ read, onTrouble }: NewestOptions): Newest {
  const watchers = new Map<Inbox<number>, { readonly incident: Id; said: number | undefined }>()
  let gathering: NodeJS.Timeout | undefined
  let closed = false

  const tell = async () => {
    gathering = undefined
    const asked = [...watchers]
    if (asked.length === 0) return
    const newest = await read([...new Set(asked.map(([, { incident }]) => incident))])
    for (const [inbox, watcher] of asked) {
      const value = newest.get(watcher.incident) ?? 0
      if (value === watcher.said) continue
      watcher.said = value
      inbox.replace(value)
    }
  }
  const tellLater = (error: unknown) => {
    onTrouble(error)
    if (!closed) gathering ??= setTimeout(() => tell().catch(tellLater), AGAIN_MS)
  }
  const touch = () => {
    if (closed) return
    gathering ??= setTimeout(() => tell().catch(tellLater), GATHER_MS)
  }

  return {
    async *watch(incident, signal) {
      const inbox = new Inbox<number>(signal)
      watchers.set(inbox, { incident, said: undefined })
      touch()
      try {
        yield* inbox
      } finally {
        watchers.delete(inbox)
      }
    },
    touch,
    close: () => {
      closed = true
      clearTimeout(gathering)
    },
  }
}
